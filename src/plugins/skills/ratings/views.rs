//! A cell, its form, and what a conflict looks like.

use super::super::levels::{Level, Scale, Standing};
use super::super::matrix::filter::{View, address};
use super::super::matrix::views::interest_options;
use super::handlers::standing_text;
use super::model::{Cell, Rating, Voice, voice_of};
use super::rules::MAX_NOTE_CHARS;
use crate::accounts::Actor;
use crate::error::Invalid;
use crate::web::components::{Field, Glyph, Input, Tone, csrf_field, level, toast};
use maud::{Markup, html};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conflict {
    None,
    WithOthers,
}

/// What the fields of the form show.
pub struct FormState {
    pub level: String,
    pub interest: String,
    pub note: String,
    pub version: i64,
    pub conflict: Conflict,
    /// Whether the form offers to confirm the level that stands there.
    pub offers_to_confirm: bool,
}

impl FormState {
    pub fn of(cell: &Cell, actor: &Actor) -> Self {
        let values = &cell.rating.values;
        let voice = voice_of(actor, cell.rating.person_id);
        let is_open = values.confirmed.is_none() && values.standing != Standing::Unset;
        FormState {
            level: standing_text(&cell.scale, values.said_by(voice)),
            interest: values.interest.map(|interest| interest.value().to_string()).unwrap_or_default(),
            note: values.note.clone(),
            version: cell.rating.version,
            conflict: Conflict::None,
            offers_to_confirm: is_open && voice != Voice::Own,
        }
    }
}

/// Where the same rating can be edited without scripts.
pub fn own_page(cell: &Cell) -> String {
    format!("/skills/people/{}?skill={}", cell.rating.person_id, cell.rating.skill_id)
}

pub fn form(cell: &Cell, state: &FormState, invalid: Option<&Invalid>, view: &View, csrf: &str) -> Markup {
    let path = format!("/skills/ratings/{}/{}", cell.rating.person_id, cell.rating.skill_id);
    let scoped = address(&path, &view.query());
    let in_conflict = state.conflict == Conflict::WithOthers;
    html! {
        td class={ "editing" @if in_conflict { " conflict" } } {
            form.cell-form method="post" action=(scoped) hx-post=(scoped) hx-target="closest td" hx-swap="outerHTML" {
                (csrf_field(csrf))
                input type="hidden" name="version" value=(state.version);
                p.cell-title { (cell.person) " · " (cell.skill) }
                @if in_conflict { (both(cell, state)) }
                div.fields-row {
                    (level_field(&cell.scale, &state.level, invalid))
                    (interest_field(&state.interest, invalid))
                }
                (note_field(&state.note, invalid))
                (said(cell))
                @if state.offers_to_confirm && !in_conflict {
                    div.form-check {
                        input.form-check-input type="checkbox" id="cell-confirm" name="confirm" value="1";
                        label.form-check-label for="cell-confirm" { "Confirm this level" }
                    }
                }
                div.form-actions {
                    button.btn.btn-primary.btn-sm type="submit" { @if in_conflict { "Save mine" } @else { "Save" } }
                    a.btn.btn-outline-secondary.btn-sm href=(own_page(cell)) hx-get=(scoped) hx-target="closest td" hx-swap="outerHTML" data-cancel {
                        @if in_conflict { "Keep theirs" } @else { "Cancel" }
                    }
                }
            }
        }
    }
}

/// Tells people whose own level does not count that it is kept.
pub fn kept_beside(cell: &Cell, actor: &Actor) -> Markup {
    let values = &cell.rating.values;
    let is_own = voice_of(actor, cell.rating.person_id) == Voice::Own;
    let (Some(own), Some(confirmed)) = (values.own, values.confirmed) else { return html! {} };
    if !is_own || own.standing == confirmed.standing {
        return html! {};
    }
    let counts = standing_text(&cell.scale, confirmed.standing);
    toast(Tone::Info, &format!("Your own level is kept. The confirmed one, {counts}, counts."))
}

