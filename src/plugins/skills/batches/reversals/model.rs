//! Writes again what the events before a change say.
//!
//! Only as a whole: where somebody has changed one of the cells since, nothing is taken back, and the answer names it.
//! With an import goes what it made beside the ratings (see `traces`).

use super::super::model::{Batch, Change, Known, lock, open, publish, write};
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::plugins::skills::batches::traces::model::{Traces, Wiped, wipe};
use crate::plugins::skills::ratings::columns::Columns;
use crate::plugins::skills::ratings::model::{Origin, may_rate};
use crate::plugins::skills::{CATALOGUE_TOPIC, IMPORT, RATE_OWN, READ, TOPIC};
use crate::{sql, value_columns};
use std::collections::{BTreeSet, HashMap};

/// For how long the last change can be taken back by a key: a working day. What is older is history, not a slip.
const LAST_MS: i64 = 12 * 3_600_000;
/// How many cells an answer names.
const NAMED: usize = 3;

/// What was taken back.
#[derive(Debug)]
pub struct Reversal {
    pub title: String,
    pub cells: usize,
    pub is_import: bool,
    /// What became of the rest that an import made.
    pub wiped: Wiped,
}

#[derive(sqlx::FromRow)]
struct LastRow {
    id: i64,
    batch_id: Option<i64>,
}

/// Takes back the actor's last change of ratings, or the whole batch that it belongs to. `None` when there is none today.
pub async fn revert_last(app: &App, actor: &Actor) -> Result<Option<Reversal>> {
    actor.require(READ)?;
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let query = app.db.q(sql!(
        "SELECT id, batch_id FROM rating_events
         WHERE actor_id = ? AND at >= ? AND origin NOT IN ('merge', 'scale') ORDER BY id DESC LIMIT 1"
    ));
    let last: Option<LastRow> = query.bind(person_id).bind(app.now_ms() - LAST_MS).optional().await?;
    match last {
        None => Ok(None),
        Some(LastRow { batch_id: Some(batch_id), .. }) => Ok(Some(revert(app, actor, batch_id).await?)),
        Some(LastRow { id, .. }) => {
            let mut tx = app.db.begin().await?;
            let steps = steps_of_event(&mut tx, id).await?;
            if !steps.iter().all(|step| step.may_be_taken_back_by(actor)) {
                return Err(Error::Forbidden);
            }
            let title = steps.first().map(Step::title).unwrap_or_default();
            let undo = take_back(app, &mut tx, actor, &title, &steps).await?;
            tx.commit().await?;
            publish(app, &undo.cells).await;
            Ok(Some(undo.reversal(title)))
        }
    }
}

#[derive(sqlx::FromRow)]
struct BatchRow {
    person_id: Option<i64>,
    kind: String,
    title: String,
    detail: String,
    undone_at: Option<i64>,
}

impl BatchRow {
    fn is_import(&self) -> bool {
        self.kind == Origin::Import.name()
    }

    /// Whoever may import may take any import back. Other batches are taken back by those who made them or may rate all
    /// of their people.
    fn may_be_taken_back_by(&self, actor: &Actor, steps: &[Step]) -> bool {
        if self.is_import() {
            return actor.may(IMPORT);
        }
        let is_own = self.person_id.is_some_and(|person_id| actor.is(person_id));
        let may_rate_all = steps.iter().all(|step| may_rate(actor, step.person_id, step.team_id));
        (is_own || may_rate_all) && steps.iter().all(|step| step.may_be_taken_back_by(actor))
    }
}

