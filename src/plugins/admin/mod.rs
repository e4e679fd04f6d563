//! Administration: people and what they may do, the running system, and the record of both.
//!
//! Each part is a folder with its routes, its model and its views, and a line in `SECTIONS`. What they show and change
//! belongs mostly to the layers below (`accounts`, `events`, `jobs`, `config`): their rules stand there, because they hold
//! also without these pages. A section is reached as `frame::page` draws it: within the sub-navigation.

mod audit;
mod cache;
mod frame;
mod health;
mod jobs;
mod overview;
mod people;
mod policy_reports;
mod reasons;
mod roles;
mod routes;
mod sessions;
mod settings;
mod switches;
mod whom;

use crate::accounts::{Permission, PermissionSpec};
use crate::plugin::{Nav, Plugin, Route};
use crate::web::assets::Icon;
use frame::Section;

/// Open the administration at all; what is in it asks for more.
pub const READ: Permission = Permission("admin.read");

/// Change how the portal runs: plugins, settings, cache, jobs.
pub const SYSTEM: Permission = Permission("admin.system");

/// The sub-navigation, group by group.
const SECTIONS: &[Section] = &[
    overview::SECTION,
    people::SECTION,
    people::TEAMS,
    roles::SECTION,
    routes::SECTION,
    reasons::SECTION,
    sessions::SECTION,
    switches::SECTION,
    settings::SECTION,
    cache::SECTION,
    jobs::SECTION,
    health::SECTION,
    audit::SECTION,
    policy_reports::SECTION,
];

pub const PLUGIN: Plugin = Plugin {
    id: "admin",
    mount: "/admin",
    title: "Administration",
    check_config: None,
    routes,
    nav: &[Nav { title: "Administration", href: "/admin", icon: Icon::Gear, permission: READ, also: &[] }],
    permissions: &[
        PermissionSpec { permission: READ, title: "Open the administration", roles: &["auditor"] },
        PermissionSpec { permission: SYSTEM, title: "Change plugins, settings and jobs", roles: &[] },
        PermissionSpec { permission: audit::AUDIT, title: "Read the audit log", roles: &["auditor"] },
    ],
    notices: &[],
    topics: &[],
    dashboard: None,
    init_data: None,
    people_changed: None,
    people_switched: None,
    examine: None,
    settings: &[],
    jobs: &[],
};

fn routes() -> Vec<Route> {
    [
        overview::handlers::routes(),
        roles::handlers::routes(),
        routes::handlers::routes(),
        reasons::handlers::routes(),
        people::handlers::routes(),
        sessions::handlers::routes(),
        switches::handlers::routes(),
        settings::handlers::routes(),
        cache::handlers::routes(),
        jobs::handlers::routes(),
        health::handlers::routes(),
        audit::handlers::routes(),
        policy_reports::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
