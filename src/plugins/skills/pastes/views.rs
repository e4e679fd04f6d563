//! The text that is pasted, its preview, and the news that it is written.

use super::super::levels::{Scale, Standing};
use super::super::matrix::filter::{View, address};
use super::super::ratings::handlers::standing_text;
use super::super::ratings::views::standing;
use super::block::{Decision, Verdict};
use super::model::{Counts, PastedCell, Person, Preview, Skill, Starts};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head, toast};
use crate::web::context::Context;
use maud::{Markup, html};

/// So many characters hold the largest paste.
const MAX_TEXT_CHARS: usize = 100_000;
/// So many refused cells are listed with their reasons.
const MOST_REASONS: usize = 20;

/// What the form shows.
pub struct TextForm<'a> {
    pub person_id: Option<i64>,
    pub skill_id: Option<i64>,
    pub text: &'a str,
}

/// The head of the page; in the dialog above the matrix a heading is enough.
fn head(cx: &Context, view: &View, title: &str) -> Markup {
    match cx.is_partial() {
        true => html! { h2 { (title) } },
        false => page_head(&[("Skills matrix", &view.address())], title, None, html! {}),
    }
}

pub fn text_form(
    cx: &Context,
    view: &View,
    form: &TextForm,
    starts: Option<&Starts>,
    invalid: Option<&Invalid>,
) -> Markup {
    let of = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    let title = "Paste from a spreadsheet";
    let Some(starts) = starts.filter(|starts| !starts.people.is_empty() && !starts.skills.is_empty()) else {
        let text = "Filter the matrix to at most 300 people and 300 skills, so that the cell to begin with can be chosen from a list.";
        let action = html! { a.btn.btn-primary href=(view.address()) data-cancel { "To the matrix" } };
        return html! { (head(cx, view, title)) (empty_state(Icon::Filter, "Too much to choose from", text, action)) };
    };
    html! {
        (head(cx, view, title))
        form.narrow method="post" action=(address("/skills/pastes", &view.query())) hx-post=[partial(cx, &address("/skills/pastes", &view.query()))]
            hx-target="#paste-dialog" hx-swap="innerHTML" {
            (csrf_field(cx.csrf()))
            @if let Some(problem) = of("person_id") { (notice(Tone::Danger, problem)) }
            div.fields-row {
                (start("person_id", "First person", &starts.people, form.person_id))
                (start("skill_id", "First skill", &starts.skills, form.skill_id))
            }
            (Field {
                name: "text", label: "Levels", required: true, error: of("text"),
                hint: Some("One line a person, a tab between two skills. An empty cell takes the level away; n/a says that the skill does not apply."),
                input: Input::TextArea { value: form.text, rows: 8, max_length: MAX_TEXT_CHARS },
            })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Preview" }
                a.btn.btn-outline-secondary href=(view.address()) data-cancel { "Cancel" }
            }
        }
    }
}

/// htmx sends the form only where it stands in the dialog; as a page of its own it is a page's form.
fn partial<'a>(cx: &Context, address: &'a str) -> Option<&'a str> {
    cx.is_partial().then_some(address)
}

fn start(name: &str, label: &str, options: &[(i64, String)], chosen: Option<i64>) -> Markup {
    html! {
        div.field {
            label.form-label for={ "paste-" (name) } { (label) }
            select.form-select id={ "paste-" (name) } name=(name) {
                @for (id, text) in options { option value=(id) selected[chosen == Some(*id)] { (text) } }
            }
        }
    }
}

pub fn preview(cx: &Context, view: &View, preview: &Preview, was_sent: bool) -> Markup {
    let counts = preview.counts();
    let action = address("/skills/pastes/acceptance", &view.query());
    html! {
        (head(cx, view, "Paste: preview"))
        (verdicts(&counts))
        form.paste method="post" action=(action) hx-post=[partial(cx, &action)] hx-target="#paste-dialog" hx-swap="innerHTML" {
            (csrf_field(cx.csrf()))
            (hidden(preview))
            @if was_sent { (what_is_missing(&counts)) }
            div.table-frame { (table(preview)) }
            @if counts.changed > 0 { (contested(preview)) }
            @if counts.refused > 0 { (refused(preview, counts.refused)) }
            div.form-actions {
                @if counts.ok + counts.changed > 0 { button.btn.btn-primary type="submit" autofocus { (button_text(&counts)) } }
                a.btn.btn-outline-secondary href=(view.address()) data-cancel { "Cancel" }
            }
        }
    }
}

