//! Writes a paste in one transaction and one batch.
//!
//! The ratings are locked and held against the versions of the preview, so that what somebody saved since then is seen
//! before anything is written. The events of the batch carry its id; whoever wrote it takes it back as a whole.

use super::super::super::batches::model::{self as batches, Change, Known};
use super::super::super::levels::Standing;
use super::super::super::ratings::model::{Origin, RatingPatch, Values, voice_of};
use super::super::super::requirements;
use super::super::block::{Block, Decision, Verdict};
use super::super::model::{Preview, preview};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;

/// How often a paste that met a deadlock is tried.
const ATTEMPTS: usize = 3;

pub enum Outcome {
    /// The number of ratings that were changed, and the batch to take them back with; no batch where nothing changed.
    Written { cells: usize, batch_id: Option<i64> },
    /// Nothing was written: cells are not decided, or the refused ones are not left out.
    Undecided(Preview),
    /// Nothing was written: somebody changed cells since the preview, which is now one of what stands there.
    Stale(Preview),
}

/// How a paste is to be taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// The person has seen which cells are refused, and goes on without them.
    pub without_refused: bool,
    /// Levels that stand there already are said once more, as a key on a single cell does: confirmed as of now.
    pub restated: bool,
}

pub async fn accept(app: &App, actor: &Actor, block: Block, terms: Terms) -> Result<Outcome> {
    let preview = preview(app, actor, block).await?;
    let counts = preview.counts();
    if counts.stale > 0 {
        return Ok(Outcome::Stale(preview));
    }
    if counts.undecided > 0 || (counts.refused > 0 && !terms.without_refused) {
        return Ok(Outcome::Undecided(preview));
    }
    let wanted = wanted(&preview, terms);
    for attempt in 1.. {
        match write(app, actor, &preview, &wanted, terms).await {
            Err(db::Error::Busy) if attempt < ATTEMPTS => {}
            written => {
                return Ok(match written? {
                    Some((cells, batch_id)) => Outcome::Written { cells, batch_id },
                    None => Outcome::Stale(super::super::model::preview(app, actor, preview.block).await?),
                });
            }
        }
    }
    unreachable!("the last attempt returns")
}

/// A cell to be written, and the version that it must still have.
struct Wanted {
    cell: (i64, i64),
    standing: Standing,
    version: i64,
}

fn wanted(preview: &Preview, terms: Terms) -> Vec<Wanted> {
    let cells = preview.cells().filter_map(|(person, skill, cell)| {
        let standing = match &cell.verdict {
            Verdict::Ok(standing) => *standing,
            Verdict::Changed { mine, decision: Some(Decision::Mine), .. } => *mine,
            Verdict::Same if terms.restated => cell.now.standing,
            Verdict::Same | Verdict::Changed { .. } | Verdict::Refused(_) => return None,
        };
        Some(Wanted { cell: (person?.id, skill?.id), standing, version: cell.now.version })
    });
    cells.collect()
}

/// `None` when a cell is not as it was seen.
async fn write(
    app: &App,
    actor: &Actor,
    preview: &Preview,
    wanted: &[Wanted],
    terms: Terms,
) -> db::Result<Option<(usize, Option<i64>)>> {
    let now_ms = app.now_ms();
    let mut tx = app.db.begin().await?;
    if !has_scales(&mut tx, preview).await? {
        return Ok(None);
    }
    let known = batches::lock(&mut tx, &preview.block.people, &preview.block.skills).await?;
    let version_of = |cell: &(i64, i64)| known.get(cell).map_or(0, |known| known.version);
    if wanted.iter().any(|wanted| version_of(&wanted.cell) != wanted.version) {
        return Ok(None);
    }
    let changes: Vec<Change> =
        wanted.iter().filter_map(|wanted| change(actor, wanted, &known, terms, now_ms)).collect();
    if changes.is_empty() {
        return Ok(Some((0, None)));
    }
    let batch = batches::begin(&mut tx, actor, Origin::Paste, &title(changes.len()), now_ms).await?;
    match batches::write(&mut tx, &batch, &changes).await {
        // Somebody rated a cell for the first time between the look and the write.
        Err(db::Error::Unique) => return Ok(None),
        written => written?,
    }
    tx.commit().await?;
    let cells: Vec<(i64, i64)> = changes.iter().map(|change| (change.person_id, change.skill_id)).collect();
    batches::publish(app, &cells).await;
    Ok(Some((cells.len(), batch.id)))
}

/// Whether the skills stand on the scales that the levels were read on, which they then do until the commit.
async fn has_scales(tx: &mut Tx, preview: &Preview) -> db::Result<bool> {
    requirements::take_turn(tx).await?;
    let query = tx.q(sql!("SELECT id, scale_id FROM skills WHERE id IN ({ids})"));
    let scales: HashMap<i64, i64> =
        query.bind_ids(&preview.block.skills).all::<(i64, i64)>().await?.into_iter().collect();
    Ok(preview.skills.iter().flatten().all(|skill| scales.get(&skill.id) == Some(&skill.scale_id)))
}

fn title(cells: usize) -> String {
    if cells == 1 { "1 rating pasted".to_owned() } else { format!("{cells} ratings pasted") }
}

fn change(
    actor: &Actor,
    wanted: &Wanted,
    known: &HashMap<(i64, i64), Known>,
    terms: Terms,
    now_ms: i64,
) -> Option<Change> {
    let (person_id, skill_id) = wanted.cell;
    let before = known.get(&wanted.cell);
    let values = before.map_or_else(Values::default, |known| known.values.clone());
    let patch = RatingPatch { standing: Some(wanted.standing), restated: terms.restated, ..RatingPatch::default() };
    let after = values.patched(&patch, voice_of(actor, person_id), now_ms);
    (after != values).then_some(Change { person_id, skill_id, is_new: before.is_none(), after })
}
