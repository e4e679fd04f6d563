//! The lists of what waits for whom, and the page of one assessment.

use super::super::categories::category_title;
use super::answers::views as answers;
use super::confirmations::views::{self as confirmations, Confirming};
use super::model::{Assessment, Item, Row, ToDo};
use super::rules::State;
use crate::accounts::Actor;
use crate::clock::day_of;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times::ago;
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::HashMap;

/// Why something that was typed is not saved.
pub enum Remark {
    Conflict { typed: String },
    Invalid { typed: String, problem: String },
}

impl Remark {
    pub fn typed(&self) -> &str {
        match self {
            Remark::Conflict { typed } | Remark::Invalid { typed, .. } => typed,
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Remark::Conflict { .. } => {
                "Somebody changed this rating meanwhile. Look at it, and save again to put yours in its place."
            }
            Remark::Invalid { problem, .. } => problem,
        }
    }
}

/// The remarks by skill, and one on the whole.
#[derive(Default)]
pub struct Remarks {
    by_skill: HashMap<i64, Remark>,
    notes: HashMap<i64, String>,
    problem: Option<String>,
}

impl Remarks {
    pub fn add(&mut self, skill_id: i64, remark: Remark) {
        self.by_skill.insert(skill_id, remark);
    }

    /// With the note that was typed beside the level.
    pub fn add_with_note(&mut self, skill_id: i64, remark: Remark, note: String) {
        self.add(skill_id, remark);
        self.notes.insert(skill_id, note);
    }

    pub fn set_problem(&mut self, problem: String) {
        self.problem = Some(problem);
    }

    pub fn of(&self, skill_id: i64) -> Option<&Remark> {
        self.by_skill.get(&skill_id)
    }

    pub fn note_of(&self, skill_id: i64) -> &str {
        self.notes.get(&skill_id).map_or("", String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.by_skill.is_empty() && self.problem.is_none()
    }

    pub fn has_conflict(&self) -> bool {
        self.by_skill.values().any(|remark| matches!(remark, Remark::Conflict { .. }))
    }
}

pub fn index(to_do: &ToDo, today: Date) -> Markup {
    let ask = html! {
        @if to_do.may_ask { a.btn.btn-primary href="/skills/assessments/new" { (icon(Icon::Plus)) "Ask for an assessment" } }
    };
    let sections = [
        ("For you to fill in", &to_do.to_answer),
        ("For you to validate", &to_do.to_confirm),
        ("Under way", &to_do.under_way),
        ("Closed", &to_do.closed),
    ];
    let is_empty = sections.iter().all(|(_, rows)| rows.is_empty());
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Assessments", Some("What waits for you, and what you wait for."), ask.clone()))
        @if is_empty {
            (empty_state(Icon::ClipboardCheck, "Nothing to do", "Nobody asks you for an assessment, and none waits to be validated.", ask))
        }
        @for (title, rows) in sections.iter().filter(|(_, rows)| !rows.is_empty()) {
            h2 { (title) " " span.quiet { (rows.len()) } }
            (list(title, rows, today))
        }
    }
}

fn list(title: &str, rows: &[Row], today: Date) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(title) { table.table {
            thead { tr {
                th scope="col" { "Person" } th.wide-only scope="col" { "Team" } th scope="col" { "State" } th scope="col" { "Until" }
                th.number scope="col" { "Skills" } th.number.wide-only scope="col" { "Confirmed" } th.wide-only scope="col" { "Asked by" }
            } }
            tbody { @for row in rows {
                tr {
                    th scope="row" { a href={ "/skills/assessments/" (row.id) } { (row.person) } }
                    td.wide-only { (row.team.as_deref().unwrap_or("")) }
                    td { (state_badge(row.state())) }
                    td { (due(&row.due, row.is_overdue(today))) }
                    td.number { (row.skills) }
                    td.number.wide-only { (row.confirmed) }
                    td.wide-only { (row.asked_by.as_deref().unwrap_or("")) }
                }
            } }
        } }
    }
}

pub fn state_badge(state: State) -> Markup {
    let tone = match state {
        State::Asked | State::Filled => "",
        State::Validated => "good",
        State::Withdrawn => "",
    };
    html! { span class={ "badge " (tone) } { (state.title()) } }
}

pub fn due(day: &str, is_overdue: bool) -> Markup {
    html! { span.nowrap { (day) } @if is_overdue { " " span.badge.bad { "overdue" } } }
}

/// The items under the titles of their categories, in the order of the catalogue.
pub fn by_category(assessment: &Assessment) -> Vec<(&str, Vec<&Item>)> {
    let same = |a: &Item, b: &Item| a.category == b.category;
    let groups = assessment.items.chunk_by(same);
    groups.map(|items| (category_title(&items[0].category), items.iter().collect())).collect()
}

/// One assessment, and who looks at it.
pub struct Page<'a> {
    pub assessment: &'a Assessment,
    pub actor: &'a Actor,
    pub remarks: &'a Remarks,
    pub csrf: &'a str,
    pub now_ms: i64,
}

pub fn show(page: &Page) -> Markup {
    let assessment = page.assessment;
    let trail = [("Skills matrix", "/skills"), ("Assessments", "/skills/assessments")];
    html! {
        (page_head(&trail, &format!("Assessment of {}", assessment.person), None, actions(page)))
        (facts(page))
        @if let Some(problem) = &page.remarks.problem { (notice(Tone::Danger, problem)) }
        @if assessment.is_answered_by(page.actor) { (answers::form(assessment, page.remarks, page.csrf)) } @else {
            @let confirming = Confirming { assessment, actor: page.actor, csrf: page.csrf, now_ms: page.now_ms };
            (confirmations::table(&confirming, page.remarks))
        }
    }
}

fn actions(page: &Page) -> Markup {
    let assessment = page.assessment;
    html! {
        a.btn.btn-outline-secondary href={ "/skills/people/" (assessment.person_id) } { (icon(Icon::User)) "Their skills" }
        @if assessment.is_withdrawn_by(page.actor) {
            form method="post" action={ "/skills/assessments/" (assessment.id) "/withdrawal" } {
                (csrf_field(page.csrf))
                input type="hidden" name="version" value=(assessment.version);
                button.btn.btn-outline-danger type="submit" { (icon(Icon::Xmark)) "Withdraw" }
            }
        }
    }
}

fn facts(page: &Page) -> Markup {
    let assessment = page.assessment;
    let when = |at: i64| ago(at, page.now_ms);
    html! {
        dl.facts {
            dt { "State" } dd id="assessment-state" { (state_badge(assessment.state)) }
            dt { "Asked" } dd { (when(assessment.asked_at)) @if let Some(asker) = &assessment.asker { ", " (asker) } }
            dt { "Until" } dd { (due(&assessment.due, assessment.is_overdue(day_of(page.now_ms)))) }
            @if !assessment.note.is_empty() { dt { "For" } dd { (assessment.note) } }
            @if let Some(at) = assessment.filled_at { dt { "Filled in" } dd { (when(at)) } }
            @if let Some(at) = assessment.closed_at {
                dt { (assessment.state.title()) } dd { (when(at)) @if let Some(closer) = &assessment.closer { ", " (closer) } }
            }
        }
    }
}
