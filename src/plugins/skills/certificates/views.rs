//! The list of certificates, and the form of a skill's reminders.

use super::handlers::{ListQuery, PER_PAGE};
use super::model::{Certificate, SkillReminders};
use super::rules::{Reminders, days_between, expiry_text};
use crate::accounts::teams::Team;
use crate::clock;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Pager, csrf_field, empty_state, page_head, pager};
use jiff::civil::Date;
use maud::{Markup, html};

pub struct ListPage<'a> {
    pub certificates: &'a [Certificate],
    pub teams: &'a [Team],
    pub query: &'a ListQuery,
    pub total: i64,
    pub may_edit: bool,
    pub now_ms: i64,
}

pub fn index(list: &ListPage) -> Markup {
    let about = "What has expired, and what expires soon. An expired certificate counts as a gap.";
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Certificates", Some(about), html! {}))
        (filters(list))
        @if list.certificates.is_empty() { (nothing()) } @else { (table(list)) (pages(list)) }
    }
}

fn filters(list: &ListPage) -> Markup {
    let within = list.query.within();
    html! {
        form.toolbar method="get" action="/skills/certificates" role="search" aria-label="Filter the certificates" {
            label.visually-hidden for="certificates-team" { "Team" }
            select.form-select id="certificates-team" name="team" {
                option value="" { "All teams" }
                @for team in list.teams {
                    option value=(team.id) selected[list.query.team_id() == Some(team.id)] { (team.name) }
                }
            }
            label.visually-hidden for="certificates-within" { "Expire within" }
            select.form-select id="certificates-within" name="within" {
                @for (days, text) in [(0, "Expired"), (30, "Within 30 days"), (90, "Within 90 days"), (365, "Within a year"), (3650, "All")] {
                    option value=(days) selected[within == days] { (text) }
                }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
        }
    }
}

fn nothing() -> Markup {
    let text = "No certificate that you may see expires in this time. A day until which a rating holds is set on the person's page.";
    empty_state(
        Icon::Certificate,
        "Nothing expires",
        text,
        html! { a.btn.btn-outline-secondary href="/skills/certificates?within=3650" { "Show all" } },
    )
}

fn table(list: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Certificates" { table.table {
            thead { tr {
                th scope="col" { "Person" } th.wide-only scope="col" { "Team" } th scope="col" { "Skill" } th scope="col" { "Valid until" }
                th.wide-only scope="col" { "Evidence" } th.wide-only scope="col" { "Reminders" }
            } }
            tbody { @for certificate in list.certificates { (row(certificate, list)) } }
        } }
    }
}

fn row(certificate: &Certificate, list: &ListPage) -> Markup {
    let reminders = Reminders::parse(certificate.days.as_deref().unwrap_or_default()).unwrap_or_default();
    html! {
        tr {
            th scope="row" { a href={ "/skills/people/" (certificate.person_id) "?skill=" (certificate.skill_id) } { (certificate.person) } }
            td.wide-only { (certificate.team.as_deref().unwrap_or("")) }
            td { (certificate.skill) }
            td { (valid_until(certificate.valid_until.parse().ok(), clock::day_of(list.now_ms))) }
            td.wide-only { (evidence(&certificate.evidence)) }
            td.wide-only {
                @if list.may_edit {
                    a href={ "/skills/certificates/reminders/" (certificate.skill_id) }
                        aria-label={ "Reminders of " (certificate.skill) ": " (reminders.text()) " days before" } { (reminders.text()) }
                } @else { (reminders.text()) }
                " " span.quiet { "days before" }
            }
        }
    }
}

/// The day, and a badge where it is near or past.
pub fn valid_until(day: Option<Date>, today: Date) -> Markup {
    let Some(day) = day else { return html! {} };
    let left = days_between(today, day);
    html! {
        span.nowrap { (day) }
        @if left < 0 { " " span.badge.bad { (expiry_text(left)) } }
        @else if left <= 90 { " " span.badge.warn { (expiry_text(left)) } }
    }
}

/// A link where it is one, else the text as it stands. It leads elsewhere, so that htmx leaves it alone.
pub fn evidence(text: &str) -> Markup {
    let lower = text.to_ascii_lowercase();
    let is_link = ["http://", "https://"].iter().any(|scheme| lower.starts_with(scheme));
    html! {
        @if is_link { a href=(text) rel="noopener noreferrer nofollow" hx-boost="false" { (shortened(text)) } } @else { (text) }
    }
}

/// The host and the end of a long address say enough.
fn shortened(address: &str) -> String {
    let plain = address.split_once("://").map_or(address, |(_, rest)| rest);
    let letters = plain.chars().count();
    if letters <= 36 {
        plain.to_owned()
    } else {
        plain.chars().take(20).chain("…".chars()).chain(plain.chars().skip(letters - 12)).collect()
    }
}

fn pages(list: &ListPage) -> Markup {
    let (page, first) = (list.query.page(), (list.query.page() - 1) * PER_PAGE);
    let shown = list.certificates.len() as i64;
    let previous = (page > 1).then(|| list.query.at(page - 1));
    let next = (first + shown < list.total).then(|| list.query.at(page + 1));
    pager(&Pager {
        first: first as u64 + 1,
        last: (first + shown) as u64,
        total: list.total as u64,
        previous: previous.as_deref(),
        next: next.as_deref(),
    })
}

pub fn form(skill: &SkillReminders, days: &str, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let hint = "Days before the last day of a certificate, with commas between them. 0 is that day itself. Empty for 90, 30, 7, 0.";
    let error = invalid.and_then(|invalid| invalid.of("days"));
    let input = Input::Text { value: days, max_length: 60 };
    html! {
        (page_head(&[("Certificates", "/skills/certificates")], &format!("Reminders of {}", skill.skill), None, html! {}))
        form.form-narrow method="post" action={ "/skills/certificates/reminders/" (skill.skill_id) } {
            (csrf_field(csrf))
            (Field { name: "days", label: "Remind", input, hint: Some(hint), error, required: false })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-link href="/skills/certificates" { "Cancel" }
            }
        }
    }
}
