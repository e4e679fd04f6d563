//! Comments: said once however often the form is sent, changed by who said them, with notices for those whom they name.

use super::super::members::model as members;
use super::super::model::MAX_TEXT_CHARS;
use super::super::tasks::model::{Details, get};
use super::super::{TOPIC, notices};
use super::mentions;
use crate::accounts::{Actor, READ as READ_PEOPLE};
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::sql;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Comment {
    pub id: i64,
    pub task_id: i64,
    pub author_id: Option<i64>,
    pub author: Option<String>,
    /// Markdown.
    pub body: String,
    pub version: i64,
    pub created_at: i64,
    pub edited_at: Option<i64>,
}

impl Comment {
    pub fn may_be_changed_by(&self, actor: &Actor) -> bool {
        self.author_id.is_some_and(|author| actor.is(author))
    }
}

/// In the order in which they were said. Who has the task in hand was let in.
pub async fn list(app: &App, task_id: i64) -> Result<Vec<Comment>> {
    let query = app.db.q(sql!(
        "SELECT c.id, c.task_id, c.author_id, p.name AS author, c.body, c.version, c.created_at, c.edited_at
         FROM task_comments c LEFT JOIN people p ON p.id = c.author_id WHERE c.task_id = ? ORDER BY c.id"
    ));
    Ok(query.bind(task_id).all().await?)
}

/// A comment, with the task that it is about.
pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<(Comment, Details)> {
    let query = app.db.q(sql!(
        "SELECT c.id, c.task_id, c.author_id, p.name AS author, c.body, c.version, c.created_at, c.edited_at
         FROM task_comments c LEFT JOIN people p ON p.id = c.author_id WHERE c.id = ?"
    ));
    let comment: Comment = query.bind(id).one().await?;
    let details = get(app, actor, comment.task_id).await?;
    Ok((comment, details))
}

/// As `find`, for who may change it: others see it, but may not.
pub async fn changeable(app: &App, actor: &Actor, id: i64) -> Result<(Comment, Details)> {
    let (comment, details) = find(app, actor, id).await?;
    if !comment.may_be_changed_by(actor) {
        return Err(Error::Forbidden);
    }
    details.project.require_member()?;
    Ok((comment, details))
}

fn check(body: &str) -> Result<String> {
    let body = body.replace("\r\n", "\n").trim().to_owned();
    let length = body.chars().count();
    let mut checks = Checks::default();
    checks.that(!body.is_empty(), "body", "Say something.");
    checks.that(
        length <= MAX_TEXT_CHARS,
        "body",
        format!("At most {MAX_TEXT_CHARS} characters fit here; these are {length}."),
    );
    checks.that(!body.contains('\0'), "body", "Control characters are not allowed here.");
    checks.done()?;
    Ok(body)
}

/// What became of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub id: i64,
    /// People whom it names who take no part in the project. They were told nothing; whether they should be let in is asked.
    pub outsiders: Vec<(i64, String)>,
}

pub async fn create(app: &App, actor: &Actor, details: &Details, body: &str, submission: &str) -> Result<Said> {
    details.project.require_member()?;
    let body = check(body)?;
    Checks::only(submission.len() <= 40, "", "This form cannot be read. Reload the page.")?;
    let members = members::list(app, &details.project).await?;
    let (named, unknown) = mentions::resolve(&body, &members);
    let outsiders = outsiders(app, actor, &unknown).await?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let id = match insert(&mut tx, actor, details.task.id, &body, submission, now).await {
        // The form was sent twice.
        Err(db::Error::Unique) => {
            return Ok(Said { id: sent_before(app, details.task.id, submission).await?, outsiders });
        }
        inserted => inserted?,
    };
    let told = tell(&mut tx, actor, details, id, &named, now).await?;
    tx.commit().await?;
    announce(app, details, &told).await;
    Ok(Said { id, outsiders })
}

async fn insert(tx: &mut Tx, actor: &Actor, task_id: i64, body: &str, submission: &str, now: i64) -> db::Result<i64> {
    let query = tx.q(sql!(
        "INSERT INTO task_comments (task_id, author_id, body, submission, created_at) VALUES (?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(task_id).bind(actor.person_id).bind(body);
    let id = query.bind(Some(submission.to_owned()).filter(|text| !text.is_empty())).bind(now).insert().await?;
    touch(tx, task_id, now).await?;
    if let Some(person_id) = actor.person_id {
        watch(tx, task_id, person_id).await?;
    }
    Ok(id)
}

/// Somebody cares about the task, so that it is not stalled.
async fn touch(tx: &mut Tx, task_id: i64, now: i64) -> db::Result<()> {
    tx.q(sql!("UPDATE tasks SET touched_at = ? WHERE id = ?")).bind(now).bind(task_id).execute().await?;
    Ok(())
}

/// Who spoke wants to hear the answer.
async fn watch(tx: &mut Tx, task_id: i64, person_id: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO task_watchers (task_id, person_id) VALUES (?, ?) {upsert task_id, person_id} person_id = {new person_id}"
    ));
    query.bind(task_id).bind(person_id).execute().await?;
    Ok(())
}

