//! Writes a plan: all of it or nothing, in one transaction, the ratings a thousand at a time.

use std::collections::{HashMap, HashSet};

use super::super::model::{Planned, Work, plan, preview, read};
use super::super::plan::{Details, PersonAct, Plan, PlannedRating, PlannedSkill, Post, SkillAct};
use super::super::runs::model::{Claim, Report, finish};
use super::super::{Preview, Progress, Upload};
use crate::accounts::people::NewPerson;
use crate::accounts::{self, Actor, roster, teams};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::plugins::skills::batches::model::{self as batches, Batch, Change};
use crate::plugins::skills::batches::traces::model::{Described, Further, Moved, Traces};
use crate::plugins::skills::catalogue::labels::model::{self as labels, Labels};
use crate::plugins::skills::catalogue::model::{self as catalogue, NewSkill, Owner};
use crate::plugins::skills::categories::model::make_paths;
use crate::plugins::skills::concepts::model as concepts;
use crate::plugins::skills::profiles::imports::model as profiles;
use crate::plugins::skills::ratings::model::Origin;
use crate::plugins::skills::{CATALOGUE_TOPIC, IMPORT, TOPIC};
use crate::{events, sql};

/// How many ratings are made ready at once.
const AT_ONCE: usize = 1000;

#[derive(Debug)]
pub enum Outcome {
    Imported(Preview),
    /// There are problems; nothing was written.
    Refused(Preview),
    /// What is there is no longer what the preview was made from; nothing was written. This is a new preview.
    Outdated(Preview),
}

/// On what condition a file is imported, and who watches.
#[derive(Default)]
pub struct Run<'a> {
    /// The fingerprint of a preview: the file is imported only if that would still do the same.
    pub expected: Option<&'a str>,
    /// The upload that is done with when the import is written.
    pub claim: Option<&'a Claim>,
    pub progress: Progress,
}

/// Imports the file.
///
/// # Errors
/// Forbidden; Invalid for a scale that nobody knows; Unavailable when the database is too busy.
pub async fn accept(app: &App, actor: &Actor, upload: &Upload, run: &Run<'_>) -> Result<Outcome> {
    actor.require(IMPORT)?;
    let contents = match read(upload).await? {
        Ok(contents) => contents,
        Err(problems) => return Ok(Outcome::Refused(Preview::refused(upload.kind, problems))),
    };
    let mut tx = app.db.begin().await?;
    // The plan is made while nobody changes a scale.
    app.followers.prepare(&mut tx).await?;
    let Planned { work, mut preview } = plan(app, actor, &mut tx, upload, contents).await?;
    if preview.is_refused() {
        return Ok(Outcome::Refused(preview));
    }
    if run.expected.is_some_and(|expected| expected != preview.fingerprint) {
        return Ok(Outcome::Outdated(preview));
    }
    if preview.changes_nothing() {
        done_with(&mut tx, run, &preview).await?;
        tx.commit().await?;
    } else {
        let written = match &work {
            Work::Catalogue(plan) => write(app, actor, tx, upload, run, (plan, &mut preview)).await,
            work => write_reference(app, actor, tx, upload, run, (work, &preview)).await,
        };
        match written {
            Ok(()) => {
                // The import stands, whatever becomes of this.
                if let Err(error) = app.db.analyze().await {
                    tracing::warn!(%error, "the statistics of the database are old");
                }
                publish(app).await;
            }
            Err(Error::Conflict(_)) => return outdated(app, actor, upload).await,
            Err(other) => return Err(other),
        }
    }
    preview.is_done = true;
    Ok(Outcome::Imported(preview))
}

/// Somebody else wrote the same rows between the plan and the writing.
async fn outdated(app: &App, actor: &Actor, upload: &Upload) -> Result<Outcome> {
    Ok(Outcome::Outdated(preview(app, actor, upload).await?))
}

async fn publish(app: &App) {
    for topic in [TOPIC, CATALOGUE_TOPIC, accounts::TOPIC] {
        app.publish(topic, "*").await;
    }
}

