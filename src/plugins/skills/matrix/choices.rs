//! What the filters above the matrix offer to choose from.

use super::super::READ;
use super::super::catalogue::model::{Category, categories};
use crate::accounts::{Actor, teams};
use crate::app::App;
use crate::error::Result;

pub struct Choices {
    pub teams: Vec<teams::Team>,
    pub categories: Vec<Category>,
}

impl Choices {
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
    Ok(Choices { teams, categories: categories(app, actor).await? })
}
