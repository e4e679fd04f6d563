//! Reads what an export writes.
//!
//! People and skills are few enough to be held; ratings are read for a page of people at a time. People are put in order
//! here, byte by byte, because each database orders text in its own way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::super::READ;
use super::super::as_of::AsOf;
use super::super::catalogue::labels::model::{self as labels, Labels};
use super::super::categories;
use super::super::imports::file::LONG_COLUMNS;
use super::super::levels::{Interest, Level, Standing};
use super::super::matrix::model::Filter;
use super::super::matrix::narrowing::model as narrowing;
use super::super::ratings::columns::Columns;
use super::super::ratings::model::Values;
use super::super::scales::{self, Scales};
use super::super::sight::Sight;
use super::{Form, What};
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::db::contains;
use crate::error::{Error, Result};
use crate::tables::{Cell, quoted};
use crate::{clock, sql, value_columns};

/// The ratings of how many people are read at once.
const PEOPLE_AT_ONCE: usize = 10;
/// What a worksheet can hold, and `tables` reads back.
const MAX_COLUMNS: usize = 16_384;

const PERSON_COLUMNS: [&str; 4] = ["name", "email", "team", "title"];
const SKILL_COLUMNS: [&str; 8] = ["name", "category", "description", "uri", "scale", "aliases", "tags", "owner"];

pub type Row = Vec<Cell<'static>>;

