//! Changes of people and teams: made by `accounts`, then told to everybody.

use crate::accounts::people::{self, NewPerson, Person};
use crate::accounts::teams::{self, TeamDetails};
use crate::accounts::{Actor, TOPIC};
use crate::app::App;
use crate::error::Result;

pub async fn add_person(app: &App, actor: &Actor, new: &NewPerson, role: &str) -> Result<Person> {
    let person = people::create(&app.db, &app.followers, actor, new, role, app.now_ms()).await?;
    app.publish(TOPIC, person.id.to_string()).await;
    Ok(person)
}

pub async fn change_person(app: &App, actor: &Actor, id: i64, version: i64, new: &NewPerson) -> Result<Person> {
    let person = people::update(&app.db, &app.followers, actor, (id, version), new, app.now_ms()).await?;
    app.publish(TOPIC, id.to_string()).await;
    Ok(person)
}

/// A new team moves the teams behind it, and their people, by one place.
pub async fn add_team(app: &App, actor: &Actor, name: &str) -> Result<TeamDetails> {
    let team = teams::create(&app.db, actor, name, app.now_ms()).await?;
    app.publish(TOPIC, "*").await;
    Ok(team)
}

pub async fn rename_team(app: &App, actor: &Actor, id: i64, version: i64, name: &str) -> Result<TeamDetails> {
    let team = teams::rename(&app.db, actor, id, version, name, app.now_ms()).await?;
    app.publish(TOPIC, "*").await;
    Ok(team)
}
