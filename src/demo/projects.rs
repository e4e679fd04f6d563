//! What the people of the example are working on: three projects, with tasks as they stand in the middle of the work. All
//! of it is done as people do it; then it is moved into the past, so that it has a history.

mod model;
mod plans;

use super::{model as organisation_model, organisation};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugins::projects::comments::model as comments;
use crate::plugins::projects::members::model as members;
use crate::plugins::projects::model::{self as projects, NewProject, Project, Role};
use crate::plugins::projects::outline::Outline;
use crate::plugins::projects::tasks::creation::model::{NewTask, create};
use crate::plugins::projects::tasks::model::Details;
use crate::plugins::projects::tasks::quick_add;
use plans::{PLANS, Plan, PlannedTask};

pub(super) async fn play(app: &App) -> Result<()> {
    for plan in &PLANS {
        start(app, plan).await?;
    }
    Ok(())
}

async fn person(app: &App, name: &str) -> Result<Actor> {
    let id = organisation_model::person_id(&app.db, name).await?;
    let actor = app.access.actor(id).await?.ok_or(Error::NotFound)?;
    Ok((*actor).clone())
}

async fn start(app: &App, plan: &Plan) -> Result<()> {
    let lead = person(app, plan.lead).await?;
    let new = NewProject {
        code: plan.code.to_owned(),
        name: plan.name.to_owned(),
        description: plan.description.to_owned(),
        ..NewProject::default()
    };
    let project = projects::create(app, &lead, &new).await?;
    for name in plan.members {
        let id = organisation_model::person_id(&app.db, name).await?;
        members::save(app, &lead, &project, id, Role::Member).await?;
    }
    if plan.members.iter().all(|name| *name != organisation::VIEWER) {
        let id = organisation_model::person_id(&app.db, organisation::VIEWER).await?;
        members::save(app, &lead, &project, id, Role::Viewer).await?;
    }
    for planned in plan.tasks {
        add(app, &lead, &project, planned).await?;
    }
    Ok(())
}

async fn add(app: &App, lead: &Actor, project: &Project, planned: &PlannedTask) -> Result<()> {
    let outline = Outline::around(app, project.clone()).await?;
    let status = outline.statuses.iter().find(|status| status.name == planned.status).ok_or(Error::NotFound)?;
    let read = quick_add::read(planned.line, &outline.members, outline.today)?;
    let new = NewTask { status_id: Some(status.id), description: planned.description.to_owned(), ..read };
    let made = create(app, lead, project, new).await?;
    for (name, text) in planned.said {
        say(app, &made, name, text).await?;
    }
    model::move_into_the_past(app, made.task.id, planned.begun_days_ago, planned.ended_days_ago).await
}

async fn say(app: &App, task: &Details, name: &str, text: &str) -> Result<()> {
    let actor = person(app, name).await?;
    let details = crate::plugins::projects::tasks::model::get(app, &actor, task.task.id).await?;
    comments::create(app, &actor, &details, text, "").await?;
    Ok(())
}