/// Takes back a batch with all that it made.
///
/// # Errors
/// NotFound; Forbidden; Conflict when it was taken back already, when a cell was changed since, and for the undo of an
/// import that removed what the import had made.
pub async fn revert(app: &App, actor: &Actor, batch_id: i64) -> Result<Reversal> {
    actor.require(READ)?;
    let mut tx = app.db.begin().await?;
    let query =
        tx.q(sql!("SELECT person_id, kind, title, detail, undone_at FROM rating_batches WHERE id = ? {for_update}"));
    let batch: BatchRow = query.bind(batch_id).one().await?;
    let steps = steps_of_batch(&mut tx, batch_id).await?;
    if !batch.may_be_taken_back_by(actor, &steps) {
        return Err(Error::Forbidden);
    }
    let traces = Traces::read(&batch.detail);
    check_open(&batch, &traces)?;
    if !traces.is_empty() {
        app.followers.prepare(&mut tx).await?;
    }
    let query = tx.q(sql!("UPDATE rating_batches SET undone_at = ? WHERE id = ?"));
    query.bind(app.now_ms()).bind(batch_id).execute().await?;
    let undo = take_back(app, &mut tx, actor, &batch.title, &steps).await?;
    let wiped = undo.wipe(app, &mut tx, &traces, batch_id).await?;
    tx.commit().await?;
    if traces.is_empty() {
        publish(app, &undo.cells).await;
    } else {
        for topic in [TOPIC, CATALOGUE_TOPIC, accounts::TOPIC] {
            app.publish(topic, "*").await;
        }
    }
    Ok(Reversal { is_import: batch.is_import(), wiped, ..undo.reversal(batch.title) })
}

fn check_open(batch: &BatchRow, traces: &Traces) -> Result<()> {
    let title = &batch.title;
    if batch.undone_at.is_some() {
        return Err(Error::Conflict(format!("“{title}” was taken back already.")));
    }
    if [Origin::Merge, Origin::Scale].iter().any(|origin| origin.name() == batch.kind) {
        return Err(Error::Conflict(format!("“{title}” changed the skill as well. Undo it on the page of the skill.")));
    }
    if traces.is_final {
        let text = format!("“{title}” removed what the import had made. To have it again, import the file again.");
        return Err(Error::Conflict(text));
    }
    Ok(())
}

/// A cell that a change wrote, and what stood there before.
#[derive(sqlx::FromRow)]
struct Step {
    id: i64,
    person_id: i64,
    person: String,
    team_id: Option<i64>,
    skill_id: i64,
    skill: String,
    owner_id: Option<i64>,
    /// The event before, if there was one; all columns are missing where there was none.
    #[sqlx(flatten)]
    before: Columns,
}

impl Step {
    fn title(&self) -> String {
        format!("{} · {}", self.person, self.skill)
    }

    fn change(&self, known: &HashMap<(i64, i64), Known>) -> Change {
        Change {
            person_id: self.person_id,
            skill_id: self.skill_id,
            is_new: !known.contains_key(&(self.person_id, self.skill_id)),
            after: self.before.clone().into(),
        }
    }

    fn may_be_taken_back_by(&self, actor: &Actor) -> bool {
        let is_owner = self.owner_id.is_some_and(|owner| actor.is(owner)) && actor.may(RATE_OWN);
        is_owner || may_rate(actor, self.person_id, self.team_id)
    }
}

async fn steps_of_batch(tx: &mut Tx, batch_id: i64) -> db::Result<Vec<Step>> {
    let query = tx.q(sql!(concat!(
        "SELECT e.id, e.person_id, p.name AS person, p.team_id, e.skill_id, s.name AS skill, s.owner_id, ",
        value_columns!("b."),
        " FROM rating_events e JOIN people p ON p.id = e.person_id JOIN skills s ON s.id = e.skill_id
         LEFT JOIN rating_events b ON b.id = (SELECT MAX(x.id) FROM rating_events x
           WHERE x.person_id = e.person_id AND x.skill_id = e.skill_id AND x.id < e.id)
         WHERE e.batch_id = ? ORDER BY e.id"
    )));
    query.bind(batch_id).all().await
}

async fn steps_of_event(tx: &mut Tx, id: i64) -> db::Result<Vec<Step>> {
    let query = tx.q(sql!(concat!(
        "SELECT e.id, e.person_id, p.name AS person, p.team_id, e.skill_id, s.name AS skill, s.owner_id, ",
        value_columns!("b."),
        " FROM rating_events e JOIN people p ON p.id = e.person_id JOIN skills s ON s.id = e.skill_id
         LEFT JOIN rating_events b ON b.id = (SELECT MAX(x.id) FROM rating_events x
           WHERE x.person_id = e.person_id AND x.skill_id = e.skill_id AND x.id < e.id)
         WHERE e.id = ?"
    )));
    query.bind(id).all().await
}

/// The ratings that a batch changed, and which of them somebody has changed since.
pub struct Taken {
    /// Person and skill.
    pub cells: Vec<(i64, i64)>,
    pub changed_since: usize,
}

