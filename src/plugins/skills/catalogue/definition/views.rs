//! The form with a skill's description and the texts of its levels.

use super::super::super::levels::{NamedLevel, Scale};
use super::super::model::{MAX_DESCRIPTION_CHARS, Skill};
use super::model::{Definition, MAX_LEVEL_DESCRIPTION_CHARS, MAX_LEVEL_NAME_CHARS, described_levels};
use crate::error::Error;
use crate::web::components::{Field, Input, Tone, csrf_field, level, notice, page_head};
use maud::{Markup, html};

pub struct Page<'a> {
    pub skill: &'a Skill,
    pub scale: &'a Scale,
    pub version: i64,
    pub definition: &'a Definition,
    pub problem: Option<&'a Error>,
    pub csrf: &'a str,
}

pub fn edit(page: &Page) -> Markup {
    let skill = page.skill;
    let address = format!("/skills/catalogue/{}", skill.id);
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue"), (skill.name.as_str(), &address)];
    let about = format!(
        "What “{}” means on the scale {}. An empty field keeps the scale's own text.",
        skill.name, page.scale.name
    );
    let input = Input::TextArea { value: &page.definition.description, rows: 3, max_length: MAX_DESCRIPTION_CHARS };
    html! {
        (page_head(&trail, "Levels of the skill", Some(&about), html! {}))
        @match page.problem {
            Some(Error::Conflict(text)) => (notice(Tone::Warning, conflict(text, skill))),
            Some(Error::Invalid(invalid)) => (notice(Tone::Danger, told(invalid.errors()))),
            _ => {}
        }
        form.medium method="post" action={ (address) "/definition" } {
            (csrf_field(page.csrf))
            input type="hidden" name="version" value=(page.version);
            (Field { name: "description", label: "Description", input, hint: None, error: None, required: false })
            div.table-frame tabindex="0" role="region" aria-label="Levels" { table.table.level-table {
                thead { tr { th scope="col" { "Level" } th scope="col" { "Name here" } th scope="col" { "What somebody at this level does" } } }
                tbody { @for named in described_levels(page.scale) { (row(page, &named)) } }
            } }
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href=(address) { "Cancel" }
            }
        }
    }
}

fn told(errors: &[crate::error::FieldError]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn conflict(text: &str, theirs: &Skill) -> Markup {
    html! {
        (text)
        @if theirs.description.is_empty() { " It has no description now." } @else { " Its description reads now: “" (theirs.description) "”" }
        " Save again to put yours in its place."
    }
}

fn row(page: &Page, named: &NamedLevel) -> Markup {
    let at = named.level.hundredths();
    let own = page.definition.levels.iter().find(|own| own.level == at);
    let (name, description) = own.map_or(("", ""), |own| (own.name.as_str(), own.description.as_str()));
    let is_wrong = |part: &str| match page.problem {
        Some(Error::Invalid(invalid)) => invalid.of(&format!("{part}-{at}")).map(|_| "true"),
        _ => None,
    };
    html! {
        tr {
            th scope="row" { (level(page.scale.glyph(named.level), &page.scale.code(named.level))) }
            td {
                input.form-control.is-invalid[is_wrong("name").is_some()] type="text" name={ "name-" (at) } value=(name) placeholder=(named.name) maxlength=(MAX_LEVEL_NAME_CHARS)
                    aria-label={ "Name of level " (named.code) } aria-invalid=[is_wrong("name")];
            }
            td {
                textarea.form-control.is-invalid[is_wrong("description").is_some()] name={ "description-" (at) } rows="2" placeholder=(named.description) maxlength=(MAX_LEVEL_DESCRIPTION_CHARS)
                    aria-label={ "Behaviour at level " (named.code) } aria-invalid=[is_wrong("description")] { "\n" (description) }
            }
        }
    }
}
