//! What stands above the grid: the modes, the filters, and which of them count just now.

use super::choices::Choices;
use super::filter::{Filter, LevelRule, View};
use super::mode::Mode;
use crate::web::assets::{Icon, icon};
use maud::{Markup, html};

/// The modes as links, so that each has an address of its own.
pub fn modes(view: &View) -> Markup {
    html! {
        nav.segments aria-label="What the cells show" {
            @for mode in Mode::ALL {
                a href=(view.in_mode(mode).address()) aria-current=[(mode == view.mode).then_some("true")] { (mode.title()) }
            }
        }
    }
}

/// The form of the filters. On a phone it folds behind a button, without any script.
pub fn filters(view: &View, choices: &Choices) -> Markup {
    let filter = &view.filter;
    html! {
        div.fold {
            input.fold-toggle id="fold-filters" type="checkbox" autocomplete="off" aria-label="Show the filters";
            label.btn.btn-outline-secondary.fold-button for="fold-filters" { (icon(Icon::Filter)) "Filters" }
            form.toolbar id="matrix-filters" method="get" action="/skills" role="search" aria-label="Filter the matrix"
                hx-get="/skills" hx-target="#matrix-area" hx-select="#matrix-area" hx-swap="outerHTML" hx-push-url="true"
                hx-trigger="submit, change, input delay:350ms" {
                @if view.mode != Mode::default() { input type="hidden" name="mode" value=(view.mode.name()); }
                (selects(filter, choices))
                (texts(filter))
                (levels(filter))
                label.tick for="filter-as-of" {
                    "As of"
                    input.form-control id="filter-as-of" name="as_of" type="date" value=[view.as_of.day()];
                }
                noscript { button.btn.btn-primary type="submit" { "Filter" } }
            }
        }
    }
}

fn selects(filter: &Filter, choices: &Choices) -> Markup {
    let teams: Vec<_> = choices.teams.iter().map(|team| (team.id, team.name.clone())).collect();
    let categories: Vec<_> =
        choices.categories.iter().map(|category| (category.id, category.title().to_owned())).collect();
    let job_roles: Vec<_> = choices.job_roles.iter().map(|role| (role.id, role.name.clone())).collect();
    html! {
        (select("team", "Team", "All teams", &teams, filter.team_id))
        @if !job_roles.is_empty() { (select("role", "Job role", "All job roles", &job_roles, filter.job_role_id)) }
        (select("category", "Category", "All categories", &categories, filter.category_id))
        @if !choices.tags.is_empty() {
            label.visually-hidden for="filter-tag" { "Tag" }
            select.form-select id="filter-tag" name="tag" {
                option value="" { "All tags" }
                @for tag in &choices.tags { option value=(tag.tag_key) selected[filter.tag == tag.tag_key] { (tag.name) } }
            }
        }
    }
}

fn select(name: &str, label: &str, all: &str, options: &[(i64, String)], chosen: Option<i64>) -> Markup {
    html! {
        label.visually-hidden for={ "filter-" (name) } { (label) }
        select.form-select id={ "filter-" (name) } name=(name) {
            option value="" { (all) }
            @for (id, title) in options { option value=(id) selected[chosen == Some(*id)] { (title) } }
        }
    }
}

fn texts(filter: &Filter) -> Markup {
    html! {
        label.visually-hidden for="filter-person" { "Person" }
        input.form-control id="filter-person" name="person" type="search" placeholder="Person" value=(filter.person) maxlength="190";
        label.visually-hidden for="filter-skill" { "Skill" }
        input.form-control id="filter-skill" name="skill" type="search" placeholder="Skill" value=(filter.skill) maxlength="190";
    }
}

fn levels(filter: &Filter) -> Markup {
    let exact = matches!(filter.level, Some(LevelRule::Exactly(_)));
    let level = filter.level.map(|rule| rule.level().to_string()).unwrap_or_default();
    html! {
        span.pair {
            label.visually-hidden for="filter-rule" { "How the level is compared" }
            select.form-select id="filter-rule" name="rule" {
                option value="" { "Level at least" }
                option value="exact" selected[exact] { "Level exactly" }
            }
            label.visually-hidden for="filter-level" { "Level" }
            input.form-control id="filter-level" name="level" type="text" inputmode="decimal" size="3" maxlength="7" placeholder="–" value=(level);
        }
        label.tick for="filter-gaps" {
            input.form-check-input id="filter-gaps" name="gaps" type="checkbox" value="yes" checked[filter.gaps_only];
            "Gaps only"
        }
    }
}

/// A filter that counts, and the address without it.
struct Chip {
    label: String,
    field: &'static str,
}

/// The filters that count, each with a link that takes it away.
pub fn chips(view: &View, choices: &Choices) -> Markup {
    let chips = chips_of(&view.filter, choices);
    html! {
        @if !chips.is_empty() {
            ul.chips aria-label="Filters that count" {
                @for chip in &chips {
                    li { (chip.label) a href=(view.without(chip.field)) aria-label={ "Without " (chip.label) } { (icon(Icon::Xmark)) } }
                }
                li.all { a href=(view.unfiltered().address()) { "Show all" } }
            }
        }
    }
}

/// A view in words, for lists of them.
pub fn summary(view: &View, choices: &Choices) -> String {
    let mode = (view.mode != Mode::default()).then(|| view.mode.title().to_owned());
    let filters = chips_of(&view.filter, choices).into_iter().map(|chip| chip.label);
    let parts: Vec<String> = mode.into_iter().chain(filters).collect();
    if parts.is_empty() { "Everything".to_owned() } else { parts.join(" · ") }
}

fn chips_of(filter: &Filter, choices: &Choices) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |field, label: Option<String>| chips.extend(label.map(|label| Chip { label, field }));
    let unknown = || "unknown".to_owned();
    add("team", filter.team_id.map(|id| format!("Team: {}", choices.team(id).unwrap_or_else(unknown))));
    add("role", filter.job_role_id.map(|id| format!("Job role: {}", choices.job_role(id).unwrap_or_else(unknown))));
    add("category", filter.category_id.map(|id| format!("Category: {}", choices.category(id).unwrap_or_else(unknown))));
    let text = |title: &str, text: &str| (!text.is_empty()).then(|| format!("{title}: {text}"));
    add("tag", text("Tag", &filter.tag));
    add("person", text("Person", &filter.person));
    add("skill", text("Skill", &filter.skill));
    add(
        "level",
        filter.level.map(|rule| match rule {
            LevelRule::AtLeast(level) => format!("Level {level} or more"),
            LevelRule::Exactly(level) => format!("Level exactly {level}"),
        }),
    );
    add("gaps", filter.gaps_only.then(|| "Gaps only".to_owned()));
    chips
}
