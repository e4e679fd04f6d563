//! The list of scales, and their forms.

use super::super::catalogue::definition::model::{MAX_LEVEL_DESCRIPTION_CHARS, MAX_LEVEL_NAME_CHARS};
use super::super::catalogue::views::{Part, parts};
use super::super::levels::{Level, NamedLevel, Scale};
use super::model::{Listed, MAX_CODE_CHARS, MAX_NAME_CHARS, NewScale, STEPS};
use crate::error::{Error, Invalid};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, level, notice, page_head};
use maud::{Markup, html};

const TRAIL: [(&str, &str); 2] = [("Skills matrix", "/skills"), ("Scales", "/skills/scales")];
/// Of a scale with more levels, those that have a name are described, and the whole ones.
const MANY: usize = 21;

pub fn index(scales: &[Listed], problem: Option<&str>, may_edit: bool, csrf: &str) -> Markup {
    let actions = html! {
        @if may_edit { a.btn.btn-primary href="/skills/scales/new" { (icon(Icon::Plus)) "New scale" } }
    };
    html! {
        (parts(Part::Scales, actions))
        @if let Some(text) = problem { (notice(Tone::Warning, text)) }
        div.table-frame tabindex="0" role="region" aria-label="Scales" { table.table {
            thead { tr {
                th scope="col" { "Scale" } th scope="col" { "Levels" } th.number scope="col" { "Skills" }
                @if may_edit { th.actions scope="col" { span.visually-hidden { "Actions" } } }
            } }
            tbody { @for listed in scales { (row(listed, may_edit, csrf)) } }
        } }
    }
}

fn row(listed: &Listed, may_edit: bool, csrf: &str) -> Markup {
    let scale = &listed.scale;
    html! {
        tr id={ "scale-" (scale.id) } {
            th.nowrap scope="row" { (scale.name) }
            td { (pills(scale)) }
            td.number { (listed.skills) }
            @if may_edit {
                td.actions {
                    @if !listed.is_preset && listed.skills == 0 {
                        form method="post" action={ "/skills/scales/" (scale.id) "/deletion" } {
                            (csrf_field(csrf))
                            button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Delete " (scale.name) } { (icon(Icon::Trash)) "Delete" }
                        }
                    }
                    a.btn.btn-sm.btn-outline-secondary href={ "/skills/scales/" (scale.id) "/edit" } aria-label={ "Edit " (scale.name) } { (icon(Icon::Pen)) "Edit" }
                }
            }
        }
    }
}

/// Each level with its circle and name; of a scale with many, those that have a name.
fn pills(scale: &Scale) -> Markup {
    html! {
        ul.pills {
            @for named in shown_levels(scale) {
                li { (level(scale.glyph(named.level), &named.code)) @if !named.name.is_empty() && named.name != named.code { " " (named.name) } }
            }
            @if scale.has_fractions() { li.quiet { "in steps of " (scale.step) } }
        }
    }
}

fn shown_levels(scale: &Scale) -> Vec<NamedLevel> {
    if scale.has_fractions() { scale.levels.clone() } else { few_levels(scale) }
}

/// Every level, or of a scale with many the whole ones and those that have a name.
fn few_levels(scale: &Scale) -> Vec<NamedLevel> {
    let mut levels = scale.all_levels();
    if levels.len() > MANY {
        let is_named = |at: &NamedLevel| scale.levels.iter().any(|named| named.level == at.level);
        levels.retain(|at| at.level.hundredths() % 100 == 0 || is_named(at));
        levels.truncate(101);
    }
    levels
}

/// A scale that is being made.
pub struct Making {
    pub new: NewScale,
    pub invalid: Option<Invalid>,
}

