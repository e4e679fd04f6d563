//! The page around the grid, and the card on the start page.

use super::super::levels::Interest;
use super::super::scales::Scales;
use super::super::{IMPORT, RATE_ALL, RATE_OWN, RATE_TEAM};

use super::model::{self, Choices, Filter, Span, Window};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugin::BoxFuture;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Glyph, empty_state, legend, page_head};
use crate::web::context::Context;
use maud::{Markup, PreEscaped, html};

/// Everything of the page that does not stand in the grid.
pub struct Page<'a> {
    pub filter: &'a Filter,
    pub choices: &'a Choices,
    pub window: &'a Window,
    /// The grid, drawn already.
    pub grid: &'a str,
    pub span: Span,
}

pub fn index(cx: &Context, page: &Page) -> Markup {
    let actions = html! {
        (scales_legend(&page.window.scales))
        (export_menu(page.filter))
        @if cx.may(IMPORT) {
            a.btn.btn-outline-secondary href="/skills/imports" { (icon(Icon::FileImport)) "Import" }
        }
    };
    html! {
        (page_head(&[], "Skills matrix", None, actions))
        (filters(page))
        div.fill id="matrix-area" { (area(cx, page)) }
    }
}

fn filters(page: &Page) -> Markup {
    let filter = page.filter;
    html! {
        form.toolbar method="get" action="/skills" role="search" aria-label="Filter the matrix"
            hx-get="/skills" hx-target="#matrix-area" hx-select="#matrix-area" hx-swap="outerHTML" hx-push-url="true"
            hx-trigger="submit, change, input delay:350ms" {
            label.visually-hidden for="filter-team" { "Team" }
            select.form-select id="filter-team" name="team" {
                option value="" { "All teams" }
                @for team in &page.choices.teams {
                    option value=(team.id) selected[filter.team_id == Some(team.id)] { (team.name) }
                }
            }
            label.visually-hidden for="filter-category" { "Category" }
            select.form-select id="filter-category" name="category" {
                option value="" { "All categories" }
                @for category in &page.choices.categories {
                    option value=(category.id) selected[filter.category_id == Some(category.id)] { (category.title()) }
                }
            }
            label.visually-hidden for="filter-person" { "Person" }
            input.form-control id="filter-person" name="person" type="search" placeholder="Person" value=(filter.person) maxlength="190";
            label.visually-hidden for="filter-skill" { "Skill" }
            input.form-control id="filter-skill" name="skill" type="search" placeholder="Skill" value=(filter.skill) maxlength="190";
            noscript { button.btn.btn-primary type="submit" { "Filter" } }
            @if *filter != Filter::default() { a.btn.btn-link href="/skills" { "Show all" } }
        }
    }
}

fn area(cx: &Context, page: &Page) -> Markup {
    let extent = &page.window.extent;
    if extent.people == 0 || extent.skills == 0 {
        return nothing_to_show(cx, page.filter);
    }
    let query = query(page.filter);
    html! {
        // A window that is not wanted any more gives way to the next one.
        div.matrix id="matrix" tabindex="-1" role="region" aria-label="Skills matrix" hx-sync="replace" data-query=(query)
            data-rate=(rating_rights(cx)) data-person=[own_person(cx)] data-team=[own_team(cx)] {
            div.matrix-space { (PreEscaped(page.grid)) }
        }
        (hints(extent.people, extent.skills))
        noscript { (windows(page)) }
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
        }
    }
}

/// What the script may offer to edit; the server checks each change anyway.
fn rating_rights(cx: &Context) -> &'static str {
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

fn nothing_to_show(cx: &Context, filter: &Filter) -> Markup {
    if *filter != Filter::default() {
        let action = html! { a.btn.btn-primary href="/skills" { "Show all" } };
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
        let query = query(page.filter);
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

/// The filter as a query string, without the empty fields.
pub fn query(filter: &Filter) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    pairs.extend(filter.team_id.map(|id| ("team", id.to_string())));
    pairs.extend(filter.category_id.map(|id| ("category", id.to_string())));
    pairs.extend([("person", filter.person.clone()), ("skill", filter.skill.clone())]);
    pairs.retain(|(_, value)| !value.is_empty());
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

fn export_menu(filter: &Filter) -> Markup {
    let query = query(filter);
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

fn scales_legend(scales: &Scales) -> Markup {
    let Some(scale) = scales.named("0–4").or_else(|| scales.all().first()) else { return html! {} };
    let named: Vec<(Glyph, &str, &str)> =
        scale.levels.iter().map(|level| (scale.glyph(level.level), level.code.as_str(), level.name.as_str())).collect();
    legend(&named)
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
