//! Administration: people and what they may do, the running system, and the record of both.
//!
//! Each part is a folder with its routes, its model and its views, and a line in `SECTIONS`. What they show and change
//! belongs mostly to the layers below (`accounts`, `events`, `jobs`, `config`): their rules stand there, because they hold
//! also without these pages. A section is reached as `frame::page` draws it: within the sub-navigation.

mod audit;
mod frame;
mod overview;
mod reasons;
mod roles;
mod routes;
mod whom;

use crate::accounts::{Permission, PermissionSpec};
use crate::plugin::{Nav, Plugin, Route};
use crate::web::assets::Icon;
use frame::Section;

/// Open the administration at all; what is in it asks for more.
pub const READ: Permission = Permission("admin.read");

/// The sub-navigation, group by group.
const SECTIONS: &[Section] = &[overview::SECTION, roles::SECTION, routes::SECTION, reasons::SECTION, audit::SECTION];

pub const PLUGIN: Plugin = Plugin {
    id: "admin",
    mount: "/admin",
    title: "Administration",
    check_config: None,
    routes,
    nav: &[Nav { title: "Administration", href: "/admin", icon: Icon::Gear, permission: READ, also: &[] }],
    permissions: &[
        PermissionSpec { permission: READ, title: "Open the administration", roles: &["auditor"] },
        PermissionSpec { permission: audit::AUDIT, title: "Read the audit log", roles: &["auditor"] },
    ],
    notices: &[],
    topics: &[],
    dashboard: None,
    init_data: None,
    people_changed: None,
    jobs: &[],
};

fn routes() -> Vec<Route> {
    let parts = [
        overview::handlers::routes(),
        roles::handlers::routes(),
        routes::handlers::routes(),
        reasons::handlers::routes(),
        audit::handlers::routes(),
    ];
    parts.into_iter().flatten().collect()
}
