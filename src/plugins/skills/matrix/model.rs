//! The matrix of people and skills, read through a window.
//!
//! A window costs three queries whatever the size of the organisation: its people, its skills, its ratings (see
//! `blocks`). Where the teams and the categories begin is counted once and kept until people or skills change, so that a
//! window far inside is found as quickly as the first.

use super::super::catalogue::model::{Category, categories};
use super::super::levels::{Interest, Scale, Standing};
use super::super::scales::{self, Scales};
use super::super::sight::{Limits, Sight};
use super::super::{CATALOGUE_TOPIC, READ, TOPIC};
use super::blocks::{Skills, blocks};
use super::lines::{self, Group, Part};
use super::sums::model::{hide_sums, narrow};
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::{self, Actor, teams};
use crate::app::App;
use crate::db::{Sql, contains};
use crate::error::Result;
use crate::sql;
use futures_util::future::try_join_all;
use std::collections::HashMap;
use std::sync::Arc;

/// A window is at most this large, so that nobody can ask for the whole matrix at once.
pub const MAX_LINES: i64 = 240;
pub const MAX_COLUMNS: i64 = 80;

/// Which people and skills the matrix shows. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub team_id: Option<i64>,
    pub category_id: Option<i64>,
    /// A part of the person's name.
    pub person: String,
    /// A part of the skill's name.
    pub skill: String,
    /// One person alone: who sees nobody else.
    pub only: Option<i64>,
}

impl Filter {
    /// Leaves out the people of whom `sight` shows nothing.
    fn within(&self, sight: &Sight) -> Filter {
        match sight {
            Sight::Limited(limits) if !sight.shows_everybody() => self.narrowed(limits),
            _ => self.clone(),
        }
    }

    /// The own team, which is as quick as any other; of another team nothing but oneself, who is not in it.
    fn narrowed(&self, limits: &Limits) -> Filter {
        let is_own = self.team_id.is_none() || self.team_id == limits.team_id;
        match limits.team_id {
            Some(_) if is_own => Filter { team_id: limits.team_id, ..self.clone() },
            _ => Filter { only: Some(limits.person_id), ..self.clone() },
        }
    }
}

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
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SkillColumn {
    pub id: i64,
    pub name: String,
    pub category_id: i64,
    pub category: String,
    pub scale_id: i64,
    /// People above level zero.
    pub able: i64,
    /// People with a level.
    pub rated: i64,
    /// The sum of their levels, in hundredths.
    pub level_sum: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub standing: Standing,
    pub interest: Option<Interest>,
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
    pub scales: Arc<Scales>,
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

/// What the filters above the matrix offer.
pub struct Choices {
    pub teams: Vec<teams::Team>,
    pub categories: Vec<Category>,
}

pub async fn choices(app: &App, actor: &Actor) -> Result<Choices> {
    actor.require(READ)?;
    // Who may see the matrix sees the teams that it is grouped by.
    let teams = teams::all(&app.db, &Actor::system()).await?;
    Ok(Choices { teams, categories: categories(app, actor).await? })
}

pub async fn window(app: &App, actor: &Actor, filter: &Filter, span: Span) -> Result<Window> {
    let sight = Sight::of(app, actor).await?;
    let filter = &filter.within(&sight);
    let extent = extent(app, filter).await?;
    let part = lines::part(&extent.groups, span.line, span.lines.clamp(2, MAX_LINES));
    let columns = span.columns.clamp(1, MAX_COLUMNS);
    let column = span.column.clamp(0, (extent.skills - 1).max(0));
    let scales = scales::all(app).await?;
    let (mut people, skills) =
        tokio::try_join!(people(app, filter, &extent, part), skills(app, filter, &sight, &extent, (column, columns)))?;
    hide_sums(app, &mut people, &sight).await?;
    let marks = marks(app, &people, &skills, &sight).await?;
    Ok(Window { extent, part, column, people, skills, marks, scales })
}

/// The size of the filtered matrix. Ratings do not change it, so a change of one leaves it in the cache.
async fn extent(app: &App, filter: &Filter) -> Result<Arc<Extent>> {
    let key = format!(
        "skills/extent/{}/{}/{}/{:?}/{:?}",
        filter.only.unwrap_or(0),
        filter.team_id.unwrap_or(0),
        filter.category_id.unwrap_or(0),
        filter.person,
        filter.skill
    );
    app.cache.get_or(&[CATALOGUE_TOPIC, accounts::TOPIC], key, async || measure(app, filter).await).await
}

async fn measure(app: &App, filter: &Filter) -> Result<Extent> {
    let team = filter.team_id.unwrap_or(0);
    let rows: Vec<(Option<i64>, Option<String>, i64, i64)> = app
        .db
        .q(sql!(
            "SELECT p.team_id, t.name, p.team_position, COUNT(*) FROM people p LEFT JOIN teams t ON t.id = p.team_id
             WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (? = 0 OR p.id = ?) AND p.name_key LIKE ? ESCAPE '!'
             GROUP BY p.team_position, p.team_id, t.name ORDER BY p.team_position"
        ))
        .bind(team)
        .bind(team)
        .bind(filter.only.unwrap_or(0))
        .bind(filter.only.unwrap_or(0))
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
    let category = filter.category_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT s.category_position, COUNT(*) FROM skills s
         WHERE s.active = TRUE AND (? = 0 OR s.category_id = ?) AND s.name_key LIKE ? ESCAPE '!'
         GROUP BY s.category_position ORDER BY s.category_position"
    ));
    let query = query.bind(category).bind(category).bind(contains(&filter.skill));
    let categories: Vec<(i64, i64)> = query.all().await?;
    let people = groups.iter().map(|group| group.people).sum();
    let skills = categories.iter().map(|(_, skills)| skills).sum();
    Ok(Extent { people, lines: lines::total(&groups), skills, groups, categories })
}

