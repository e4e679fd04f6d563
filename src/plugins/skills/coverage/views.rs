//! The screens of coverage: what is covered how well, and the people behind a number.

use super::super::as_of::AsOf;
use super::super::categories::category_title;
use super::super::levels::Interest;
use super::super::ratings::views::standing;
use super::super::requirements::past::views::asked_since;
use super::super::scales::Scales;
use super::super::targets::Fit;
use super::super::targets::model::Target;
use super::super::targets::scope::{Demand, Scope};
use super::super::targets::scopes::model::ScopeSummary;
use super::model::{Behind, Filter, Member};
use super::rule::CoverageStatus;
use crate::web::assets::{Icon, icon};
use crate::web::components::{empty_state, level, page_head};
use crate::web::times;
use maud::{Markup, html};
use std::sync::Arc;

pub struct Page {
    pub filter: Filter,
    pub scopes: Vec<ScopeSummary>,
    pub targets: Vec<Target>,
    pub scales: Arc<Scales>,
    /// Targets are recorded only since this moment, which is later than the day.
    pub asked_since: Option<i64>,
    /// As `2026-11-20`.
    pub today: String,
}

/// A status in a word or two; the colour only repeats it.
pub fn status_badge(status: CoverageStatus) -> Markup {
    let class = match status {
        CoverageStatus::Met => "good",
        CoverageStatus::Short => "warn",
        CoverageStatus::SinglePoint | CoverageStatus::Nobody => "bad",
    };
    html! { span class={ "badge " (class) } { (status.title()) } }
}

pub fn index(page: &Page) -> Markup {
    let about =
        "Where at least so many people are wanted at a level: whether there are, and where everything hangs on one.";
    let actions = html! { a.btn.btn-outline-secondary href="/skills/targets" { (icon(Icon::Bullseye)) "Targets" } };
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Coverage", Some(about), actions))
        (filters(page))
        div id="coverage" { (body(page)) }
    }
}

/// How an address names a scope: as the column `ask` does.
pub fn scope_name(scope: Scope) -> String {
    match scope {
        Scope::Everybody => "everybody".to_owned(),
        Scope::Team(id) => format!("team:{id}"),
        Scope::JobRole(id) => format!("job_role:{id}"),
    }
}

fn filters(page: &Page) -> Markup {
    let filter = &page.filter;
    html! {
        form.toolbar method="get" action="/skills/coverage" role="search" aria-label="Filter the coverage"
            hx-get="/skills/coverage" hx-target="#coverage" hx-select="#coverage" hx-swap="outerHTML" hx-push-url="true"
            hx-trigger="submit, change, input delay:350ms" {
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="skill" value=(filter.skill) placeholder="Skill" aria-label="Skill" maxlength="190";
            }
            select.form-select name="of" aria-label="Of whom" {
                option value="" { "Of all" }
                @for summary in &page.scopes {
                    option value=(scope_name(summary.scope)) selected[filter.scope == Some(summary.scope)] { (summary.title()) }
                }
            }
            select.form-select name="status" aria-label="Status" {
                option value="" { "Any status" }
                @for status in CoverageStatus::ALL {
                    option value=(status.name()) selected[filter.status == Some(status)] { (status.title()) }
                }
            }
            div.dated {
                label.form-label.beside for="coverage-day" { "As of" }
                input.form-control id="coverage-day" type="date" name="as_of" value=[filter.as_of.day()] max=(page.today);
            }
            noscript { button.btn.btn-primary type="submit" { "Filter" } }
        }
    }
}

fn body(page: &Page) -> Markup {
    if page.targets.is_empty() {
        return nothing(page);
    }
    html! {
        p.quiet {
            (tally(&page.targets))
            @if let Some(day) = page.filter.as_of.day() { ". As of the end of " (times::day_in_words(&day.to_string())) ", of today’s people. " (asked_since(page.asked_since)) }
        }
        div.table-frame tabindex="0" role="region" aria-label="Coverage" { table.table.coverage-table {
            thead { tr {
                th scope="col" { "Skill" } th scope="col" { "Level" } th.number scope="col" { "Able" }
                th.number scope="col" { "Wanted" } th scope="col" { "Status" }
            } }
            @for of_scope in page.targets.chunk_by(|a, b| a.scope == b.scope) {
                tbody {
                    tr.group { th colspan="5" scope="rowgroup" {
                        a href=(of_scope[0].scope.address()) { (of_scope[0].scope_title()) } " " span.quiet { (of_scope[0].members) }
                    } }
                    @for target in of_scope { (row(target, page)) }
                }
            }
        } }
    }
}

fn nothing(page: &Page) -> Markup {
    if page.filter != Filter::default() {
        let all = html! { a.btn.btn-outline-secondary href="/skills/coverage" { "Show all" } };
        return empty_state(
            Icon::ShieldHalved,
            "Nothing matches",
            "No target for at least so many people is like that.",
            all,
        );
    }
    let set = html! { a.btn.btn-primary href="/skills/targets" { "To the targets" } };
    let text =
        "Say of which skill a team needs at least two or three people, and this page tells where they are missing.";
    empty_state(Icon::ShieldHalved, "No coverage is asked for yet", text, set)
}

