//! People: who works here, and in which teams.
//!
//! Tables: people and teams, which belong to `accounts`, because log-in and every permission stand on them; their rules
//! and their SQL are in `accounts/{people,teams}.rs`. A person who is edited goes `handlers::update` →
//! `model::change_person` → `accounts::people::update`, which checks the permission and the version and writes the person
//! and the event in one transaction; the model here then tells every process and every open page.

pub mod api;
mod handlers;
mod invitations;
mod model;
mod teams;
mod views;

pub use invitations::{invite, start_reset};

use crate::accounts::READ;
use crate::plugin::{Nav, Plugin, Route};
use crate::web::assets::Icon;

pub const PLUGIN: Plugin = Plugin {
    id: "people",
    mount: "/people",
    title: "People",
    check_config: None,
    routes,
    nav: &[Nav { title: "People", href: "/people", icon: Icon::Users, permission: READ, also: &[] }],
    // The permissions of people are declared in `accounts`, which needs them also when this plugin is switched off.
    permissions: &[],
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
    [handlers::routes(), invitations::handlers::routes(), teams::handlers::routes()].into_iter().flatten().collect()
}
