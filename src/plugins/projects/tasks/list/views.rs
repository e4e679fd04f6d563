//! The list of tasks, its filter, and the line that adds one.

use super::super::super::batches::model::Batch;
use super::super::super::batches::views::{bar, way_back};
use super::super::super::outline::Outline;
use super::super::super::saved_views::model::SavedView;
use super::super::super::saved_views::views::menu;
use super::super::super::views::{Tab, head};
use super::super::creation::views::{QuickAdd, quick_add};
use super::super::filter::{Assigned, Filter, Sort};
use super::super::values::Priority;
use super::super::views::row;
use super::model::{Listed, MOST_COUNTED, PER_PAGE};
use crate::web::assets::{Icon, icon};
use crate::web::components::empty_state;
use crate::web::context::Context;
use maud::{Markup, html};

/// What stands beside the tasks.
#[derive(Default)]
pub struct Beside {
    pub saved: Vec<SavedView>,
    /// What the person changed last in many tasks.
    pub batch: Option<Batch>,
    /// A line that could not be taken.
    pub refused: Option<QuickAdd>,
}

pub fn index(cx: &Context, outline: &Outline, filter: &Filter, listed: &Listed, beside: &Beside) -> Markup {
    let project = &outline.project;
    let query = Filter { offset: 0, ..filter.clone() }.query();
    let actions = html! {
        (menu(cx, Some(project), &filter.address(&project.path()), &beside.saved))
        @if project.may_write() { a.btn.btn-primary href={ (project.path()) "/tasks/new" } { (icon(Icon::Plus)) "New task" } }
    };
    html! {
        (head(project, Tab::List, &query, actions))
        (filter_form(&project.path(), outline, filter, true))
        @if project.may_write() { (quick_add(cx, outline, &query, beside.refused.as_ref())) }
        @if let Some(batch) = &beside.batch { (way_back(cx, batch)) }
        div id="tasks" data-list data-p=(project.id) data-may[project.may_write()] { (tasks(outline, filter, listed)) }
        @if project.may_write() && !listed.tasks.is_empty() { (bar(cx, outline, &query)) }
    }
}

fn tasks(outline: &Outline, filter: &Filter, listed: &Listed) -> Markup {
    let path = outline.project.path();
    html! {
        @if listed.tasks.is_empty() { (nothing(outline, filter)) } @else {
            div.table-frame { table.table.task-table {
                thead { tr {
                    th.pick { input.form-check-input.needs-js type="checkbox" data-check-all="task" aria-label="Choose all"; }
                    th { span.visually-hidden { "Priority" } } th.in-wide { "Task" } th { "Title" } th.in-wide { "Status" } th.in-wide { "Who" } th { "Due" }
                } }
                tbody { @for task in &listed.tasks { (row(task, outline.today, true)) } }
            } }
            (pages(&path, filter, listed))
        }
    }
}

fn nothing(outline: &Outline, filter: &Filter) -> Markup {
    if filter.is_narrow() {
        let all = html! { a.btn.btn-outline-secondary href=(outline.project.path()) { "Show all open tasks" } };
        return empty_state(
            Icon::Filter,
            "No task fits this filter",
            "Take something out of it, or look at all of them.",
            all,
        );
    }
    let text = match outline.project.may_write() {
        true => "Write one into the line above, such as “Fix pump @ana !high #net due friday”.",
        false => "Nobody has added one yet.",
    };
    empty_state(Icon::ListCheck, "No open task", text, html! {})
}

fn pages(path: &str, filter: &Filter, listed: &Listed) -> Markup {
    let at = |offset: i64| Filter { offset, ..filter.clone() }.address(path);
    let last = filter.offset + listed.tasks.len() as i64;
    html! {
        nav.pager aria-label="Pages" {
            span {
                (filter.offset + 1) "–" (last) " of "
                @if listed.total > MOST_COUNTED { "more than " (MOST_COUNTED) } @else { (listed.total) }
            }
            @if filter.offset > 0 || listed.has_more {
                ul.pagination {
                    (step((filter.offset > 0).then(|| at((filter.offset - PER_PAGE).max(0))), "Previous"))
                    (step(listed.has_more.then(|| at(last)), "Next"))
                }
            }
        }
    }
}

