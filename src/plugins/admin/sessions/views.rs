//! The screen of everybody's sessions.

use crate::accounts::device;
use crate::accounts::sessions::ListedSession;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, page_head};
use crate::web::times;
use maud::{Markup, html};

pub struct ListPage<'a> {
    pub sessions: &'a [ListedSession],
    /// Whose alone are shown.
    pub person: Option<i64>,
    /// The session that asks.
    pub own: Option<i64>,
    pub now_ms: i64,
    pub csrf: &'a str,
}

pub fn index(list: &ListPage) -> Markup {
    let name = list.person.and_then(|_| list.sessions.first()).map(|session| session.person.as_str());
    let about = match name {
        Some(name) => format!("Where {name} is logged in, the last use first."),
        None => "Who is logged in, and from where, the last use first.".to_owned(),
    };
    html! {
        (page_head(&[], "Sessions", Some(&about), actions(list)))
        @if list.sessions.is_empty() {
            (empty_state(Icon::Key, "No open sessions", "Nobody is logged in here at the moment.", html! { a.btn.btn-outline-secondary href="/admin/sessions" { "Show everybody's" } }))
        } @else { (table(list)) }
    }
}

fn actions(list: &ListPage) -> Markup {
    let others = list.sessions.iter().filter(|session| Some(session.id) != list.own).count();
    html! {
        @if list.person.is_some() { a.btn.btn-outline-secondary href="/admin/sessions" { "Show everybody's" } }
        @if others > 0 {
            form method="post" action="/admin/sessions/revocation" {
                (csrf_field(list.csrf))
                @if let Some(person) = list.person { input type="hidden" name="person" value=(person); }
                button.btn.btn-outline-danger type="submit" { (icon(Icon::Ban)) @if list.person.is_some() { "End these" } @else { "End all but this one" } }
            }
        }
    }
}

fn table(list: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Sessions" { table.table {
            thead { tr {
                th scope="col" { "Who" } th scope="col" { "Device" } th.wide-only scope="col" { "Address" }
                th scope="col" { "Last used" } th.wide-only scope="col" { "Opened" } th.number scope="col" { "Action" }
            } }
            tbody { @for session in list.sessions { (row(session, list)) } }
        } }
    }
}

fn row(session: &ListedSession, list: &ListPage) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ "/admin/sessions?person=" (session.person_id) } { (session.person) } }
            td { (device::in_words(&session.device)) }
            td.wide-only { (session.address) }
            td { (times::ago(session.seen_at, list.now_ms)) }
            td.wide-only { (times::moment(session.created_at)) }
            td.actions {
                @if Some(session.id) == list.own { span.badge.good { "this one" } }
                @else {
                    form method="post" action={ "/admin/sessions/" (session.id) "/revocation" } {
                        (csrf_field(list.csrf))
                        button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "End a session of " (session.person) } { "End" }
                    }
                }
            }
        }
    }
}
