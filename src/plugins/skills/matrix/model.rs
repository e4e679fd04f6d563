//! The matrix of people and skills, read through a window.
//!
//! A window costs three queries whatever the size of the organisation: its people, its skills, its ratings (see
//! `blocks`). Where the teams and the categories begin is counted once and kept until people or skills change, so that a
//! window far inside is found as quickly as the first.

use super::super::as_of::AsOf;
use super::super::categories::model::range;
use super::super::coverage::shortages::model::{self as shortages, Shortage};
use super::super::levels::Scale;
use super::super::scales::{self, Scales};
use super::super::sight::Sight;
use super::super::{CATALOGUE_TOPIC, READ, TOPIC};
use super::filter::View;
use super::lines::{self, Group, Part};
use super::marks::model::{self as marks, Places};
use super::mode::Mode;
use super::narrowing::model::{self as narrowing, Lists};
use super::past::model::{self as past, Moment};
use super::past::sums::model as past_sums;
use super::sums::model::{self as sums, Sums};
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::db::{Sql, contains};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

pub use super::filter::Filter;
pub use super::marks::model::Mark;

/// A window is at most this large, so that nobody can ask for the whole matrix at once.
pub const MAX_LINES: i64 = 240;
pub const MAX_COLUMNS: i64 = 80;

/// The window that is asked for: lines with their team headings, and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub line: i64,
    pub lines: i64,
    pub column: i64,
    pub columns: i64,
}

impl Default for Span {
    fn default() -> Self {
        Span { line: 0, lines: 60, column: 0, columns: 40 }
    }
}

