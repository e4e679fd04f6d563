//! Removes the teams, people, categories and skills that an import made, and gives those that it changed their earlier
//! details back.
//!
//! Only what nobody has used since: whoever got a password, a target, a rating by somebody else or another name stays,
//! and so does what belongs to them. The list of all this stands in `rating_batches.detail`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::accounts::{roster, teams};
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::plugins::skills::catalogue::labels::model::{self as labels, Labels};
use crate::plugins::skills::{categories, summaries};
use crate::sql;

/// How many of those that stay are named.
const NAMED: usize = 3;

/// What was made and changed, by id.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Traces {
    /// What the import did, in one line.
    pub done: String,
    pub teams: Vec<i64>,
    pub people: Vec<i64>,
    pub categories: Vec<i64>,
    pub skills: Vec<i64>,
    pub moved: Vec<Moved>,
    pub described: Vec<Described>,
    /// Of an undo that removed or restored more than ratings: taking it back would bring half of that.
    pub is_final: bool,
}

/// A person whose team or title changed: what it was before, and the version that the change left.
#[derive(Debug, Serialize, Deserialize)]
pub struct Moved {
    pub id: i64,
    pub version: i64,
    pub team_id: Option<i64>,
    pub title: String,
}

/// A skill whose description or address changed: what it was before, and the version that the change left.
#[derive(Debug, Serialize, Deserialize)]
pub struct Described {
    pub id: i64,
    pub version: i64,
    pub description: String,
    pub uri: String,
    /// None where files did not tell it yet.
    #[serde(default)]
    pub further: Option<Further>,
}

/// What else a skill has by which it is found, and who looks after it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Further {
    pub aliases: Vec<String>,
    pub tags: Vec<String>,
    pub owner_id: Option<i64>,
}

impl Traces {
    /// Of a batch that wrote ratings alone, or was written down before there were traces, there are none.
    pub fn read(detail: &str) -> Traces {
        serde_json::from_str(detail).unwrap_or_default()
    }

    pub fn detail(&self) -> serde_json::Value {
        serde_json::json!(self)
    }

    pub fn is_empty(&self) -> bool {
        let made = self.teams.len() + self.people.len() + self.categories.len() + self.skills.len();
        made + self.moved.len() + self.described.len() == 0
    }
}

/// What became of the traces.
#[derive(Debug, Default)]
pub struct Wiped {
    /// How many were removed or restored.
    pub count: usize,
    /// The names of those that stay as they are, because somebody has used or changed them since.
    pub kept: Vec<String>,
}

impl Wiped {
    /// `Kept, because they were used or changed since: Ann, Welding and 4 more.`
    pub fn kept_text(&self) -> Option<String> {
        let named = self.kept[..self.kept.len().min(NAMED)].join(", ");
        let more = self.kept.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!self.kept.is_empty()).then(|| format!("Kept, because used or changed since: {named}{more}."))
    }
}

/// Takes the traces of a batch back, after its ratings. `undo` is the batch that took these back.
pub async fn wipe(app: &App, tx: &mut Tx, traces: &Traces, (batch, undo): (i64, i64)) -> Result<Wiped> {
    let mut wiping = Wiping { tx, batches: [batch, undo], now_ms: app.now_ms(), wiped: Wiped::default() };
    let moved = wiping.move_back(&traces.moved).await?;
    wiping.describe_back(&traces.described).await?;
    let asked = wiping.remove_people(&traces.people).await?;
    wiping.remove_skills(&traces.skills).await?;
    wiping.remove_teams(&traces.teams).await?;
    wiping.remove_categories(&traces.categories).await?;
    let wiped = wiping.wiped;
    teams::rank(tx).await?;
    categories::model::rank(tx).await?;
    app.followers.tell(tx, &moved).await?;
    // What was required of those who are gone is no gap of anybody.
    summaries::recount(tx, &[], &asked).await?;
    Ok(wiped)
}

struct Wiping<'a> {
    tx: &'a mut Tx,
    /// The import and its undo: their events are no use by somebody else.
    batches: [i64; 2],
    now_ms: i64,
    wiped: Wiped,
}

type Named = (i64, String);

