//! What the pages of the pictures share: the head with its tabs, the filters, and why there is nothing to see.

use super::model::Choices;
use super::scope::Scope;
use crate::clock::day_of;
use crate::error::Invalid;
use crate::web::assets::Icon;
use crate::web::components::{Tone, empty_state, notice, page_head};
use maud::{Markup, html};

/// The pictures: address, and name of the tab.
const TABS: [(&str, &str); 4] = [
    ("/skills/insights", "Gaps"),
    ("/skills/insights/coverage", "Coverage"),
    ("/skills/insights/radar", "Radar"),
    ("/skills/insights/trend", "Trend"),
];

pub fn page(current: &str, about: &str, content: Markup) -> Markup {
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Insights", Some(about), html! {}))
        nav aria-label="Pictures" {
            ul.nav.nav-tabs {
                @for (href, title) in TABS {
                    li.nav-item { a.nav-link.active[href == current] href=(href) aria-current=[(href == current).then_some("page")] { (title) } }
                }
            }
        }
        (content)
    }
}

/// The form above a picture. `more` holds the fields of its own.
pub fn filters(action: &str, fields: Markup) -> Markup {
    html! {
        form.toolbar method="get" action=(action) hx-get=(action) hx-target="#insight" hx-select="#insight" hx-swap="outerHTML"
            hx-push-url="true" hx-trigger="submit, change" hx-sync="replace" aria-label="What the picture shows" {
            (fields)
            noscript { button.btn.btn-primary type="submit" { "Show" } }
        }
    }
}

pub fn team_field(choices: &Choices, chosen: Option<i64>, all: &str) -> Markup {
    html! {
        label.visually-hidden for="insight-team" { "Team" }
        select.form-select id="insight-team" name="team" {
            option value="" { (all) }
            @for team in &choices.teams { option value=(team.id) selected[chosen == Some(team.id)] { (team.name) } }
        }
    }
}

pub fn category_field(choices: &Choices, chosen: Option<i64>, all: Option<&str>) -> Markup {
    html! {
        label.visually-hidden for="insight-category" { "Category" }
        select.form-select id="insight-category" name="category" {
            @if let Some(all) = all { option value="" { (all) } }
            @for category in &choices.categories {
                option value=(category.id) selected[chosen == Some(category.id)] { (category.title()) }
            }
        }
    }
}

/// The day that the picture is of; empty for today.
pub fn day_field(typed: &str, invalid: Option<&Invalid>) -> Markup {
    let error = invalid.and_then(|invalid| invalid.of("as_of"));
    html! {
        label for="insight-as-of" { "as of" }
        input.form-control.is-invalid[error.is_some()] id="insight-as-of" type="date" name="as_of" value=(typed)
            aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "insight-as-of-error")];
        @if let Some(error) = error { div.invalid-feedback id="insight-as-of-error" { (error) } }
    }
}

/// Mistakes that belong to no field in sight.
pub fn problems(invalid: Option<&Invalid>) -> Markup {
    let others = invalid.into_iter().flat_map(Invalid::errors).filter(|error| error.field != "as_of");
    html! { @for error in others { (notice(Tone::Warning, &error.message)) } }
}

/// `first` is the moment of the first change that was recorded.
pub fn before_history(scope: &Scope, first: i64, action: &str) -> Markup {
    let first = day_of(first);
    let asked = scope.as_of.day().map(|day| day.to_string()).unwrap_or_default();
    let text = format!("The history begins on {first}, so nothing is known of {asked}.");
    let show = html! { a.btn.btn-primary href=(action) { "Show today" } };
    empty_state(Icon::ClockRotateLeft, "Before the first rating", &text, show)
}
