//! The finder's form, and who was found.

use super::super::categories::category_title;
use super::super::levels::{Interest, Level, Scale};
use super::super::matrix::views::interest_options;
use super::super::ratings::views::standing;
use super::model::{Condition, Found, Match, PAGE, Search};
use super::ranking::{Fit, Held, LevelVerdict, Verdict};
use super::terms::Terms;
use super::terms::model::{ReadTerm, Reading, Skill, least_able};
use crate::accounts::teams::Team;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Pager, empty_state, page_head, pager};
use maud::{Markup, html};

pub struct Page<'a> {
    pub terms: &'a Terms,
    pub reading: &'a Reading,
    pub found: &'a Found,
    pub teams: &'a [Team],
}

pub fn index(page: &Page) -> Markup {
    let about =
        "Who knows what, how well, and would like to. Exact matches come first, then those who are one step away.";
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Finder", Some(about), html! {}))
        div id="finder" { (form(page)) (result(page)) }
    }
}

fn form(page: &Page) -> Markup {
    let invalid = invalid(page.reading);
    html! {
        form.finder-form method="get" action="/skills/finder" role="search" aria-label="Find people"
            hx-get="/skills/finder" hx-target="#finder" hx-select="#finder" hx-swap="outerHTML" hx-sync="replace"
            hx-trigger="submit, change" {
            div.finder-head aria-hidden="true" { span { "Skill" } span { "Level, at least" } span { "Interest, at least" } }
            @for (place, row) in page.reading.rows.iter().enumerate() { (row_fields(row, place, invalid)) }
            @for place in page.reading.rows.len()..page.reading.rows.len() + page.terms.blank { (blank_fields(place)) }
            datalist id="finder-skills" {}
            div.form-actions {
                button.btn.btn-primary type="submit" { (icon(Icon::MagnifyingGlass)) "Find" }
                button.btn.btn-outline-secondary type="submit" name="more" value="1" { (icon(Icon::Plus)) "Add another skill" }
                label.visually-hidden for="finder-team" { "Team" }
                select.form-select id="finder-team" name="team" {
                    option value="" { "In any team" }
                    @for team in page.teams { option value=(team.id) selected[page.terms.team_id == Some(team.id)] { (team.name) } }
                }
                (as_of_field(page.terms, invalid))
                @if !page.reading.rows.is_empty() { a.btn.btn-link href="/skills/finder" { "Start over" } }
            }
        }
    }
}

/// Empty for today.
fn as_of_field(terms: &Terms, invalid: Option<&Invalid>) -> Markup {
    let error = invalid.and_then(|invalid| invalid.of("as_of"));
    html! {
        div.dated {
            label.form-label.beside for="finder-as-of" { "As of" }
            input.form-control.is-invalid[error.is_some()] id="finder-as-of" type="date" name="as_of" value=(terms.as_of)
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "finder-as-of-error")];
        }
        @if let Some(error) = error { div.invalid-feedback id="finder-as-of-error" { (error) } }
    }
}

fn invalid(reading: &Reading) -> Option<&Invalid> {
    reading.search.as_ref().err()
}

fn row_fields(row: &ReadTerm, place: usize, invalid: Option<&Invalid>) -> Markup {
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(&format!("{field}-{place}")));
    html! {
        div.finder-row {
            div {
                @match &row.skill {
                    Some(skill) => (known_skill(skill, error("skill"), place)),
                    None => (skill_field(place, &row.term.skill, error("skill"))),
                }
            }
            div { (level_field(row, place, error("level"))) }
            div { (interest_field(place, &row.term.interest, error("interest"))) }
            button.btn.btn-outline-secondary type="submit" name="remove" value=(place)
                aria-label={ "Remove " (row.skill.as_ref().map_or(row.term.skill.as_str(), |skill| skill.name.as_str())) } {
                (icon(Icon::Xmark))
            }
        }
    }
}

fn blank_fields(place: usize) -> Markup {
    html! {
        div.finder-row {
            div { (skill_field(place, "", None)) }
            div { (free_level(place, "", None)) }
            div { (interest_field(place, "", None)) }
        }
    }
}