pub fn new_form(making: &Making, csrf: &str) -> Markup {
    let Making { new, invalid } = making;
    let error = |field: &str| invalid.as_ref().and_then(|invalid| invalid.of(field));
    let steps = STEPS.map(|step| Level::from_hundredths(step).to_string());
    let steps: Vec<(&str, &str)> = steps.iter().map(|step| (step.as_str(), step.as_str())).collect();
    let number = |value| Input::Number { value, min: "0", max: "1000", step: "any" };
    html! {
        (page_head(&TRAIL, "New scale", Some("Names and descriptions of its levels come next."), html! {}))
        form.narrow method="post" action="/skills/scales" {
            (csrf_field(csrf))
            (Field { name: "name", label: "Name", input: Input::Text { value: &new.name, max_length: MAX_NAME_CHARS }, hint: None, error: error("name"), required: true })
            div.fields-row {
                (Field { name: "lowest", label: "Lowest level", input: number(&new.lowest), hint: None, error: error("lowest"), required: true })
                (Field { name: "highest", label: "Highest level", input: number(&new.highest), hint: None, error: error("highest"), required: true })
                (Field { name: "step", label: "Step", input: Input::Select { options: &steps, selected: &new.step }, hint: None, error: error("step"), required: true })
            }
            p.form-text { "These stay as they are: ratings stand on them." }
            div.form-actions {
                button.btn.btn-primary type="submit" { "Add" }
                a.btn.btn-outline-secondary href="/skills/scales" { "Cancel" }
            }
        }
    }
}

/// A scale that is being described.
pub struct Described {
    pub scale: Scale,
    pub version: i64,
    pub name: String,
    /// As they were typed.
    pub levels: Vec<NamedLevel>,
    pub problem: Option<Error>,
}

pub fn edit(described: &Described, csrf: &str) -> Markup {
    let scale = &described.scale;
    let error = match &described.problem {
        Some(Error::Invalid(invalid)) => invalid.of("name"),
        _ => None,
    };
    let about = format!("{}, in steps of {}.", capitalised(&scale.range()), scale.step);
    let input = Input::Text { value: &described.name, max_length: MAX_NAME_CHARS };
    html! {
        (page_head(&TRAIL, "Edit the scale", Some(&about), html! {}))
        @match &described.problem {
            Some(Error::Conflict(text)) => (notice(Tone::Warning, html! { (text) " It is called “" (scale.name) "” now. Save again to put yours in its place." })),
            Some(Error::Invalid(invalid)) => (notice(Tone::Danger, html! { ul { @for error in invalid.errors() { li { (error.message) } } } })),
            _ => {}
        }
        form.medium method="post" action={ "/skills/scales/" (scale.id) } {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(described.version);
            (Field { name: "name", label: "Name", input, hint: None, error, required: true })
            div.table-frame tabindex="0" role="region" aria-label="Levels" { table.table.level-table {
                thead { tr {
                    th scope="col" { "Level" } th scope="col" { "Shown as" } th scope="col" { "Name" }
                    th scope="col" { "What somebody at this level does" }
                } }
                tbody { @for at in few_levels(scale) { (level_row(described, &at)) } }
            } }
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href="/skills/scales" { "Cancel" }
            }
        }
    }
}

fn level_row(described: &Described, at: &NamedLevel) -> Markup {
    let scale = &described.scale;
    let key = at.level.hundredths();
    let typed = described.levels.iter().find(|named| named.level == at.level);
    let (code, name, text) = typed.map_or(("", "", ""), |named| (&named.code, &named.name, &named.description));
    let wrong = |part: &str| match &described.problem {
        Some(Error::Invalid(invalid)) => invalid.of(&format!("{part}-{key}")).map(|_| "true"),
        _ => None,
    };
    let number = at.level.to_string();
    html! {
        tr {
            th scope="row" { (level(scale.glyph(at.level), &number)) }
            td { input.form-control.code.is-invalid[wrong("code").is_some()] type="text" name={ "code-" (key) } value=(code) placeholder=(number) maxlength=(MAX_CODE_CHARS) aria-label={ "Code of level " (number) } aria-invalid=[wrong("code")]; }
            td { input.form-control.is-invalid[wrong("name").is_some()] type="text" name={ "name-" (key) } value=(name) maxlength=(MAX_LEVEL_NAME_CHARS) aria-label={ "Name of level " (number) } aria-invalid=[wrong("name")]; }
            td {
                textarea.form-control.is-invalid[wrong("description").is_some()] name={ "description-" (key) } rows="2" maxlength=(MAX_LEVEL_DESCRIPTION_CHARS) aria-label={ "Behaviour at level " (number) } aria-invalid=[wrong("description")] { "\n" (text) }
            }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
