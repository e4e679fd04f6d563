//! Who is meant when somebody types a person.

use super::super::super::EDIT;
use crate::accounts::Actor;
use crate::accounts::people::{self, PeopleFilter, Person};
use crate::app::App;
use crate::error::{Error, Result};

/// How many people are suggested, and named when several fit.
const SUGGESTED: i64 = 12;
const NAMED: usize = 4;

/// The people whom the beginning of a name suggests, as what is to be typed and what tells them apart.
pub async fn suggest(app: &App, actor: &Actor, text: &str) -> Result<Vec<(String, String)>> {
    actor.require(EDIT)?;
    let people = find(app, text).await?.0;
    let is_twin = |person: &Person| people.iter().filter(|other| other.name == person.name).count() > 1;
    let choice = |person: &Person| {
        let typed = match &person.email {
            Some(email) if is_twin(person) => format!("{} <{email}>", person.name),
            _ => person.name.clone(),
        };
        (typed, person.team.clone().unwrap_or_default())
    };
    Ok(people.iter().map(choice).collect())
}

/// The person that is meant: by the whole name, the address, or a part that only one person has.
///
/// # Errors
/// The text says who else fits, in a full sentence.
pub async fn resolve(app: &App, typed: &str) -> Result<Result<Option<i64>, String>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let address = typed.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let (people, total) = find(app, address.unwrap_or(typed)).await?;
    let wanted = address.unwrap_or(typed).to_lowercase();
    let is_it = |person: &&Person| {
        let email = person.email.as_ref().map(|email| email.to_lowercase());
        email.as_deref() == Some(&wanted) || (address.is_none() && person.name.to_lowercase() == wanted)
    };
    let exact: Vec<&Person> = people.iter().filter(is_it).collect();
    Ok(match (exact.as_slice(), people.as_slice()) {
        ([only], _) => Ok(Some(only.id)),
        ([], [only]) => Ok(Some(only.id)),
        ([], []) => Err(format!("There is nobody called “{typed}”.")),
        ([], several) => Err(format!("{total} people fit “{typed}”: {}. Type one of them.", named(several, total))),
        (several, _) => {
            let addresses: Vec<&str> = several.iter().filter_map(|person| person.email.as_deref()).collect();
            let count = several.len();
            Err(format!("{count} people are called “{typed}”. Type the address: {}.", addresses.join(", ")))
        }
    })
}

fn named(people: &[Person], total: i64) -> String {
    let names: Vec<&str> = people.iter().take(NAMED).map(|person| person.name.as_str()).collect();
    let more = if total > names.len() as i64 { " …" } else { "" };
    format!("{}{more}", names.join(", "))
}

/// Who looks at skills sees the people whom they are about.
async fn find(app: &App, text: &str) -> Result<(Vec<Person>, i64)> {
    let text: String = text.chars().take(people::MAX_NAME_CHARS).collect();
    let filter = PeopleFilter { team_id: None, text };
    people::list(&app.db, &Actor::system(), &filter, SUGGESTED, 0).await
}

/// Whether there is such a person, who is still here.
pub async fn is_there(app: &App, person_id: i64) -> Result<bool> {
    match people::get(&app.db, &Actor::system(), person_id).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What is to be typed for this person and nobody else.
pub async fn typed(app: &App, person_id: i64) -> Result<String> {
    let Ok(person) = people::get(&app.db, &Actor::system(), person_id).await else { return Ok(String::new()) };
    let is_clear = resolve(app, &person.name).await? == Ok(Some(person_id));
    Ok(match person.email {
        Some(email) if !is_clear => format!("{} <{email}>", person.name),
        _ => person.name,
    })
}