/// The person's own level and the confirmed one, where both are said.
fn said(cell: &Cell) -> Markup {
    let values = &cell.rating.values;
    let (Some(own), Some(confirmed)) = (values.own, values.confirmed) else { return html! {} };
    html! {
        p.quiet {
            "Own: " (standing(&cell.scale, own.standing)) " · confirmed: " (standing(&cell.scale, confirmed.standing))
            @if let Some(name) = &cell.rating.confirmed_by { " by " (name) }
        }
    }
}

/// The two values side by side, and whose the other one is.
pub fn both(cell: &Cell, state: &FormState) -> Markup {
    let who = cell.rating.updated_by.as_deref().unwrap_or("Somebody else");
    html! {
        div role="alert" {
            dl.both {
                div { dt { (who) " saved meanwhile" } dd { (rating_text(&cell.scale, &cell.rating)) } }
                div { dt { "You typed" } dd { (typed_level(&cell.scale, &state.level)) } }
            }
        }
    }
}

pub fn rating_text(scale: &Scale, rating: &Rating) -> Markup {
    html! {
        (standing(scale, rating.values.standing))
        @if let Some(interest) = rating.values.interest { " " span.quiet { "interest " (interest.value()) } }
        @if !rating.values.note.is_empty() { p.quiet { (rating.values.note) } }
    }
}

/// A standing outside the grid, with its name where the level has one.
pub fn standing(scale: &Scale, standing: Standing) -> Markup {
    match standing {
        Standing::Unset => html! { span.quiet { "not rated" } },
        Standing::NotApplicable => level(Glyph::NotApplicable, "n/a"),
        Standing::At(at) => level(scale.glyph(at), &scale.code(at)),
    }
}

fn typed_level(scale: &Scale, text: &str) -> Markup {
    match scale.parse_standing(text) {
        Ok(typed) => standing(scale, typed),
        Err(_) => html! { (text) },
    }
}

fn level_field(scale: &Scale, value: &str, invalid: Option<&Invalid>) -> Markup {
    let error = invalid.and_then(|invalid| invalid.of("level"));
    if scale.has_fractions() {
        let hint = format!("{}, or n/a", scale.range());
        let input = Input::Text { value, max_length: 20 };
        return html! { (Field { name: "level", label: "Level", input, hint: Some(&hint), error, required: false }) };
    }
    choice("level", "Level", &level_options(scale), value, error)
}

/// Every standing that a scale without fractions allows: value and label.
pub fn level_options(scale: &Scale) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "not rated".to_owned()), ("n/a".to_owned(), "not applicable".to_owned())];
    let mut at = scale.lowest.hundredths();
    while at <= scale.highest.hundredths() {
        let level = Level::from_hundredths(at);
        let code = scale.code(level);
        let named = scale.levels.iter().find(|named| named.level == level && named.name != code);
        let label = named.map_or_else(|| code.clone(), |named| format!("{code} – {}", named.name));
        options.push((code, label));
        at += scale.step.hundredths();
    }
    options
}

fn interest_field(value: &str, invalid: Option<&Invalid>) -> Markup {
    let error = invalid.and_then(|invalid| invalid.of("interest"));
    choice("interest", "Interest", &interest_options(), value, error)
}

/// A choice that includes saying nothing, so that it is neither required nor marked as optional.
fn choice(name: &str, label: &str, options: &[(String, String)], selected: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            label.form-label for={ "cell-" (name) } { (label) }
            select.form-select.is-invalid[error.is_some()] id={ "cell-" (name) } name=(name) aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| format!("cell-{name}-error"))] {
                @for (value, text) in options { option value=(value) selected[value == selected] { (text) } }
            }
            @if let Some(error) = error { div.invalid-feedback id={ "cell-" (name) "-error" } { (error) } }
        }
    }
}

fn note_field(value: &str, invalid: Option<&Invalid>) -> Markup {
    let error = invalid.and_then(|invalid| invalid.of("note"));
    let input = Input::TextArea { value, rows: 2, max_length: MAX_NOTE_CHARS };
    html! { (Field { name: "note", label: "Note", input, hint: None, error, required: false }) }
}
