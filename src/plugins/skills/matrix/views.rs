//! The page around the grid, and the card on the start page.

use super::super::as_of::AsOf;
use super::super::levels::Interest;
use super::super::requirements::past::views::asked_since;
use super::super::saved_views::model::SavedView;
use super::super::saved_views::views as saved_views;
use super::super::{IMPORT, RATE_ALL, RATE_OWN, RATE_TEAM};
use super::choices::Choices;
use super::filter::{Filter, View, address};
use super::model::{self, Span, Window};
use super::{grid, legends, toolbar};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugin::BoxFuture;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, empty_state, notice, page_head};
use crate::web::context::Context;
use crate::web::times;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

/// Everything of the page that does not stand in the grid.
pub struct Page<'a> {
    pub view: &'a View,
    pub choices: &'a Choices,
    pub saved: &'a [SavedView],
    pub window: &'a Window,
    /// The grid, drawn already.
    pub grid: &'a str,
    pub span: Span,
    /// When anything was said first, where that is after the day that is asked for; 0 for never.
    pub begins_later: Option<i64>,
    /// What was asked for is shown, and recorded only since this moment, which is later than the day.
    pub asked_since: Option<i64>,
}

pub fn index(cx: &Context, page: &Page) -> Markup {
    let actions = html! {
        (legends::legend(page.window))
        @if cx.may(IMPORT) {
            a.btn.btn-outline-secondary href="/skills/imports" { (icon(Icon::FileImport)) "Import" }
        }
    };
    html! {
        (page_head(&[], "Skills matrix", None, actions))
        (toolbar::filters(page.view, page.choices))
        div.fill id="matrix-area" { (area(cx, page)) }
        dialog id="paste-dialog" aria-label="Paste" {}
        div.reason id="reason" role="tooltip" hidden {}
    }
}

/// All that changes with the filters.
fn area(cx: &Context, page: &Page) -> Markup {
    let extent = &page.window.extent;
    let query = page.view.query();
    html! {
        div.matrix-bar {
            (toolbar::modes(page.view))
            (toolbar::chips(page.view, page.choices))
            div.push {
                @if rating_rights(cx, page.view) != "none" { (changes(cx, &query)) }
                (saved_views::menu(cx, page.view, page.saved))
                a.btn.btn-outline-secondary href=(address("/skills/print", &query)) { (icon(Icon::Print)) "Print" }
                (export_menu(&query))
            }
        }
        @if let Some(day) = page.view.as_of.day() { (past_banner(page.view, day, page.asked_since)) }
        @if let Some(first_ms) = page.begins_later { (nothing_yet(page.view, first_ms)) }
        @else if extent.people == 0 || extent.skills == 0 { (nothing_to_show(cx, page.view)) }
        @else {
            // A window that is not wanted any more gives way to the next one.
            div.matrix id="matrix" tabindex="-1" role="region" aria-label="Skills matrix" hx-sync="replace" data-query=(query)
                data-mode=(page.view.mode.name()) data-rate=(rating_rights(cx, page.view)) data-person=[own_person(cx)] data-team=[own_team(cx)] {
                div.matrix-space { (PreEscaped(page.grid)) }
            }
            (hints(extent.people, extent.skills))
            noscript { (windows(page)) }
        }
    }
}

/// Nobody should take what was for what is.
fn past_banner(view: &View, day: Date, since: Option<i64>) -> Markup {
    notice(
        Tone::Info,
        html! {
            "What was said by the end of " strong { (day) } ", of the people and skills of today. It cannot be changed. " (asked_since(since)) " "
            a href=(view.today().address()) { "Back to today" }
        },
    )
}

fn nothing_yet(view: &View, first_ms: i64) -> Markup {
    let action = html! { a.btn.btn-primary href=(view.today().address()) { "Back to today" } };
    let text = match first_ms {
        0 => "Nobody has said anything about a skill so far.".to_owned(),
        first_ms => format!("The first thing that anybody said about a skill is of {}.", times::date(first_ms)),
    };
    empty_state(Icon::ClockRotateLeft, "Nothing was said by then", &text, action)
}

/// What is done to many cells, and the way back. Ctrl+V and Ctrl+Z do the same.
fn changes(cx: &Context, query: &str) -> Markup {
    html! {
        form data-undo method="post" action="/skills/reversals" hx-post="/skills/reversals" hx-target="#toasts" hx-swap="beforeend" {
            (csrf_field(cx.csrf()))
            button.btn.btn-outline-secondary type="submit" title="Ctrl+Z" { (icon(Icon::RotateLeft)) "Undo" }
        }
        a.btn.btn-outline-secondary href=(address("/skills/pastes", query)) data-paste { (icon(Icon::Paste)) "Paste" }
    }
}

fn hints(people: i64, skills: i64) -> Markup {
    html! {
        p.matrix-hints {
            span { (people) " people, " (skills) " skills" }
            span.needs-js { kbd { "Enter" } " edits" }
            span.needs-js { kbd { "0" } "–" kbd { "9" } " set a level" }
            span.needs-js { kbd { "Del" } " clears" }
            span.needs-js { kbd { "n" } " not applicable" }
            span.needs-js { kbd { "Shift" } "+arrows select" }
            span.push id="matrix-status" role="status" {}
        }
    }
}

