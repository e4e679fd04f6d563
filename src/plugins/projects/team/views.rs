//! The team: who has how much in hand, and who could do what is needed.

use super::super::members::views::disc;
use super::super::outline::Outline;
use super::super::tasks::values::duration;
use super::super::views::{Tab, head};
use super::model::{Needed, Team};
use crate::web::components::level;
use maud::{Markup, html};

pub fn team(outline: &Outline, team: &Team) -> Markup {
    let path = outline.project.path();
    html! {
        (head(&outline.project, Tab::Team, "", html! {}))
        h2 { "Load" }
        div.table-frame { table.table {
            thead { tr { th { "Name" } th { "Role" } th.number { "Open" } th.number { "Under way" } th.number { "Estimated" } th.number { "Overdue" } } }
            tbody { @for (member, load) in &team.members {
                tr {
                    th scope="row" { a.with-face href={ (path) "?assignee=" (member.id) } { (disc(member.id, &member.name)) (member.name) } }
                    td.quiet { (member.role.title()) }
                    td.number { (load.open) }
                    td.number { (load.doing) }
                    td.number { @if load.minutes > 0 { (duration(load.minutes)) } @else { "–" } }
                    td.number { @if load.overdue > 0 { span.badge.bad { (load.overdue) } } @else { "–" } }
                }
            } }
        } }
        h2 { "Skills that open tasks need" }
        @if team.needed.is_empty() { p.quiet { "No open task says which skills it needs. Add them on the page of a task." } } @else { (skills(team)) }
    }
}

fn skills(team: &Team) -> Markup {
    html! {
        div.table-frame { table.table.team-skills {
            thead { tr {
                th { "Skill" } th { "Needed" } th.number { "Tasks" } th { "Able" }
                @for (member, _) in &team.members { th { span.visually-hidden { (member.name) } (disc(member.id, &member.name)) } }
            } }
            tbody { @for needed in &team.needed { (row(needed)) } }
        } }
    }
}

fn row(needed: &Needed) -> Markup {
    let scale = &needed.skill.scale;
    let able = needed.able();
    html! {
        tr {
            th scope="row" { (needed.skill.name) }
            td { (level(scale.glyph(needed.level), &scale.code(needed.level))) }
            td.number { (needed.tasks) }
            td { @if able == 0 { span.badge.bad { "uncovered" } } @else if able == 1 { span.badge.warn { "one" } } @else { span.badge.good { (able) } } }
            @for held in &needed.held {
                td { @match held { Some(held) => { (level(scale.glyph(*held), &scale.code(*held))) } None => { span.quiet { "–" } } } }
            }
        }
    }
}