/// Takes the ratings of a batch back inside of a larger change, whose permission was checked. Those that somebody changed
/// since stay as they are.
pub async fn take_back_untouched(tx: &mut Tx, batch: &Batch<'_>, batch_id: i64) -> Result<Taken> {
    let steps = steps_of_batch(tx, batch_id).await?;
    let ids = |id: fn(&Step) -> i64| steps.iter().map(id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let (people, skills) = (ids(|step| step.person_id), ids(|step| step.skill_id));
    let known = lock(tx, &people, &skills).await?;
    let newest = newest_events(tx, &people).await?;
    let is_untouched = |step: &&Step| newest.get(&(step.person_id, step.skill_id)).is_none_or(|id| *id <= step.id);
    let changes: Vec<Change> = steps.iter().filter(is_untouched).map(|step| step.change(&known)).collect();
    write(tx, batch, &changes).await?;
    let cells = changes.iter().map(|change| (change.person_id, change.skill_id)).collect();
    let query = tx.q(sql!("UPDATE rating_batches SET undone_at = ? WHERE id = ?"));
    query.bind(batch.now_ms).bind(batch_id).execute().await?;
    Ok(Taken { cells, changed_since: steps.len() - changes.len() })
}

/// Ratings that were taken back, not yet committed.
struct Undo {
    /// The batch that took them back.
    id: i64,
    cells: Vec<(i64, i64)>,
}

impl Undo {
    fn reversal(&self, title: String) -> Reversal {
        Reversal { title, cells: self.cells.len(), is_import: false, wiped: Wiped::default() }
    }

    async fn wipe(&self, app: &App, tx: &mut Tx, traces: &Traces, batch_id: i64) -> Result<Wiped> {
        if traces.is_empty() {
            return Ok(Wiped::default());
        }
        let wiped = wipe(app, tx, traces, (batch_id, self.id)).await?;
        let own = Traces { is_final: wiped.count > 0, ..Traces::default() };
        let query = tx.q(sql!("UPDATE rating_batches SET detail = ? WHERE id = ?"));
        query.bind(own.detail().to_string()).bind(self.id).execute().await?;
        Ok(wiped)
    }
}

async fn take_back(app: &App, tx: &mut Tx, actor: &Actor, title: &str, steps: &[Step]) -> Result<Undo> {
    let ids = |id: fn(&Step) -> i64| steps.iter().map(id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let (people, skills) = (ids(|step| step.person_id), ids(|step| step.skill_id));
    let known = lock(tx, &people, &skills).await?;
    refuse_changed(tx, &people, steps).await?;
    let changes: Vec<Change> = steps.iter().map(|step| step.change(&known)).collect();
    let now_ms = app.now_ms();
    let detail = serde_json::json!({});
    let id = open(tx, actor, Origin::Undo, &format!("Undo of {title}"), &detail, now_ms).await?;
    let batch = Batch { actor, origin: Origin::Undo, id: Some(id), now_ms };
    write(tx, &batch, &changes).await?;
    Ok(Undo { id, cells: changes.iter().map(|change| (change.person_id, change.skill_id)).collect() })
}

/// The newest event of each cell of these people.
async fn newest_events(tx: &mut Tx, people: &[i64]) -> db::Result<HashMap<(i64, i64), i64>> {
    let query = tx.q(sql!(
        "SELECT person_id, skill_id, MAX(id) FROM rating_events WHERE person_id IN ({ids}) GROUP BY person_id, skill_id"
    ));
    let newest: Vec<(i64, i64, i64)> = query.bind_ids(people).all().await?;
    Ok(newest.into_iter().map(|(person, skill, id)| ((person, skill), id)).collect())
}

/// Nothing is taken back over somebody's newer change.
async fn refuse_changed(tx: &mut Tx, people: &[i64], steps: &[Step]) -> Result<()> {
    let newest = newest_events(tx, people).await?;
    let is_changed = |step: &&Step| newest.get(&(step.person_id, step.skill_id)).is_some_and(|id| *id > step.id);
    let changed: Vec<String> = steps.iter().filter(is_changed).map(Step::title).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let named = changed[..changed.len().min(NAMED)].join(", ");
    let more = if changed.len() > NAMED { format!(" and {} more", changed.len() - NAMED) } else { String::new() };
    Err(Error::Conflict(format!("Changed since, so nothing was taken back: {named}{more}.")))
}