/// What the script may offer to edit; the server checks each change anyway.
fn rating_rights(cx: &Context, view: &View) -> &'static str {
    // What is past is read and copied, and stays as it was.
    if view.as_of != AsOf::Now {
        return "none";
    }
    match (cx.may(RATE_ALL), cx.may(RATE_TEAM), cx.may(RATE_OWN)) {
        (true, ..) => "all",
        (_, true, _) => "team",
        (.., true) => "own",
        _ => "none",
    }
}

fn own_person(cx: &Context) -> Option<i64> {
    cx.actor().ok().and_then(|actor| actor.person_id)
}

fn own_team(cx: &Context) -> Option<i64> {
    cx.actor().ok().and_then(|actor| actor.team_id)
}

fn nothing_to_show(cx: &Context, view: &View) -> Markup {
    if view.filter != Filter::default() {
        let action = html! { a.btn.btn-primary href=(view.unfiltered().address()) { "Show all" } };
        return empty_state(Icon::MagnifyingGlass, "Nothing fits", "No person or no skill fits these filters.", action);
    }
    let action = html! {
        @if cx.may(IMPORT) { a.btn.btn-primary href="/skills/imports" { (icon(Icon::FileImport)) "Import a file" } }
    };
    let text =
        "A matrix needs people and skills. Import a spreadsheet that you have, or add people and skills by hand.";
    empty_state(Icon::TableCells, "No matrix yet", text, action)
}

/// The windows around this one, as links, for browsers that run no scripts.
fn windows(page: &Page) -> Markup {
    let (extent, span) = (&page.window.extent, page.span);
    let link = |line: i64, column: i64, text: &str| {
        let query = page.view.query();
        let separator = if query.is_empty() { "" } else { "&" };
        html! { a.btn.btn-outline-secondary href={ "/skills?" (query) (separator) "line=" (line) "&column=" (column) } { (text) } }
    };
    html! {
        nav.toolbar aria-label="Parts of the matrix" {
            @if span.line > 0 { (link((span.line - span.lines).max(0), span.column, "People before")) }
            @if span.line + span.lines < extent.lines { (link(span.line + span.lines, span.column, "More people")) }
            @if span.column > 0 { (link(span.line, (span.column - span.columns).max(0), "Skills before")) }
            @if span.column + span.columns < extent.skills { (link(span.line, span.column + span.columns, "More skills")) }
        }
    }
}

/// One cell as it is now, and the summaries of its row and its column wherever the page shows them.
pub fn changed_cell(window: &Window) -> Markup {
    let (person, skill) = (&window.people[0], &window.skills[0]);
    let (mut row, mut column) = (String::new(), String::new());
    grid::row_sum(&mut row, window, 0);
    grid::column_sum(&mut column, window, 0);
    html! {
        (grid::cell(window))
        hx-partial hx-target={ "#grid tr[data-p='" (person.id) "'] > .sum" } hx-swap="innerHTML" { (PreEscaped(row)) }
        hx-partial hx-target={ "#grid .sums > [data-s='" (skill.id) "']" } hx-swap="innerHTML" { (PreEscaped(column)) }
    }
}

fn export_menu(query: &str) -> Markup {
    let link = |form: &str, format: &str, text: &str| {
        let separator = if query.is_empty() { "" } else { "&" };
        html! { a href={ "/skills/exports/ratings." (format) "?form=" (form) (separator) (query) } hx-boost="false" { (text) } }
    };
    html! {
        details.menu {
            summary.btn.btn-outline-secondary { (icon(Icon::FileExport)) "Export" }
            ul {
                li { (link("wide", "xlsx", "Spreadsheet, one column a skill")) }
                li { (link("wide", "csv", "CSV, one column a skill")) }
                li { (link("long", "xlsx", "Spreadsheet, one row a rating")) }
                li { (link("long", "csv", "CSV, one row a rating")) }
            }
        }
    }
}

/// The names of the interests, for forms: value and label.
pub fn interest_options() -> Vec<(String, String)> {
    let unset = (String::new(), "not said".to_owned());
    let named =
        Interest::NAMES.iter().enumerate().map(|(value, name)| (value.to_string(), format!("{value} – {name}")));
    std::iter::once(unset).chain(named).collect()
}

/// The card on the start page.
pub fn card<'a>(app: &'a App, actor: &'a Actor) -> BoxFuture<'a, Result<Markup>> {
    Box::pin(async move {
        let totals = model::totals(app, actor).await?;
        Ok(html! {
            section.card { div.card-body {
                h2 { (icon(Icon::TableCells)) "Skills" }
                p { (totals.people) " people, " (totals.skills) " skills, " (totals.ratings) " ratings." }
                p {
                    a.btn.btn-primary href="/skills" { "Open the matrix" }
                    @if let Some(id) = actor.person_id.filter(|_| actor.may(RATE_OWN)) {
                        " " a.btn.btn-outline-secondary href={ "/skills/people/" (id) } { "My skills" }
                    }
                }
            } }
        })
    })
}