fn button_text(counts: &Counts) -> String {
    match counts.ok + counts.changed {
        1 => "Paste 1 rating".to_owned(),
        cells => format!("Paste {cells} ratings"),
    }
}

fn verdicts(counts: &Counts) -> Markup {
    html! {
        p.paste-counts role="status" {
            span.badge.good { (counts.ok) " ok" }
            @if counts.same > 0 { span.badge { (counts.same) " as they are" } }
            @if counts.changed > 0 { span.badge.warn { (counts.changed) " changed meanwhile" } }
            @if counts.refused > 0 { span.badge.bad { (counts.refused) " refused" } }
            " Nothing is written yet."
        }
    }
}

fn what_is_missing(counts: &Counts) -> Markup {
    html! {
        @if counts.stale > 0 {
            (notice(Tone::Warning, "Somebody was quicker. Nothing was written: decide about the cells that changed meanwhile."))
        } @else if counts.undecided > 0 {
            (notice(Tone::Danger, "Nothing was written: decide about each cell that changed meanwhile."))
        } @else if counts.refused > 0 {
            (notice(Tone::Danger, "Nothing was written: some cells cannot be taken. Go on without them, or paste others."))
        }
    }
}

/// What the acceptance is told again: which cells, and how they were seen here.
fn hidden(preview: &Preview) -> Markup {
    let width = preview.skills.len();
    let list = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let mut versions = Vec::with_capacity(width * preview.rows.len());
    for row in &preview.rows {
        versions.extend(row.iter().map(|cell| cell.now.version));
        versions.extend(std::iter::repeat_n(0, width - row.len()));
    }
    let contested = preview.cells().filter(|(_, _, cell)| matches!(cell.verdict, Verdict::Changed { .. }));
    let contested: Vec<String> =
        contested.filter_map(|(person, skill, _)| Some(format!("{}:{}", person?.id, skill?.id))).collect();
    html! {
        input type="hidden" name="people" value=(list(&preview.block.people));
        input type="hidden" name="skills" value=(list(&preview.block.skills));
        input type="hidden" name="versions" value=(list(&versions));
        input type="hidden" name="contested" value=(contested.join(","));
        textarea name="text" hidden aria-hidden="true" tabindex="-1" { "\n" (preview.block.text) }
    }
}

fn table(preview: &Preview) -> Markup {
    html! {
        table.table.paste-table {
            thead { tr {
                th { "Person" }
                @for skill in &preview.skills { th scope="col" { @match skill { Some(skill) => (skill.name), None => "–" } } }
            } }
            tbody {
                @for (person, row) in preview.people.iter().zip(&preview.rows) {
                    tr {
                        th scope="row" { @match person { Some(person) => (person.name), None => "–" } }
                        @for (skill, cell) in preview.skills.iter().zip(row) { (pasted(preview, skill.as_ref(), cell)) }
                    }
                }
            }
        }
    }
}

/// What stands there, what will, and a mark that needs no colour.
fn pasted(preview: &Preview, skill: Option<&Skill>, cell: &PastedCell) -> Markup {
    let scale = skill.map(|skill| preview.scale_of(skill));
    let text = |standing: Standing| scale.map_or_else(String::new, |scale| shown(scale, standing));
    match &cell.verdict {
        Verdict::Same => html! { td.quiet { (text(cell.now.standing)) } },
        Verdict::Ok(wanted) => html! { td.ok { s { (text(cell.now.standing)) } " " strong { (text(*wanted)) } } },
        Verdict::Changed { mine, .. } => html! {
            td.changed title="Changed meanwhile" { (text(cell.now.standing)) span.visually-hidden { ", changed meanwhile, yours: " } " ≠ " strong { (text(*mine)) } }
        },
        Verdict::Refused(why) => html! {
            td.refused title=(why) { span.visually-hidden { "refused: " } (icon(Icon::Ban)) " " s { (cell.typed) } }
        },
    }
}

