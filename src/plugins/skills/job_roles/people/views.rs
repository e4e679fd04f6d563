//! Who has a job role, as a table with a form below it; and the job roles of one person, as a form of check boxes.

use super::super::views::Page;
use super::model::{Held, Holder, may_assign};
use crate::accounts::Actor;
use crate::accounts::people::Person;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, empty_state, notice, page_head};
use maud::{Markup, html};

/// The form that gives the job role to somebody.
#[derive(Default)]
pub struct AddForm {
    pub person: String,
    pub invalid: Option<Invalid>,
    /// Whether it comes back for another person, after one was added.
    pub again: bool,
}

/// Whom the actor may give and take job roles.
#[derive(Clone, Copy)]
pub struct Assigner {
    all: bool,
    /// Those of this team.
    team_id: Option<i64>,
}

impl Assigner {
    pub fn of(actor: &Actor) -> Self {
        let team_id = actor.team_id.filter(|id| may_assign(actor, Some(*id)));
        Assigner { all: may_assign(actor, None), team_id }
    }

    fn any(self) -> bool {
        self.all || self.team_id.is_some()
    }

    fn may(self, person: &Holder) -> bool {
        self.all || (person.team_id.is_some() && person.team_id == self.team_id)
    }
}

pub fn section(page: &Page) -> Markup {
    let address = format!("/skills/job-roles/{}/people", page.job_role.id);
    html! {
        section id="holders" {
            @if page.holders.is_empty() {
                (empty_state(Icon::Users, "Nobody has it yet", "Who gets it is asked for what its targets say.", html! {}))
            } @else {
                div.table-frame tabindex="0" role="region" aria-label={ "People who have the job role " (page.job_role.name) } { table.table {
                    thead { tr {
                        th scope="col" { "Person" } th scope="col" { "Team" } th.number scope="col" { "Gaps" }
                        @if page.assigner.any() { th.number scope="col" { "Actions" } }
                    } }
                    tbody { @for holder in page.holders { (row(page, holder, &address)) } }
                } }
            }
            @if page.assigner.any() { (add_form(page, &address)) }
        }
    }
}

fn row(page: &Page, holder: &Holder, address: &str) -> Markup {
    let removal = format!("{address}/{}/removal", holder.id);
    html! {
        tr {
            th scope="row" {
                a href={ "/skills/people/" (holder.id) } { (holder.name) }
                @if !holder.title.is_empty() { small.quiet { (holder.title) } }
            }
            td { (holder.team.as_deref().unwrap_or("")) }
            td.number { @if let Some(gaps) = holder.gaps { (gaps) } @else { span.quiet { "–" } } }
            @if page.assigner.any() {
                td.number {
                    @if page.assigner.may(holder) {
                        form method="post" action=(removal) hx-post=(removal) hx-target="#holders" hx-swap="outerHTML" {
                            (csrf_field(page.csrf))
                            button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Remove " (holder.name) " from this job role" } { (icon(Icon::Xmark)) "Remove" }
                        }
                    }
                }
            }
        }
    }
}

fn add_form(page: &Page, address: &str) -> Markup {
    let problem = page.add.invalid.as_ref().and_then(|invalid| invalid.of("person").or(invalid.of("")));
    let suggestions = format!("{address}/suggestions");
    html! {
        form.form-narrow method="post" action=(address) hx-post=(address) hx-target="#holders" hx-swap="outerHTML" {
            (csrf_field(page.csrf))
            label.form-label for="new-holder" { "Give it to" }
            div.toolbar {
                input id="new-holder" type="text" class={ "form-control" @if problem.is_some() { " is-invalid" } } name="person"
                    value=(page.add.person) maxlength="400" required autocomplete="off" list="new-holder-options" placeholder="Name"
                    autofocus[page.add.again] aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "new-holder-problem")]
                    hx-get=(suggestions) hx-trigger="input changed delay:200ms" hx-target="#new-holder-options" hx-swap="innerHTML";
                datalist id="new-holder-options" { (options(page.suggestions)) }
                button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" }
            }
            @if let Some(problem) = problem { div.invalid-feedback id="new-holder-problem" { (problem) } }
        }
    }
}

/// Namesakes are told with their teams.
pub fn options(people: &[Holder]) -> Markup {
    let has_namesake = |person: &Holder| people.iter().filter(|other| other.name == person.name).count() > 1;
    html! {
        @for person in people {
            @match &person.team {
                Some(team) if has_namesake(person) => option value={ (person.name) " (" (team) ")" } {},
                _ => option value=(person.name) {},
            }
        }
    }
}

/// The job roles of a person in one line, with the way to change them.
pub fn held(person_id: i64, job_roles: &[Held], may_assign: bool) -> Markup {
    let held: Vec<&Held> = job_roles.iter().filter(|job_role| job_role.is_held).collect();
    if held.is_empty() && !may_assign {
        return html! {};
    }
    html! {
        p.held-job-roles {
            span.quiet { "Job roles:" }
            @for job_role in &held { " " a href={ "/skills/job-roles/" (job_role.id) } { (job_role.name) } }
            @if held.is_empty() { " " span.quiet { "none" } }
            @if may_assign {
                " " a.btn.btn-sm.btn-outline-secondary href={ "/skills/people/" (person_id) "/job-roles" } aria-label="Change the job roles" { (icon(Icon::Pen)) "Change" }
            }
        }
    }
}

pub fn of_person(person: &Person, held: &[Held], problem: Option<&str>, csrf: &str) -> Markup {
    let page_of_person = format!("/skills/people/{}", person.id);
    html! {
        (page_head(&[("Skills matrix", "/skills"), (person.name.as_str(), page_of_person.as_str())], "Job roles", Some("What is asked of the person follows from them."), html! {}))
        @if let Some(problem) = problem { (notice(Tone::Danger, problem)) }
        @if held.is_empty() {
            (empty_state(Icon::IdBadge, "No job roles yet", "An administrator makes them.", html! { a.btn.btn-primary href="/skills/job-roles" { "To the job roles" } }))
        } @else {
            form.form-narrow method="post" action={ (page_of_person) "/job-roles" } {
                (csrf_field(csrf))
                fieldset {
                    legend { "Job roles of " (person.name) }
                    @for job_role in held {
                        @let id = format!("job-role-{}", job_role.id);
                        div.form-check {
                            input.form-check-input type="checkbox" name="job_role" value=(job_role.id) id=(id) checked[job_role.is_held];
                            label.form-check-label for=(id) { (job_role.name) }
                        }
                    }
                }
                div.form-actions {
                    button.btn.btn-primary type="submit" { "Save" }
                    a.btn.btn-outline-secondary href=(page_of_person) { "Cancel" }
                }
            }
        }
    }
}
