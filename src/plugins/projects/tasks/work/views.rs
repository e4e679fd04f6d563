//! My work in groups of due days, and the card on the start page.

use super::super::super::days::{self, Nearness};
use super::super::super::saved_views::model::SavedView;
use super::super::super::saved_views::views::menu;
use super::super::filter::{Assigned, Filter, Sort};
use super::super::model::Task;
use super::super::values::Priority;
use super::super::views::{due, priority_mark, row};
use super::model::{Ahead, SHOWN, Work};
use crate::web::assets::{Icon, icon};
use crate::web::components::{empty_state, page_head};
use crate::web::context::Context;
use jiff::civil::Date;
use maud::{Markup, html};

pub const PATH: &str = "/projects/work";

pub fn index(cx: &Context, filter: &Filter, work: &Work, saved: &[SavedView], today: Date) -> Markup {
    let title = if filter.assigned == Assigned::Me { "My work" } else { "Tasks of all projects" };
    let address = filter.address(PATH);
    let actions = html! { (menu(cx, None, &address, saved)) a.btn.btn-outline-secondary href="/projects/feed" { (icon(Icon::CalendarDays)) "Calendar feed" } a.btn.btn-outline-secondary href="/projects" { (icon(Icon::DiagramProject)) "Projects" } };
    html! {
        (page_head(&[], title, None, actions))
        (filter_form(PATH, filter, "#tasks", true))
        div id="tasks" data-list="all" data-may { (groups(filter, work, today)) }
    }
}

/// The filter over all projects, of the page at `action` whose part `shown` it narrows.
pub fn filter_form(action: &str, filter: &Filter, shown: &str, has_order: bool) -> Markup {
    let assigned = filter.assigned_text().unwrap_or_else(|| "anybody".to_owned());
    html! {
        form.toolbar.task-filter method="get" action=(action) role="search" aria-label="Filter tasks" hx-get=(action)
            hx-trigger="change, input delay:250ms, submit" hx-target=(shown) hx-select=(shown) hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace" {
            span.search { (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="q" value=(filter.text) placeholder="Find a task" aria-label="Find a task" maxlength="100";
            }
            select.form-select name="assignee" aria-label="Who" {
                @for (value, text) in [("me", "Mine"), ("anybody", "Everybody's"), ("nobody", "Nobody's")] { option value=(value) selected[value == assigned] { (text) } }
            }
            select.form-select.is-set[filter.priority.is_some()] name="priority" aria-label="Priority" {
                option value="" { "Any priority" }
                @for priority in Priority::ALL { option value=(priority.name()) selected[filter.priority == Some(priority)] { (priority.title()) } }
            }
            select.form-select.is-set[filter.due_text().is_some()] name="due" aria-label="Due" {
                @for (value, text) in [("", "Any due day"), ("overdue", "Overdue"), ("week", "Within a week"), ("none", "No due day")] {
                    option value=(value) selected[filter.due_text().unwrap_or("") == value] { (text) }
                }
            }
            @if has_order {
                select.form-select name="sort" aria-label="Order" {
                    @for (sort, name, title) in Sort::ALL { option value=(name) selected[sort == filter.sort] { (title) } }
                }
            }
            button.btn.btn-outline-secondary.without-js type="submit" { "Filter" }
        }
    }
}

/// The groups of a list that is in the order of due days.
fn group_of(task: &Task, today: Date) -> &'static str {
    let Some(day) = task.due_on else { return "No due day" };
    match days::nearness(day, today) {
        Nearness::Overdue => "Overdue",
        Nearness::Today => "Today",
        _ if days::days_between(today, day) <= 7 => "Within a week",
        _ => "Later",
    }
}

fn groups(filter: &Filter, work: &Work, today: Date) -> Markup {
    if work.tasks.is_empty() {
        return nothing(filter);
    }
    let is_grouped = filter.sort == Sort::Due;
    html! {
        div.table-frame { table.table.task-table {
            thead { tr { th { span.visually-hidden { "Priority" } } th.in-wide { "Task" } th { "Title" } th.in-wide { "Status" } th.in-wide { "Who" } th { "Due" } } }
            @for group in work.tasks.chunk_by(|a, b| !is_grouped || group_of(a, today) == group_of(b, today)) {
                tbody {
                    @if is_grouped { tr.group-row { th colspan="6" scope="rowgroup" { (group_of(&group[0], today)) span.quiet { " " (group.len()) } } } }
                    @for task in group { (row(task, today, false)) }
                }
            }
        } }
        @if work.has_more { p.quiet { "These are the first " (SHOWN) ". Narrow the filter to see others." } }
    }
}

fn nothing(filter: &Filter) -> Markup {
    let all = html! { a.btn.btn-outline-secondary href="/projects/work?assignee=anybody" { "Tasks of everybody" } };
    if *filter == (Filter { assigned: Assigned::Me, sort: filter.sort, ..Filter::default() }) {
        return empty_state(
            Icon::Inbox,
            "Nothing to do",
            "No open task is yours. Look what others have in hand, or take one up.",
            all,
        );
    }
    empty_state(Icon::Filter, "No task fits this filter", "Take something out of it, or look at all of them.", all)
}

/// The card on the start page.
pub fn card(ahead: &Ahead, today: Date) -> Markup {
    html! {
        section.card { div.card-body {
            h2 { (icon(Icon::ListCheck)) "My work" }
            @if ahead.open == 0 { p.quiet { "No open task is yours." } } @else {
                p { span.figure-big { (ahead.open) } " open" @if ahead.overdue > 0 { " · " span.due.overdue { (ahead.overdue) " overdue" } } }
                ul.ahead { @for task in &ahead.next {
                    li { (priority_mark(task.priority)) a href=(task.path()) { (task.title) } (due(task.due_on, true, today)) }
                } }
            }
            a.btn.btn-outline-secondary href=(PATH) { "To my work" }
        } }
    }
}