async fn write(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    upload: &Upload,
    run: &Run<'_>,
    (plan, preview): (&Plan, &mut Preview),
) -> Result<()> {
    let now_ms = app.now_ms();
    run.progress.expect(plan.ratings.len());
    let traces = Traces { done: preview.summary(), ..Traces::default() };
    let mut writing = Writing { tx: &mut tx, plan, actor, now_ms, traces, progress: &run.progress };
    let people = writing.people().await?;
    let skills = writing.skills().await?;
    let detail = writing.traces.detail();
    let batch_id = batches::open(writing.tx, actor, Origin::Import, &upload.file_name, &detail, now_ms).await?;
    writing.ratings(&people, &skills, batch_id).await?;
    let moved = plan.people.iter().zip(&people).filter(|(person, _)| !matches!(person.act, PersonAct::Keep { .. }));
    let moved: Vec<i64> = moved.map(|(_, id)| *id).collect();
    app.followers.tell(&mut tx, &moved).await?;
    let subject = format!("import:{}", preview.fingerprint);
    let detail = serde_json::json!({
        "kind": upload.kind.name(), "file": upload.file_name, "done": preview.summary(), "batch": batch_id,
    });
    events::record(&mut tx, actor, now_ms, "skills.imported", &subject, &detail).await?;
    preview.batch_id = Some(batch_id);
    done_with(&mut tx, run, preview).await?;
    Ok(tx.commit().await?)
}

/// What is looked up, and belongs to nobody, cannot be taken back: the file before it is imported again.
async fn write_reference(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    upload: &Upload,
    run: &Run<'_>,
    (work, preview): (&Work, &Preview),
) -> Result<()> {
    let (file, now_ms) = (&upload.file_name, app.now_ms());
    match work {
        Work::Profiles(fresh) => profiles::take(&mut tx, actor, file, fresh, now_ms).await?,
        Work::Concepts(fresh) => concepts::take(&mut tx, actor, file, fresh, now_ms).await?,
        Work::Catalogue(_) => {}
    }
    done_with(&mut tx, run, preview).await?;
    Ok(tx.commit().await?)
}

/// In the transaction of the import, so that an upload is never done without it, nor the other way round.
async fn done_with(tx: &mut Tx, run: &Run<'_>, preview: &Preview) -> Result<()> {
    let Some(claim) = run.claim else { return Ok(()) };
    finish(tx, claim, &Report::of(preview)).await
}

struct Writing<'a> {
    tx: &'a mut Tx,
    plan: &'a Plan,
    actor: &'a Actor,
    now_ms: i64,
    /// What was made and changed so far.
    traces: Traces,
    progress: &'a Progress,
}

