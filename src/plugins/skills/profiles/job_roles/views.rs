//! What a job role would get from a profile, before it is made.

use super::super::super::job_roles::model::{JobRole, MAX_NAME_CHARS};
use super::super::views::TRAIL;
use super::model::{Act, CATEGORY, Plan, Planned, SCALE};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Glyph, Input, Tone, csrf_field, level, notice, page_head};
use maud::{Markup, html};

pub struct Page<'a> {
    pub plan: &'a Plan,
    /// As it was typed.
    pub importance: &'a str,
    pub job_roles: &'a [JobRole],
    pub invalid: Option<&'a Invalid>,
    pub csrf: &'a str,
}

pub fn new(page: &Page) -> Markup {
    let profile = &page.plan.profile;
    let address = format!("/skills/profiles/{}/job-roles", profile.code);
    let of_profile = format!("/skills/profiles/{}", profile.code);
    let trail = [TRAIL[0], TRAIL[1], (profile.name.as_str(), of_profile.as_str())];
    let error = |field: &str| page.invalid.and_then(|invalid| invalid.of(field));
    let importance = Input::Number { value: page.importance, min: "1", max: "5", step: "0.01" };
    html! {
        (page_head(&trail, "Start a job role", Some("Nothing is made before you say so at the end of this page."), html! {}))
        @if let Some(problem) = error("") { (notice(Tone::Danger, problem)) }
        form method="get" action={ (address) "/new" } hx-get={ (address) "/new" } hx-target="#plan" hx-select="#plan" hx-swap="outerHTML"
            hx-trigger="submit, change, input delay:350ms" hx-push-url="true" {
            div.fields-row.form-narrow {
                div.field {
                    label.form-label for="field-name" { "Job role" }
                    input.form-control.is-invalid[error("name").is_some()] id="field-name" name="name" type="text" value=(page.plan.name)
                        maxlength=(MAX_NAME_CHARS) required list="job-roles" autocomplete="off"
                        aria-invalid=[error("name").map(|_| "true")] aria-describedby="field-name-hint";
                    datalist id="job-roles" { @for job_role in page.job_roles { option value=(job_role.name) {} } }
                    @if let Some(error) = error("name") { div.invalid-feedback { (error) } }
                    div.form-text id="field-name-hint" { "A new one, or one that is there." }
                }
                (Field { name: "importance", label: "Importance of at least", input: importance, hint: Some("1 to 5; 3 is important."), error: error("importance"), required: true })
            }
            noscript { button.btn.btn-outline-secondary type="submit" { "Show what that makes" } }
        }
        (plan(page, &address, &of_profile))
    }
}

/// The part that follows what is typed above: the table, and the form that makes it so.
fn plan(page: &Page, address: &str, of_profile: &str) -> Markup {
    let plan = page.plan;
    html! {
        div id="plan" {
            p { (summary(plan)) }
            @if plan.skills.is_empty() { (notice(Tone::Info, "No skill of the profile is that important.")) } @else { (table(plan)) }
            form method="post" action=(address) {
                (csrf_field(page.csrf))
                input type="hidden" name="name" value=(plan.name);
                input type="hidden" name="importance" value=(page.importance);
                div.form-actions {
                    button.btn.btn-primary type="submit" disabled[plan.count(|act| matches!(act, Act::Ask(_) | Act::Make)) == 0] { (icon(Icon::Check)) "Set these targets" }
                    a.btn.btn-outline-secondary href=(of_profile) { "Cancel" }
                }
            }
        }
    }
}

fn summary(plan: &Plan) -> String {
    let name = plan.name.trim();
    let job_role = match plan.job_role_id {
        Some(_) => format!("The job role “{name}” is there"),
        None if name.is_empty() => "The job role needs a name".to_owned(),
        None => format!("The job role “{name}” is made"),
    };
    let made = plan.count(|act| act == Act::Make);
    let asked = plan.count(|act| matches!(act, Act::Ask(_))) + made;
    let targets = if asked == 1 { "1 target is".to_owned() } else { format!("{asked} targets are") };
    let skills = if made == 1 { "1 skill is".to_owned() } else { format!("{made} skills are") };
    format!("{job_role}; {targets} set; {skills} made in the category {CATEGORY}, on the scale {SCALE}.")
}

fn table(plan: &Plan) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Targets from the profile" { table.table {
            thead { tr {
                th scope="col" { "Skill" } th.number.wide-only scope="col" { "Importance" } th scope="col" { "Level" } th scope="col" { "What happens" }
            } }
            tbody { @for planned in &plan.skills { (row(planned)) } }
        } }
    }
}

fn row(planned: &Planned) -> Markup {
    html! {
        tr {
            th scope="row" { (planned.skill) }
            td.number.wide-only { (planned.importance) }
            td { (level(Glyph::of_share(planned.level.hundredths() as f64 / 700.0), &planned.level.to_string())) }
            td {
                @match planned.act {
                    Act::Ask(_) => "asked for",
                    Act::Make => { span.badge.good { "new skill" } " asked for" },
                    Act::Keep(at) => span.quiet { "asked for already, at " (at) "; that stays" },
                    Act::LeaveOut => span.quiet { "left out: level 0 asks for nothing" },
                }
            }
        }
    }
}
