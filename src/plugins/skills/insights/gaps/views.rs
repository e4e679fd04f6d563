//! The heat map's page, with the table of its numbers.

use super::super::scope::Scope;
use super::super::svg::figure;
use super::super::teams::Page;
use super::model::{Count, Gaps, Line};
use super::picture::{self, MAX_CATEGORIES, MAX_TEAMS};
use crate::web::assets::Icon;
use crate::web::components::empty_state;
use maud::{Markup, html};

pub const ADDRESS: &str = "/skills/insights";

pub const PAGE: Page<Gaps> = Page {
    address: ADDRESS,
    about: "What is required of people, and not there: not rated, below the target, or lapsed.",
    body: |scope, gaps| if gaps.total.required > 0 { shown(scope, gaps) } else { no_targets() },
};

fn no_targets() -> Markup {
    let text = "A gap is what is required and not there. Set targets first: which level of a skill a team or a job role needs.";
    let action = html! { a.btn.btn-primary href="/skills/targets" { "Set targets" } };
    empty_state(Icon::ChartColumn, "Nothing is required yet", text, action)
}

fn shown(scope: &Scope, gaps: &Gaps) -> Markup {
    let address = format!("/skills/insights/heat-map.svg?{}", scope.query());
    html! {
        p.picture-summary { strong { (gaps.total.gaps) } " gaps in " strong { (gaps.total.required) } " requirements, " (scope.when()) "." }
        @if gaps.teams.len() > MAX_TEAMS || gaps.categories.len() > MAX_CATEGORIES {
            p.quiet { "The picture shows the " (MAX_TEAMS) " teams and " (MAX_CATEGORIES) " categories with the most gaps; the table shows all." }
        }
        div.picture-beside {
            (figure(&address, picture::size(gaps), &alt(gaps)))
            (table(scope, gaps))
        }
    }
}

/// The picture in a sentence: the numbers themselves stand in the table.
fn alt(gaps: &Gaps) -> String {
    let worst = gaps.teams.iter().max_by_key(|line| line.count.gaps);
    let worst = worst.map(|line| format!(" Most stand at {} ({}).", line.name, line.count.gaps)).unwrap_or_default();
    format!(
        "Heat map of {} gaps in {} teams and {} categories.{worst} The table has the numbers.",
        gaps.total.gaps,
        gaps.teams.len(),
        gaps.categories.len()
    )
}

fn table(scope: &Scope, gaps: &Gaps) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Gaps by team and category" { table.table.numbers {
            thead { tr {
                th scope="col" { "Team" } th.number scope="col" { "All" }
                @for category in &gaps.categories { th.number scope="col" { (category.name) } }
            } }
            tbody {
                @for team in &gaps.teams { (table_row(scope, gaps, team)) }
                tr {
                    th scope="row" { "All" } (number(scope, gaps.total, None, None))
                    @for category in &gaps.categories { (number(scope, category.count, None, Some(category))) }
                }
            }
        } }
    }
}

fn table_row(scope: &Scope, gaps: &Gaps, team: &Line) -> Markup {
    html! {
        tr {
            th scope="row" { (team.name) }
            (number(scope, team.count, Some(team), None))
            @for category in &gaps.categories { (number(scope, gaps.cell(team, category), Some(team), Some(category))) }
        }
    }
}

/// How many gaps of how many requirements; leads to them in the matrix, which has no filter for those without a team.
fn number(scope: &Scope, count: Count, team: Option<&Line>, category: Option<&Line>) -> Markup {
    let narrowed = Scope {
        team_id: team.map(|line| line.id).or(scope.team_id),
        category_id: category.map(|line| line.id).or(scope.category_id),
        ..*scope
    };
    let of = html! { (count.gaps) small.quiet { " / " (count.required) } };
    html! {
        td.number {
            @if count.required == 0 { span.quiet { "–" } }
            @else if narrowed.team_id == Some(0) { (of) }
            @else { a href=(narrowed.matrix(&[("gaps", "yes".to_owned()), ("mode", "gap".to_owned())])) { (of) } }
        }
    }
}