/// Those who are named hear that; those who work on the task or watch it hear of the comment, each once.
async fn tell(tx: &mut Tx, actor: &Actor, details: &Details, id: i64, named: &[i64], now: i64) -> db::Result<Vec<i64>> {
    let name = details.task.name();
    let subject = (details.task.id, name.as_str(), details.task.title.as_str());
    let mut told = notices::mentioned(tx, actor, subject, id, named, now).await?;
    let query = tx.q(sql!(
        "SELECT w.person_id FROM task_watchers w JOIN project_members m ON m.person_id = w.person_id AND m.project_id = ?
         WHERE w.task_id = ?"
    ));
    let watching: Vec<(i64,)> = query.bind(details.project.id).bind(details.task.id).all().await?;
    let working = details.task.assignees.iter().map(|face| face.id);
    let concerned: BTreeSet<i64> = watching.into_iter().map(|(id,)| id).chain(working).collect();
    let concerned: Vec<i64> = concerned.into_iter().filter(|person| !named.contains(person)).collect();
    told.extend(notices::commented(tx, actor, subject, id, &concerned, now).await?);
    Ok(told)
}

async fn announce(app: &App, details: &Details, told: &[i64]) {
    app.publish(TOPIC, format!("{}:{}", details.project.id, details.task.id)).await;
    crate::notices::publish(&app.bus, app.now_ms(), told).await;
}

async fn sent_before(app: &App, task_id: i64, submission: &str) -> Result<i64> {
    let query = app.db.q(sql!("SELECT id FROM task_comments WHERE task_id = ? AND submission = ?"));
    Ok(query.bind(task_id).bind(submission).one::<(i64,)>().await?.0)
}

/// Active people outside of the project whom a word may mean. Who may not see people is not told whether there are any.
async fn outsiders(app: &App, actor: &Actor, words: &[String]) -> Result<Vec<(i64, String)>> {
    if words.is_empty() || !actor.may(READ_PEOPLE) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for word in words.iter().take(10) {
        let query = app.db.q(sql!(
            "SELECT id, name FROM people WHERE active = TRUE AND (email_key LIKE ? ESCAPE '!' OR name_key = ? OR name_key LIKE ? ESCAPE '!')
             ORDER BY name_key, id LIMIT 2"
        ));
        let begin = |end: &str| db::contains(word).trim_matches('%').to_owned() + end;
        let name = word.replace(['.', '_'], " ");
        let rows: Vec<(i64, String)> = query.bind(begin("@%")).bind(name).bind(begin(" %")).all().await?;
        // Of several nobody knows who is meant.
        if let [only] = rows.as_slice() {
            found.push(only.clone());
        }
    }
    Ok(found)
}

pub enum Outcome {
    Saved,
    /// What it says now.
    Conflict(Box<Comment>),
}

/// Changes a comment that is still at `version`. Who is named for the first time is told.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, body: &str) -> Result<Outcome> {
    let (comment, details) = changeable(app, actor, id).await?;
    let body = check(body)?;
    let members = members::list(app, &details.project).await?;
    let (named, _) = mentions::resolve(&body, &members);
    let (before, _) = mentions::resolve(&comment.body, &members);
    let named: Vec<i64> = named.into_iter().filter(|person| !before.contains(person)).collect();
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE task_comments SET body = ?, edited_at = ?, version = version + 1 WHERE id = ? AND version = ?"
    ));
    if query.bind(body.as_str()).bind(now).bind(id).bind(version).execute().await? == 0 {
        drop(tx);
        return Ok(Outcome::Conflict(Box::new(find(app, actor, id).await?.0)));
    }
    touch(&mut tx, details.task.id, now).await?;
    let name = details.task.name();
    let subject = (details.task.id, name.as_str(), details.task.title.as_str());
    let told = notices::mentioned(&mut tx, actor, subject, id, &named, now).await?;
    tx.commit().await?;
    announce(app, &details, &told).await;
    Ok(Outcome::Saved)
}

/// Takes a comment back; who leads the project may take back everybody's.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<Details> {
    let (comment, details) = find(app, actor, id).await?;
    details.project.require_member()?;
    if !comment.may_be_changed_by(actor) {
        details.project.require_lead()?;
    }
    app.db.q(sql!("DELETE FROM task_comments WHERE id = ?")).bind(id).execute().await?;
    announce(app, &details, &[]).await;
    Ok(details)
}
