//! The lists of plans, and the page of one.

use super::super::assessments::views::due;
use super::super::levels::{Level, Standing};
use super::super::ratings::model::Rating;
use super::super::ratings::views::standing;
use super::super::scales::Scales;
use super::completions::model::Completion;
use super::completions::views as completions;
use super::model::{Lists, Plan, Row, State};
use crate::accounts::Actor;
use crate::clock::day_of;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, page_head};
use crate::web::times::ago;
use jiff::civil::Date;
use maud::{Markup, html};

/// A completion that was not taken.
pub struct Attempt {
    pub completion: Completion,
    pub invalid: Option<Invalid>,
    /// What somebody else saved meanwhile.
    pub theirs: Option<Rating>,
}

pub fn index(lists: &Lists, scales: &Scales, today: Date) -> Markup {
    let sections = [
        ("Your training", &lists.own),
        ("You train", &lists.trained),
        ("Under way", &lists.others),
        ("Closed", &lists.closed),
    ];
    let text = "A plan begins at a gap: open a person's page and choose “Plan training” beside the skill.";
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Training", Some("Who learns what, from whom, until when."), html! {}))
        @if sections.iter().all(|(_, rows)| rows.is_empty()) {
            (empty_state(Icon::GraduationCap, "No training planned", text, html! { a.btn.btn-outline-secondary href="/skills" { "To the matrix" } }))
        }
        @for (title, rows) in sections.iter().filter(|(_, rows)| !rows.is_empty()) {
            h2 { (title) " " span.quiet { (rows.len()) } }
            (list(title, rows, scales, today))
        }
    }
}

pub fn list(title: &str, rows: &[Row], scales: &Scales, today: Date) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(title) { table.table {
            thead { tr {
                th scope="col" { "Person" } th scope="col" { "Skill" } th scope="col" { "Level" } th.wide-only scope="col" { "Trainer" }
                th scope="col" { "Until" } th.wide-only scope="col" { "State" }
            } }
            tbody { @for row in rows {
                tr {
                    th scope="row" { a href={ "/skills/training/" (row.id) } aria-label={ "Training of " (row.person) " in " (row.skill) } { (row.person) } }
                    td { (row.skill) }
                    td { @if let Some(scale) = scales.get(row.scale_id) { (standing(scale, Standing::At(Level::from_hundredths(row.level)))) } }
                    td.wide-only { (row.trainer.as_deref().unwrap_or("")) }
                    td { (due(&row.due, row.is_overdue(today))) }
                    td.wide-only { (badge(row.state())) }
                }
            } }
        } }
    }
}

fn badge(state: State) -> Markup {
    let tone = if state == State::Done { "good" } else { "" };
    html! { span class={ "badge " (tone) } { (state.title()) } }
}

pub fn show(plan: &Plan, actor: &Actor, attempt: Option<&Attempt>, csrf: &str, now_ms: i64) -> Markup {
    let title = format!("Training of {} in {}", plan.person, plan.skill);
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Training", "/skills/training")], &title, None, actions(plan, actor, csrf)))
        (facts(plan, now_ms))
        @if plan.is_completed_by(actor) { (completions::form(plan, attempt, csrf, now_ms)) }
    }
}

fn actions(plan: &Plan, actor: &Actor, csrf: &str) -> Markup {
    html! {
        a.btn.btn-outline-secondary href={ "/skills/people/" (plan.person_id) "?skill=" (plan.skill_id) } { (icon(Icon::User)) "Their skills" }
        @if plan.is_changed_by(actor) {
            a.btn.btn-outline-secondary href={ "/skills/training/" (plan.id) "/edit" } { (icon(Icon::Pen)) "Change" }
            form method="post" action={ "/skills/training/" (plan.id) "/cancellation" } {
                (csrf_field(csrf))
                input type="hidden" name="version" value=(plan.version);
                button.btn.btn-outline-danger type="submit" { (icon(Icon::Xmark)) "Drop" }
            }
        }
    }
}

fn facts(plan: &Plan, now_ms: i64) -> Markup {
    let when = |at: i64, who: &Option<String>| html! { (ago(at, now_ms)) @if let Some(who) = who { ", " (who) } };
    html! {
        dl.facts {
            dt { "State" } dd { (badge(plan.state)) }
            dt { "Now" } dd { (standing(&plan.scale, plan.rating.values.standing)) @if plan.rating.lapsed { " " span.badge.bad { "lapsed" } } }
            dt { "To reach" } dd { (standing(&plan.scale, Standing::At(plan.level))) }
            dt { "Until" } dd { (due(&plan.due, plan.is_overdue(day_of(now_ms)))) }
            dt { "Trainer" } dd { (plan.trainer.as_deref().unwrap_or("nobody of ours")) }
            @if !plan.note.is_empty() { dt { "Note" } dd { (plan.note) } }
            dt { "Planned" } dd { (when(plan.planned_at, &plan.planner)) }
            @if let Some(at) = plan.closed_at { dt { (plan.state.title()) } dd { (when(at, &plan.closer)) } }
        }
    }
}
