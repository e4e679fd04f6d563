//! The screens of profiles: the list that is searched by typing, and one profile.

use super::model::{Profile, ProfileLine};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Glyph, Pager, empty_state, level, page_head, pager};
use maud::{Markup, html};

pub struct List {
    pub text: String,
    /// The job role that is to be filled from a profile.
    pub job_role: Option<i64>,
    pub profiles: Vec<ProfileLine>,
    pub total: i64,
    pub offset: i64,
    /// Profiles on a page.
    pub page: i64,
    pub may_import: bool,
}

pub const TRAIL: [(&str, &str); 2] = [("Skills matrix", "/skills"), ("Role profiles", "/skills/profiles")];

pub fn index(list: &List) -> Markup {
    let about = "What occupations ask for in general. A job role can start from one.";
    let actions = html! {
        a.btn.btn-outline-secondary href="/skills/job-roles" { (icon(Icon::IdBadge)) "Job roles" }
        @if list.may_import { (import_link()) }
    };
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Role profiles", Some(about), actions))
        form.toolbar method="get" action="/skills/profiles" role="search" aria-label="Find a profile"
            hx-get="/skills/profiles" hx-target="#profiles" hx-select="#profiles" hx-swap="outerHTML" hx-push-url="true"
            hx-trigger="submit, input delay:250ms" {
            @if let Some(id) = list.job_role { input type="hidden" name="job_role" value=(id); }
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="text" value=(list.text) placeholder="Occupation or code"
                    aria-label="Occupation or code" maxlength="190";
            }
            noscript { button.btn.btn-primary type="submit" { "Find" } }
        }
        div id="profiles" {
            @if list.profiles.is_empty() { (nothing(list)) } @else { (table(list)) (pages(list)) }
        }
    }
}

fn nothing(list: &List) -> Markup {
    if list.text.trim().is_empty() {
        let text = "Occupations come from a file, as O*NET publishes them. Whoever may import takes it in.";
        let action = if list.may_import {
            import_link()
        } else {
            html! {}
        };
        return empty_state(Icon::FileImport, "No profiles yet", text, action);
    }
    let all = html! { a.btn.btn-outline-secondary href="/skills/profiles" { "Show all profiles" } };
    empty_state(Icon::MagnifyingGlass, "No profile matches", "No name and no code contains that.", all)
}

fn import_link() -> Markup {
    html! { a.btn.btn-outline-secondary href="/skills/imports?kind=profiles" { (icon(Icon::FileImport)) "Import a file" } }
}

fn table(list: &List) -> Markup {
    let carried = list.job_role.map_or_else(String::new, |id| format!("?job_role={id}"));
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Profiles" { table.table {
            thead { tr { th scope="col" { "Occupation" } th.wide-only scope="col" { "Code" } th.number scope="col" { "Skills" } } }
            tbody {
                @for profile in &list.profiles {
                    tr {
                        th scope="row" { a href={ "/skills/profiles/" (profile.code) (carried) } { (profile.name) } }
                        td.wide-only { (profile.code) }
                        td.number { (profile.skills) }
                    }
                }
            }
        } }
    }
}

fn pages(list: &List) -> Markup {
    if list.total <= list.page {
        return html! {};
    }
    let at = |offset: i64| {
        let job_role = list.job_role.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [("text", list.text.clone()), ("job_role", job_role), ("offset", offset.to_string())];
        format!("/skills/profiles?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    };
    let previous = (list.offset > 0).then(|| at((list.offset - list.page).max(0)));
    let next = (list.offset + list.page < list.total).then(|| at(list.offset + list.page));
    pager(&Pager {
        first: list.offset as u64 + 1,
        last: list.offset as u64 + list.profiles.len() as u64,
        total: list.total as u64,
        previous: previous.as_deref(),
        next: next.as_deref(),
    })
}

pub fn show(profile: &Profile, job_role: Option<i64>, may_start: bool) -> Markup {
    let about = format!("Profile {}: {} skills, the most important first.", profile.code, profile.skills.len());
    let carried = job_role.map_or_else(String::new, |id| format!("?job_role={id}"));
    let actions = html! {
        @if may_start {
            a.btn.btn-primary href={ "/skills/profiles/" (profile.code) "/job-roles/new" (carried) } { (icon(Icon::Plus)) "Start a job role" }
        }
    };
    html! {
        (page_head(&TRAIL, &profile.name, Some(&about), actions))
        div.table-frame tabindex="0" role="region" aria-label="Skills of the profile" { table.table {
            thead { tr {
                th scope="col" { "Skill" } th.number scope="col" { "Importance, of 5" } th scope="col" { "Level, of 7" }
            } }
            tbody {
                @for skill in &profile.skills {
                    tr {
                        th scope="row" { (skill.name) }
                        td.number { (skill.importance) }
                        td { (level(Glyph::of_share(skill.level.hundredths() as f64 / 700.0), &skill.level.to_string())) }
                    }
                }
            }
        } }
    }
}
