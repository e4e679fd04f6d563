//! The people that a file names, each once.
//!
//! A person is known by the email address, whatever its case, else by the name. Two rows that say different things of
//! one person are a problem, not a choice to be made in silence.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::tables::{Problem, Row, Table, quoted};

use super::Findings;
use super::columns::{Column, find_one};

/// A person as a file describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Where the person was first named (1-based).
    pub row: u32,
    /// None where the file has no name; then there is an email address.
    pub name: Option<String>,
    /// As the file writes it; compare it without regard to case. None where the file has none; then there is a name.
    pub email: Option<String>,
    /// None where the file has no such column; empty where the person has none.
    pub team: Option<String>,
    /// None where the file has no such column; empty where the person has none.
    pub title: Option<String>,
}

#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Email(String),
    Name(String),
}

pub(super) struct PersonColumns {
    name: Option<Column>,
    email: Option<Column>,
    team: Option<Column>,
    title: Option<Column>,
}

impl PersonColumns {
    pub const NAMES: [&str; 4] = ["name", "email", "team", "title"];

    /// None, with a problem that says so, where the file has neither names nor email addresses.
    pub fn find(table: &Table, findings: &mut Findings) -> Option<PersonColumns> {
        let [name, email, team, title] = Self::NAMES.map(|column| find_one(table, &[column], findings));
        if name.is_none() && email.is_none() {
            let message = "the header needs a column “name” or “email” that tells whose ratings these are";
            findings.problems.push(Problem::row(table.header_row, message));
            return None;
        }
        Some(PersonColumns { name, email, team, title })
    }

    /// Where to point when nothing says who a row is about.
    fn identifying(&self) -> &str {
        self.email.as_ref().or(self.name.as_ref()).map_or("", |column| &column.name)
    }
}

pub(super) struct People {
    columns: PersonColumns,
    people: Vec<Person>,
    index: HashMap<Identity, usize>,
}

pub(super) enum Found {
    New(usize),
    Known(usize),
}

impl People {
    pub fn new(columns: PersonColumns) -> People {
        People { columns, people: Vec::new(), index: HashMap::new() }
    }

    pub fn get(&self, person: usize) -> &Person {
        &self.people[person]
    }

    /// The person that a row is about; none, with a problem, where it does not say.
    pub fn take(&mut self, row: Row<'_>, findings: &mut Findings) -> Option<Found> {
        let person = self.person(row);
        let identity = match (&person.email, &person.name) {
            (Some(email), _) => Identity::Email(email.to_lowercase()),
            (None, Some(name)) => Identity::Name(name.clone()),
            (None, None) => {
                let message = "the row has neither a name nor an email address";
                findings.problems.push(Problem::cell(row.number, self.columns.identifying(), message));
                return None;
            }
        };
        match self.index.entry(identity) {
            Entry::Occupied(known) => {
                let known = *known.get();
                self.check_agreement(&self.people[known], &person, findings);
                Some(Found::Known(known))
            }
            Entry::Vacant(place) => {
                let new = *place.insert(self.people.len());
                self.check(&person, findings);
                self.people.push(person);
                Some(Found::New(new))
            }
        }
    }

    /// The list, after a word about names that stand both with and without an email address.
    pub fn into_people(self, findings: &mut Findings) -> Vec<Person> {
        let with_email = self.people.iter().filter(|person| person.email.is_some());
        let names: HashSet<&str> = with_email.filter_map(|person| person.name.as_deref()).collect();
        for person in self.people.iter().filter(|person| person.email.is_none()) {
            if let Some(name) = person.name.as_deref().filter(|name| names.contains(name)) {
                let (row, name) = (person.row, quoted(name));
                let notice = format!("row {row}: {name} has no email address here and is taken for another {name}");
                findings.notices.push(notice);
            }
        }
        self.people
    }

    fn person(&self, row: Row<'_>) -> Person {
        let cell = |column: &Option<Column>| column.as_ref().map(|column| column.cell(row).to_owned());
        let filled = |column: &Option<Column>| cell(column).filter(|text| !text.is_empty());
        let columns = &self.columns;
        Person {
            row: row.number,
            name: filled(&columns.name),
            email: filled(&columns.email),
            team: cell(&columns.team),
            title: cell(&columns.title),
        }
    }

    fn check(&self, person: &Person, findings: &mut Findings) {
        for (column, text) in self.details(person) {
            findings.check_name(person.row, column, text);
        }
        if let (Some(column), Some(email)) = (&self.columns.email, &person.email)
            && !is_email(email)
        {
            let message = format!("{} is not an email address", quoted(email));
            findings.problems.push(Problem::cell(person.row, column.name.clone(), message));
        }
    }

    fn check_agreement(&self, first: &Person, again: &Person, findings: &mut Findings) {
        let email_column = self.columns.email.as_ref().map(|column| column.name.as_str());
        for ((column, before), (_, now)) in self.details(first).zip(self.details(again)) {
            if before == now || Some(column) == email_column {
                continue;
            }
            let message =
                format!("{} differs from {} in row {}, of the same person", shown(now), shown(before), first.row);
            findings.problems.push(Problem::cell(again.row, column, message));
        }
    }

    /// The columns that the file has, with what they say of the person.
    fn details<'a>(&'a self, person: &'a Person) -> impl Iterator<Item = (&'a str, &'a str)> {
        let columns = &self.columns;
        let pairs = [
            (&columns.name, &person.name),
            (&columns.email, &person.email),
            (&columns.team, &person.team),
            (&columns.title, &person.title),
        ];
        pairs
            .into_iter()
            .filter_map(|(column, text)| Some((column.as_ref()?.name.as_str(), text.as_deref().unwrap_or_default())))
    }
}

fn is_email(text: &str) -> bool {
    let parted = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    parted && !text.contains(char::is_whitespace)
}

fn shown(text: &str) -> String {
    if text.is_empty() { "an empty cell".to_owned() } else { quoted(text) }
}
