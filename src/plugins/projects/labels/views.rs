//! Labels as chips, and as the table in the settings.

use super::super::outline::Outline;
use super::model::{HUES, Label, MAX_NAME_CHARS};
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

const HUE_NAMES: [&str; HUES as usize] = ["Blue", "Green", "Amber", "Red", "Violet", "Teal", "Pink", "Grey"];

pub fn chip(label: &Label) -> Markup {
    html! { span class={ "chip hue-" (label.hue.rem_euclid(HUES)) } { (label.name) } }
}

pub fn chips(labels: &[Label]) -> Markup {
    html! { @for label in labels { (chip(label)) " " } }
}

pub fn table(cx: &Context, outline: &Outline) -> Markup {
    let path = outline.project.path();
    html! {
        @if outline.labels.is_empty() { p.quiet { "No label yet. One is made as soon as a task is marked with it." } } @else {
            ul.label-list { @for label in &outline.labels { (row(cx, &path, label)) } }
        }
        form.inline-form method="post" action={ (path) "/labels" } {
            (csrf_field(cx.csrf()))
            label.visually-hidden for="new-label" { "Name of a new label" }
            input.form-control id="new-label" type="text" name="name" required maxlength=(MAX_NAME_CHARS) placeholder="New label";
            (hue_select("new-label-hue", outline.labels.len() as i64 % HUES))
            button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" }
        }
    }
}

fn hue_select(id: &str, selected: i64) -> Markup {
    html! {
        label.visually-hidden for=(id) { "Colour" }
        select.form-select id=(id) name="hue" {
            @for (hue, name) in HUE_NAMES.iter().enumerate() { option value=(hue) selected[hue as i64 == selected] { (name) } }
        }
    }
}

fn row(cx: &Context, path: &str, label: &Label) -> Markup {
    html! {
        li {
            (chip(label))
            form.inline-form method="post" action={ (path) "/labels/" (label.id) } {
                (csrf_field(cx.csrf()))
                label.visually-hidden for={ "label-" (label.id) } { "Name of " (label.name) }
                input.form-control id={ "label-" (label.id) } type="text" name="name" required maxlength=(MAX_NAME_CHARS) value=(label.name);
                (hue_select(&format!("label-hue-{}", label.id), label.hue))
                button.btn.btn-outline-secondary.btn-sm type="submit" { "Save" }
            }
            form method="post" action={ (path) "/labels/" (label.id) "/deletion" } {
                (csrf_field(cx.csrf()))
                button.btn.btn-outline-secondary.btn-sm type="submit" aria-label={ "Remove " (label.name) } { (icon(Icon::Xmark)) }
            }
        }
    }
}