/// What stands where a team's name would stand.
pub fn team_title(name: Option<&str>) -> &str {
    name.unwrap_or("Without a team")
}

/// Rank of the first team, team (0 for all, twice), pattern of the name, count, offset from that first team on. An offset
/// from the top would walk past thousands of people. Who is shown is found in the index alone: of the others nothing is
/// read, and MariaDB begins at that rank only if the index covers what it needs.
pub const WINDOW_PEOPLE: &Sql = sql!(
    "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(m.able, 0) AS able, COALESCE(m.rated, 0) AS rated
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
    let person: String = filter.person.chars().take(MAX_NAME_CHARS).collect();
    if let Some(id) = filter.only {
        return one_person(app, filter, id).await;
    }
    let query = app.db.q(WINDOW_PEOPLE).bind(position).bind(team).bind(team);
    let query = query.bind(contains(&person)).bind(part.people).bind(offset);
    Ok(query.all().await?)
}

/// Ranks of the first and the last category, pattern of the name, count, offset from that first category on. As in
/// `WINDOW_PEOPLE`, the columns to show are found in the index alone.
pub const WINDOW_SKILLS: &Sql = sql!(
    "SELECT s.id, s.name, s.category_id, c.name AS category, s.scale_id, COALESCE(m.able, 0) AS able,
     COALESCE(m.rated, 0) AS rated, COALESCE(m.level_sum, 0) AS level_sum
     FROM (SELECT w.id FROM skills w
           WHERE w.active = TRUE AND w.category_position BETWEEN ? AND ? AND w.name_key LIKE ? ESCAPE '!'
           ORDER BY w.category_position, w.name_key, w.id LIMIT ? OFFSET ?) AS shown
     JOIN skills s ON s.id = shown.id JOIN skill_categories c ON c.id = s.category_id
     LEFT JOIN skill_summaries m ON m.skill_id = s.id ORDER BY s.category_position, s.name_key, s.id"
);

