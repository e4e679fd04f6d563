//! Screens of the audit log: the list with its filters, and an event with its place in the chain.

use super::detail::{Detail, FieldChange, title};
use super::handlers::ListQuery;
use super::model::Event;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, empty_state, notice, page_head};
use crate::web::times;
use maud::{Markup, html};

pub struct ListPage<'a> {
    pub events: &'a [Event],
    pub kinds: &'a [String],
    pub query: &'a ListQuery,
    pub older: Option<String>,
    pub invalid: Option<&'a Invalid>,
    pub now_ms: i64,
}

pub fn index(list: &ListPage) -> Markup {
    let export = list.query.at("/admin/audit/export.jsonl", None);
    let actions = html! {
        a.btn.btn-outline-secondary href=(export) hx-boost="false" download { (icon(Icon::FileExport)) "Export" }
    };
    let about =
        "What was done here and by whom. It is only ever added to, and each entry is sealed with the one before.";
    html! {
        (page_head(&[], "Audit log", Some(about), actions))
        (filters(list))
        @if let Some(invalid) = list.invalid { (notice(Tone::Danger, invalid.errors().iter().map(|error| error.message.as_str()).next().unwrap_or_default())) }
        div id="events" {
            @if list.events.is_empty() { (nothing(list)) } @else { (table(list)) (pages(list)) }
        }
    }
}

/// Filters at each key; without scripts the button does.
fn filters(list: &ListPage) -> Markup {
    let query = list.query;
    let invalid = |field: &str| list.invalid.and_then(|invalid| invalid.of(field)).map(|_| "true");
    html! {
        form.toolbar.audit-filters role="search" method="get" action="/admin/audit" hx-get="/admin/audit" hx-target="#events"
            hx-select="#events" hx-swap="outerHTML" hx-push-url="true" hx-trigger="input delay:300ms, submit" {
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="text" value=(query.text) placeholder="Text in the details" aria-label="Text in the details" maxlength="190";
            }
            input.form-control type="search" name="who" value=(query.who) placeholder="Who" aria-label="Who" maxlength="190";
            select.form-select name="kind" aria-label="What" {
                option value="" { "Everything" }
                @for kind in list.kinds { option value=(kind) selected[*kind == query.kind] { (title(kind)) } }
            }
            input.form-control type="search" name="subject" value=(query.subject) placeholder="Subject, as person:12" aria-label="Subject" maxlength="80";
            label.dated { "from" input.form-control type="date" name="from" value=(query.from) aria-invalid=[invalid("from")]; }
            label.dated { "to" input.form-control type="date" name="to" value=(query.to) aria-invalid=[invalid("to")]; }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
            @if query.is_filtered() { a.btn.btn-link href="/admin/audit" { "Show all" } }
        }
    }
}

fn nothing(list: &ListPage) -> Markup {
    if list.query.is_filtered() {
        let all = html! { a.btn.btn-outline-secondary href="/admin/audit" { "Show everything" } };
        return empty_state(
            Icon::ClockRotateLeft,
            "Nothing matches",
            "No entry is like that, or not in these days.",
            all,
        );
    }
    empty_state(Icon::ClockRotateLeft, "Nothing yet", "What people change from now on stands here.", html! {})
}

fn table(list: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Events" { table.table.audit {
            thead { tr {
                th scope="col" { "When" } th.wide-only scope="col" { "Who" } th scope="col" { "What" }
                th.wide-only scope="col" { "Subject" } th scope="col" { "Details" }
            } }
            tbody { @for event in list.events { (row(event, list.now_ms)) } }
        } }
    }
}

fn row(event: &Event, now_ms: i64) -> Markup {
    let row = &event.row;
    html! {
        tr {
            th scope="row" {
                a href={ "/admin/audit/" (row.id) } { (times::moment(row.at)) }
                small { (times::ago(row.at, now_ms)) }
            }
            td.wide-only { (row.who()) }
            td { (title(&row.kind)) small.quiet.narrow-only { (row.who()) } }
            td.wide-only { (subject(event)) }
            td { (details(&event.detail)) }
        }
    }
}

fn subject(event: &Event) -> Markup {
    html! {
        @if let Some(name) = &event.subject_name { (name) small.quiet.block { (event.row.subject) } }
        @else { span.breaking { (event.row.subject) } }
    }
}

fn details(detail: &Detail) -> Markup {
    html! {
        dl.differences {
            @for change in &detail.changes { (difference(change)) }
            @for (name, text) in &detail.facts { dt { (name) } dd { (text) } }
        }
    }
}

/// From what to what; nothing is told as a dash.
fn difference(change: &FieldChange) -> Markup {
    let side = |text: &str| html! { @if text.is_empty() { span.quiet { "–" } } @else { (text) } };
    html! {
        dt { (change.field) }
        dd { (side(&change.before)) span.quiet aria-hidden="true" { " → " } span.visually-hidden { " to " } (side(&change.after)) }
    }
}

fn pages(list: &ListPage) -> Markup {
    html! {
        nav.pager aria-label="Pages" {
            span { "The newest first" }
            ul.pagination {
                @if !list.query.before.is_empty() { li.page-item { a.page-link href=(list.query.at("/admin/audit", None)) { "Newest" } } }
                @if let Some(older) = &list.older { li.page-item { a.page-link href=(older) rel="next" { "Older" } } }
            }
        }
    }
}

pub fn show(event: &Event) -> Markup {
    let row = &event.row;
    let all_of_it =
        format!("/admin/audit?{}", serde_urlencoded::to_string([("subject", &row.subject)]).unwrap_or_default());
    html! {
        (page_head(&[("Audit log", "/admin/audit")], &title(&row.kind), None, html! {}))
        dl.facts {
            dt { "When" } dd { (times::moment(row.at)) " UTC" }
            dt { "Who" } dd { (row.who()) }
            dt { "Subject" } dd { (subject(event)) }
            dt { "Kind" } dd { code { (row.kind) } }
            dt { "Number" } dd { (row.id) }
            @match (row.position, &row.hash) {
                (Some(position), Some(hash)) => {
                    dt { "Place in the chain" } dd { (position) }
                    dt { "Seal" } dd { code.breaking { (hash) } }
                }
                _ => { dt { "Seal" } dd { "not yet; that happens within a minute" } }
            }
        }
        h2 { "Details" }
        (details(&event.detail))
        p.form-actions { a.btn.btn-outline-secondary href=(all_of_it) { (icon(Icon::ClockRotateLeft)) "Everything about it" } }
    }
}
