//! Bars over eight weeks, drawn as SVG: positions are attributes there, which the policy allows.

use super::super::days::days_between;
use super::super::outline::Outline;
use super::super::tasks::filter::Filter;
use super::super::tasks::model::Task;
use super::super::tasks::views::names;
use super::super::views::{Tab, head};
use super::model::{DAYS, Stretch};
use crate::web::assets::{Icon, icon};
use crate::web::components::empty_state;
use jiff::ToSpan;
use maud::{Markup, html};

const DAY: i64 = 15;
const LABEL: i64 = 300;
const ROW: i64 = 30;
const TOP: i64 = 34;
/// How many letters of a title fit before the bars.
const LETTERS: usize = 30;

pub fn timeline(outline: &Outline, filter: &Filter, stretch: Stretch, tasks: &[Task]) -> Markup {
    let path = format!("{}/timeline", outline.project.path());
    let at = |stretch: Stretch| {
        let query = filter.query();
        let separator = if query.is_empty() { "" } else { "&" };
        format!("{path}?{query}{separator}from={}", stretch.first)
    };
    html! {
        (head(&outline.project, Tab::Timeline, &filter.query(), html! {}))
        div.calendar-head {
            a.btn.btn-outline-secondary.btn-sm href=(at(stretch.step(-4))) aria-label="Four weeks earlier" { (icon(Icon::ChevronLeft)) }
            h2 { (stretch.first.strftime("%-d %b").to_string()) " – " (stretch.last().strftime("%-d %b %Y").to_string()) }
            a.btn.btn-outline-secondary.btn-sm href=(at(stretch.step(4))) aria-label="Four weeks later" { (icon(Icon::ChevronRight)) }
            a.btn.btn-outline-secondary.btn-sm href=(filter.address(&path)) { "Today" }
        }
        div id="timeline" data-list="timeline" data-p=(outline.project.id) {
            @if tasks.is_empty() {
                (empty_state(Icon::ChartGantt, "No task lies in these weeks", "Give tasks a start and a due day, and they show here as bars.", html! {}))
            } @else { div.timeline-frame tabindex="0" role="region" aria-label="Timeline" { (picture(outline, stretch, tasks)) } }
        }
    }
}

fn picture(outline: &Outline, stretch: Stretch, tasks: &[Task]) -> Markup {
    let (width, height) = (LABEL + DAYS * DAY, TOP + ROW * tasks.len() as i64);
    let now = days_between(stretch.first, outline.today);
    html! {
        svg.timeline width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
            @for week in 0..DAYS / 7 {
                @let x = LABEL + week * 7 * DAY;
                line.week x1=(x) y1="0" x2=(x) y2=(height) {}
                text.week-name x=(x + 5) y="20" { (stretch.first.checked_add((week * 7).days()).unwrap_or(stretch.first).strftime("%-d %b").to_string()) }
            }
            @if (0..DAYS).contains(&now) { rect.now x=(LABEL + now * DAY) y=(TOP - 8) width=(DAY) height=(height - TOP + 8) {} }
            @for (place, task) in tasks.iter().enumerate() { (bar(stretch, task, place as i64, outline)) }
        }
    }
}

fn bar(stretch: Stretch, task: &Task, place: i64, outline: &Outline) -> Markup {
    let start = task.starts_on.or(task.due_on).unwrap_or(stretch.first);
    let end = task.due_on.or(task.starts_on).unwrap_or(start);
    let (from, to) = (days_between(stretch.first, start).max(0), days_between(stretch.first, end).min(DAYS - 1));
    let y = TOP + place * ROW;
    let is_late = task.is_open() && task.due_on.is_some_and(|day| day < outline.today);
    let title: String = task.title.chars().take(LETTERS).collect();
    let cut = if task.title.chars().count() > LETTERS { "…" } else { "" };
    html! {
        a href=(task.path()) {
            title { (task.name()) " " (task.title) ", " (start) " to " (end) @if !task.assignees.is_empty() { ", " (names(&task.assignees)) } }
            rect.row-hit x="0" y=(y) width=(LABEL + DAYS * DAY) height=(ROW) {}
            text.name x="4" y=(y + 19) { (task.name()) }
            text.title x="76" y=(y + 19) { (title) (cut) }
            rect class={ "bar " (task.kind.name()) @if is_late { " late" } } x=(LABEL + from * DAY) y=(y + 7) width=((to - from + 1) * DAY) height="16" rx="4" {}
        }
    }
}