/// `12 targets: 1 nobody, 2 single point of failure, 9 met`
fn tally(targets: &[Target]) -> String {
    let count = |status: CoverageStatus| targets.iter().filter(|target| target.coverage().status() == status).count();
    let parts: Vec<String> = CoverageStatus::ALL
        .into_iter()
        .map(|status| (count(status), status.title().to_lowercase()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, title)| format!("{count} {title}"))
        .collect();
    let noun = if targets.len() == 1 { "target" } else { "targets" };
    format!("{} {noun}: {}", targets.len(), parts.join(", "))
}

fn row(target: &Target, page: &Page) -> Markup {
    let (coverage, scales) = (target.coverage(), &page.scales);
    let then = page.filter.as_of.day().map_or_else(String::new, |day| format!("?as_of={day}"));
    html! {
        tr {
            th scope="row" { (target.skill) small.quiet { (category_title(&target.category)) } }
            td { @if let Some(scale) = scales.get(target.scale_id) { (level(scale.glyph(target.level), &scale.code(target.level))) } }
            td.number { a href={ "/skills/coverage/" (target.id) (then) } aria-label={ (coverage.able) " able in " (target.skill) ": who" } { (coverage.able) } }
            td.number {
                (coverage.needed)
                @if coverage.needed > target.members { small.quiet { " of " (target.members) } }
            }
            td { (status_badge(coverage.status())) }
        }
    }
}

/// The people behind the numbers of one target.
pub fn show(behind: &Behind) -> Markup {
    let target = &behind.target;
    let wanted = format!(
        "{} wanted at {} or more, of {}: {} {}.",
        target.demand.text(),
        behind.scale.code(target.level),
        target.scope_title(),
        target.able,
        match (behind.as_of, target.able) {
            (AsOf::Now, 1) => "is",
            (AsOf::Now, _) => "are",
            (AsOf::Day(_), 1) => "was",
            (AsOf::Day(_), _) => "were",
        }
    );
    let wanted = wanted[..1].to_uppercase() + &wanted[1..];
    let actions = html! {
        a.btn.btn-outline-secondary href=(target.scope.address()) { (icon(Icon::Bullseye)) "Targets" }
    };
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Coverage", "/skills/coverage")], &target.skill, Some(&wanted), actions))
        @if let Some(day) = behind.as_of.day() { p.quiet { "As of the end of " (times::day_in_words(&day.to_string())) ", of today’s people. " (asked_since(behind.asked_since)) } }
        @if matches!(target.demand, Demand::OfAtLeast(_)) { p { (status_badge(target.coverage().status())) } }
        @if behind.hidden > 0 {
            p.quiet { (behind.hidden) @if behind.hidden == 1 { " more is" } @else { " more are" } " not shown to you: you see your own team. " a href="/skills/sight" { "Who sees what" } }
        }
        @if behind.members.is_empty() && behind.hidden == 0 {
            (empty_state(Icon::Users, "Nobody here", "As soon as there are people, this page tells where they stand.", html! {}))
        } @else if !behind.members.is_empty() { (members(behind)) }
    }
}

fn members(behind: &Behind) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="People" { table.table {
            thead { tr {
                th scope="col" { "Person" } th.wide-only scope="col" { "Team" } th scope="col" { "Level" }
                th scope="col" { "Interest" } th scope="col" { "Fit" }
            } }
            tbody { @for member in &behind.members { (member_row(behind, member)) } }
        } }
    }
}

fn member_row(behind: &Behind, member: &Member) -> Markup {
    let interest = member.interest.and_then(|interest| Interest::NAMES.get(interest.value() as usize)).copied();
    html! {
        tr {
            th scope="row" {
                a href={ "/skills/people/" (member.id) "?skill=" (behind.target.skill_id) } { (member.name) }
                @if !member.title.is_empty() { small.quiet { (member.title) } }
            }
            td.wide-only { (member.team.as_deref().unwrap_or("")) }
            td {
                (standing(&behind.scale, member.standing))
                @if member.lapsed { " " span.badge.bad { "does not count" } }
                @else if let Some(until) = &member.valid_until { small.quiet { " until " (times::day_in_words(until)) } }
            }
            td { (interest.unwrap_or("")) }
            td { (fit_badge(member)) }
        }
    }
}

fn fit_badge(member: &Member) -> Markup {
    if member.is_exempt() {
        return html! { span.badge { "Does not apply" } };
    }
    match member.fit {
        Fit::Met => html! { span.badge.good { "Able" } },
        Fit::Near => html! { span.badge.warn { "Near" } },
        Fit::Gap => html! { span.badge { "Not yet" } },
    }
}
