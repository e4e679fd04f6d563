//! Somebody as they are named in a field: by id, by name or by address, whole or in part.

use crate::accounts::Actor;
use crate::accounts::people::{self, PeopleFilter, Person};
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::form::id_of;

/// How many people are told when several fit.
const MOST: i64 = 12;

pub enum Who {
    Nobody,
    Unknown,
    One(Person),
    Several(Vec<Person>),
}

pub async fn whom(app: &App, actor: &Actor, text: &str) -> Result<Who> {
    if text.is_empty() {
        return Ok(Who::Nobody);
    }
    if let Some(id) = id_of(text) {
        return match people::get(&app.db, actor, id).await {
            Ok(person) => Ok(Who::One(person)),
            Err(Error::NotFound) => Ok(Who::Unknown),
            Err(other) => Err(other),
        };
    }
    let filter = PeopleFilter { text: text.to_owned(), ..PeopleFilter::default() };
    let (mut found, _) = people::list(&app.db, actor, &filter, MOST, 0).await?;
    let is_exact = |person: &Person| person.name.to_lowercase() == text.to_lowercase();
    let exact: Vec<usize> =
        found.iter().enumerate().filter(|(_, person)| is_exact(person)).map(|(place, _)| place).collect();
    Ok(match (found.len(), exact.as_slice()) {
        (0, _) => Who::Unknown,
        (1, _) => Who::One(found.remove(0)),
        (_, [one]) => Who::One(found.remove(*one)),
        _ => Who::Several(found),
    })
}
