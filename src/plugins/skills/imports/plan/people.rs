//! The people of a file: who is there already, who is new, and whose team or title changes.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::file::Person;
use super::{Findings, New, Newcomers};
use crate::accounts::people::NewPerson;
use crate::accounts::roster::KnownPerson;
use crate::error::Error;
use crate::tables::quoted;

/// Where a person works and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub team: Option<String>,
    pub title: String,
}

#[derive(Debug)]
pub struct PlannedPerson {
    pub row: u32,
    pub name: String,
    pub act: PersonAct,
}

#[derive(Debug)]
pub enum PersonAct {
    Create {
        email: String,
        post: Post,
    },
    Keep {
        id: i64,
    },
    Change {
        id: i64,
        version: i64,
        before: Post,
        after: Post,
    },
    /// A problem says why.
    Refuse,
}

impl PlannedPerson {
    /// None for who is not there yet.
    pub fn id(&self) -> Option<i64> {
        match self.act {
            PersonAct::Keep { id } | PersonAct::Change { id, .. } => Some(id),
            PersonAct::Create { .. } | PersonAct::Refuse => None,
        }
    }
}

/// Who is there already, by address in lower case and by name.
pub struct Directory<'a> {
    by_address: HashMap<&'a str, &'a KnownPerson>,
    by_name: HashMap<&'a str, Vec<&'a KnownPerson>>,
    /// Those whom the file names by their address: a row with the same name alone is about somebody else.
    addressed: HashSet<i64>,
}

impl<'a> Directory<'a> {
    pub fn new(with_addresses: &'a [KnownPerson], with_names: &'a [KnownPerson]) -> Self {
        let addresses = with_addresses.iter().filter_map(|person| Some((person.email_key.as_deref()?, person)));
        let mut by_name: HashMap<&str, Vec<&KnownPerson>> = HashMap::new();
        for person in with_names {
            by_name.entry(&person.name).or_default().push(person);
        }
        let addressed = with_addresses.iter().map(|person| person.id).collect();
        Directory { by_address: addresses.collect(), by_name, addressed }
    }

    fn find(&self, person: &Person) -> Result<Option<&'a KnownPerson>, String> {
        let Some(email) = &person.email else { return self.find_by_name(person) };
        match self.by_address.get(email.to_lowercase().as_str()) {
            Some(known) if !known.active => Err(format!("{} was deactivated", quoted(&known.name))),
            known => Ok(known.copied()),
        }
    }

    /// Among namesakes, a row without an address is about the one who has none.
    fn find_by_name(&self, person: &Person) -> Result<Option<&'a KnownPerson>, String> {
        let name = person.name.as_deref().unwrap_or_default();
        let namesakes = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let free: Vec<&KnownPerson> = namesakes.iter().copied().filter(|p| !self.addressed.contains(&p.id)).collect();
        let without: Vec<&KnownPerson> = free.iter().copied().filter(|p| p.email_key.is_none()).collect();
        match (free[..].len(), &without[..]) {
            (0, _) => Ok(None),
            (1, _) => Ok(Some(free[0])),
            (_, [only]) => Ok(Some(only)),
            (count, _) => Err(format!("{count} people are named {}; give the email address", quoted(name))),
        }
    }

    fn note_namesake(&self, person: &Person, findings: &mut Findings) {
        let (Some(name), Some(_)) = (&person.name, &person.email) else { return };
        if self.by_name.contains_key(name.as_str()) {
            let (row, name) = (person.row, quoted(name));
            let notice = format!("row {row}: {name} is new, because the {name} who is there has not this address");
            findings.notices.push(notice);
        }
    }
}

/// Plans every person of the file, and the teams that are not there yet.
pub fn plan(
    people: &[Person],
    directory: &Directory<'_>,
    teams: &[String],
    findings: &mut Findings,
) -> (Vec<PlannedPerson>, Vec<New>) {
    let mut newcomers = Newcomers::new(teams.iter().map(String::as_str), "team");
    let namesakes = Namesakes::of(people);
    namesakes.note(directory, findings);
    let planned = people.iter().map(|person| {
        let name = person.name.clone().or_else(|| person.email.clone()).unwrap_or_default();
        let act = act(person, directory, &namesakes, findings);
        let names_team = !matches!(act, PersonAct::Refuse);
        if let Some(team) = person.team.as_deref().filter(|team| names_team && !team.is_empty()) {
            newcomers.name(person.row, team);
        }
        PlannedPerson { row: person.row, name, act }
    });
    (planned.collect(), newcomers.new)
}

