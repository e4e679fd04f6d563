//! The screens of job roles: the list, one of them with its people, and what its deletion takes away.

use super::model::{JobRole, MAX_NAME_CHARS};
use super::people::model::Holder;
use super::people::views as people;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, page_head};
use maud::{Markup, html};

/// The form that makes a job role.
#[derive(Default)]
pub struct NewForm<'a> {
    pub name: &'a str,
    pub invalid: Option<&'a Invalid>,
}

/// The form that renames one.
pub struct RenameForm<'a> {
    /// As it is saved; its version is what the form is based on.
    pub job_role: &'a JobRole,
    pub name: &'a str,
    pub problem: Option<String>,
    pub is_conflict: bool,
}

const TRAIL: [(&str, &str); 2] = [("Skills matrix", "/skills"), ("Job roles", "/skills/job-roles")];

pub fn index(job_roles: &[JobRole], new: &NewForm, csrf: &str, may_keep: bool) -> Markup {
    let about = "What people do here. A person may have several; targets can be set for each.";
    let actions = html! {
        a.btn.btn-outline-secondary href="/skills/targets" { (icon(Icon::Bullseye)) "Targets" }
        @if may_keep { a.btn.btn-outline-secondary href="/skills/profiles" { (icon(Icon::MagnifyingGlass)) "Profiles" } }
    };
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Job roles", Some(about), actions))
        @if job_roles.is_empty() {
            (empty_state(Icon::IdBadge, "No job roles yet", "Make one by hand, or start from a profile that tells which skills an occupation asks for.", html! {}))
        } @else {
            div.table-frame.form-narrow tabindex="0" role="region" aria-label="Job roles" { table.table {
                thead { tr { th scope="col" { "Job role" } th.number scope="col" { "People" } th.number scope="col" { "Targets" } } }
                tbody { @for job_role in job_roles { (row(job_role)) } }
            } }
        }
        @if may_keep { (new_form(new, csrf)) }
    }
}

fn row(job_role: &JobRole) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ "/skills/job-roles/" (job_role.id) } { (job_role.name) } }
            td.number { (job_role.people) }
            td.number { a href={ "/skills/targets/job-roles/" (job_role.id) } aria-label={ (job_role.targets) " targets of " (job_role.name) } { (job_role.targets) } }
        }
    }
}

fn new_form(new: &NewForm, csrf: &str) -> Markup {
    let problem = new.invalid.and_then(|invalid| invalid.of("name"));
    html! {
        form.form-narrow method="post" action="/skills/job-roles" {
            (csrf_field(csrf))
            label.form-label for="new-job-role" { "New job role" }
            div.toolbar {
                input id="new-job-role" type="text" class={ "form-control" @if problem.is_some() { " is-invalid" } } name="name"
                    value=(new.name) maxlength=(MAX_NAME_CHARS) required aria-invalid=[problem.map(|_| "true")]
                    aria-describedby=[problem.map(|_| "new-job-role-problem")];
                button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Make" }
            }
            @if let Some(problem) = problem { div.invalid-feedback id="new-job-role-problem" { (problem) } }
        }
    }
}

/// What the page of one job role shows.
pub struct Page<'a> {
    pub job_role: &'a JobRole,
    pub holders: &'a [Holder],
    pub add: people::AddForm,
    pub suggestions: &'a [Holder],
    pub rename: Option<RenameForm<'a>>,
    /// Whether the actor may rename and delete.
    pub may_keep: bool,
    pub assigner: people::Assigner,
    pub csrf: &'a str,
}

pub fn show(page: &Page) -> Markup {
    let job_role = page.job_role;
    let address = format!("/skills/job-roles/{}", job_role.id);
    let about = job_role.profile_code.as_ref().map(|code| format!("Started from the profile {code}."));
    let actions = html! {
        a.btn.btn-outline-secondary href={ "/skills/targets/job-roles/" (job_role.id) } { (icon(Icon::Bullseye)) "Targets (" (job_role.targets) ")" }
        @if page.may_keep {
            a.btn.btn-outline-secondary href={ (address) "/edit" } { (icon(Icon::Pen)) "Rename" }
            a.btn.btn-outline-danger href={ (address) "/deletion" } { (icon(Icon::Trash)) "Delete" }
        }
    };
    html! {
        (page_head(&TRAIL, &job_role.name, about.as_deref(), actions))
        @if let Some(rename) = &page.rename { (rename_form(rename, page.csrf)) }
        (people::section(page))
    }
}

fn rename_form(form: &RenameForm, csrf: &str) -> Markup {
    let address = format!("/skills/job-roles/{}", form.job_role.id);
    html! {
        form.form-narrow method="post" action=(address) {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(form.job_role.version);
            label.form-label for="job-role-name" { "Name" }
            div.toolbar {
                input id="job-role-name" type="text" class={ "form-control" @if form.problem.is_some() { " is-invalid" } } name="name"
                    value=(form.name) maxlength=(MAX_NAME_CHARS) required autofocus
                    aria-invalid=[form.problem.as_ref().map(|_| "true")] aria-describedby=[form.problem.as_ref().map(|_| "job-role-problem")];
                button.btn.btn-primary type="submit" { @if form.is_conflict { "Save mine" } @else { "Save" } }
                a.btn.btn-outline-secondary href=(address) { @if form.is_conflict { "Keep theirs" } @else { "Cancel" } }
            }
            @if let Some(problem) = &form.problem { div.invalid-feedback id="job-role-problem" role="alert" { (problem) } }
        }
    }
}

pub fn deletion(job_role: &JobRole, problem: Option<&str>, csrf: &str) -> Markup {
    let address = format!("/skills/job-roles/{}", job_role.id);
    let count =
        |count: i64, one: &str, many: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
    html! {
        (page_head(&TRAIL, &format!("Delete “{}”?", job_role.name), None, html! {}))
        div.card.form-narrow { div.card-body {
            @if let Some(problem) = problem { div.invalid-feedback role="alert" { (problem) } }
            p {
                (count(job_role.people, "person has it", "people have it")) ", and "
                (count(job_role.targets, "target is set for it", "targets are set for it")) ". "
                "The targets go with it; the people and their ratings stay."
            }
            form.form-actions method="post" action={ (address) "/deletion" } {
                (csrf_field(csrf))
                input type="hidden" name="version" value=(job_role.version);
                button.btn.btn-danger type="submit" { (icon(Icon::Trash)) "Delete" }
                a.btn.btn-outline-secondary href=(address) { "Keep it" }
            }
        } }
    }
}