impl Writing<'_> {
    /// Writes teams and people, and returns the ids of the plan's people.
    async fn people(&mut self) -> Result<Vec<i64>> {
        let teams = self.teams().await?;
        let team_id = |post: &Post| post.team.as_ref().map(|team| teams[team]);
        let mut new = Vec::new();
        for person in &self.plan.people {
            match &person.act {
                PersonAct::Create { email, post } => new.push(NewPerson {
                    name: person.name.clone(),
                    email: email.clone(),
                    title: post.title.clone(),
                    team_id: team_id(post),
                }),
                PersonAct::Change { id, version, before, after } => {
                    let moved = roster::move_to(self.tx, (*id, *version), team_id(after), &after.title, self.now_ms);
                    still_there(moved.await?)?;
                    let (version, title) = (version + 1, before.title.clone());
                    self.traces.moved.push(Moved { id: *id, version, team_id: team_id(before), title });
                }
                PersonAct::Keep { .. } | PersonAct::Refuse => {}
            }
        }
        self.traces.people = roster::add(self.tx, &new, self.now_ms).await?;
        let mut added = self.traces.people.iter().copied();
        teams::rank(self.tx).await?;
        let ids = self.plan.people.iter().map(|person| person.id().or_else(|| added.next()));
        ids.collect::<Option<_>>().ok_or_else(|| Error::internal("an import lost count of its people"))
    }

    /// Adds the new teams, and returns the id of each team by its name.
    async fn teams(&mut self) -> Result<HashMap<String, i64>> {
        for team in &self.plan.teams {
            self.traces.teams.push(teams::insert(self.tx, &team.name, self.now_ms).await?);
        }
        let teams: Vec<(String, i64)> = self.tx.q(sql!("SELECT name, id FROM teams")).all().await?;
        Ok(teams.into_iter().collect())
    }

    /// Writes categories and skills, and returns the ids of the plan's skills.
    async fn skills(&mut self) -> Result<Vec<i64>> {
        let categories = self.categories().await?;
        let mut ids = Vec::with_capacity(self.plan.skills.len());
        for skill in &self.plan.skills {
            ids.push(match &skill.act {
                SkillAct::Create(details) => self.create_skill(skill, details, categories[&skill.category]).await?,
                SkillAct::Change { id, version, before, after } => {
                    self.change_skill((*id, *version), before, after).await?
                }
                SkillAct::Keep { id } => *id,
                SkillAct::Refuse => return Err(Error::internal("a plan with problems is not written")),
            });
        }
        Ok(ids)
    }

    async fn create_skill(&mut self, skill: &PlannedSkill, details: &Details, category_id: i64) -> Result<i64> {
        let scale_id = skill.scale_id.ok_or_else(|| Error::internal("a planned skill has no scale"))?;
        let new = NewSkill {
            name: skill.name.clone(),
            description: details.description.clone(),
            uri: details.uri.clone(),
            labels: labels_of(details),
            owner: details.owner.as_ref().map_or(Owner::Nobody, |owner| Owner::Person(owner.id)),
            ..NewSkill::default()
        };
        let id = catalogue::insert(self.tx, category_id, scale_id, &new, self.now_ms).await?;
        self.traces.skills.push(id);
        Ok(id)
    }

    async fn change_skill(&mut self, (id, version): (i64, i64), before: &Details, after: &Details) -> Result<i64> {
        let query = self.tx.q(sql!(
            "UPDATE skills SET description = ?, uri = ?, owner_id = ?, version = version + 1, updated_at = ?
             WHERE id = ? AND version = ?"
        ));
        let owner_id = |details: &Details| details.owner.as_ref().map(|owner| owner.id);
        let query = query.bind(after.description.clone()).bind(after.uri.clone()).bind(owner_id(after));
        still_there(query.bind(self.now_ms).bind(id).bind(version).execute().await? == 1)?;
        labels::replace(self.tx, id, &labels_of(after)).await?;
        let (description, uri) = (before.description.clone(), before.uri.clone());
        let Labels { aliases, tags } = labels_of(before);
        let further = Some(Further { aliases, tags, owner_id: owner_id(before) });
        self.traces.described.push(Described { id, version: version + 1, description, uri, further });
        Ok(id)
    }

    async fn categories(&mut self) -> Result<HashMap<String, i64>> {
        let query = self.tx.q(sql!("SELECT id FROM skill_categories"));
        let before: HashSet<i64> = query.all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect();
        let new = self.plan.categories.iter().map(|category| category.name.as_str());
        make_paths(self.tx, new, self.now_ms).await?;
        let categories = self.tx.q(sql!("SELECT name, id FROM skill_categories")).all::<(String, i64)>().await?;
        let new = categories.iter().map(|(_, id)| *id).filter(|id| !before.contains(id));
        self.traces.categories = new.collect();
        Ok(categories.into_iter().collect())
    }

    async fn ratings(&mut self, people: &[i64], skills: &[i64], batch_id: i64) -> Result<()> {
        let now_ms = self.now_ms;
        let change = |rating: &PlannedRating| Change {
            person_id: people[rating.person],
            skill_id: skills[rating.skill],
            is_new: rating.before.is_none(),
            after: rating.said_at(now_ms),
        };
        let batch = Batch { actor: self.actor, origin: Origin::Import, id: Some(batch_id), now_ms: self.now_ms };
        for ratings in self.plan.ratings.chunks(AT_ONCE) {
            let changes: Vec<Change> = ratings.iter().map(change).collect();
            batches::store(self.tx, &batch, &changes).await?;
            self.progress.advance(changes.len());
        }
        let ratings = &self.plan.ratings;
        let people = ratings.iter().map(|rating| people[rating.person]);
        Ok(batches::recount(self.tx, people, ratings.iter().map(|rating| skills[rating.skill])).await?)
    }
}

fn labels_of(details: &Details) -> Labels {
    Labels { aliases: details.aliases.clone(), tags: details.tags.clone() }
}

fn still_there(written: bool) -> Result<()> {
    if written { Ok(()) } else { Err(Error::Conflict("Somebody else was quicker.".to_owned())) }
}
