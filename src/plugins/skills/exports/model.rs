//! Reads what an export writes.
//!
//! People and skills are few enough to be held; ratings are read for a page of people at a time. People are put in order
//! here, byte by byte, because each database orders text in its own way.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::super::READ;
use super::super::categories;
use super::super::imports::file::LONG_COLUMNS;
use super::super::levels::{Level, Standing};
use super::super::matrix::model::Filter;
use super::super::scales::{self, Scales};
use super::super::sight::Sight;
use super::{Form, What};
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::db::contains;
use crate::error::{Error, Result};
use crate::sql;
use crate::tables::{Cell, quoted};

/// The ratings of how many people are read at once.
const PEOPLE_AT_ONCE: usize = 10;
/// What a worksheet can hold, and `tables` reads back.
const MAX_COLUMNS: usize = 16_384;

const PERSON_COLUMNS: [&str; 4] = ["name", "email", "team", "title"];
const SKILL_COLUMNS: [&str; 5] = ["name", "category", "description", "uri", "scale"];

pub type Row = Vec<Cell<'static>>;

/// What is to be written, as far as it is known before the first row.
#[derive(Debug)]
pub struct Export {
    what: What,
    sight: Sight,
    people: Vec<Person>,
    skills: Vec<Skill>,
    scales: Arc<Scales>,
}

#[derive(Debug, sqlx::FromRow)]
struct Person {
    id: i64,
    name: String,
    email: Option<String>,
    email_key: Option<String>,
    team_id: Option<i64>,
    team: Option<String>,
    title: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Skill {
    id: i64,
    category: String,
    name: String,
    scale_id: i64,
}

#[derive(sqlx::FromRow)]
struct RatingRow {
    person_id: i64,
    skill_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    note: String,
}

/// Prepares an export of what the filter leaves.
///
/// # Errors
/// Forbidden; Invalid where the wide form cannot hold the skills.
pub async fn prepare(app: &App, actor: &Actor, what: What, filter: &Filter) -> Result<Export> {
    actor.require(if what == What::People { accounts::READ } else { READ })?;
    let is_ratings = matches!(what, What::Ratings(_));
    let sight = if is_ratings { Sight::of(app, actor).await? } else { Sight::All };
    let people = if what == What::Skills { Vec::new() } else { people(app, filter, &sight).await? };
    let skills = if what == What::People { Vec::new() } else { skills(app, filter).await? };
    if what == What::Ratings(Form::Wide) {
        check_wide(&skills)?;
    }
    Ok(Export { what, sight, people, skills, scales: scales::all(app).await? })
}

impl Export {
    pub fn what(&self) -> What {
        self.what
    }

    pub fn header(&self) -> Vec<String> {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        match self.what {
            What::Ratings(Form::Long) => columns(&LONG_COLUMNS),
            What::Ratings(Form::Wide) => {
                let mut header: Vec<String> = columns(&PERSON_COLUMNS);
                header.extend(self.skills.iter().map(|skill| skill.name.clone()));
                header
            }
            What::Skills => columns(&SKILL_COLUMNS),
            What::People => columns(&PERSON_COLUMNS),
        }
    }

    /// Reads the rows in their order and sends them page by page, until the last one or until nobody takes them.
    pub async fn send_rows(&self, app: &App, pages: &Sender<Vec<Row>>) -> Result<()> {
        match self.what {
            What::Ratings(form) => self.send_ratings(app, form, pages).await,
            What::Skills => self.send_skills(app, pages).await,
            What::People => {
                let rows = self.people.iter().map(|person| person.cells().into()).collect();
                // Nobody takes it when the file cannot be written on; the writer knows why.
                let _ = pages.send(rows).await;
                Ok(())
            }
        }
    }

