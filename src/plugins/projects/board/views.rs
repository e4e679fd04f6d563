//! The board. A card carries the numbers that its one listener needs, and no attributes of htmx.

use super::super::labels::views::chips;
use super::super::outline::Outline;
use super::super::saved_views::model::SavedView;
use super::super::saved_views::views::menu;
use super::super::statuses::model::{Kind, Status};
use super::super::tasks::filter::Filter;
use super::super::tasks::list::views::filter_form;
use super::super::tasks::model::Task;
use super::super::tasks::views::{due, faces, priority_mark};
use super::super::views::{Tab, head};
use super::model::Column;
use crate::web::assets::{Icon, icon};
use crate::web::components::submission_field;
use crate::web::components::{csrf_field, page_head};
use crate::web::context::Context;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn board(cx: &Context, outline: &Outline, filter: &Filter, columns: &[Column], saved: &[SavedView]) -> Markup {
    let project = &outline.project;
    let actions = html! {
        (menu(cx, Some(project), &filter.address(&format!("{}/board", project.path())), saved))
        @if project.may_write() { a.btn.btn-primary href={ (project.path()) "/tasks/new" } { (icon(Icon::Plus)) "New task" } }
    };
    html! {
        (head(project, Tab::Board, &filter.query(), actions))
        (filter_form(&format!("{}/board", project.path()), outline, filter, false))
        (csrf_field(cx.csrf()))
        @if project.may_write() { p.board-hint.needs-js { "Drag cards, or go to one with the arrow keys, take it up with the space bar, and put it down with it again." } }
        div.board id="board" data-p=(project.id) data-q=(filter.query()) data-may[project.may_write()] {
            @for column in columns { (section(cx, outline, filter, column)) }
        }
        div id="arrivals" hidden {}
        div.visually-hidden id="board-news" aria-live="assertive" {}
    }
}

fn section(cx: &Context, outline: &Outline, filter: &Filter, column: &Column) -> Markup {
    let status = &column.status;
    html! {
        section.column data-s=(status.id) aria-labelledby={ "column-" (status.id) } {
            header id={ "head-" (status.id) } { (column_head(status)) }
            ol.cards tabindex="-1" { (cards(outline, filter, column)) }
            @if outline.project.may_write() && status.kind != Kind::Done { (add(cx, outline, filter, status)) }
        }
    }
}

/// The name of a column and how many tasks stand in it, of how many that should.
pub fn column_head(status: &Status) -> Markup {
    html! {
        h2 id={ "column-" (status.id) } { span class={ "status " (status.kind.name()) } { (status.name) } }
        span.column-count.over[status.is_over()] {
            (status.tasks) @if let Some(limit) = status.wip_limit { " / " (limit) }
            @if status.is_over() { span.visually-hidden { ", more than there should be" } }
        }
    }
}

/// What the heads of all columns say now, to send along with any answer.
pub fn counts(outline: &Outline) -> Markup {
    html! {
        @for status in &outline.statuses {
            hx-partial hx-target={ "#head-" (status.id) } hx-swap="innerHTML" { (column_head(status)) }
        }
    }
}

/// Cards, and the link that brings further ones: by itself as soon as it is in sight.
pub fn cards(outline: &Outline, filter: &Filter, column: &Column) -> Markup {
    html! {
        @for task in &column.tasks { (card(task, outline.today)) }
        @if let Some(last) = column.tasks.last().filter(|_| column.has_more) {
            @let href = further(outline, filter, &column.status, last);
            li.further hx-get=(href) hx-trigger="revealed" hx-swap="outerHTML" hx-target="this" { a href=(href) { "Show more" } }
        }
    }
}

fn further(outline: &Outline, filter: &Filter, status: &Status, last: &Task) -> String {
    let query = filter.query();
    let separator = if query.is_empty() { "" } else { "&" };
    format!(
        "{}/board/{}?{query}{separator}position={}&id={}",
        outline.project.path(),
        status.id,
        last.position,
        last.id
    )
}

pub fn card(task: &Task, today: Date) -> Markup {
    html! {
        li.task-card.done[!task.is_open()] data-t=(task.id) data-v=(task.version) data-s=(task.status_id) data-o=(task.position) {
            a href={ "/projects/tasks/" (task.id) } { small { (task.code) "-" (task.number) } (task.title) }
            div.card-foot {
                (priority_mark(task.priority))
                (chips(&task.labels))
                (due(task.due_on, task.is_open(), today))
                (faces(&task.assignees))
            }
        }
    }
}

fn add(cx: &Context, outline: &Outline, filter: &Filter, status: &Status) -> Markup {
    html! {
        details.column-add {
            summary { (icon(Icon::Plus)) "Add a task" span.visually-hidden { " to " (status.name) } }
            form method="post" action={ (outline.project.path()) "/lines" } {
                (csrf_field(cx.csrf()))
                (submission_field())
                input type="hidden" name="status" value=(status.id);
                input type="hidden" name="from" value="board";
                input type="hidden" name="query" value=(filter.query());
                input.form-control type="text" name="text" required maxlength="600" autocomplete="off" aria-label={ "New task in " (status.name) } placeholder="Fix pump @ana !high";
                button.btn.btn-primary.btn-sm type="submit" { "Add" }
            }
        }
    }
}

/// A column by itself, where there are no scripts to bring its further cards.
pub fn column_page(outline: &Outline, filter: &Filter, column: &Column) -> Markup {
    let path = outline.project.path();
    let board = filter.address(&format!("{path}/board"));
    html! {
        (page_head(&[("Projects", "/projects"), (&outline.project.name, &path), ("Board", &board)], &column.status.name, None, html! {}))
        div.board { section.column.alone { ol.cards { (cards(outline, filter, column)) } } }
    }
}
