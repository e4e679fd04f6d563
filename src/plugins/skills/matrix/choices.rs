//! What the filters above the matrix offer to choose from.

use super::super::READ;
use super::super::catalogue::labels::model::{self as labels, Tag};
use super::super::categories::{self, Category};
use super::super::job_roles::model::{self as job_roles, JobRole};
use crate::accounts::{Actor, teams};
use crate::app::App;
use crate::error::Result;

pub struct Choices {
    pub teams: Vec<teams::Team>,
    pub categories: Vec<Category>,
    pub tags: Vec<Tag>,
    pub job_roles: Vec<JobRole>,
}

impl Choices {
    pub fn job_role(&self, id: i64) -> Option<String> {
        self.job_roles.iter().find(|role| role.id == id).map(|role| role.name.clone())
    }

    pub fn team(&self, id: i64) -> Option<String> {
        self.teams.iter().find(|team| team.id == id).map(|team| team.name.clone())
    }

    pub fn category(&self, id: i64) -> Option<String> {
        self.categories.iter().find(|category| category.id == id).map(|category| category.title().to_owned())
    }
}

pub async fn choices(app: &App, actor: &Actor) -> Result<Choices> {
    actor.require(READ)?;
    // Who may see the matrix sees the teams that it is grouped by.
    let teams = teams::all(&app.db, &Actor::system()).await?;
    let (tree, job_roles) = tokio::try_join!(categories::model::tree(app, actor), job_roles::list(app, actor))?;
    let tags = labels::tags(app, actor).await?;
    Ok(Choices { teams, categories: tree.all().to_vec(), tags, job_roles })
}
