//! The screen that leads to the targets of each team, each job role and everybody.

use super::super::scope::Scope;
use super::model::ScopeSummary;
use crate::web::assets::{Icon, icon};
use crate::web::components::page_head;
use maud::{Markup, html};

pub fn index(scopes: &[ScopeSummary]) -> Markup {
    let about = "Which level a skill is wanted at: of everybody, of a team, or of those who have a job role.";
    let actions = html! {
        a.btn.btn-outline-secondary href="/skills/coverage" { (icon(Icon::ShieldHalved)) "Coverage" }
        a.btn.btn-outline-secondary href="/skills/job-roles" { (icon(Icon::IdBadge)) "Job roles" }
    };
    let kind =
        |wanted: fn(&Scope) -> bool| scopes.iter().filter(move |summary| wanted(&summary.scope)).collect::<Vec<_>>();
    let teams = kind(|scope| matches!(scope, Scope::Team(_)));
    let job_roles = kind(|scope| matches!(scope, Scope::JobRole(_)));
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Targets", Some(about), actions))
        (table("Organisation", &kind(|scope| *scope == Scope::Everybody)))
        h2 { "Teams" }
        @if teams.is_empty() { p.quiet { "There are no teams yet." } } @else { (table("Team", &teams)) }
        h2 { "Job roles" }
        @if job_roles.is_empty() {
            p.quiet { "There are no job roles yet. " a href="/skills/job-roles" { "Make the first one" } ", or start one from a " a href="/skills/profiles" { "profile" } "." }
        } @else { (table("Job role", &job_roles)) }
    }
}

fn table(label: &str, scopes: &[&ScopeSummary]) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(label) { table.table.scope-table {
            thead { tr {
                th scope="col" { (label) }
                th.number scope="col" { "People" }
                th.number scope="col" { "Targets" }
                th.number scope="col" { "Gaps" }
            } }
            tbody { @for summary in scopes { (row(summary)) } }
        } }
    }
}

fn row(summary: &ScopeSummary) -> Markup {
    let name = if summary.scope == Scope::Everybody { "Everybody" } else { summary.name.as_str() };
    html! {
        tr {
            th scope="row" { a href=(summary.scope.address()) { (name) } }
            td.number { (summary.people) }
            td.number {
                @match (summary.of_all, summary.of_some) {
                    (0, 0) => span.quiet { "none" },
                    (all, 0) => (all),
                    (all, some) => { (all + some) " " span.quiet { "(" (some) " for some)" } },
                }
            }
            td.number { @if summary.gaps > 0 { (summary.gaps) } @else { span.quiet { "0" } } }
        }
    }
}
