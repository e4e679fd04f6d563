//! Screens of routes: the list, and the form of a mapping, which says what it can change and what it cannot.

use super::handlers::ListQuery;
use super::model::{Listed, MappingForm, Overview, is_mappable, needed};
use crate::accounts::access::{AccessTable, RoleFacts};
use crate::accounts::overrides::MAX_REASON_CHARS;
use crate::accounts::routes::{Admitted, Problem};
use crate::error::Invalid;
use crate::plugin::Access;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times::{ago, day};
use maud::{Markup, html};

pub struct ListPage<'a> {
    /// With the routes that the filter lets through.
    pub overview: &'a Overview,
    pub total: usize,
    pub query: &'a ListQuery,
    pub may_edit: bool,
    pub now_ms: i64,
}

const STATES: [(&str, &str); 5] = [
    ("", "All routes"),
    ("mapped", "Mapped"),
    ("unmapped", "Not mapped"),
    ("dangling", "Pointing to nothing"),
    ("unused", "Never used"),
];

pub fn index(page: &ListPage) -> Markup {
    let actions = html! {
        a.btn.btn-outline-secondary href="/admin/routes/pruning" { (icon(Icon::Trash)) "Prune" }
    };
    let about =
        "Every route needs the permission that stands in its code, unless it is mapped to roles and people here.";
    html! {
        (page_head(&[], "Routes", Some(about), actions))
        @if !page.overview.problems.is_empty() { (problems(page)) }
        (filters(page))
        div id="routes" {
            @if page.overview.routes.is_empty() {
                (empty_state(Icon::Filter, "No route matches", "No address contains that, or none is in this state.",
                    html! { a.btn.btn-outline-secondary href="/admin/routes" { "Show all routes" } }))
            } @else { (table(page)) (counted(page)) }
        }
    }
}

fn problems(page: &ListPage) -> Markup {
    let count = page.overview.problems.len();
    let head = if count == 1 {
        "A mapping points to nothing.".to_owned()
    } else {
        format!("{count} mappings point to nothing.")
    };
    notice(
        Tone::Warning,
        html! {
            p { (head) " Nobody is admitted by that; " a href="/admin/routes/pruning" { "look at what pruning would remove" } "." }
            ul { @for problem in &page.overview.problems { li { (told(problem)) } } }
        },
    )
}

pub fn told(problem: &Problem) -> Markup {
    html! {
        @match problem {
            Problem::NoSuchRoute { route } => { code { (route) } " is mapped, but there is no such route" }
            Problem::NoSuchRole { route, id } => { code { (route) } " admits the role " (id) ", which is gone" }
            Problem::NoSuchPerson { route, id } => { code { (route) } " admits the person " (id) ", who is gone or switched off" }
        }
    }
}

fn filters(page: &ListPage) -> Markup {
    html! {
        form.toolbar role="search" method="get" action="/admin/routes" hx-get="/admin/routes" hx-target="#routes" hx-select="#routes"
            hx-swap="outerHTML" hx-push-url="true" hx-trigger="input delay:250ms, submit" {
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="text" value=(page.query.text) placeholder="Address" aria-label="Address" maxlength="190";
            }
            select.form-select name="show" aria-label="State" {
                @for (value, label) in STATES { option value=(value) selected[page.query.show == value] { (label) } }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
        }
    }
}

fn table(page: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Routes" { table.table.routes {
            thead { tr {
                th scope="col" { "Route" }
                th scope="col" { "Who may use it" }
                th.number scope="col" { "Uses" }
                th.wide-only scope="col" { "Last used" }
                @if page.may_edit { th.number scope="col" { span.visually-hidden { "Actions" } } }
            } }
            tbody { @for listed in &page.overview.routes { (row(listed, page)) } }
        } }
    }
}

fn row(listed: &Listed, page: &ListPage) -> Markup {
    let (method, path) = listed.route.name.split_once(' ').unwrap_or(("", &listed.route.name));
    let address = serde_urlencoded::to_string([("route", &listed.route.name)]).unwrap_or_default();
    html! {
        tr {
            th scope="row" { span.method { (method) } " " code.breaking { (path) } @if !listed.route.is_on { " " span.badge { "off" } } }
            td { (who(listed)) }
            td.number { @match &listed.uses { Some(used) => (used.uses), None => { span.quiet { "never" } } } }
            td.wide-only { @if let Some(used) = &listed.uses { (ago(used.last_at, page.now_ms)) } }
            @if page.may_edit {
                td.number {
                    @if is_mappable(listed.route.access) {
                        a.btn.btn-sm.btn-outline-secondary href={ "/admin/routes/mapping?" (address) } aria-label={ "Map " (listed.route.name) } {
                            @if listed.mapping.is_some() { "Change" } @else { "Map" }
                        }
                    }
                }
            }
        }
    }
}

fn who(listed: &Listed) -> Markup {
    if listed.mapping.is_none() {
        return html! { (needs(listed.route.access)) };
    }
    html! {
        span.rights {
            span.badge.warn { "mapped" }
            @if listed.admitted.is_empty() { span.badge { "administrators alone" } }
            @for admitted in &listed.admitted { (grantee(admitted)) }
        }
    }
}

