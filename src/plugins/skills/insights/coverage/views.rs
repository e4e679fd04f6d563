//! The page of the coverage bars, with their table.

use super::super::super::coverage::views::status_badge;
use super::super::scope::Scope;
use super::super::svg::figure;
use super::super::teams::Page;
use super::model::{Bar, Coverage, MOST, Wanted};
use super::picture::{self, MAX_BARS};
use crate::web::assets::Icon;
use crate::web::components::empty_state;
use maud::{Markup, html};

pub const ADDRESS: &str = "/skills/insights/coverage";

pub const PAGE: Page<Coverage> = Page {
    address: ADDRESS,
    about: "Of each skill that is wanted, how many people have it of those who are to: all of whom it is required, or at least so many.",
    body: |scope, coverage| if coverage.wanted > 0 { shown(scope, coverage) } else { no_targets() },
};

fn no_targets() -> Markup {
    let text = "Coverage compares what people can do with what is required of them. Set targets first, or choose another team.";
    let action = html! { a.btn.btn-primary href="/skills/targets" { "Set targets" } };
    empty_state(Icon::ChartColumn, "Nothing is required here", text, action)
}

fn shown(scope: &Scope, coverage: &Coverage) -> Markup {
    let address = format!("/skills/insights/coverage.svg?{}", scope.query());
    html! {
        p.picture-summary { strong { (coverage.met) } " of " strong { (coverage.wanted) } " demands are covered, " (scope.when()) "." }
        @if coverage.bars.len() > MAX_BARS { p.quiet { "The picture shows the " (MAX_BARS) " with the lowest coverage." } }
        @if coverage.wanted > MOST { p.quiet { "The table shows " (MOST) " of them. Choose a team or a category to see the others." } }
        div.picture-beside {
            (figure(&address, picture::size(coverage), &alt(coverage)))
            (table(scope, &coverage.bars))
        }
    }
}

fn alt(coverage: &Coverage) -> String {
    let lowest = coverage.bars.first();
    let lowest = lowest.map(|bar| format!(" The lowest is {}: {} of {}.", bar.skill, bar.able, bar.needed));
    format!("Bars of {} demands.{} The table has the numbers.", coverage.wanted, lowest.unwrap_or_default())
}

fn table(scope: &Scope, bars: &[Bar]) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Coverage by skill" { table.table.numbers {
            thead { tr {
                th scope="col" { "Skill" } th scope="col" { "Wanted of" } th.number scope="col" { "Have it" }
                th.number scope="col" { "Need it" } th.number scope="col" { "Covered" } th scope="col" { "Status" }
                th scope="col" { span.visually-hidden { "What to do" } }
            } }
            tbody { @for bar in bars { (table_row(scope, bar)) } }
        } }
    }
}

fn table_row(scope: &Scope, bar: &Bar) -> Markup {
    let others = scope.team_id.map(|id| format!("&team={id}")).unwrap_or_default();
    html! {
        tr {
            th scope="row" { (bar.skill) }
            td { @match &bar.wanted { Wanted::OfAll => "all of whom it is required", Wanted::OfAtLeast { of, .. } => (of) } }
            td.number { a href=(behind(scope, bar)) { (bar.able) } }
            td.number { (bar.needed) }
            td.number { (format!("{:.0} %", bar.share() * 100.0)) }
            td { (status_badge(bar.status())) }
            td { a href={ "/skills/finder?skill=" (bar.skill_id) (others) } { "Who knows it" span.visually-hidden { ": " (bar.skill) } } }
        }
    }
}

/// The people behind a number: those of a target, or the skill in the matrix.
fn behind(scope: &Scope, bar: &Bar) -> String {
    match &bar.wanted {
        Wanted::OfAll => {
            let narrowed = Scope { category_id: None, ..*scope };
            narrowed.matrix(&[("skill", bar.skill.clone()), ("mode", "gap".to_owned())])
        }
        Wanted::OfAtLeast { target_id, .. } => {
            let day = scope.as_of.day().map(|day| format!("?as_of={day}")).unwrap_or_default();
            format!("/skills/coverage/{target_id}{day}")
        }
    }
}