fn shown(scale: &Scale, standing: Standing) -> String {
    match standing {
        Standing::Unset => "–".to_owned(),
        standing => standing_text(scale, standing),
    }
}

fn contested(preview: &Preview) -> Markup {
    let cells = preview.cells().filter_map(|(person, skill, cell)| match cell.verdict {
        Verdict::Changed { mine, decision, .. } => Some((person?, skill?, cell, mine, decision)),
        _ => None,
    });
    html! {
        fieldset.contested {
            legend { "Changed meanwhile" }
            @for (person, skill, cell, mine, decision) in cells { (decide(preview, (person, skill), cell, mine, decision)) }
            label.field-inline for="decide-all" { "All that are left open: "
                select.form-select id="decide-all" name="decide" {
                    option value="" { "decide one by one" }
                    option value="theirs" { "keep theirs" }
                    option value="mine" { "take mine" }
                }
            }
        }
    }
}

fn decide(
    preview: &Preview,
    (person, skill): (&Person, &Skill),
    cell: &PastedCell,
    mine: Standing,
    decision: Option<Decision>,
) -> Markup {
    let scale = preview.scale_of(skill);
    let name = format!("decide-{}-{}", person.id, skill.id);
    let by = cell.by.as_deref().unwrap_or("somebody else");
    html! {
        div.decision role="group" aria-label={ (person.name) ", " (skill.name) } {
            span { (person.name) " · " (skill.name) }
            label.tick { input.form-check-input type="radio" name=(name) value=(Decision::Theirs.name()) checked[decision == Some(Decision::Theirs)];
                "Keep " (standing(scale, cell.now.standing)) " by " (by) }
            label.tick { input.form-check-input type="radio" name=(name) value=(Decision::Mine.name()) checked[decision == Some(Decision::Mine)];
                "Take mine " (standing(scale, mine)) }
        }
    }
}

fn refused(preview: &Preview, count: usize) -> Markup {
    let reasons = preview.cells().filter_map(|(person, skill, cell)| match &cell.verdict {
        Verdict::Refused(why) => Some((person, skill, why)),
        _ => None,
    });
    html! {
        fieldset {
            legend { "Refused" }
            ul.paste-reasons {
                @for (person, skill, why) in reasons.take(MOST_REASONS) {
                    li {
                        @if let Some(person) = person { (person.name) }
                        @if let (Some(_), Some(skill)) = (person, skill) { " · " (skill.name) ": " }
                        (why)
                    }
                }
                @if count > MOST_REASONS { li.quiet { "and " (count - MOST_REASONS) " more" } }
            }
            label.tick { input.form-check-input type="checkbox" name="without_refused" value="yes"; "Go on without these " (count) }
        }
    }
}

pub fn written_text(cells: usize) -> String {
    match cells {
        0 => "Nothing was changed.".to_owned(),
        1 => "1 rating was changed.".to_owned(),
        cells => format!("{cells} ratings were changed."),
    }
}

/// Offers to take the batch back.
pub fn written(text: &str, batch_id: i64, csrf: &str) -> Markup {
    let reversal = format!("/skills/batches/{batch_id}/reversal");
    html! {
        (emptied())
        hx-partial hx-target="#toasts" hx-swap="beforeend" {
            div.alert.alert-success role="status" {
                (icon(Icon::CircleCheck))
                div { (text) }
                form method="post" action=(reversal) hx-post=(reversal) hx-target="closest .alert" hx-swap="delete" {
                    (csrf_field(csrf))
                    button.btn.btn-link type="submit" { "Undo" }
                }
                button.btn-close type="button" data-dismiss aria-label="Close" {}
            }
        }
    }
}

pub fn unchanged(text: &str) -> Markup {
    html! { (emptied()) (toast(Tone::Info, text)) }
}

/// Nothing is left to decide: the dialog closes when it is empty.
fn emptied() -> Markup {
    html! { hx-partial hx-target="#paste-dialog" hx-swap="innerHTML" {} }
}
