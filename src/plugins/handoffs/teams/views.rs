//! The form of a team's settings.

use super::super::templates::Template;
use super::handlers::TeamForm;
use super::model::{MOST_MINUTES, TeamSettings};
use crate::error::Invalid;
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use maud::{Markup, html};

#[derive(Clone, Copy)]
pub enum Shown<'a> {
    Plain,
    Invalid(&'a Invalid),
    /// Somebody else saved first.
    Conflict(&'a TeamSettings),
}

impl Shown<'_> {
    fn error(&self, field: &str) -> Option<&str> {
        if let Shown::Invalid(invalid) = self { invalid.of(field) } else { None }
    }
}

pub fn edit(cx: &Context, (id, name): (i64, &str), form: &TeamForm, shown: Shown) -> Markup {
    let most = MOST_MINUTES.to_string();
    let templates: Vec<(&str, &str)> =
        Template::ALL.iter().map(|template| (template.name(), template.title())).collect();
    let field = |name, label, input, hint| Field { name, label, input, hint, error: shown.error(name), required: true };
    let minutes = |value| Input::Number { value, min: "1", max: &most, step: "1" };
    let own = Input::TextArea { value: &form.own_sections, rows: 6, max_length: 4000 };
    let own = Field {
        required: false,
        ..field(
            "own_sections",
            "The team's own parts",
            own,
            Some("One a line, such as “Cranes: which are down, and why”. For the template of that name."),
        )
    };
    html! {
        (page_head(&[("Handoffs", "/handoffs")], &format!("How {name} hands off"), None, html! {}))
        @if let Shown::Conflict(theirs) = shown {
            (notice(Tone::Warning, html! { "Somebody else saved this meanwhile: " (theirs.template.title()) ", reminded after " (theirs.remind_min) " minutes, leads after " (theirs.escalate_min) ". Yours is still in the form and not saved." }))
        }
        form.form-narrow method="post" action={ "/handoffs/teams/" (id) } {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(form.version);
            (field("template", "Template", Input::Select { options: &templates, selected: &form.template }, None))
            (own)
            (field("remind_min", "Remind the receivers after minutes", minutes(&form.remind_min), None))
            (field("escalate_min", "Tell the leads after minutes", minutes(&form.escalate_min), Some("Whoever leads can then take it, or send it to somebody else.")))
            div.form-actions {
                button.btn.btn-primary type="submit" { @if let Shown::Conflict(_) = shown { "Save mine" } @else { "Save" } }
                a.btn.btn-link href="/handoffs" { "Cancel" }
            }
        }
    }
}
