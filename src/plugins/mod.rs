//! Every plugin of the portal. This is the only file that names them all.

pub mod admin;
pub mod handoffs;
pub mod people;
pub mod projects;
pub mod skills;

use crate::app::App;
use crate::plugin::Plugin;
use crate::web::api::{Switched, serve};
use poem::Endpoint;

/// In this order: a plugin may call the facade of one that stands before it.
pub const ALL: &[&Plugin] = &[&people::PLUGIN, &skills::PLUGIN, &projects::PLUGIN, &handoffs::PLUGIN, &admin::PLUGIN];

/// What lies at /api: the parts of the plugins that are switched on, and the document that describes them.
pub fn api(app: &App) -> impl Endpoint + use<> {
    let people = people::api::PeopleApi { app: app.clone() };
    let people = Switched { api: people, plugin: people::PLUGIN.id, app: app.clone() };
    let skills = (
        skills::api::SkillsApi { app: app.clone() },
        skills::targets::api::TargetsApi { app: app.clone() },
        skills::job_roles::api::JobRolesApi { app: app.clone() },
        skills::finder::api::FinderApi { app: app.clone() },
    );
    let skills = Switched { api: skills, plugin: skills::PLUGIN.id, app: app.clone() };
    let projects =
        (projects::api::ProjectsApi { app: app.clone() }, projects::tasks::api::TasksApi { app: app.clone() });
    let projects = Switched { api: projects, plugin: projects::PLUGIN.id, app: app.clone() };
    let paths = vec![people.paths(), skills.paths(), projects.paths()];
    serve(app, (people, skills, projects), paths)
}
