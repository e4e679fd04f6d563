//! Screens of people: the list with its bar for many, a person, and what was done lately.

use super::fields::ListQuery;
use super::model::{Listed, PersonRow, Role, StateFilter};
use crate::accounts::administration::Batch;
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::teams::Team;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Pager, Tone, csrf_field, empty_state, notice, page_head, pager};
use crate::web::times;
use maud::{Markup, html};

pub struct ListPage<'a> {
    pub people: &'a [Listed],
    pub roles: &'a [Role],
    pub teams: &'a [Team],
    pub query: &'a ListQuery,
    /// The number of the first person shown, counted from 1.
    pub first: i64,
    pub total: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What the page before has done, to be taken back.
    pub done: Option<Batch>,
    pub problem: Option<&'a str>,
    pub may_change_roles: bool,
    pub now_ms: i64,
    pub csrf: &'a str,
}

pub fn index(list: &ListPage) -> Markup {
    let actions = html! {
        a.btn.btn-outline-secondary href="/admin/people/batches" { (icon(Icon::ClockRotateLeft)) "Changes" }
        a.btn.btn-primary href="/people/new" { (icon(Icon::Plus)) "Add a person" }
    };
    html! {
        (page_head(&[], "People", Some("Everybody, with their roles. Who is deactivated cannot log in and counts nowhere."), actions))
        @if let Some(problem) = list.problem { (notice(Tone::Warning, problem)) }
        @if let Some(batch) = &list.done { (undoable(batch, list.csrf)) }
        (filters(list))
        div id="people" {
            @if list.people.is_empty() { (nobody(list.query)) } @else { (bar(list)) (table(list)) (pages(list)) }
        }
    }
}

fn undoable(batch: &Batch, csrf: &str) -> Markup {
    html! {
        form.undoable method="post" action={ "/admin/people/batches/" (batch.id) "/reversal" } {
            (csrf_field(csrf))
            p { (batch.detail) "." }
            button.btn.btn-sm.btn-outline-secondary type="submit" { (icon(Icon::RotateLeft)) "Undo" }
        }
    }
}

/// Filters at each key; without scripts the button does.
fn filters(list: &ListPage) -> Markup {
    let query = list.query;
    html! {
        form.toolbar role="search" method="get" action="/admin/people" hx-get="/admin/people" hx-target="#people" hx-select="#people"
            hx-swap="outerHTML" hx-push-url="true" hx-trigger="input delay:250ms, submit" {
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="text" value=(query.text) placeholder="Name or address"
                    aria-label="Name or address" maxlength=(MAX_NAME_CHARS);
            }
            select.form-select name="team" aria-label="Team" {
                option value="" { "All teams" }
                @for team in list.teams { @let id = team.id.to_string(); option value=(id) selected[query.team == id] { (team.name) } }
            }
            select.form-select name="role" aria-label="Role" {
                option value="" { "All roles" }
                @for role in list.roles { @let id = role.id.to_string(); option value=(id) selected[query.role == id] { (role.title) } }
            }
            select.form-select name="state" aria-label="State" {
                @for (name, title) in StateFilter::NAMED { option value=(name) selected[query.state == name] { (title) } }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
            @if query.is_filtered() { a.btn.btn-link href="/admin/people" { "Show all" } }
        }
    }
}

fn nobody(query: &ListQuery) -> Markup {
    let (title, text) = match query.state.as_str() {
        "inactive" => ("Nobody is deactivated", "Whoever is deactivated stands here, and can be brought back."),
        _ => ("Nobody matches", "No name and no address contains that, or not in this team and role."),
    };
    let all = html! { a.btn.btn-outline-secondary href="/admin/people" { "Show everybody who is active" } };
    empty_state(Icon::Users, title, text, all)
}

