//! What every view of a project needs to draw tasks: its statuses, its members, its labels, and what day it is.

use super::labels::model::{self as labels, Label};
use super::members::model::{self as members, Member};
use super::model::{self as projects, Project, Role};
use super::settings;
use super::statuses::model::{self as statuses, Status};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use jiff::civil::Date;

pub struct Outline {
    pub project: Project,
    pub statuses: Vec<Status>,
    pub members: Vec<Member>,
    pub labels: Vec<Label>,
    pub today: Date,
}

impl Outline {
    pub async fn of(app: &App, actor: &Actor, code: &str) -> Result<Outline> {
        Self::around(app, projects::find(app, actor, code).await?).await
    }

    pub async fn around(app: &App, project: Project) -> Result<Outline> {
        let (statuses, members, labels, today) = tokio::try_join!(
            statuses::list(app, &project),
            members::list(app, &project),
            labels::list(app, &project),
            settings::today(app),
        )?;
        Ok(Outline { project, statuses, members, labels, today })
    }

    /// Those who can be given tasks.
    pub fn workers(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.role >= Role::Member)
    }

    pub fn status(&self, id: i64) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }
}