/// What is to be written, as far as it is known before the first row.
#[derive(Debug)]
pub struct Export {
    what: What,
    sight: Sight,
    people: Vec<Person>,
    skills: Vec<Skill>,
    scales: Arc<Scales>,
    as_of: AsOf,
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

/// What a list of skills tells of one beside its place.
#[derive(sqlx::FromRow)]
struct SkillTexts {
    id: i64,
    description: String,
    uri: String,
    /// The address of who looks after it, else their name.
    owner: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RatingRow {
    person_id: i64,
    skill_id: i64,
    #[sqlx(flatten)]
    columns: Columns,
    /// The address of who confirmed the level, else their name.
    confirmed_by: Option<String>,
}

/// What is said of a person and a skill.
struct Rated {
    /// Index into [`Export::skills`].
    skill: usize,
    values: Values,
    confirmed_by: Option<String>,
}

/// Prepares an export of what the filter leaves, with what was said by the end of a day. People and skills are today's.
///
/// # Errors
/// Forbidden; Invalid where the wide form cannot hold the skills.
pub async fn prepare(app: &App, actor: &Actor, what: What, filter: &Filter, as_of: AsOf) -> Result<Export> {
    actor.require(if what == What::People { accounts::READ } else { READ })?;
    let is_ratings = matches!(what, What::Ratings(_));
    let sight = if is_ratings { Sight::of(app, actor).await? } else { Sight::All };
    let filter = &filter.within(&sight);
    let mut people = if what == What::Skills { Vec::new() } else { people(app, filter, &sight).await? };
    let mut skills = if what == What::People { Vec::new() } else { skills(app, filter).await? };
    if filter.is_narrow() {
        let lists = narrowing::lists(app, filter, as_of).await?;
        let [people_left, skills_left] = [&lists.people, &lists.skills].map(|ids| ids.iter().collect::<HashSet<_>>());
        people.retain(|person| people_left.contains(&person.id));
        skills.retain(|skill| skills_left.contains(&skill.id));
    }
    if what == What::Ratings(Form::Wide) {
        check_wide(&skills)?;
    }
    Ok(Export { what, sight, people, skills, scales: scales::all(app).await?, as_of })
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
            let mut ratings = ratings(app, people, &skill_ids, self.as_of).await?;
            let mut rows = Vec::new();
            for person in people {
                let own = ratings.remove(&person.id).unwrap_or_default().into_iter();
                let seen = own.filter(|rating| self.sight.sees(person.id, person.team_id, rating.skill_id));
                let rated = seen.map(|RatingRow { skill_id, columns, confirmed_by, .. }| Rated {
                    skill: skills[&skill_id],
                    values: columns.into(),
                    confirmed_by,
                });
                match form {
                    Form::Long => rows.extend(self.long_rows(person, rated.collect())),
                    Form::Wide => rows.push(self.wide_row(person, rated)),
                }
            }
            if pages.send(rows).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// By skill and category; what says nothing is left out.
    fn long_rows(&self, person: &Person, mut rated: Vec<Rated>) -> Vec<Row> {
        rated.retain(|rated| rated.values != Values::default());
        let key = |rated: &Rated| (&self.skills[rated.skill].name, &self.skills[rated.skill].category);
        rated.sort_by(|one, other| key(one).cmp(&key(other)));
        rated.into_iter().map(|rated| self.long_row(person, rated)).collect()
    }

    fn long_row(&self, person: &Person, Rated { skill, values, confirmed_by }: Rated) -> Row {
        let skill = &self.skills[skill];
        let scale_id = self.scales.id_on(skill.id, skill.scale_id, self.as_of);
        let scale = self.scales.get(scale_id).map(|scale| scale.name.clone()).unwrap_or_default();
        let rest = [
            Cell::Owned(skill.category.clone()),
            Cell::Owned(skill.name.clone()),
            level_cell(values.standing),
            values.interest.map(Interest::value).map_or(Cell::Text(""), |interest| Cell::Number(interest as f64)),
            Cell::Owned(values.note.clone()),
            Cell::Owned(scale),
        ];
        person.cells().into_iter().chain(rest).chain(detail_cells(values, confirmed_by)).collect()
    }

    fn wide_row(&self, person: &Person, rated: impl Iterator<Item = Rated>) -> Row {
        let mut row: Row = person.cells().into();
        row.resize(PERSON_COLUMNS.len() + self.skills.len(), Cell::Text(""));
        for Rated { skill, values, .. } in rated {
            row[PERSON_COLUMNS.len() + skill] = level_cell(values.standing);
        }
        row
    }

    async fn send_skills(&self, app: &App, pages: &Sender<Vec<Row>>) -> Result<()> {
        for skills in self.skills.chunks(1000) {
            let ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
            let query = app.db.q(sql!(
                "SELECT s.id, s.description, s.uri, COALESCE(p.email, p.name) AS owner
                 FROM skills s LEFT JOIN people p ON p.id = s.owner_id WHERE s.id IN ({ids})"
            ));
            let texts: Vec<SkillTexts> = query.bind_ids(&ids).all().await?;
            let texts: HashMap<i64, SkillTexts> = texts.into_iter().map(|texts| (texts.id, texts)).collect();
            let labels = labels::of_skills(&app.db, &ids).await?;
            let rows = skills.iter().map(|skill| self.skill_row(skill, texts.get(&skill.id), labels.get(&skill.id)));
            if pages.send(rows.collect()).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Each alias and each tag stands on a line of its cell.
    fn skill_row(&self, skill: &Skill, texts: Option<&SkillTexts>, labels: Option<&Labels>) -> Row {
        let scale = self.scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default();
        let text = |of: fn(&SkillTexts) -> &str| texts.map_or("", of).to_owned();
        let lines = |of: fn(&Labels) -> &[String]| labels.map_or(&[][..], of).join("\n");
        let (description, uri) = (text(|texts| &texts.description), text(|texts| &texts.uri));
        let (aliases, tags) = (lines(|labels| &labels.aliases), lines(|labels| &labels.tags));
        let owner = text(|texts| texts.owner.as_deref().unwrap_or_default());
        [skill.name.clone(), skill.category.clone(), description, uri, scale, aliases, tags, owner]
            .map(Cell::Owned)
            .into()
    }
}

impl Person {
    fn cells(&self) -> [Cell<'static>; 4] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [self.name.clone(), text(&self.email), text(&self.team), self.title.clone()].map(Cell::Owned)
    }
}

/// Who said a level, what proves it and until when it counts, in the order of `LONG_COLUMNS`.
fn detail_cells(values: Values, confirmed_by: Option<String>) -> [Cell<'static>; 8] {
    let standing = |standing: Option<Standing>| standing.map_or(Cell::Text(""), level_cell);
    let text = |text: Option<String>| text.map_or(Cell::Text(""), Cell::Owned);
    let (until, reason) = values.suspension.map(|suspension| (suspension.until, suspension.reason)).unzip();
    [
        standing(values.own.map(|own| own.standing)),
        standing(values.confirmed.map(|confirmed| confirmed.standing)),
        text(confirmed_by),
        text(values.confirmed.map(|confirmed| clock::day_of(confirmed.at).to_string())),
        Cell::Owned(values.evidence),
        text(values.valid_until.map(|until| until.to_string())),
        text(until.map(|until| until.to_string())),
        text(reason),
    ]
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
         WHERE s.active = TRUE AND s.category_position BETWEEN ? AND ? AND (s.name_key LIKE ? ESCAPE '!'
           OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
         ORDER BY s.category_position, s.name_key, s.id"
    ));
    Ok(query.bind(first).bind(last).bind(contains(&filter.skill)).bind(contains(&filter.skill)).all().await?)
}

/// The latest event before that moment tells what was said then; without one, nothing was.
async fn ratings(app: &App, people: &[Person], skills: &[i64], as_of: AsOf) -> Result<HashMap<i64, Vec<RatingRow>>> {
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let rows: Vec<RatingRow> = match as_of.before_ms() {
        None => {
            let query = app.db.q(sql!(concat!(
                "SELECT r.person_id, r.skill_id, ",
                value_columns!("r."),
                ", COALESCE(v.email, v.name) AS confirmed_by FROM ratings r LEFT JOIN people v ON v.id = r.validated_by
                 WHERE r.person_id IN ({ids}) AND r.skill_id IN ({ids})"
            )));
            query.bind_ids(&ids).bind_ids(skills).all().await?
        }
        Some(before_ms) => {
            let query = app.db.q(sql!(concat!(
                "SELECT r.person_id, r.skill_id, ",
                value_columns!("r."),
                ", COALESCE(v.email, v.name) AS confirmed_by
                 FROM (SELECT MAX(x.id) AS id FROM rating_events x WHERE x.person_id IN ({ids}) AND x.skill_id IN ({ids})
                       AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest
                 JOIN rating_events r ON r.id = latest.id LEFT JOIN people v ON v.id = r.validated_by"
            )));
            query.bind_ids(&ids).bind_ids(skills).bind(before_ms).all().await?
        }
    };
    let mut ratings: HashMap<i64, Vec<RatingRow>> = HashMap::new();
    for rating in rows {
        ratings.entry(rating.person_id).or_default().push(rating);
    }
    Ok(ratings)
}
