//! Projects: what is being done, by whom, and until when.
//!
//! Tables: projects, project_members, project_statuses, project_labels, tasks and those that begin with task_. A card that is
//! dragged goes `tasks/placement/handlers::update` → `placement/model::move_to`, which checks the member's role, merges by
//! field with what others changed meanwhile, writes the task, its events and the counts of both columns in one transaction,
//! and publishes `project:task`; every page that shows the task then asks for it again.

pub mod api;
pub mod batches;
pub mod board;
pub mod calendar;
pub mod changes;
pub mod comments;
mod days;
pub mod everything;
pub mod exports;
pub mod feeds;
mod handlers;
pub mod imports;
pub mod labels;
pub mod members;
pub mod model;
mod notices;
pub mod outline;
pub mod saved_views;
mod settings;
pub mod statistics;
pub mod statuses;
pub mod tasks;
pub mod team;
pub mod timeline;
pub mod upkeep;
mod views;

pub use changes::model::{Changed as ChangedTask, of_team as changed_tasks, open_to as open_projects};
pub use model::find as find_project;
pub use tasks::creation::model::{NewTask, create as create_task};

use crate::accounts::Actor;
use crate::accounts::{Permission, PermissionSpec};
use crate::app::App;
use crate::error::Result;
use crate::notices::{Channel, NoticeKind};
use crate::plugin::{BoxFuture, Nav, Plugin, Route};
use crate::web::assets::Icon;
use maud::Markup;

/// See the projects that one takes part in.
pub const READ: Permission = Permission("projects.read");
/// Change tasks, where one takes part as a member.
pub const WRITE: Permission = Permission("projects.write");
/// Start projects, which one then leads.
pub const CREATE: Permission = Permission("projects.create");
/// See and lead every project, also where one takes no part.
pub const ALL: Permission = Permission("projects.all");

/// What changes when a project or a task does: the id is `project:task`, with 0 for the project itself.
pub const TOPIC: &str = "projects";

pub const PLUGIN: Plugin = Plugin {
    id: "projects",
    mount: "/projects",
    title: "Projects",
    check_config: Some(settings::check),
    routes,
    nav: &[
        Nav {
            title: "My work",
            href: "/projects/work",
            icon: Icon::ListCheck,
            permission: READ,
            also: &["/projects/views", "/projects/feed"],
        },
        Nav { title: "Projects", href: "/projects", icon: Icon::DiagramProject, permission: READ, also: &[] },
    ],
    permissions: &[
        PermissionSpec {
            permission: READ,
            title: "See the projects that one takes part in",
            roles: &["lead", "auditor", "member", "viewer"],
        },
        PermissionSpec { permission: WRITE, title: "Change tasks of one's projects", roles: &["lead", "member"] },
        PermissionSpec { permission: CREATE, title: "Start projects", roles: &["lead"] },
        PermissionSpec { permission: ALL, title: "See and lead every project", roles: &[] },
    ],
    notices: &[
        NoticeKind {
            kind: "projects.assigned",
            title: "A task is given to you",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "projects.mentioned",
            title: "Somebody mentions you",
            default: Channel::Mail,
            is_vital: false,
        },
        NoticeKind {
            kind: "projects.due",
            title: "A task of yours is due, or overdue",
            default: Channel::Digest,
            is_vital: false,
        },
        NoticeKind {
            kind: "projects.commented",
            title: "Somebody comments on a task of yours, or one that you watch",
            default: Channel::Digest,
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
    jobs: &[upkeep::TELL_DUE, upkeep::POSTPONE_STALLED, tasks::attachments::PURGE],
};

fn routes() -> Vec<Route> {
    [
        handlers::routes(),
        everything::handlers::routes(),
        feeds::handlers::routes(),
        imports::handlers::routes(),
        exports::handlers::routes(),
        calendar::handlers::routes(),
        timeline::handlers::routes(),
        statistics::handlers::routes(),
        team::handlers::routes(),
        saved_views::handlers::routes(),
        batches::handlers::routes(),
        members::handlers::routes(),
        statuses::handlers::routes(),
        labels::handlers::routes(),
        tasks::routes(),
        board::handlers::routes(),
        comments::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the person has to do, on the start page.
fn card<'a>(app: &'a App, actor: &'a Actor) -> BoxFuture<'a, Result<Markup>> {
    Box::pin(async move {
        let today = settings::today(app).await?;
        Ok(tasks::work::views::card(&tasks::work::model::ahead(app, actor, today).await?, today))
    })
}