/// A skill that was found stays as it is, so that the address holds its id, whatever it is called later.
fn known_skill(skill: &Skill, error: Option<&str>, place: usize) -> Markup {
    html! {
        input type="hidden" name="skill" value=(skill.id);
        p.finder-skill { (skill.name) " " small.quiet { (category_title(&skill.category)) } }
        @if let Some(error) = error { div.invalid-feedback id={ "skill-" (place) "-error" } { (error) } }
    }
}

fn skill_field(place: usize, value: &str, error: Option<&str>) -> Markup {
    let id = format!("skill-{place}");
    html! {
        label.visually-hidden for=(id) { "Skill " (place + 1) }
        input.form-control.is-invalid[error.is_some()] id=(id) name="skill" value=(value) list="finder-skills" maxlength="400"
            placeholder="Type a skill" autocomplete="off" aria-invalid=[error.map(|_| "true")]
            aria-describedby=[error.map(|_| format!("{id}-error"))]
            hx-get="/skills/finder/suggestions" hx-trigger="input delay:150ms" hx-target="#finder-skills" hx-swap="innerHTML"
            hx-sync="this:replace";
        @if let Some(error) = error { div.invalid-feedback id={ (id) "-error" } { (error) } }
    }
}

fn level_field(row: &ReadTerm, place: usize, error: Option<&str>) -> Markup {
    let Some(skill) = row.skill.as_ref().filter(|skill| error.is_none() && !skill.scale.has_fractions()) else {
        return free_level(place, &row.term.level, error);
    };
    let chosen = skill.scale.parse(&row.term.level).unwrap_or(least_able(&skill.scale));
    html! {
        label.visually-hidden for={ "level-" (place) } { "Level of " (skill.name) ", at least" }
        select.form-select id={ "level-" (place) } name="level" {
            @for (level, text) in level_choices(&skill.scale, chosen) {
                option value=(level) selected[level == chosen] { (text) }
            }
        }
    }
}

/// As long as the scale is not known, and where it has fractions, a level is typed.
fn free_level(place: usize, value: &str, error: Option<&str>) -> Markup {
    let id = format!("level-{place}");
    html! {
        label.visually-hidden for=(id) { "Level of skill " (place + 1) ", at least" }
        input.form-control.is-invalid[error.is_some()] id=(id) name="level" value=(value) maxlength="20" placeholder="any level"
            autocomplete="off" aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{id}-error"))];
        @if let Some(error) = error { div.invalid-feedback id={ (id) "-error" } { (error) } }
    }
}

/// From the lowest that means being able, with the one that is asked for, whichever it is.
fn level_choices(scale: &Scale, chosen: Level) -> Vec<(Level, String)> {
    let mut choices = Vec::new();
    let mut at = least_able(scale).min(chosen);
    while at <= scale.highest {
        let named = scale.levels.iter().find(|named| named.level == at).filter(|named| named.name != scale.code(at));
        let text = named.map_or_else(|| scale.code(at), |named| format!("{} – {}", scale.code(at), named.name));
        choices.push((at, text));
        at = Level::from_hundredths(at.hundredths() + scale.step.hundredths());
    }
    choices
}

fn interest_field(place: usize, value: &str, error: Option<&str>) -> Markup {
    html! {
        label.visually-hidden for={ "interest-" (place) } { "Interest in skill " (place + 1) ", at least" }
        select.form-select.is-invalid[error.is_some()] id={ "interest-" (place) } name="interest" aria-invalid=[error.map(|_| "true")] {
            option value="" { "does not matter" }
            @for (number, text) in interest_options().into_iter().filter(|(number, _)| number.parse::<i64>().is_ok_and(|n| n > 0)) {
                option value=(number) selected[number == value] { (text) }
            }
        }
        @if let Some(error) = error { div.invalid-feedback { (error) } }
    }
}