fn step(href: Option<String>, label: &str) -> Markup {
    html! {
        @match href {
            Some(href) => { li.page-item { a.page-link href=(href) { (label) } } }
            None => { li.page-item.disabled { span.page-link { (label) } } }
        }
    }
}

/// The filter, for the list and the board. With scripts each choice counts at once.
pub fn filter_form(action: &str, outline: &Outline, filter: &Filter, is_list: bool) -> Markup {
    let people = outline.members.iter().map(|member| (member.id.to_string(), member.name.clone()));
    let assignees = [("me", "Me"), ("nobody", "Nobody")]
        .map(|(value, text)| (value.to_owned(), text.to_owned()))
        .into_iter()
        .chain(people);
    let labels = outline.labels.iter().map(|label| (label.id.to_string(), label.name.clone()));
    let priorities =
        Priority::ALL.into_iter().map(|priority| (priority.name().to_owned(), priority.title().to_owned()));
    let assigned = filter.assigned_text().unwrap_or_default();
    let shown = if is_list { "#tasks" } else { "#board" };
    html! {
        form.toolbar.task-filter method="get" action=(action) role="search" aria-label="Filter tasks" hx-get=(action)
            hx-trigger="change, input delay:250ms, submit" hx-target=(shown) hx-select=(shown) hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace" {
            span.search { (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="q" value=(filter.text) placeholder="Find a task" aria-label="Find a task" maxlength="100";
            }
            @if is_list { (statuses(outline, filter)) }
            (select("assignee", "Anybody", "Who", assignees, &assigned, filter.assigned != Assigned::Anyhow))
            (select("priority", "Any priority", "Priority", priorities, filter.priority.map_or("", Priority::name), filter.priority.is_some()))
            @if !outline.labels.is_empty() {
                (select("label", "Any label", "Label", labels, &filter.label.map(|id| id.to_string()).unwrap_or_default(), filter.label.is_some()))
            }
            (select("due", "Any due day", "Due", DUE.map(|(value, text)| (value.to_owned(), text.to_owned())).into_iter(), filter.due_text().unwrap_or(""), filter.due_text().is_some()))
            @if is_list { (sorts(filter)) }
            button.btn.btn-outline-secondary.without-js type="submit" { "Filter" }
            @if filter.is_narrow() { a.btn.btn-link href=(action) { "Clear" } }
        }
    }
}

const DUE: [(&str, &str); 3] = [("overdue", "Overdue"), ("week", "Within a week"), ("none", "No due day")];

fn statuses(outline: &Outline, filter: &Filter) -> Markup {
    let ways = [("stalled", "Stalled"), ("done", "Done"), ("all", "All")]
        .map(|(value, text)| (value.to_owned(), text.to_owned()));
    let each = outline.statuses.iter().map(|status| (status.id.to_string(), status.name.clone()));
    let selected = filter.stage_text();
    select(
        "status",
        "Open",
        "Status",
        ways.into_iter().chain(each),
        selected.as_deref().unwrap_or(""),
        selected.is_some(),
    )
}

fn sorts(filter: &Filter) -> Markup {
    html! {
        select.form-select name="sort" aria-label="Order" {
            @for (sort, name, title) in Sort::ALL { option value=(name) selected[sort == filter.sort] { (title) } }
        }
    }
}

fn select(
    name: &str,
    nothing: &str,
    label: &str,
    options: impl Iterator<Item = (String, String)>,
    selected: &str,
    is_set: bool,
) -> Markup {
    html! {
        select.form-select.is-set[is_set] name=(name) aria-label=(label) {
            option value="" { (nothing) }
            @for (value, text) in options { option value=(value) selected[value == selected] { (text) } }
        }
    }
}