    async fn send_ratings(&self, app: &App, form: Form, pages: &Sender<Vec<Row>>) -> Result<()> {
        let skill_ids: Vec<i64> = self.skills.iter().map(|skill| skill.id).collect();
        let skills: HashMap<i64, usize> = skill_ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        for people in self.people.chunks(PEOPLE_AT_ONCE) {
            let mut ratings = ratings(app, people, &skill_ids).await?;
            let mut rows = Vec::new();
            for person in people {
                let own = ratings.remove(&person.id).unwrap_or_default();
                let seen = |rating: &RatingRow| self.sight.sees(person.id, person.team_id, rating.skill_id);
                let own = own.into_iter().filter(seen).map(|rating| (skills[&rating.skill_id], rating));
                match form {
                    Form::Long => rows.extend(self.long_rows(person, own.collect())),
                    Form::Wide => rows.push(self.wide_row(person, own)),
                }
            }
            if pages.send(rows).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// By skill and category; what says nothing is left out.
    fn long_rows(&self, person: &Person, mut ratings: Vec<(usize, RatingRow)>) -> Vec<Row> {
        ratings.retain(|(_, rating)| rating.says_something());
        let key = |place: usize| (&self.skills[place].name, &self.skills[place].category);
        ratings.sort_by(|(one, _), (other, _)| key(*one).cmp(&key(*other)));
        ratings.into_iter().map(|(place, rating)| self.long_row(person, &self.skills[place], rating)).collect()
    }

    fn long_row(&self, person: &Person, skill: &Skill, rating: RatingRow) -> Row {
        let scale = self.scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default();
        let rest = [
            Cell::Owned(skill.category.clone()),
            Cell::Owned(skill.name.clone()),
            level_cell(rating.standing()),
            rating.interest.map_or(Cell::Text(""), |interest| Cell::Number(interest as f64)),
            Cell::Owned(rating.note),
            Cell::Owned(scale),
        ];
        person.cells().into_iter().chain(rest).collect()
    }

    fn wide_row(&self, person: &Person, ratings: impl Iterator<Item = (usize, RatingRow)>) -> Row {
        let mut row: Row = person.cells().into();
        row.resize(PERSON_COLUMNS.len() + self.skills.len(), Cell::Text(""));
        for (place, rating) in ratings {
            row[PERSON_COLUMNS.len() + place] = level_cell(rating.standing());
        }
        row
    }

    async fn send_skills(&self, app: &App, pages: &Sender<Vec<Row>>) -> Result<()> {
        for skills in self.skills.chunks(1000) {
            let ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
            let query = app.db.q(sql!("SELECT id, description, uri FROM skills WHERE id IN ({ids})"));
            let texts: Vec<(i64, String, String)> = query.bind_ids(&ids).all().await?;
            let mut texts: HashMap<i64, (String, String)> = texts.into_iter().map(|(id, d, u)| (id, (d, u))).collect();
            let rows = skills.iter().map(|skill| self.skill_row(skill, texts.remove(&skill.id).unwrap_or_default()));
            if pages.send(rows.collect()).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn skill_row(&self, skill: &Skill, (description, uri): (String, String)) -> Row {
        let scale = self.scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default();
        [skill.name.clone(), skill.category.clone(), description, uri, scale].map(Cell::Owned).into()
    }
}

impl Person {
    fn cells(&self) -> [Cell<'static>; 4] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [self.name.clone(), text(&self.email), text(&self.team), self.title.clone()].map(Cell::Owned)
    }
}

impl RatingRow {
    fn standing(&self) -> Standing {
        Standing::from_columns(self.level, self.not_applicable)
    }

    fn says_something(&self) -> bool {
        self.standing() != Standing::Unset || self.interest.is_some() || !self.note.is_empty()
    }
}

/// A level is a number of its scale, also where the scale has names for its levels: every import takes numbers.
fn level_cell(standing: Standing) -> Cell<'static> {
    match standing {
        Standing::Unset => Cell::Text(""),
        Standing::NotApplicable => Cell::Text("n/a"),
        Standing::At(level) => Cell::Number(Level::hundredths(level) as f64 / 100.0),
    }
}

/// A column is known by its name alone, so no two skills may share one, nor look like a person's detail.
fn check_wide(skills: &[Skill]) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("form", format!("{why} Use the long form.")));
    if skills.len() + PERSON_COLUMNS.len() > MAX_COLUMNS {
        return refuse(format!(
            "The wide form has at most {MAX_COLUMNS} columns, and there are {} skills.",
            skills.len()
        ));
    }
    let mut categories: HashMap<&str, &str> = HashMap::new();
    for skill in skills {
        let name = quoted(&skill.name);
        if let Some(first) = categories.insert(&skill.name, &skill.category) {
            let (first, second) = (quoted(first), quoted(&skill.category));
            return refuse(format!("The wide form cannot tell {name} of {first} from {name} of {second}."));
        }
        let lower = skill.name.to_lowercase();
        if lower == "skill" || PERSON_COLUMNS.contains(&lower.as_str()) {
            return refuse(format!("In the wide form the skill {name} would be taken for another column."));
        }
    }
    Ok(())
}

async fn people(app: &App, filter: &Filter, sight: &Sight) -> Result<Vec<Person>> {
    let team = filter.team_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.email, p.email_key, p.team_id, t.name AS team, p.title FROM people p LEFT JOIN teams t ON t.id = p.team_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND p.name_key LIKE ? ESCAPE '!' AND (? = 1 OR p.id = ? OR p.team_id = ?)"
    ));
    let query = sight.bind_people(query.bind(team).bind(team).bind(contains(&filter.person)));
    let mut people: Vec<Person> = query.all().await?;
    people.sort_by(|one, other| (&one.email_key, &one.name, one.id).cmp(&(&other.email_key, &other.name, other.id)));
    Ok(people)
}

/// In the order of the catalogue.
async fn skills(app: &App, filter: &Filter) -> Result<Vec<Skill>> {
    let (first, last) = categories::model::range(app, filter.category_id).await?;
    let query = app.db.q(sql!(
        "SELECT s.id, c.name AS category, s.name, s.scale_id FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.active = TRUE AND s.category_position BETWEEN ? AND ? AND s.name_key LIKE ? ESCAPE '!'
         ORDER BY s.category_position, s.name_key, s.id"
    ));
    Ok(query.bind(first).bind(last).bind(contains(&filter.skill)).all().await?)
}

async fn ratings(app: &App, people: &[Person], skills: &[i64]) -> Result<HashMap<i64, Vec<RatingRow>>> {
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let query = app.db.q(sql!(
        "SELECT person_id, skill_id, level, not_applicable, interest, note FROM ratings
         WHERE person_id IN ({ids}) AND skill_id IN ({ids})"
    ));
    let mut ratings: HashMap<i64, Vec<RatingRow>> = HashMap::new();
    for rating in query.bind_ids(&ids).bind_ids(skills).all::<RatingRow>().await? {
        ratings.entry(rating.person_id).or_default().push(rating);
    }
    Ok(ratings)
}
