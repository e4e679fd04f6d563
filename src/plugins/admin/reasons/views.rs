//! The screen: the question as a form, and chains of grants as the answer.

use super::super::roles::{PermissionGroup, permission_title};
use super::super::whom::Who;
use super::handlers::Question;
use crate::accounts::people::Person;
use crate::accounts::roles::{Answer, Chain, Link};
use crate::plugin::Access;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, empty_state, notice, page_head};
use crate::web::routes::Declared;
use crate::web::times::{date, day, day_in_words};
use maud::{Markup, html};

pub struct Page<'a> {
    pub question: &'a Question,
    pub who: &'a Who,
    /// `None` as long as nothing is asked.
    pub answer: Option<&'a Answer>,
    pub bad_date: bool,
    pub groups: &'a [PermissionGroup],
    pub routes: &'a [Declared],
    /// Whether the portal may be looked at as that person.
    pub may_view: bool,
    pub now_ms: i64,
}

pub fn index(page: &Page) -> Markup {
    let about = "The chain of grants from a person over roles to a permission or a route, today or on a past day.";
    html! {
        (page_head(&[], "Why may somebody …?", Some(about), html! {}))
        (form(page))
        @if page.bad_date { (notice(Tone::Danger, "That is no day; give one as in 2026-01-31.")) }
        @match (page.who, page.answer) {
            (Who::Unknown, _) => (empty_state(Icon::Users, "Nobody matches", "No name and no address contains that.", html! {})),
            (Who::Several(people), _) => (several(page, people)),
            (Who::One(person), Some(answer)) => (answered(page, person, answer)),
            _ => (empty_state(Icon::CircleInfo, "Ask", "Choose a person and what they do, and the roles that lead there are told.", html! {})),
        }
    }
}

fn form(page: &Page) -> Markup {
    let person = match page.who {
        Who::One(person) => person.name.as_str(),
        _ => page.question.person.as_str(),
    };
    html! {
        form.toolbar.question method="get" action="/admin/reasons" {
            div.search {
                (icon(Icon::User))
                input.form-control type="search" name="person" value=(person) placeholder="Name or address" aria-label="Person" maxlength="190";
            }
            select.form-select name="what" aria-label="What they do" {
                option value="" { "Choose what" }
                @for group in page.groups {
                    optgroup label=(group.title) {
                        @for spec in &group.permissions {
                            option value=(spec.permission.0) selected[spec.permission.0 == page.question.what] { (spec.title) }
                        }
                    }
                }
                optgroup label="Routes" {
                    @for route in page.routes.iter().filter(|route| route.access != Access::Public) {
                        option value=(route.name) selected[route.name == page.question.what] { (route.name) }
                    }
                }
            }
            input.form-control type="date" name="date" value=(page.question.date) max=(date(page.now_ms)) aria-label="On the day";
            button.btn.btn-primary type="submit" { "Explain" }
        }
    }
}

fn several(page: &Page, people: &[Person]) -> Markup {
    html! {
        h2 { "Which of them?" }
        ul.plain-list {
            @for person in people {
                @let query = [("person", person.id.to_string()), ("what", page.question.what.clone()), ("date", page.question.date.clone())];
                li {
                    a href={ "/admin/reasons?" (serde_urlencoded::to_string(query).unwrap_or_default()) } { (person.name) }
                    span.quiet { @if let Some(team) = &person.team { " · " (team) } @if let Some(email) = &person.email { " · " (email) } }
                }
            }
        }
    }
}

fn answered(page: &Page, person: &Person, answer: &Answer) -> Markup {
    let what = permission_title(page.groups, &page.question.what);
    let when = if page.question.date.is_empty() {
        "now".to_owned()
    } else {
        format!("on {}", day_in_words(&page.question.date))
    };
    html! {
        h2.verdict {
            @if answer.may { span.badge.good { "yes" } } @else { span.badge.bad { "no" } }
            " " (answer.person) ", " (when) ": " (what)
        }
        @if !answer.was_here { p { (answer.person) " was not here yet." } }
        @if answer.is_mapped { p { "This route was mapped by an administrator: the mapping decides, not its permission." } }
        @if answer.may {
            ol.chains { @for chain in &answer.chains { li { (told(chain, &answer.person, page)) } } }
        } @else {
            p {
                "No role of " (answer.person) " gives it. "
                @if answer.would.is_empty() { "No role gives it at all." } @else { "These would: " (answer.would.join(", ")) "." }
            }
        }
        @if page.may_view {
            p { a.btn.btn-outline-secondary href={ "/viewing/new?person=" (person.id) } { (icon(Icon::Eye)) "View as " (person.name) } }
        }
    }
}

fn told(chain: &Chain, person: &str, page: &Page) -> Markup {
    html! {
        span.chain {
            span.link { (person) }
            @for role in &chain.roles { (link(role, &role.title)) }
            (link(&chain.gives, permission_title(page.groups, &chain.gives.title)))
        }
    }
}

fn link(link: &Link, title: &str) -> Markup {
    html! {
        span.arrow aria-label="leads to" role="img" { "→" }
        span.link {
            (title)
            @if let Some(since) = &link.since {
                small { "since " (day(since.at)) ", by " (since.by.as_deref().unwrap_or("the command line")) }
            }
        }
    }
}
