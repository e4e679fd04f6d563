//! Handoffs: responsibility goes from one person or team to another, and moves when it is accepted.
//!
//! Tables: handoffs, and those that begin with handoff_. A handoff begins at `composition` (what changed since the last one,
//! and the items that nobody has closed), is written in `sections` and `items`, and is sent, accepted, declined, withdrawn or
//! redirected in `outcomes`, whose conditional writes let one of two win. `reminders` bring to mind what waits.

pub mod composition;
pub mod contingencies;
mod handlers;
pub mod items;
pub mod model;
mod notices;
pub mod outcomes;
pub mod questions;
pub mod reminders;
pub mod sections;
pub mod teams;
pub mod templates;
mod views;

use crate::accounts::{Actor, Permission, PermissionSpec};
use crate::app::App;
use crate::error::Result;
use crate::notices::{Channel, NoticeKind};
use crate::plugin::{BoxFuture, Nav, Plugin, Route};
use crate::web::assets::Icon;
use maud::Markup;

/// See the handoffs of one's team, and those to or from oneself.
pub const READ: Permission = Permission("handoffs.read");
/// Hand off, accept and decline.
pub const WRITE: Permission = Permission("handoffs.write");
/// Redirect, take and withdraw those of one's team, and say how it hands off.
pub const LEAD: Permission = Permission("handoffs.lead");
/// See and lead those of every team.
pub const ALL: Permission = Permission("handoffs.all");

/// What changes when a handoff does: the id is the handoff's, and after a colon the part of its page, where that is all.
pub const TOPIC: &str = "handoffs";

pub const PLUGIN: Plugin = Plugin {
    id: "handoffs",
    mount: "/handoffs",
    title: "Handoffs",
    check_config: None,
    routes,
    nav: &[Nav { title: "Handoffs", href: "/handoffs", icon: Icon::Handshake, permission: READ, also: &[] }],
    permissions: &[
        PermissionSpec {
            permission: READ,
            title: "See the handoffs of one's team",
            roles: &["lead", "auditor", "member", "viewer"],
        },
        PermissionSpec { permission: WRITE, title: "Hand off, accept and decline", roles: &["lead", "member"] },
        PermissionSpec { permission: LEAD, title: "Redirect and take handoffs of one's team", roles: &["lead"] },
        PermissionSpec { permission: ALL, title: "See and lead the handoffs of every team", roles: &[] },
    ],
    notices: &[
        NoticeKind {
            kind: "handoffs.received",
            title: "Somebody hands off to you",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "handoffs.answered",
            title: "Your handoff is accepted or declined",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "handoffs.withdrawn",
            title: "A handoff to you is withdrawn",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "handoffs.asked",
            title: "A question about your handoff, or the answer to yours",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "handoffs.waiting",
            title: "A handoff waits for you",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "handoffs.escalated",
            title: "Nobody accepts a handoff of a team that you lead",
            default: Channel::Mail,
            is_vital: false,
        },
    ],
    topics: &[(TOPIC, READ)],
    dashboard: Some(card),
    init_data: None,
    people_changed: None,
    people_switched: None,
    examine: None,
    settings: &[],
    jobs: &[reminders::REMIND],
};

fn routes() -> Vec<Route> {
    [
        handlers::routes(),
        composition::handlers::routes(),
        sections::handlers::routes(),
        items::handlers::routes(),
        contingencies::handlers::routes(),
        questions::handlers::routes(),
        outcomes::handlers::routes(),
        teams::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What waits for the person, on the start page.
fn card<'a>(app: &'a App, actor: &'a Actor) -> BoxFuture<'a, Result<Markup>> {
    Box::pin(async move {
        let (waiting, mine) = model::open(app, actor).await?;
        Ok(views::card(&waiting, &mine, app.now_ms()))
    })
}
