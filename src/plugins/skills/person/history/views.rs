//! A timeline: who changed what, when, by what means, from what to what.

use super::super::super::certificates::views::evidence;
use super::super::super::levels::{Interest, Standing};
use super::super::super::ratings::model::Values;
use super::super::super::ratings::views::standing;
use super::super::super::scales::Scales;
use super::handlers::PER_PAGE;
use super::model::{Change, History};
use crate::web::assets::Icon;
use crate::web::components::{Pager, empty_state, page_head, pager};
use crate::web::times::{ago, date};
use maud::{Markup, Render, html};

pub struct Timeline<'a> {
    pub history: &'a History,
    /// Counted from 1.
    pub page: i64,
    pub now_ms: i64,
}

pub fn timeline(timeline: &Timeline) -> Markup {
    let history = timeline.history;
    let own = format!("/skills/people/{}", history.person.id);
    let trail = [("Skills matrix", "/skills"), (history.person.name.as_str(), own.as_str())];
    let title = match &history.skill {
        Some((_, skill)) => format!("History of {skill}"),
        None => "History".to_owned(),
    };
    html! {
        (page_head(&trail, &title, Some(&format!("What was changed of {}, the newest first.", history.person.name)), html! {}))
        @if history.changes.is_empty() {
            (empty_state(Icon::ClockRotateLeft, "Nothing yet", "Nobody has said anything here.", html! { a.btn.btn-outline-secondary href=(own) { "To the skills" } }))
        } @else { (table(timeline)) (pages(timeline)) }
    }
}

fn table(timeline: &Timeline) -> Markup {
    let history = timeline.history;
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Changes" { table.table.history {
            thead { tr {
                th scope="col" { "When" } @if history.skill.is_none() { th scope="col" { "Skill" } } th scope="col" { "Who" }
                th.wide-only scope="col" { "How" } th scope="col" { "What" }
            } }
            tbody { @for change in &history.changes { (row(timeline, change)) } }
        } }
    }
}

fn row(timeline: &Timeline, change: &Change) -> Markup {
    let history = timeline.history;
    html! {
        tr {
            th scope="row" { (date(change.at)) small.quiet.block { (ago(change.at, timeline.now_ms)) } }
            @if history.skill.is_none() {
                td { a href={ "/skills/people/" (history.person.id) "/skills/" (change.skill_id) "/history" } { (change.skill) } }
            }
            td { (change.actor.as_deref().unwrap_or("command line")) }
            td.wide-only { (means(&change.origin)) }
            td { (differences(&history.scales, change)) }
        }
    }
}

/// By what means, in words.
fn means(origin: &str) -> &str {
    match origin {
        "cell" => "in the matrix",
        "page" => "on a page",
        "api" => "by a program",
        "import" => "from a file",
        "paste" => "pasted",
        "undo" => "taken back",
        "merge" => "by a merge of skills",
        "scale" => "by a change of scale",
        other => other,
    }
}

fn differences(scales: &Scales, change: &Change) -> Markup {
    let (before, after) = (&change.before, &change.after);
    let (Some(old), Some(new)) = (scales.get(change.scales.0), scales.get(change.scales.1)) else { return html! {} };
    let is_rescaled = old.id != new.id;
    let own = |values: &Values| values.own.map_or(Standing::Unset, |own| own.standing);
    let confirmed = |values: &Values| values.confirmed.map_or(Standing::Unset, |confirmed| confirmed.standing);
    let then = |value: Standing| standing(old, value);
    let now = |value: Standing| standing(new, value);
    // The same number means something else on another scale.
    let differ = |one: Standing, other: Standing| one != other || (is_rescaled && one.level().is_some());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let suspension = |values: &Values| {
        values.suspension.as_ref().map(|s| format!("until {}: {}", s.until, s.reason)).unwrap_or_default()
    };
    // What counts is told where it is nobody's word, as from a file, or from before there were two.
    let is_nobodys = after.own.is_none() && after.confirmed.is_none();
    let restated =
        before.confirmed.map(|c| c.at) != after.confirmed.map(|c| c.at) && confirmed(before) == confirmed(after);
    html! {
        dl.differences {
            @if is_rescaled { (line("scale", &old.name, &new.name)) }
            @if differ(own(before), own(after)) { (line("own level", then(own(before)), now(own(after)))) }
            @if differ(confirmed(before), confirmed(after)) { (line("confirmed level", then(confirmed(before)), now(confirmed(after)))) }
            @if restated { dt { "confirmed level" } dd { (now(confirmed(after))) " once more" } }
            @if is_nobodys && differ(before.standing, after.standing) { (line("level", then(before.standing), now(after.standing))) }
            @if before.interest != after.interest { (line("interest", interest(before.interest), interest(after.interest))) }
            @if before.note != after.note { (line("note", text(&before.note), text(&after.note))) }
            @if before.evidence != after.evidence { (line("evidence", proof(&before.evidence), proof(&after.evidence))) }
            @if before.valid_until != after.valid_until { (line("valid until", text(&day(before.valid_until)), text(&day(after.valid_until)))) }
            @if before.suspension != after.suspension { (line("suspended", text(&suspension(before)), text(&suspension(after)))) }
        }
    }
}

/// From what to what; nothing is told as a dash.
fn line(name: &str, before: impl Render, after: impl Render) -> Markup {
    html! { dt { (name) } dd { (before) span.quiet aria-hidden="true" { " → " } span.visually-hidden { " to " } (after) } }
}

fn proof(text: &str) -> Markup {
    if text.is_empty() { self::text(text) } else { evidence(text) }
}

fn text(text: &str) -> Markup {
    html! { @if text.is_empty() { span.quiet { "–" } } @else { (text) } }
}

fn interest(interest: Option<Interest>) -> Markup {
    let name = interest.and_then(|interest| Interest::NAMES.get(interest.value() as usize)).copied();
    text(name.unwrap_or_default())
}

fn pages(timeline: &Timeline) -> Markup {
    let history = timeline.history;
    let base = match &history.skill {
        Some((id, _)) => format!("/skills/people/{}/skills/{id}/history", history.person.id),
        None => format!("/skills/people/{}/history", history.person.id),
    };
    let (page, first) = (timeline.page, (timeline.page - 1) * PER_PAGE);
    let shown = history.changes.len() as i64;
    let previous = (page > 1).then(|| format!("{base}?page={}", page - 1));
    let next = (first + shown < history.total).then(|| format!("{base}?page={}", page + 1));
    html! {
        (pager(&Pager {
            first: first as u64 + 1,
            last: (first + shown) as u64,
            total: history.total as u64,
            previous: previous.as_deref(),
            next: next.as_deref(),
        }))
    }
}