/// What can be done with those who are ticked. The boxes stand in the table and name this form.
fn bar(list: &ListPage) -> Markup {
    let is_inactive = list.query.state == "inactive";
    html! {
        form.batch-bar id="batch" method="post" action="/admin/people/batches" {
            (csrf_field(list.csrf))
            input type="hidden" name="list" value=(serde_urlencoded::to_string(list.query).unwrap_or_default());
            span { "With those who are ticked:" }
            @if is_inactive {
                button.btn.btn-sm.btn-outline-secondary type="submit" name="do" value="reactivate" { "Bring back" }
            } @else {
                button.btn.btn-sm.btn-outline-danger type="submit" name="do" value="deactivate" { (icon(Icon::Ban)) "Deactivate" }
            }
            span.batch-group {
                select.form-select name="team_id" aria-label="Team to move them to" {
                    option value="" { "Team …" }
                    option value="none" { "No team" }
                    @for team in list.teams { option value=(team.id) { (team.name) } }
                }
                button.btn.btn-sm.btn-outline-secondary type="submit" name="do" value="move" { "Move" }
            }
            @if list.may_change_roles {
                span.batch-group {
                    select.form-select name="role_id" aria-label="Role to give or take" {
                        option value="" { "Role …" }
                        @for role in list.roles { option value=(role.id) { (role.title) } }
                    }
                    button.btn.btn-sm.btn-outline-secondary type="submit" name="do" value="give" { "Give" }
                    button.btn.btn-sm.btn-outline-secondary type="submit" name="do" value="take" { "Take" }
                }
            }
        }
    }
}

fn table(list: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="People" { table.table.people-table {
            thead { tr {
                th.tick scope="col" { input.form-check-input.needs-js type="checkbox" data-check-all="person" aria-label="Tick everybody on this page" autocomplete="off"; }
                th scope="col" { "Name" }
                th.wide-only scope="col" { "Team" }
                th scope="col" { "Roles" }
                th.wide-only scope="col" { "Log-in" }
            } }
            tbody { @for person in list.people { (row(person, list.now_ms)) } }
        } }
    }
}

fn row(person: &Listed, now_ms: i64) -> Markup {
    let row = &person.row;
    html! {
        tr {
            td.tick { input.form-check-input type="checkbox" form="batch" name="person" value={ (row.id) ":" (row.version) } aria-label={ "Tick " (row.name) } autocomplete="off"; }
            th scope="row" {
                a href={ "/admin/people/" (row.id) } { (row.name) }
                @if !row.active { " " span.badge.warn { "deactivated" } }
                small { @if let Some(email) = &row.email { (email) } @else { "no address" } }
            }
            td.wide-only { (team(row)) }
            td { @if person.roles.is_empty() { span.quiet { "none" } } @else { (person.roles.join(", ")) } }
            td.wide-only { (log_in(row, now_ms)) }
        }
    }
}

fn team(row: &PersonRow) -> Markup {
    html! { @if let Some(team) = &row.team { (team) } @else { span.quiet { "no team" } } }
}

fn log_in(row: &PersonRow, now_ms: i64) -> Markup {
    html! {
        @match row.seen_at {
            Some(at) => { (times::ago(at, now_ms)) }
            None if row.has_password => { span.quiet { "no open session" } }
            None => { span.quiet { "no password" } }
        }
    }
}

fn pages(list: &ListPage) -> Markup {
    pager(&Pager {
        first: list.first as u64,
        last: list.first as u64 + list.people.len() as u64 - 1,
        total: list.total as u64,
        previous: list.previous.as_deref(),
        next: list.next.as_deref(),
    })
}

pub struct PersonPage<'a> {
    pub person: &'a PersonRow,
    /// The ids of their roles.
    pub held: &'a [i64],
    pub roles: &'a [Role],
    pub problem: Option<&'a str>,
    pub may_change_roles: bool,
    pub is_own: bool,
    pub now_ms: i64,
    pub csrf: &'a str,
}

pub fn show(page: &PersonPage) -> Markup {
    let person = page.person;
    let log = format!("/admin/audit?subject=person%3A{}", person.id);
    let actions = html! {
        @if person.active { a.btn.btn-outline-secondary href={ "/people/" (person.id) "/edit" } { (icon(Icon::Pen)) "Edit" } }
        a.btn.btn-outline-secondary href=(log) { (icon(Icon::ClockRotateLeft)) "What was changed" }
    };
    html! {
        (page_head(&[("People", "/admin/people")], &person.name, None, actions))
        @if let Some(problem) = page.problem { (notice(Tone::Warning, problem)) }
        @if !person.active { (notice(Tone::Info, "This person is deactivated: they cannot log in, and count nowhere. Everything that was said of them is kept.")) }
        div.cards {
            section.card { div.card-body { h2 { "Account" } (facts(page)) } }
            section.card { div.card-body { h2 { "Roles" } (roles(page)) } }
            section.card { div.card-body { h2 { "Access" } (activation(page)) } }
        }
    }
}