fn result(page: &Page) -> Markup {
    let Ok(search) = &page.reading.search else { return html! {} };
    let found = page.found;
    if search.conditions.is_empty() {
        let text = "Name one skill or several. The address of the result can be shared, and shows what is true when it is opened.";
        return empty_state(Icon::MagnifyingGlass, "Whom do you look for?", text, html! {});
    }
    if found.exact + found.near == 0 {
        let text = "Ask for a lower level, for fewer skills, or for any team. People whose rating has lapsed count only as near.";
        return empty_state(Icon::Users, "Nobody fits, not even nearly", text, html! {});
    }
    let is_exact = |one: &&Match| one.fit == Fit::Exact;
    let (exact, near): (Vec<&Match>, Vec<&Match>) = found.matches.iter().partition(is_exact);
    html! {
        @if let Some(day) = search.as_of.day() { p.quiet { "As it was at the end of " (day) "." } }
        h2 { "Exact matches " span.badge { (found.exact) } }
        @if found.exact == 0 { p.quiet { "Nobody has all of it." } }
        @if !exact.is_empty() { (table(search, &exact, "Exact matches")) }
        @if !near.is_empty() {
            h2 { "Near matches " span.badge { (found.near) } }
            (table(search, &near, "Near matches"))
        }
        (pages(page))
    }
}

fn table(search: &Search, matches: &[&Match], label: &str) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(label) { table.table.finder-table {
            thead { tr {
                th scope="col" { "Person" } th.wide-only scope="col" { "Team" }
                @for condition in &search.conditions { th scope="col" { (asked(condition)) } }
            } }
            tbody { @for one in matches { (match_row(search, one)) } }
        } }
    }
}

fn asked(condition: &Condition) -> Markup {
    let Condition { skill, wanted } = condition;
    html! {
        (skill.name)
        small.quiet {
            "at least " (skill.scale.code(wanted.minimum))
            @if let Some(interest) = wanted.interest { ", interest " (interest.value()) }
        }
    }
}

fn match_row(search: &Search, one: &Match) -> Markup {
    let person = &one.person;
    html! {
        tr {
            th scope="row" {
                a href={ "/skills/people/" (person.id) } { (person.name) }
                @if !person.title.is_empty() { small.quiet { (person.title) } }
            }
            td.wide-only { (person.team.as_deref().unwrap_or("–")) }
            @for ((condition, held), verdict) in search.conditions.iter().zip(&one.held).zip(&one.verdicts) {
                td { (has(condition, held)) (missing(condition, held, *verdict)) }
            }
        }
    }
}

fn has(condition: &Condition, held: &Held) -> Markup {
    html! {
        (standing(&condition.skill.scale, held.standing))
        @if let Some(interest) = held.interest {
            " " small.quiet { "interest: " (Interest::NAMES[interest.value() as usize]) }
        }
    }
}

/// What a condition still lacks, in words.
fn missing(condition: &Condition, held: &Held, verdict: Verdict) -> Markup {
    let code = condition.skill.scale.code(condition.wanted.minimum);
    let level = match verdict.level {
        LevelVerdict::Enough => None,
        LevelVerdict::OneStepShort => Some(format!("one step below {code}")),
        LevelVerdict::Lapsed => Some("expired or suspended".to_owned()),
        LevelVerdict::Missing if held.lapsed => Some(format!("lapsed, and below {code}")),
        LevelVerdict::Missing => Some(format!("lacks {code}")),
    };
    let interest = (!verdict.is_interested).then(|| match held.interest {
        None => "interest not said".to_owned(),
        Some(_) => "too little interest".to_owned(),
    });
    html! { @for text in [level, interest].into_iter().flatten() { span.finder-missing { (text) } } }
}

fn pages(page: &Page) -> Markup {
    let (offset, total) = (page.terms.offset, (page.found.exact + page.found.near) as i64);
    if total <= PAGE && offset == 0 {
        return html! {};
    }
    let ids = page.reading.skill_ids();
    let at = |offset: i64| format!("/skills/finder?{}", page.terms.query(&ids, offset));
    let previous = (offset > 0).then(|| at((offset - PAGE).max(0)));
    let next = (offset + PAGE < total).then(|| at(offset + PAGE));
    pager(&Pager {
        first: (offset + 1).min(total) as u64,
        last: (offset + page.found.matches.len() as i64).min(total) as u64,
        total: total as u64,
        previous: previous.as_deref(),
        next: next.as_deref(),
    })
}
