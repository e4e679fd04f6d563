//! The statistics: each picture with its numbers as a table.

use super::super::outline::Outline;
use super::super::tasks::model::path;
use super::super::tasks::values::duration;
use super::super::views::{Tab, head};
use super::model::{Ageing, Statistics, WEEKS, Week};
use super::pictures;
use maud::{Markup, html};

const DAY_MS: i64 = 24 * 3_600_000;

pub fn statistics(outline: &Outline, statistics: &Statistics, now_ms: i64) -> Markup {
    html! {
        (head(&outline.project, Tab::Statistics, "", html! {}))
        div.statistics {
            section.card { div.card-body {
                h2 { "Throughput" }
                p { span.figure-big { (statistics.weeks.iter().map(|week| week.done).sum::<i64>()) } " done in " (WEEKS) " weeks" }
                (pictures::throughput(&statistics.weeks))
                (numbers(&["Week of", "Done"], &statistics.weeks, |week| vec![week.done]))
            } }
            section.card { div.card-body {
                h2 { "Burn-up" }
                p { span.key-added { "added" } " " span.key-done { "done" } }
                (pictures::burn_up(&statistics.weeks))
                (numbers(&["Week of", "Added", "Done", "Added in all", "Done in all"], &statistics.weeks, |week| vec![week.added, week.done, week.total_added, week.total_done]))
            } }
            section.card { div.card-body {
                h2 { "Cycle time" }
                (cycle(statistics))
            } }
            section.card { div.card-body {
                h2 { "Workload" }
                @if statistics.workload.is_empty() { p.quiet { "Nobody has an open task in hand." } } @else {
                    (pictures::workload(&statistics.workload))
                    details { summary { "As a table" } table.table {
                        thead { tr { th { "Name" } th.number { "Open" } th.number { "Estimated" } } }
                        tbody { @for person in &statistics.workload {
                            tr { th scope="row" { (person.name) } td.number { (person.open) } td.number { @if person.minutes > 0 { (duration(person.minutes)) } @else { "–" } } }
                        } }
                    } }
                }
            } }
            section.card.wide { div.card-body {
                h2 { "Ageing work" }
                @if statistics.ageing.is_empty() { p.quiet { "Nothing is under way." } } @else { (ageing(outline, &statistics.ageing, now_ms)) }
            } }
        }
    }
}

fn numbers(heads: &[&str], weeks: &[Week], of: impl Fn(&Week) -> Vec<i64>) -> Markup {
    html! {
        details { summary { "As a table" } table.table {
            thead { tr { @for (place, head) in heads.iter().enumerate() { th.number[place > 0] { (head) } } } }
            tbody { @for week in weeks { tr { th scope="row" { (week.monday) } @for number in of(week) { td.number { (number) } } } } }
        } }
    }
}

fn cycle(statistics: &Statistics) -> Markup {
    let days =
        |percent: usize| statistics.cycle_percentile(percent).map_or("–".to_owned(), |days| format!("{days:.1}"));
    html! {
        @if statistics.cycle_days.is_empty() { p.quiet { "Nothing was done in the last " (WEEKS) " weeks." } } @else {
            dl.figures {
                div { dt { "Half of the tasks within" } dd { span.figure-big { (days(50)) } " days" } }
                div { dt { "85 % within" } dd { span.figure-big { (days(85)) } " days" } }
            }
            p.quiet { "From the beginning of the work to its end, of " (statistics.cycle_days.len()) " tasks." }
        }
    }
}

fn ageing(outline: &Outline, tasks: &[Ageing], now_ms: i64) -> Markup {
    html! {
        table.table {
            thead { tr { th { "Task" } th { "Status" } th.number { "Under way for" } } }
            tbody { @for task in tasks {
                tr {
                    th scope="row" { a href=(path(task.id)) { (outline.project.code) "-" (task.number) " " (task.title) } }
                    td { (task.status) }
                    td.number { ((now_ms - task.started_at) / DAY_MS) " days" }
                }
            } }
        }
    }
}