fn facts(page: &PersonPage) -> Markup {
    let person = page.person;
    html! {
        dl.facts {
            dt { "Address" } dd.breaking { @if let Some(email) = &person.email { (email) } @else { span.quiet { "none" } } }
            dt { "Title" } dd { @if person.title.is_empty() { span.quiet { "none" } } @else { (person.title) } }
            dt { "Team" } dd { (team(person)) }
            dt { "State" } dd { @if person.active { "active" } @else { "deactivated" } }
            dt { "Last seen" } dd { (log_in(person, page.now_ms)) }
        }
    }
}

/// A form of one button changes one thing of this person.
fn change(page: &PersonPage, what: &str, class: &str, fields: Markup, label: Markup) -> Markup {
    html! {
        form method="post" action={ "/admin/people/" (page.person.id) "/changes" } {
            (csrf_field(page.csrf))
            input type="hidden" name="person" value={ (page.person.id) ":" (page.person.version) };
            (fields)
            button class={ "btn btn-sm " (class) } type="submit" name="do" value=(what) { (label) }
        }
    }
}

fn roles(page: &PersonPage) -> Markup {
    let (held, others): (Vec<&Role>, Vec<&Role>) = page.roles.iter().partition(|role| page.held.contains(&role.id));
    html! {
        @if held.is_empty() { p.quiet { "None, so that they may do nothing here." } }
        ul.role-list { @for role in held { li {
            span { (role.title) }
            @if page.may_change_roles {
                @let field = html! { input type="hidden" name="role_id" value=(role.id); };
                (change(page, "take", "btn-outline-secondary", field, html! { "Take" span.visually-hidden { " the role " (role.title) } }))
            }
        } } }
        @if page.may_change_roles && !others.is_empty() {
            @let field = html! {
                select.form-select name="role_id" aria-label="Role" { @for role in others { option value=(role.id) { (role.title) } } }
            };
            div.role-give { (change(page, "give", "btn-outline-secondary", field, html! { (icon(Icon::Plus)) "Give" })) }
        } @else if !page.may_change_roles { p.quiet { "Administrators give and take roles." } }
    }
}

fn activation(page: &PersonPage) -> Markup {
    html! {
        @if !page.person.active {
            p { "Brought back, they have their roles, team and ratings again." }
            (change(page, "reactivate", "btn-primary", html! {}, html! { "Bring back" }))
        } @else if page.is_own {
            p.quiet { "This is you. Another administrator can deactivate you." }
        } @else {
            p { "Deactivating ends their sessions at once. What was said of them is kept, and counts nowhere." }
            (change(page, "deactivate", "btn-outline-danger", html! {}, html! { (icon(Icon::Ban)) "Deactivate" }))
        }
    }
}

pub fn batches(batches: &[Batch], now_ms: i64, csrf: &str) -> Markup {
    html! {
        (page_head(&[("People", "/admin/people")], "Changes of people", Some("What was changed together can be taken back together, as long as nobody in it was changed since."), html! {}))
        @if batches.is_empty() {
            (empty_state(Icon::ClockRotateLeft, "Nothing yet", "Whoever is deactivated, moved or given a role stands here.", html! { a.btn.btn-outline-secondary href="/admin/people" { "To the people" } }))
        } @else {
            div.table-frame tabindex="0" role="region" aria-label="Changes" { table.table {
                thead { tr { th scope="col" { "When" } th scope="col" { "What" } th.wide-only scope="col" { "Who" } th.number scope="col" { "Action" } } }
                tbody { @for batch in batches { (batch_row(batch, now_ms, csrf)) } }
            } }
        }
    }
}

fn batch_row(batch: &Batch, now_ms: i64, csrf: &str) -> Markup {
    html! {
        tr {
            td.nowrap { (times::ago(batch.at, now_ms)) }
            th scope="row" { (batch.detail) }
            td.wide-only { (batch.actor.as_deref().unwrap_or("Quarterdeck")) }
            td.actions {
                @if let Some(at) = batch.undone_at { span.quiet { "taken back " (times::ago(at, now_ms)) } }
                @else {
                    form method="post" action={ "/admin/people/batches/" (batch.id) "/reversal" } {
                        (csrf_field(csrf))
                        button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Undo: " (batch.detail) } { (icon(Icon::RotateLeft)) "Undo" }
                    }
                }
            }
        }
    }
}
