//! A part of a handoff: as it reads, and as the form that saves itself.

use super::super::model::Handoff;
use super::model::{MAX_BODY_CHARS, Section, Typed};
use crate::accounts::secrets::random_token;
use crate::web::components::{Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use crate::web::times::moment;
use maud::{Markup, html};

/// As it reads. What was left empty is not shown.
pub fn shown(section: &Section) -> Markup {
    html! {
        section.handoff-section id={ "section-" (section.position) } data-part {
            h2 { (section.title) }
            @if section.body.trim().is_empty() { p.quiet { "Nothing was said." } } @else { div.prose { (markdown::render(&section.body)) } }
        }
    }
}

/// A form, with what was typed into it where it came back.
pub struct Editing<'a> {
    /// As it is saved.
    pub section: &'a Section,
    pub typed: &'a Typed,
    pub problem: Option<&'a str>,
    pub is_conflict: bool,
}

pub fn editable(cx: &Context, id: i64, section: &Section) -> Markup {
    let writer: String = random_token().chars().take(32).collect();
    let typed = Typed { body: section.body.clone(), version: section.version, writer };
    form(cx, id, &Editing { section, typed: &typed, problem: None, is_conflict: false })
}

/// Saves itself while somebody types; the button is for who has no scripts.
pub fn form(cx: &Context, id: i64, editing: &Editing) -> Markup {
    let Editing { section, typed, problem, is_conflict } = editing;
    let position = section.position;
    let action = format!("/handoffs/{id}/sections/{position}");
    let field = format!("section-{position}-body");
    html! {
        form.handoff-section id={ "section-" (position) } data-part data-autosave method="post" action=(action) hx-post=(action)
            hx-trigger="input delay:700ms, submit" hx-swap="none" hx-sync="this:queue last"
            hx-status:422={ "target:#section-" (position) " swap:outerHTML" } hx-status:409={ "target:#section-" (position) " swap:outerHTML" } {
            (csrf_field(cx.csrf()))
            input type="hidden" name="writer" value=(typed.writer);
            (version(position, section.version))
            label for=(field) { h2 { (section.title) } }
            @if *is_conflict { (conflict(section)) }
            textarea.form-control.is-invalid[problem.is_some()] id=(field) name="body" rows="5" maxlength=(MAX_BODY_CHARS) placeholder=(section.hint)
                aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| format!("{field}-error"))] { "\n" (typed.body) }
            @if let Some(problem) = problem { div.invalid-feedback id={ (field) "-error" } { (problem) } }
            div.section-foot {
                (status(section))
                button.btn.btn-sm.btn-outline-secondary type="submit" { @if *is_conflict { "Save mine" } @else { "Save" } }
            }
        }
    }
}

/// Both: what stands there now, and below it what was typed, which is not lost.
fn conflict(section: &Section) -> Markup {
    let who = section.editor.as_deref().unwrap_or("Somebody");
    html! {
        (notice(Tone::Warning, html! { (who) " changed this part while you were writing. Yours is below and not saved; take over what you need, then save." }))
        div.theirs.prose { (markdown::render(&section.body)) }
    }
}

fn version(position: i64, version: i64) -> Markup {
    html! { input type="hidden" id={ "section-" (position) "-version" } name="version" value=(version); }
}

fn status(section: &Section) -> Markup {
    html! {
        span.quiet.save-status id={ "section-" (section.position) "-status" } role="status" {
            @if let Some((who, at)) = section.editor.as_deref().zip(section.edited_at) { "Saved by " (who) ", " (moment(at)) }
        }
    }
}

/// What changes around the field after it was saved: the field itself stays, for somebody types in it.
pub fn saved(section: &Section) -> Markup {
    let place = format!("#section-{}", section.position);
    html! {
        hx-partial hx-target={ (place) "-version" } hx-swap="outerHTML" { (version(section.position, section.version)) }
        hx-partial hx-target={ (place) "-status" } hx-swap="outerHTML" { (status(section)) }
    }
}

/// For who has no scripts.
pub fn form_page(handoff: &Handoff, title: &str, form: Markup) -> Markup {
    html! {
        (page_head(&[("Handoffs", "/handoffs"), (&handoff.title, &handoff.path())], title, None, html! {}))
        (form)
    }
}
