//! The screen of the background jobs.

use super::model::{Line, State};
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, page_head};
use crate::web::times;
use maud::{Markup, html};
use std::time::Duration;

pub fn index(lines: &[Line], now_ms: i64, csrf: &str) -> Markup {
    let reload = html! { a.btn.btn-outline-secondary href="/admin/jobs" { (icon(Icon::RotateLeft)) "Look again" } };
    html! {
        (page_head(&[], "Jobs", Some("What runs in the background: each job in one process at a time, however many there are."), reload))
        div.table-frame tabindex="0" role="region" aria-label="Jobs" { table.table {
            thead { tr {
                th scope="col" { "Job" } th scope="col" { "State" } th.wide-only scope="col" { "Every" }
                th.wide-only scope="col" { "Last run" } th scope="col" { "Next" } th.number scope="col" { "Action" }
            } }
            tbody { @for line in lines { (row(line, now_ms, csrf)) } }
        } }
    }
}

fn row(line: &Line, now_ms: i64, csrf: &str) -> Markup {
    html! {
        tr {
            th.breaking scope="row" { (line.job.name) @if let Some(plugin) = line.plugin { small { (plugin.title) } } }
            td { (state(line)) }
            td.wide-only.nowrap { (every(line.job.interval)) }
            td.wide-only { (last(line, now_ms)) }
            td.nowrap { @match line.next_at() { Some(at) if line.state != State::Off => (coming(at, now_ms)), _ => span.quiet { "–" } } }
            td.actions {
                @if line.state != State::Off {
                    form method="post" action={ "/admin/jobs/" (line.job.name) "/runs" } {
                        (csrf_field(csrf))
                        button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Run now: " (line.job.name) } { "Run now" }
                    }
                }
            }
        }
    }
}

fn state(line: &Line) -> Markup {
    let (class, text) = match line.state {
        State::Off => ("badge", "plugin is off"),
        State::Running => ("badge good", "running"),
        State::Requested => ("badge good", "asked for"),
        State::Late => ("badge bad", "late: nobody runs it"),
        State::Lost => ("badge warn", "cut: its process ended"),
        State::Failed => ("badge bad", "failed"),
        State::Fine => ("badge good", "fine"),
        State::Never => ("badge", "has not run yet"),
    };
    let error = line.run.as_ref().map(|run| run.error.as_str()).filter(|_| line.state == State::Failed);
    html! { span class=(class) { (text) } @if let Some(error) = error { small.quiet.block.breaking { (error) } } }
}

fn last(line: &Line, now_ms: i64) -> Markup {
    let Some(run) = line.run.as_ref().filter(|run| run.started_at > 0) else { return html! { span.quiet { "–" } } };
    let took = run.finished_at.map(|finished| finished - run.started_at);
    html! {
        (times::ago(run.started_at, now_ms))
        @if let Some(took) = took { small.quiet.block { "took " (milliseconds(took)) } }
    }
}

fn milliseconds(ms: i64) -> String {
    if ms < 1000 { format!("{ms} ms") } else { format!("{}.{} s", ms / 1000, ms % 1000 / 100) }
}

fn every(interval: Duration) -> String {
    match interval.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

fn coming(at_ms: i64, now_ms: i64) -> String {
    match (at_ms - now_ms) / 1000 {
        ..=0 => "now".to_owned(),
        seconds => format!("in {}", every(Duration::from_secs(seconds as u64))),
    }
}
