//! People and teams in the JSON API.

use super::model;
use crate::accounts::people::{self, NewPerson, PeopleFilter};
use crate::accounts::{roles, teams};
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::api::{Body, Caller, Created, Page, Saved, default_limit};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct PeopleApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    People,
    Teams,
}

/// Somebody who works here.
#[derive(Object)]
struct Person {
    id: i64,
    name: String,
    /// Null for people who cannot log in.
    email: Option<String>,
    /// What the person's job is called; empty when nobody said.
    title: String,
    team_id: Option<i64>,
    /// The name of the team.
    team: Option<String>,
    /// Grows with each change.
    version: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct PersonCreation {
    name: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    team_id: Option<i64>,
    /// `member`, unless it says `lead` or `viewer`.
    #[serde(default)]
    role: Option<String>,
}

/// The whole person: what is left out becomes empty.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct PersonReplacement {
    name: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    team_id: Option<i64>,
    /// The version that this is based on.
    version: i64,
}

#[derive(Object)]
struct Team {
    id: i64,
    name: String,
    /// How many people it has.
    people: i64,
    /// Grows with each change.
    version: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TeamCreation {
    name: String,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TeamReplacement {
    name: String,
    /// The version that this is based on.
    version: i64,
}

#[OpenApi]
impl PeopleApi {
    /// The people, by team and name
    #[oai(path = "/people", method = "get", operation_id = "listPeople", tag = "Tag::People")]
    async fn list_people(
        &self,
        caller: Caller,
        /// The id of a team: only its people.
        team: Query<Option<i64>>,
        /// A part of the name or the address.
        text: Query<Option<String>>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Page<Person>>> {
        let filter = PeopleFilter { team_id: team.0, text: text.0.unwrap_or_default() };
        let (people, total) = people::list(&self.app.db, &caller.0, &filter, limit.0, offset.0).await?;
        let items = people.into_iter().map(Person::from).collect();
        Ok(Json(Page { items, total, limit: limit.0, offset: offset.0 }))
    }

    /// One person
    #[oai(path = "/people/:id", method = "get", operation_id = "getPerson", tag = "Tag::People")]
    async fn get_person(&self, caller: Caller, id: Path<i64>) -> Result<Json<Person>> {
        Ok(Json(people::get(&self.app.db, &caller.0, id.0).await?.into()))
    }

    /// Add a person
    #[oai(path = "/people", method = "post", operation_id = "createPerson", tag = "Tag::People")]
    async fn create_person(&self, caller: Caller, body: Body<PersonCreation>) -> Result<Created<Person>> {
        let PersonCreation { name, email, title, team_id, role } = body.0;
        let new = new_person(name, email, title, team_id);
        let person = model::add_person(&self.app, &caller.0, &new, role.as_deref().unwrap_or(roles::USUAL)).await?;
        let address = format!("/api/v1/people/{}", person.id);
        Ok(Created::Made(Json(person.into()), address))
    }

    /// Change a person who is still at `version`
    #[oai(path = "/people/:id", method = "put", operation_id = "updatePerson", tag = "Tag::People")]
    async fn update_person(
        &self,
        caller: Caller,
        id: Path<i64>,
        body: Body<PersonReplacement>,
    ) -> Result<Saved<Person>> {
        let PersonReplacement { name, email, title, team_id, version } = body.0;
        let new = new_person(name, email, title, team_id);
        match model::change_person(&self.app, &caller.0, id.0, version, &new).await {
            Ok(person) => Ok(Saved::Saved(Json(person.into()))),
            Err(Error::Conflict(text)) => {
                let current = people::get(&self.app.db, &caller.0, id.0).await?;
                Ok(Saved::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }

    /// The teams, by name
    #[oai(path = "/teams", method = "get", operation_id = "listTeams", tag = "Tag::Teams")]
    async fn list_teams(
        &self,
        caller: Caller,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Page<Team>>> {
        // Teams are few, so that all of them are read, and the page is cut out here.
        let teams = teams::list(&self.app.db, &caller.0).await?;
        let total = teams.len() as i64;
        let items = teams.into_iter().skip(offset.0 as usize).take(limit.0 as usize).map(Team::from).collect();
        Ok(Json(Page { items, total, limit: limit.0, offset: offset.0 }))
    }

    /// One team
    #[oai(path = "/teams/:id", method = "get", operation_id = "getTeam", tag = "Tag::Teams")]
    async fn get_team(&self, caller: Caller, id: Path<i64>) -> Result<Json<Team>> {
        Ok(Json(teams::get(&self.app.db, &caller.0, id.0).await?.into()))
    }

    /// Add a team
    #[oai(path = "/teams", method = "post", operation_id = "createTeam", tag = "Tag::Teams")]
    async fn create_team(&self, caller: Caller, body: Body<TeamCreation>) -> Result<Created<Team>> {
        let team = model::add_team(&self.app, &caller.0, &body.0.name).await?;
        let address = format!("/api/v1/teams/{}", team.id);
        Ok(Created::Made(Json(team.into()), address))
    }

    /// Rename a team that is still at `version`
    #[oai(path = "/teams/:id", method = "put", operation_id = "updateTeam", tag = "Tag::Teams")]
    async fn update_team(&self, caller: Caller, id: Path<i64>, body: Body<TeamReplacement>) -> Result<Saved<Team>> {
        let TeamReplacement { name, version } = body.0;
        match model::rename_team(&self.app, &caller.0, id.0, version, &name).await {
            Ok(team) => Ok(Saved::Saved(Json(team.into()))),
            Err(Error::Conflict(text)) => {
                let current = teams::get(&self.app.db, &caller.0, id.0).await?;
                Ok(Saved::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }
}

fn new_person(name: String, email: Option<String>, title: Option<String>, team_id: Option<i64>) -> NewPerson {
    NewPerson { name, email: email.unwrap_or_default(), title: title.unwrap_or_default(), team_id }
}

impl From<people::Person> for Person {
    fn from(person: people::Person) -> Self {
        let people::Person { id, name, email, title, team_id, team, version } = person;
        Person { id, name, email, title, team_id, team, version }
    }
}

impl From<teams::TeamDetails> for Team {
    fn from(team: teams::TeamDetails) -> Self {
        let teams::TeamDetails { id, name, people, version } = team;
        Team { id, name, people, version }
    }
}