impl Wiping<'_> {
    /// Returns those who have their earlier team again.
    async fn move_back(&mut self, moved: &[Moved]) -> Result<Vec<i64>> {
        let mut back = Vec::new();
        for person in moved {
            let to = roster::move_to(self.tx, (person.id, person.version), person.team_id, &person.title, self.now_ms);
            if to.await? {
                back.push(person.id);
            } else {
                let query = self.tx.q(sql!("SELECT name FROM people WHERE id = ?"));
                let name: Option<(String,)> = query.bind(person.id).optional().await?;
                self.wiped.kept.extend(name.map(|(name,)| name));
            }
        }
        self.wiped.count += back.len();
        Ok(back)
    }

    async fn describe_back(&mut self, described: &[Described]) -> db::Result<()> {
        for skill in described {
            let query = self.tx.q(sql!(
                "UPDATE skills SET description = ?, uri = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
            ));
            let query = query.bind(skill.description.clone()).bind(skill.uri.clone()).bind(self.now_ms);
            if query.bind(skill.id).bind(skill.version).execute().await? == 1 {
                self.restore_further(skill).await?;
                self.wiped.count += 1;
                continue;
            }
            let query = self.tx.q(sql!("SELECT name FROM skills WHERE id = ?"));
            self.wiped.kept.extend(query.bind(skill.id).optional::<(String,)>().await?.map(|(name,)| name));
        }
        Ok(())
    }

    async fn restore_further(&mut self, skill: &Described) -> db::Result<()> {
        let Some(Further { aliases, tags, owner_id }) = &skill.further else { return Ok(()) };
        let query = self.tx.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
        query.bind(*owner_id).bind(skill.id).execute().await?;
        labels::replace(self.tx, skill.id, &Labels { aliases: aliases.clone(), tags: tags.clone() }).await
    }

    /// Sorts out who stays, and returns the ids of the others.
    fn unused(&mut self, there: Vec<Named>, unused: Vec<(i64,)>) -> Vec<i64> {
        let unused: HashSet<i64> = unused.into_iter().map(|(id,)| id).collect();
        let (gone, kept): (Vec<Named>, Vec<Named>) = there.into_iter().partition(|(id, _)| unused.contains(id));
        self.wiped.count += gone.len();
        self.wiped.kept.extend(kept.into_iter().map(|(_, name)| name));
        gone.into_iter().map(|(id, _)| id).collect()
    }

    /// Returns the skills that were required of them. A person without a password has never signed in.
    async fn remove_people(&mut self, people: &[i64]) -> db::Result<Vec<i64>> {
        let there = self.tx.q(sql!("SELECT id, name FROM people WHERE id IN ({ids}) ORDER BY name_key, id"));
        let there: Vec<Named> = there.bind_ids(people).all().await?;
        let [batch, undo] = self.batches;
        let query = self.tx.q(sql!(
            "SELECT p.id FROM people p
             WHERE p.id IN ({ids}) AND p.version = 1 AND p.active = TRUE AND p.password_hash IS NULL
             AND p.id NOT IN (SELECT person_id FROM invitations)
             AND p.id NOT IN (SELECT person_id FROM sessions) AND p.id NOT IN (SELECT person_id FROM api_tokens)
             AND p.id NOT IN (SELECT person_id FROM job_role_people) AND p.id NOT IN (SELECT person_id FROM assessments)
             AND p.id NOT IN (SELECT person_id FROM training_plans)
             AND p.id NOT IN (SELECT trainer_id FROM training_plans WHERE trainer_id IS NOT NULL)
             AND p.id NOT IN (SELECT owner_id FROM skills WHERE owner_id IS NOT NULL)
             AND p.id NOT IN (SELECT person_id FROM project_members) AND p.id NOT IN (SELECT person_id FROM task_assignees)
             AND p.id NOT IN (SELECT owner_id FROM projects WHERE owner_id IS NOT NULL)
             AND p.id NOT IN (SELECT author_id FROM handoffs)
             AND p.id NOT IN (SELECT receiver_id FROM handoffs WHERE receiver_id IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM person_roles x JOIN roles r ON r.id = x.role_id
               WHERE x.person_id = p.id AND r.name <> 'member')
             AND NOT EXISTS (SELECT 1 FROM rating_events x
               WHERE x.person_id = p.id AND (x.batch_id IS NULL OR x.batch_id NOT IN (?, ?)))"
        ));
        let unused = query.bind_ids(people).bind(batch).bind(undo).all().await?;
        let gone = self.unused(there, unused);
        let query = self.tx.q(sql!("SELECT DISTINCT skill_id FROM requirements WHERE person_id IN ({ids})"));
        let asked: Vec<(i64,)> = query.bind_ids(&gone).all().await?;
        // With their ratings go the events: to do the import again by taking this back would bring half of it.
        let query = self.tx.q(sql!("DELETE FROM rating_events WHERE person_id IN ({ids})"));
        query.bind_ids(&gone).execute().await?;
        self.tx.q(sql!("DELETE FROM people WHERE id IN ({ids})")).bind_ids(&gone).execute().await?;
        Ok(asked.into_iter().map(|(skill_id,)| skill_id).collect())
    }

    async fn remove_skills(&mut self, skills: &[i64]) -> db::Result<()> {
        let there = self.tx.q(sql!("SELECT id, name FROM skills WHERE id IN ({ids}) ORDER BY name_key, id"));
        let there: Vec<Named> = there.bind_ids(skills).all().await?;
        let [batch, undo] = self.batches;
        let query = self.tx.q(sql!(
            "SELECT s.id FROM skills s
             WHERE s.id IN ({ids}) AND s.version = 1 AND s.active = TRUE
             AND s.id NOT IN (SELECT skill_id FROM targets) AND s.id NOT IN (SELECT skill_id FROM training_plans)
             AND s.id NOT IN (SELECT skill_id FROM assessment_items)
             AND s.id NOT IN (SELECT skill_id FROM task_skills) AND s.id NOT IN (SELECT skill_id FROM handoff_item_skills)
             AND s.id NOT IN (SELECT skill_id FROM skill_reminders) AND s.id NOT IN (SELECT skill_id FROM skill_levels)
             AND s.id NOT IN (SELECT kept_id FROM skill_merges) AND s.id NOT IN (SELECT merged_id FROM skill_merges)
             AND NOT EXISTS (SELECT 1 FROM rating_events x
               WHERE x.skill_id = s.id AND (x.batch_id IS NULL OR x.batch_id NOT IN (?, ?)))"
        ));
        let unused = query.bind_ids(skills).bind(batch).bind(undo).all().await?;
        let gone = self.unused(there, unused);
        let query = self.tx.q(sql!("DELETE FROM rating_events WHERE skill_id IN ({ids})"));
        query.bind_ids(&gone).execute().await?;
        self.tx.q(sql!("DELETE FROM skills WHERE id IN ({ids})")).bind_ids(&gone).execute().await?;
        Ok(())
    }

    async fn remove_teams(&mut self, teams: &[i64]) -> db::Result<()> {
        let there = self.tx.q(sql!("SELECT id, name FROM teams WHERE id IN ({ids}) ORDER BY name_key, id"));
        let there: Vec<Named> = there.bind_ids(teams).all().await?;
        let query = self.tx.q(sql!(
            "SELECT t.id FROM teams t WHERE t.id IN ({ids}) AND t.version = 1
             AND NOT EXISTS (SELECT 1 FROM people x WHERE x.team_id = t.id)
             AND NOT EXISTS (SELECT 1 FROM targets x WHERE x.team_id = t.id)
             AND NOT EXISTS (SELECT 1 FROM handoffs x WHERE x.team_id = t.id OR x.receiver_team_id = t.id)
             AND NOT EXISTS (SELECT 1 FROM handoff_items x WHERE x.team_id = t.id)
             AND NOT EXISTS (SELECT 1 FROM handoff_teams x WHERE x.team_id = t.id)"
        ));
        let unused = query.bind_ids(teams).all().await?;
        let gone = self.unused(there, unused);
        self.tx.q(sql!("DELETE FROM teams WHERE id IN ({ids})")).bind_ids(&gone).execute().await?;
        Ok(())
    }

    /// From the leaves up, where nothing is in a category or below it.
    async fn remove_categories(&mut self, categories: &[i64]) -> db::Result<()> {
        let there = self.tx.q(sql!("SELECT id, name FROM skill_categories WHERE id IN ({ids}) ORDER BY name_key, id"));
        let there: Vec<Named> = there.bind_ids(categories).all().await?;
        let mut gone = Vec::new();
        loop {
            let query = self.tx.q(sql!(
                "SELECT c.id FROM skill_categories c WHERE c.id IN ({ids}) AND c.version = 1
                 AND NOT EXISTS (SELECT 1 FROM skills x WHERE x.category_id = c.id)
                 AND NOT EXISTS (SELECT 1 FROM skill_categories x WHERE x.parent_id = c.id)"
            ));
            let empty: Vec<(i64,)> = query.bind_ids(categories).all().await?;
            let ids: Vec<i64> = empty.iter().map(|(id,)| *id).collect();
            if ids.is_empty() {
                break;
            }
            self.tx.q(sql!("DELETE FROM skill_categories WHERE id IN ({ids})")).bind_ids(&ids).execute().await?;
            gone.extend(empty);
        }
        self.unused(there, gone);
        Ok(())
    }
}
