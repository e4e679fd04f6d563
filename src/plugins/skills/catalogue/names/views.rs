//! The cell with a skill's name, as it is shown and as a form.

use super::super::model::{MAX_NAME_CHARS, Skill};
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, page_head};
use maud::{Markup, html};

/// What the form that renames a skill shows.
pub struct Naming<'a> {
    /// As it is saved; `version` is what the form is based on.
    pub skill: &'a Skill,
    pub version: i64,
    pub name: &'a str,
    pub problem: Option<String>,
    pub is_conflict: bool,
}

pub fn shown(skill: &Skill, may_edit: bool) -> Markup {
    let page = format!("/skills/catalogue/{}", skill.id);
    let edit = format!("{page}/name/edit");
    html! {
        th.named scope="row" hx-get=[may_edit.then_some(&edit)] hx-trigger="dblclick" hx-target="this" hx-swap="outerHTML" {
            a href=(page) { (skill.name) }
            @if may_edit {
                a.rename href=(edit) hx-get=(edit) hx-target="closest th" hx-swap="outerHTML" title="Rename" aria-label={ "Rename " (skill.name) } { (icon(Icon::Pen)) }
            }
            @if !skill.labels.aliases.is_empty() { small.quiet { "also " (skill.labels.aliases.join(", ")) } }
            @if !skill.description.is_empty() { small.quiet.clipped { (skill.description) } }
        }
    }
}

pub fn cell(naming: &Naming, csrf: &str) -> Markup {
    html! { th.named scope="row" { (form(naming, csrf, true)) } }
}

/// The page of it, for browsers without scripts.
pub fn page(naming: &Naming, csrf: &str) -> Markup {
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")];
    html! {
        (page_head(&trail, "Rename a skill", Some(&naming.skill.path()), html! {}))
        div.narrow { (form(naming, csrf, false)) }
    }
}

fn form(naming: &Naming, csrf: &str, in_place: bool) -> Markup {
    let address = format!("/skills/catalogue/{}/name", naming.skill.id);
    let problem_id = format!("name-{}-problem", naming.skill.id);
    let has_problem = naming.problem.is_some();
    html! {
        form.toolbar method="post" action=(address) hx-post=[in_place.then_some(&address)] hx-target=[in_place.then_some("closest th")]
            hx-swap=[in_place.then_some("outerHTML")] {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(naming.version);
            input type="text" class={ "form-control" @if has_problem { " is-invalid" } } name="name" value=(naming.name)
                maxlength=(MAX_NAME_CHARS) required autofocus aria-label="Name of the skill"
                aria-invalid=[has_problem.then_some("true")] aria-describedby=[has_problem.then_some(&problem_id)];
            button.btn.btn-sm.btn-primary type="submit" { @if naming.is_conflict { "Save mine" } @else { "Save" } }
            a.btn.btn-sm.btn-outline-secondary href="/skills/catalogue" hx-get=[in_place.then_some(&address)]
                hx-target=[in_place.then_some("closest th")] hx-swap=[in_place.then_some("outerHTML")] data-cancel {
                @if naming.is_conflict { "Keep theirs" } @else { "Cancel" }
            }
        }
        @if let Some(problem) = &naming.problem { div.invalid-feedback id=(problem_id) { (problem) } }
    }
}
