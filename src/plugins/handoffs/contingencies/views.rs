//! Contingencies, and the forms that add one or make it a task.

use super::super::model::Handoff;
use super::handlers::ContingencyForm;
use super::model::{self, Contingency, MAX_CHARS};
use crate::error::{Invalid, Result};
use crate::plugins::projects::open_projects;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

pub struct Refused<'a> {
    pub form: &'a ContingencyForm,
    pub invalid: &'a Invalid,
}

pub async fn all(cx: &Context, handoff: &Handoff, refused: Option<&Refused<'_>>) -> Result<Markup> {
    let list = model::list(&cx.app, handoff.id).await?;
    let projects = match handoff.may_close_items() && !handoff.may_write() && !list.is_empty() {
        true => open_projects(&cx.app, cx.actor()?).await?,
        false => Vec::new(),
    };
    Ok(html! {
        section.handoff-contingencies id="contingencies" data-part {
            h2 { "If … then …" }
            @if list.is_empty() && !handoff.may_write() { p.quiet { "Nothing was foreseen." } }
            ul.contingencies { @for each in &list { (row(cx, handoff, each, &projects)) } }
            @if handoff.may_write() { (new_form(cx, handoff, refused)) }
        }
    })
}

fn row(cx: &Context, handoff: &Handoff, each: &Contingency, projects: &[(String, String)]) -> Markup {
    let base = format!("/handoffs/contingencies/{}", each.id);
    html! {
        li {
            p { strong { "If " } (each.happening) strong { " then " } (each.action) }
            @if let Some(task) = each.task_id { a.badge.good href={ "/projects/tasks/" (task) } { "is a task" } }
            @if handoff.may_write() {
                form method="post" action={ (base) "/deletion" } hx-post={ (base) "/deletion" } hx-target="#contingencies" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button.btn.btn-link.btn-sm type="submit" { "Take out" }
                }
            }
            @if each.task_id.is_none() && !projects.is_empty() { (task_form(cx, &base, each.id, projects)) }
        }
    }
}

fn task_form(cx: &Context, base: &str, id: i64, projects: &[(String, String)]) -> Markup {
    let field = format!("project-of-{id}");
    html! {
        form.inline-form method="post" action={ (base) "/task" } {
            (csrf_field(cx.csrf()))
            @if let [(code, name)] = projects {
                input type="hidden" name="project" value=(code);
                button.btn.btn-sm.btn-outline-secondary type="submit" { "Make it a task of " (name) }
            } @else {
                label.visually-hidden for=(field) { "Project" }
                select.form-select id=(field) name="project" { @for (code, name) in projects { option value=(code) { (name) } } }
                button.btn.btn-sm.btn-outline-secondary type="submit" { "Make it a task" }
            }
        }
    }
}

fn new_form(cx: &Context, handoff: &Handoff, refused: Option<&Refused>) -> Markup {
    let action = format!("{}/contingencies", handoff.path());
    let error = refused.and_then(|refused| refused.invalid.errors().first()).map(|error| error.message.as_str());
    let typed = |of: fn(&ContingencyForm) -> &str| refused.map_or("", |refused| of(refused.form));
    html! {
        form.item-form method="post" action=(action) hx-post=(action) hx-target="#contingencies" hx-swap="outerHTML"
            hx-status:422="target:#contingencies swap:outerHTML" {
            (csrf_field(cx.csrf()))
            input.form-control.is-invalid[error.is_some()] type="text" name="happening" maxlength=(MAX_CHARS) required placeholder="If this happens" aria-label="If this happens"
                value=(typed(|form| &form.happening)) aria-describedby=[error.map(|_| "contingency-error")];
            input.form-control type="text" name="action" maxlength=(MAX_CHARS) required placeholder="then do that" aria-label="then do that"
                value=(typed(|form| &form.action));
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Plus)) "Add" }
            @if let Some(error) = error { div.invalid-feedback id="contingency-error" { (error) } }
        }
    }
}