/// Who sees nobody else has a matrix of one line.
async fn one_person(app: &App, filter: &Filter, id: i64) -> Result<Vec<PersonRow>> {
    let team = filter.team_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(m.able, 0) AS able, COALESCE(m.rated, 0) AS rated
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN person_summaries m ON m.person_id = p.id
         WHERE p.id = ? AND p.active = TRUE AND (? = 0 OR p.team_id = ?) AND p.name_key LIKE ? ESCAPE '!'"
    ));
    Ok(query.bind(id).bind(team).bind(team).bind(contains(&filter.person)).all().await?)
}

/// The columns with their summaries: of the filtered team, else of everybody, as far as they may be seen.
async fn skills(
    app: &App,
    filter: &Filter,
    sight: &Sight,
    extent: &Extent,
    (column, columns): (i64, i64),
) -> Result<Vec<SkillColumn>> {
    let (first, offset) = lines::seek(extent.categories.iter().copied(), column);
    let last = extent.categories.last().map_or(first, |(position, _)| *position);
    let query = app.db.q(WINDOW_SKILLS).bind(first).bind(last);
    let query = query.bind(contains(&filter.skill)).bind(columns).bind(offset);
    let mut skills: Vec<SkillColumn> = query.all().await?;
    if filter.team_id.is_some() || !sight.is_all() {
        narrow(app, &mut skills, filter.team_id, sight).await?;
    }
    Ok(skills)
}

#[derive(sqlx::FromRow)]
struct MarkRow {
    person_id: i64,
    skill_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
}

/// The people, first and last skill of a block.
pub const WINDOW_MARKS: &Sql = sql!(
    "SELECT person_id, skill_id, level, not_applicable, interest FROM ratings
     WHERE person_id IN ({list}) AND skill_id BETWEEN ? AND ?"
);

/// The people and the skills of a block.
const SCATTERED_MARKS: &Sql = sql!(
    "SELECT person_id, skill_id, level, not_applicable, interest FROM ratings
     WHERE person_id IN ({list}) AND skill_id IN ({list})"
);

async fn marks(app: &App, people: &[PersonRow], skills: &[SkillColumn], sight: &Sight) -> Result<Vec<Mark>> {
    let person_ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let skill_ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    let rows = try_join_all(blocks(&person_ids, &skill_ids).into_iter().map(async |block| {
        let query = match block.skills {
            Skills::Between(first, last) => app.db.q(WINDOW_MARKS).bind_list(block.people).bind(first).bind(last),
            Skills::Each(ids) => app.db.q(SCATTERED_MARKS).bind_list(block.people).bind_list(&ids),
        };
        query.all::<MarkRow>().await
    }));
    let rows = rows.await?;
    let row_of: HashMap<i64, usize> = person_ids.iter().enumerate().map(|(row, id)| (*id, row)).collect();
    let column_of: HashMap<i64, usize> = skill_ids.into_iter().enumerate().map(|(column, id)| (id, column)).collect();
    let mut marks = vec![Mark::default(); people.len() * skills.len()];
    for row in rows.into_iter().flatten() {
        // A block may hold skills that the window does not show.
        let Some(column) = column_of.get(&row.skill_id) else { continue };
        let person = row_of[&row.person_id];
        if !sight.sees(row.person_id, people[person].team_id, row.skill_id) {
            continue;
        }
        let place = person * skills.len() + column;
        let standing = Standing::from_columns(row.level, row.not_applicable);
        marks[place] = Mark { standing, interest: row.interest.and_then(Interest::new) };
    }
    Ok(marks)
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
    let extent = extent(app, &Filter::default().within(&sight)).await?;
    let query = app.db.q(sql!(
        "SELECT CAST(COALESCE(SUM(m.rated), 0) AS {i64}) FROM person_summaries m JOIN people p ON p.id = m.person_id
         WHERE (? = 1 OR p.id = ? OR p.team_id = ?)"
    ));
    let (ratings,) = sight.bind_people(query).one::<(i64,)>().await?;
    Ok(Totals { people: extent.people, skills: extent.skills, ratings })
}
