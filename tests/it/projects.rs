//! Projects and tasks: who sees them, how they are changed, what is told to whom.

mod api;
mod board;
mod comments;
mod fields;
mod files;
mod lists;
mod members;
mod parts;
mod planning;
mod setup;
mod statuses;
mod work;

use crate::support::{TestApp, Visitor};
use quarterdeck::plugins::projects::members::model::save;
use quarterdeck::plugins::projects::model::{self, NewProject, Project, Role};
use quarterdeck::plugins::projects::outline::Outline;
use quarterdeck::plugins::projects::tasks::creation::model::{NewTask, create};
use quarterdeck::plugins::projects::tasks::model::Details;
use quarterdeck::plugins::projects::tasks::quick_add;

/// A project that the visitor leads.
pub async fn project(app: &TestApp, lead: &Visitor<'_>, code: &str) -> Project {
    let new = NewProject { code: code.into(), name: format!("Project {code}"), ..NewProject::default() };
    model::create(&app.app, &app.actor(lead.person_id).await, &new).await.unwrap()
}

pub async fn join(app: &TestApp, lead: &Visitor<'_>, code: &str, person_id: i64, role: Role) {
    let actor = app.actor(lead.person_id).await;
    let project = model::find(&app.app, &actor, code).await.unwrap();
    save(&app.app, &actor, &project, person_id, role).await.unwrap();
}

/// A task out of one line.
pub async fn task(app: &TestApp, by: &Visitor<'_>, code: &str, line: &str) -> Details {
    let actor = app.actor(by.person_id).await;
    let outline = Outline::of(&app.app, &actor, code).await.unwrap();
    let new: NewTask = quick_add::read(line, &outline.members, outline.today).unwrap();
    create(&app.app, &actor, &outline.project, new).await.unwrap()
}

pub async fn outline(app: &TestApp, by: &Visitor<'_>, code: &str) -> Outline {
    Outline::of(&app.app, &app.actor(by.person_id).await, code).await.unwrap()
}

/// The id of a status by its name.
pub async fn status(app: &TestApp, by: &Visitor<'_>, code: &str, name: &str) -> i64 {
    let statuses = outline(app, by, code).await.statuses;
    statuses.iter().find(|status| status.name == name).unwrap().id
}

/// A lead, a member and somebody who takes no part, in the project QD.
pub async fn three(app: &TestApp) -> (Visitor<'_>, Visitor<'_>, Visitor<'_>) {
    let lead = app.sign_in("lead", "Lena Lead", None).await;
    let ana = app.sign_in("member", "Ana Silva", None).await;
    let olga = app.sign_in("member", "Olga Outside", None).await;
    project(app, &lead, "QD").await;
    join(app, &lead, "QD", ana.person_id, Role::Member).await;
    (lead, ana, olga)
}
