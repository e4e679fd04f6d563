//! The skills that a task needs, and who of those that work on it has them.

use super::super::super::members::views::disc;
use super::super::model::{Details, path};
use super::super::parts::{Part, Refused};
use super::super::views::part;
use super::model::{Need, Needs};
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, level};
use crate::web::context::Context;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, needs: &Needs, refused: Option<&Refused>) -> Markup {
    let uncovered = needs.needs.iter().filter(|need| !need.is_covered()).count();
    let title =
        if uncovered > 0 { format!("Needed skills · {uncovered} uncovered") } else { "Needed skills".to_owned() };
    // Who may not see skills is not asked for them.
    if needs.known.is_empty() {
        return html! { section.part data-part="skills" hidden {} };
    }
    part(
        details,
        Part::Skills,
        &title,
        needs.needs.is_empty() && refused.is_none(),
        html! {
            ul.needs { @for need in &needs.needs { (line(cx, details, need)) } }
            @if details.project.may_write() { (form(cx, details, needs, refused)) }
        },
    )
}

fn line(cx: &Context, details: &Details, need: &Need) -> Markup {
    let action = format!("{}/skills/{}/deletion", path(details.task.id), need.skill.id);
    let scale = &need.skill.scale;
    html! {
        li {
            span.need-name { (need.skill.name) } (level(scale.glyph(need.level), &scale.code(need.level)))
            span.held {
                @for (face, held) in &need.held {
                    span.badge.good[held.is_some_and(|held| held >= need.level)].warn[held.is_none_or(|held| held < need.level)] {
                        (disc(face.id, &face.name)) (face.name) ": "
                        @match held { Some(held) => { (scale.code(*held)) } None => { "not known" } }
                    }
                }
                @if need.held.is_empty() { span.badge.warn { "nobody works on it" } }
            }
            @if details.project.may_write() {
                form.remove method="post" action=(action) hx-post=(action) hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button type="submit" aria-label={ "No longer ask for " (need.skill.name) } { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}

fn form(cx: &Context, details: &Details, needs: &Needs, refused: Option<&Refused>) -> Markup {
    let action = format!("{}/skills", path(details.task.id));
    html! {
        form.line-form method="post" action=(action) hx-post=(action) hx-target="closest section" hx-swap="outerHTML" {
            (csrf_field(cx.csrf()))
            input.form-control.is-invalid[refused.is_some()] type="text" name="text" list="skill-names" required maxlength="190" autocomplete="off"
                placeholder="Needs a skill" aria-label="Needed skill" value=(refused.map_or("", |refused| refused.text.as_str()))
                aria-invalid=[refused.map(|_| "true")];
            datalist id="skill-names" { @for skill in needs.known.iter() { option value=(skill.name) {} } }
            input.form-control.short type="text" name="level" maxlength="20" autocomplete="off" placeholder="Level" aria-label="Level; the highest if it is left out";
            button.btn.btn-outline-secondary.btn-sm type="submit" { "Add" }
            @if let Some(refused) = refused { div.invalid-feedback { (refused.problem) } }
        }
    }
}