/// How large the filtered matrix is and where its teams and categories begin.
#[derive(Debug, Default)]
pub struct Extent {
    pub groups: Vec<Group>,
    /// The rank of each category, and how many of its skills are shown.
    pub categories: Vec<(i64, i64)>,
    pub people: i64,
    pub lines: i64,
    pub skills: i64,
    /// What a filter left that only the ratings or the tags can answer.
    lists: Option<Arc<Lists>>,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonRow {
    pub id: i64,
    pub name: String,
    pub title: String,
    pub team_id: Option<i64>,
    pub team: Option<String>,
    /// Skills above level zero.
    pub able: i64,
    /// Skills with a level.
    pub rated: i64,
    /// Skills below what is required.
    pub gaps: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SkillColumn {
    pub id: i64,
    pub name: String,
    pub category_id: i64,
    pub category: String,
    /// The scale of the day that is looked at.
    pub scale_id: i64,
    /// People above level zero.
    pub able: i64,
    /// People with a level.
    pub rated: i64,
    /// The sum of their levels, in hundredths.
    pub level_sum: i64,
    /// People below what is required of them.
    pub gaps: i64,
}

/// What a window shows.
#[derive(Debug)]
pub struct Window {
    pub extent: Arc<Extent>,
    pub part: Part,
    pub column: i64,
    pub people: Vec<PersonRow>,
    pub skills: Vec<SkillColumn>,
    /// One for each person and skill of the window, row by row.
    pub marks: Vec<Mark>,
    /// In the modes that count something else than levels.
    pub sums: Option<Sums>,
    /// Which skills too few people have, by id; told where gaps are.
    pub shortages: HashMap<i64, Shortage>,
    pub scales: Arc<Scales>,
    pub mode: Mode,
    /// When it was read, in UTC milliseconds.
    pub now_ms: i64,
}

impl Window {
    /// The marks of a person, in the order of the skills.
    pub fn row(&self, index: usize) -> &[Mark] {
        let width = self.skills.len();
        &self.marks[index * width..(index + 1) * width]
    }

    pub fn scale_of(&self, skill: &SkillColumn) -> &Scale {
        self.scales.get(skill.scale_id).expect("a foreign key keeps the scale of every skill")
    }
}

pub async fn window(app: &App, actor: &Actor, view: &View, span: Span) -> Result<Window> {
    let sight = Sight::of(app, actor).await?;
    let view = &View { filter: view.filter.within(&sight), ..view.clone() };
    let filter = &view.filter;
    let extent = extent(app, filter, view.as_of).await?;
    let part = lines::part(&extent.groups, span.line, span.lines.clamp(2, MAX_LINES));
    let columns = span.columns.clamp(1, MAX_COLUMNS);
    let column = span.column.clamp(0, (extent.skills - 1).max(0));
    let (people, skills) = match &extent.lists {
        Some(lists) => listed(app, lists, part, (column, columns)).await?,
        None => tokio::try_join!(people(app, filter, &extent, part), skills(app, filter, &extent, (column, columns)))?,
    };
    fill(app, view, &sight, Frame { extent, part, column }, people, skills).await
}

/// Where a window stands in the matrix.
struct Frame {
    extent: Arc<Extent>,
    part: Part,
    column: i64,
}

async fn fill(
    app: &App,
    view: &View,
    sight: &Sight,
    frame: Frame,
    mut people: Vec<PersonRow>,
    mut skills: Vec<SkillColumn>,
) -> Result<Window> {
    let scales = scales::all(app).await?;
    let places = Places::of(&people, &skills, sight);
    for skill in &mut skills {
        skill.scale_id = scales.id_on(skill.id, skill.scale_id, view.as_of);
    }
    let moment = Moment::of(view.as_of);
    let lines = (people.as_mut_slice(), skills.as_mut_slice());
    let (marks, sums) = match &moment {
        None => tokio::try_join!(marks::read(app, &places, view.mode), sums::read(app, view, lines, &places))?,
        Some(moment) => tokio::try_join!(
            past::marks(app, &places, moment, view.mode),
            past_sums::sums(app, moment, view, lines, &places)
        )?,
    };
    let shortages = shortages(app, view, &places, view.as_of).await?;
    let Frame { extent, part, column } = frame;
    // How long ago something was said is told from the day that is looked at.
    let now_ms = moment.map_or(app.now_ms(), |moment| moment.before_ms - 1);
    Ok(Window { extent, part, column, people, skills, marks, sums, shortages, scales, mode: view.mode, now_ms })
}

async fn shortages(app: &App, view: &View, places: &Places<'_>, as_of: AsOf) -> Result<HashMap<i64, Shortage>> {
    match view.mode {
        Mode::Gap => shortages::of_skills(app, &places.skills, view.filter.team_id, as_of).await,
        _ => Ok(HashMap::new()),
    }
}

/// When anything was said first, where that is after the day that is asked for; 0 where nothing was said at all.
pub async fn begins_later(app: &App, actor: &Actor, as_of: AsOf) -> Result<Option<i64>> {
    actor.require(READ)?;
    let Some(before_ms) = as_of.before_ms() else { return Ok(None) };
    let first = past::first_at(app).await?;
    Ok(first.map_or(Some(0), |first| (first >= before_ms).then_some(first)))
}

/// One cell with its row and its column as they are today, as a window of one line: what is answered when it changed.
pub async fn cell(app: &App, actor: &Actor, view: &View, (person_id, skill_id): (i64, i64)) -> Result<Window> {
    let sight = Sight::of(app, actor).await?;
    let (person, skill) = ([person_id], [skill_id]);
    // Side by side, as everybody who saves waits for this. What must not be seen is let go before anything is shown.
    let places = Places::of_one(person_id, skill_id);
    let (mut people, mut skills, marks, scales) = tokio::try_join!(
        people_by_id(app, &person),
        skills_by_id(app, &skill),
        marks::read(app, &places, view.mode),
        scales::all(app),
    )?;
    if people.is_empty() || skills.is_empty() {
        return Err(Error::NotFound);
    }
    sight.require(person_id, people[0].team_id, skill_id)?;
    let places = Places::of(&people, &skills, &sight);
    let sums = sums::read(app, view, (&mut people, &mut skills), &places).await?;
    let shortages = shortages(app, view, &places, AsOf::Now).await?;
    let (part, now_ms) = (Part { offset: 0, people: 1, top_line: 0 }, app.now_ms());
    let (extent, column, mode) = (Arc::default(), 0, view.mode);
    Ok(Window { extent, part, column, people, skills, marks, sums, shortages, scales, mode, now_ms })
}

/// The size of the filtered matrix. Ratings change it only where the filter asks for them, so that otherwise it stays in
/// the cache.
async fn extent(app: &App, filter: &Filter, as_of: AsOf) -> Result<Arc<Extent>> {
    if filter.is_narrow() {
        let lists = narrowing::lists(app, filter, as_of).await?;
        return Ok(Arc::new(Extent {
            people: lists.people.len() as i64,
            lines: lines::total(&lists.groups),
            skills: lists.skills.len() as i64,
            categories: Vec::new(),
            groups: lists.groups.clone(),
            lists: Some(lists),
        }));
    }
    let key = format!("skills/extent/{filter:?}");
    app.cache.get_or(&[CATALOGUE_TOPIC, accounts::TOPIC], key, async || measure(app, filter).await).await
}

async fn measure(app: &App, filter: &Filter) -> Result<Extent> {
    let team = filter.team_id.unwrap_or(0);
    let rows: Vec<(Option<i64>, Option<String>, i64, i64)> = app
        .db
        .q(sql!(
            "SELECT p.team_id, t.name, p.team_position, COUNT(*) FROM people p LEFT JOIN teams t ON t.id = p.team_id
             WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND p.name_key LIKE ? ESCAPE '!'
             GROUP BY p.team_position, p.team_id, t.name ORDER BY p.team_position"
        ))
        .bind(team)
        .bind(team)
        .bind(contains(&filter.person))
        .all()
        .await?;
    let group = |(id, name, position, people): (Option<i64>, Option<String>, i64, i64)| Group {
        id: id.unwrap_or(0),
        name: team_title(name.as_deref()).to_owned(),
        position,
        people,
    };
    let groups: Vec<Group> = rows.into_iter().map(group).collect();
    let (first, last) = range(app, filter.category_id).await?;
    let query = app.db.q(sql!(
        "SELECT s.category_position, COUNT(*) FROM skills s
         WHERE s.active = TRUE AND s.category_position BETWEEN ? AND ? AND (s.name_key LIKE ? ESCAPE '!'
           OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
         GROUP BY s.category_position ORDER BY s.category_position"
    ));
    let query = query.bind(first).bind(last).bind(contains(&filter.skill)).bind(contains(&filter.skill));
    let categories: Vec<(i64, i64)> = query.all().await?;
    let people = groups.iter().map(|group| group.people).sum();
    let skills = categories.iter().map(|(_, skills)| skills).sum();
    Ok(Extent { people, lines: lines::total(&groups), skills, groups, categories, lists: None })
}

/// What stands where a team's name would stand.
pub fn team_title(name: Option<&str>) -> &str {
    name.unwrap_or("Without a team")
}

/// Rank of the first team, team (0 for all, twice), pattern of the name, count, offset from that first team on. An offset
/// from the top would walk past thousands of people. Who is shown is found in the index alone: of the others nothing is
/// read, and MariaDB begins at that rank only if the index covers what it needs.
pub const WINDOW_PEOPLE: &Sql = sql!(
    "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(m.able, 0) AS able, COALESCE(m.rated, 0) AS rated,
     COALESCE(m.gaps, 0) AS gaps
     FROM (SELECT w.id FROM people w
           WHERE w.active = TRUE AND w.team_position >= ? AND (? = 0 OR w.team_id = ?) AND w.name_key LIKE ? ESCAPE '!'
           ORDER BY w.team_position, w.name_key, w.id LIMIT ? OFFSET ?) AS shown
     JOIN people p ON p.id = shown.id LEFT JOIN teams t ON t.id = p.team_id
     LEFT JOIN person_summaries m ON m.person_id = p.id ORDER BY p.team_position, p.name_key, p.id"
);

async fn people(app: &App, filter: &Filter, extent: &Extent, part: Part) -> Result<Vec<PersonRow>> {
    let team = filter.team_id.unwrap_or(0);
    let groups = extent.groups.iter().map(|group| (group.position, group.people));
    let (position, offset) = lines::seek(groups, part.offset);
    let query = app.db.q(WINDOW_PEOPLE).bind(position).bind(team).bind(team);
    let query = query.bind(contains(&filter.person)).bind(part.people).bind(offset);
    Ok(query.all().await?)
}

/// Ranks of the first and the last category, pattern of the name or alias (twice), count, offset from that first category on. As in
/// `WINDOW_PEOPLE`, the columns to show are found in the index alone.
pub const WINDOW_SKILLS: &Sql = sql!(
    "SELECT s.id, s.name, s.category_id, c.name AS category, s.scale_id, COALESCE(m.able, 0) AS able,
     COALESCE(m.rated, 0) AS rated, COALESCE(m.level_sum, 0) AS level_sum, COALESCE(m.gaps, 0) AS gaps
     FROM (SELECT w.id FROM skills w
           WHERE w.active = TRUE AND w.category_position BETWEEN ? AND ? AND (w.name_key LIKE ? ESCAPE '!'
             OR w.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
           ORDER BY w.category_position, w.name_key, w.id LIMIT ? OFFSET ?) AS shown
     JOIN skills s ON s.id = shown.id JOIN skill_categories c ON c.id = s.category_id
     LEFT JOIN skill_summaries m ON m.skill_id = s.id ORDER BY s.category_position, s.name_key, s.id"
);

/// The columns with their summaries: of the filtered team, else of everybody.
async fn skills(
    app: &App,
    filter: &Filter,
    extent: &Extent,
    (column, columns): (i64, i64),
) -> Result<Vec<SkillColumn>> {
    let (first, offset) = lines::seek(extent.categories.iter().copied(), column);
    let last = extent.categories.last().map_or(first, |(position, _)| *position);
    let query = app.db.q(WINDOW_SKILLS).bind(first).bind(last);
    let query = query.bind(contains(&filter.skill)).bind(contains(&filter.skill)).bind(columns).bind(offset);
    Ok(query.all().await?)
}

/// The part of the lists that a window shows.
async fn listed(
    app: &App,
    lists: &Lists,
    part: Part,
    (column, columns): (i64, i64),
) -> Result<(Vec<PersonRow>, Vec<SkillColumn>)> {
    let slice = |ids: &[i64], start: i64, count: i64| {
        ids.iter().skip(start as usize).take(count as usize).copied().collect::<Vec<i64>>()
    };
    let (people, skills) = (slice(&lists.people, part.offset, part.people), slice(&lists.skills, column, columns));
    tokio::try_join!(people_by_id(app, &people), skills_by_id(app, &skills))
}

async fn people_by_id(app: &App, ids: &[i64]) -> Result<Vec<PersonRow>> {
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(m.able, 0) AS able, COALESCE(m.rated, 0) AS rated,
         COALESCE(m.gaps, 0) AS gaps
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN person_summaries m ON m.person_id = p.id
         WHERE p.active = TRUE AND p.id IN ({ids}) ORDER BY p.team_position, p.name_key, p.id"
    ));
    Ok(query.bind_ids(ids).all().await?)
}

async fn skills_by_id(app: &App, ids: &[i64]) -> Result<Vec<SkillColumn>> {
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, s.category_id, c.name AS category, s.scale_id, COALESCE(m.able, 0) AS able,
         COALESCE(m.rated, 0) AS rated, COALESCE(m.level_sum, 0) AS level_sum, COALESCE(m.gaps, 0) AS gaps
         FROM skills s JOIN skill_categories c ON c.id = s.category_id LEFT JOIN skill_summaries m ON m.skill_id = s.id
         WHERE s.id IN ({ids}) ORDER BY s.category_position, s.name_key, s.id"
    ));
    Ok(query.bind_ids(ids).all().await?)
}

/// The topics that a rendered window depends on.
pub const WINDOW_TOPICS: [&str; 3] = [TOPIC, CATALOGUE_TOPIC, accounts::TOPIC];

/// The size of the whole matrix.
pub struct Totals {
    pub people: i64,
    pub skills: i64,
    pub ratings: i64,
}

pub async fn totals(app: &App, actor: &Actor) -> Result<Totals> {
    let sight = Sight::of(app, actor).await?;
    let extent = extent(app, &Filter::default().within(&sight), AsOf::Now).await?;
    let query = app.db.q(sql!(
        "SELECT CAST(COALESCE(SUM(m.rated), 0) AS {i64}) FROM person_summaries m JOIN people p ON p.id = m.person_id
         WHERE (? = 1 OR p.id = ? OR p.team_id = ?)"
    ));
    let (ratings,) = sight.bind_people(query).one::<(i64,)>().await?;
    Ok(Totals { people: extent.people, skills: extent.skills, ratings })
}