/// Those who stand in the file under one name and several addresses: perhaps several people, perhaps one who is written
/// down twice. Nobody but a person can tell, so it is said.
struct Namesakes<'a>(BTreeMap<String, Vec<&'a Person>>);

impl<'a> Namesakes<'a> {
    fn of(people: &'a [Person]) -> Self {
        let mut by_name: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
        for person in people.iter().filter(|person| person.email.is_some()) {
            if let Some(name) = &person.name {
                by_name.entry(name.to_lowercase()).or_default().push(person);
            }
        }
        by_name.retain(|_, people| people.len() > 1);
        Namesakes(by_name)
    }

    fn has(&self, person: &Person) -> bool {
        person.name.as_ref().is_some_and(|name| self.0.contains_key(&name.to_lowercase()))
    }

    /// Where all of them are known by their addresses there is nothing to tell.
    fn note(&self, directory: &Directory<'_>, findings: &mut Findings) {
        for people in self.0.values() {
            let is_known = |person: &&Person| matches!(directory.find(person), Ok(Some(_)) | Err(_));
            let (known, new): (Vec<&Person>, Vec<&Person>) = people.iter().copied().partition(is_known);
            if new.is_empty() {
                continue;
            }
            let addresses = |people: &[&Person]| {
                let quoted = people.iter().filter_map(|person| person.email.as_deref()).map(quoted);
                quoted.collect::<Vec<_>>().join(", ")
            };
            let name = quoted(people[0].name.as_deref().unwrap_or_default());
            let rows = people.iter().map(|person| person.row.to_string()).collect::<Vec<_>>().join(" and ");
            let count = people.len();
            findings.notices.push(if known.is_empty() {
                let addresses = addresses(&new);
                format!(
                    "rows {rows}: {name} stands here under {count} addresses, {addresses}, and becomes {count} people"
                )
            } else {
                let (known, new) = (addresses(&known), addresses(&new));
                format!("rows {rows}: {name} is known under {known}; under {new} another person of that name is made")
            });
        }
    }
}

fn act(person: &Person, directory: &Directory<'_>, namesakes: &Namesakes<'_>, findings: &mut Findings) -> PersonAct {
    let column = if person.email.is_some() { "email" } else { "name" };
    match directory.find(person) {
        Ok(Some(known)) => keep_or_change(person, known, findings),
        Ok(None) => {
            if !namesakes.has(person) {
                directory.note_namesake(person, findings);
            }
            create(person, findings)
        }
        Err(message) => {
            findings.refuse(person.row, column, message);
            PersonAct::Refuse
        }
    }
}

fn create(person: &Person, findings: &mut Findings) -> PersonAct {
    let email = person.email.clone().unwrap_or_default();
    let Some(name) = &person.name else {
        findings.refuse(
            person.row,
            "email",
            format!("nobody has the address {}, and the row has no name", quoted(&email)),
        );
        return PersonAct::Refuse;
    };
    let team = person.team.clone().filter(|team| !team.is_empty());
    let post = Post { team, title: person.title.clone().unwrap_or_default() };
    let new = NewPerson { name: name.clone(), email: email.clone(), title: post.title.clone(), team_id: None };
    if let Err(Error::Invalid(invalid)) = new.check() {
        for error in invalid.errors() {
            findings.refuse(person.row, &error.field, error.message.trim_end_matches('.'));
        }
        return PersonAct::Refuse;
    }
    PersonAct::Create { email, post }
}

fn keep_or_change(person: &Person, known: &KnownPerson, findings: &mut Findings) -> PersonAct {
    if let Some(name) = person.name.as_ref().filter(|name| **name != known.name) {
        let (row, name, known) = (person.row, quoted(name), quoted(&known.name));
        findings.notices.push(format!("row {row}: {known} is called {name} here; the name stays {known}"));
    }
    let before = Post { team: known.team.clone(), title: known.title.clone() };
    let mut after = before.clone();
    match person.team.as_deref() {
        Some("") if before.team.is_some() => findings.left += 1,
        Some("") | None => {}
        Some(team) => after.team = Some(team.to_owned()),
    }
    match person.title.as_deref() {
        Some("") if !before.title.is_empty() => findings.left += 1,
        Some("") | None => {}
        Some(title) => title.clone_into(&mut after.title),
    }
    if before == after {
        return PersonAct::Keep { id: known.id };
    }
    PersonAct::Change { id: known.id, version: known.version, before, after }
}