fn grantee(admitted: &Admitted) -> Markup {
    let (kind, id) = admitted.grantee.kind_and_id();
    html! {
        @match &admitted.name {
            Some(name) => { span.badge { (name) } }
            None => { span.badge.bad { (kind) " " (id) ", gone" } }
        }
    }
}

/// What the code asks for.
pub fn needs(access: Access) -> Markup {
    html! {
        @match access {
            Access::Public => { span.quiet { "everybody" } }
            Access::SignedIn => { span.quiet { "who is signed in" } }
            Access::Administrators => { span.quiet { "administrators" } }
            Access::Needs(permission) => { code { (permission.0) } }
        }
    }
}

fn counted(page: &ListPage) -> Markup {
    html! {
        p.quiet {
            (page.overview.routes.len()) " of " (page.total) " routes. "
            @if let Some(since) = page.overview.counted_since { "Uses are counted since " (day(since)) ", once a minute." }
            @else { "Uses are counted once a minute." }
        }
    }
}

pub struct MappingPage<'a> {
    pub listed: &'a Listed,
    pub form: &'a MappingForm,
    pub table: &'a AccessTable,
    pub invalid: Option<&'a Invalid>,
    /// Somebody else saved it first.
    pub is_conflict: bool,
    pub csrf: &'a str,
}

impl MappingPage<'_> {
    fn error(&self, field: &str) -> Option<&str> {
        self.invalid.and_then(|invalid| invalid.of(field))
    }
}

pub fn mapping(page: &MappingPage) -> Markup {
    let name = &page.listed.route.name;
    html! {
        (page_head(&[("Routes", "/admin/routes")], name, None, html! {}))
        (limits(page))
        @if page.is_conflict { (conflict(page)) }
        form.form-narrow method="post" action="/admin/routes/mapping" {
            (csrf_field(page.csrf))
            input type="hidden" name="route" value=(name);
            input type="hidden" name="version" value=(page.form.version);
            (roles(page))
            (Field {
                name: "people", label: "People", input: Input::TextArea { value: &page.form.people, rows: 2, max_length: 4000 },
                hint: Some("E-mail addresses, one a line."), error: page.error("people"), required: false,
            })
            (Field {
                name: "reason", label: "Why", input: Input::TextArea { value: &page.form.reason, rows: 2, max_length: MAX_REASON_CHARS },
                hint: Some("Needed when it admits somebody who does not hold the permission; kept in the log."), error: page.error("reason"), required: false,
            })
            div.form-actions {
                button.btn.btn-primary type="submit" { @if page.is_conflict { "Save mine" } @else { "Admit these alone" } }
                a.btn.btn-link href="/admin/routes" { "Cancel" }
            }
        }
        @if let Some(mapping) = &page.listed.mapping {
            form.mapping-removal method="post" action="/admin/routes/mapping/removal" {
                (csrf_field(page.csrf))
                input type="hidden" name="route" value=(name);
                input type="hidden" name="version" value=(mapping.version);
                button.btn.btn-outline-danger type="submit" { (icon(Icon::RotateLeft)) "Remove the mapping" }
                span.quiet { " Its permission decides again." }
            }
        }
    }
}

/// What a mapping can change, and what it cannot.
fn limits(page: &MappingPage) -> Markup {
    let lent = needed(page.listed.route.access);
    notice(
        Tone::Info,
        html! {
            p { "Without a mapping it is for: " (needs(page.listed.route.access)) ". With one, it admits the roles and people below, whoever includes these roles, and administrators; nobody else." }
            @if let Some(permission) = lent {
                p { "Who is admitted is lent " code { (permission.0) } " for this address alone. What the action checks beside that stays: one’s own ratings, one’s own team, and any further permission." }
            }
            p { "A mapping closes the address, not the data: whoever holds the permission can still reach the same by other pages and by the API." }
        },
    )
}

fn conflict(page: &MappingPage) -> Markup {
    let theirs = &page.listed.admitted;
    notice(
        Tone::Warning,
        html! {
            p { "Somebody else mapped this route while you were typing. Yours is still in the form and not saved. Theirs admits: "
                span.rights {
                    @if page.listed.mapping.is_none() { "what the permission says" }
                    @else if theirs.is_empty() { "administrators alone" }
                    @for admitted in theirs { (grantee(admitted)) }
                }
            }
        },
    )
}

fn roles(page: &MappingPage) -> Markup {
    let mut roles: Vec<(&i64, &RoleFacts)> = page.table.facts.roles.iter().collect();
    roles.sort_by_key(|(id, role)| (role.position, **id));
    let error = page.error("roles");
    html! {
        fieldset aria-describedby=[error.map(|_| "roles-error")] {
            legend { "Roles" }
            div.choices {
                @for (id, role) in roles.into_iter().filter(|(_, role)| !role.everything) {
                    label.form-check {
                        input.form-check-input type="checkbox" name="role" value=(id) checked[page.form.roles.contains(id)];
                        span.form-check-label { (role.title) }
                    }
                }
            }
            @if let Some(error) = error { div.invalid-feedback id="roles-error" role="alert" { (error) } }
        }
    }
}
