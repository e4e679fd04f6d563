//! The preview of an import, and the uploads that wait for their acceptance.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::file::{RatingFile, SkillFile};
use super::plan::catalogue::{Catalogue, Known, KnownSkill, Owner};
use super::plan::people::{self, Directory};
use super::plan::ratings::Planner;
use super::plan::scales::default_scale;
use super::plan::skills::{self, WantedSkill};
use super::plan::{Findings, New, Plan, PlannedSkill};
use super::{Kind, Preview, Upload};
use crate::accounts::{Actor, roster};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::plugins::skills::IMPORT;
use crate::plugins::skills::batches::model as batches;
use crate::plugins::skills::catalogue::labels::model as labels;
use crate::plugins::skills::categories::model as categories;
use crate::plugins::skills::concepts::file::{self as concept_file, Concept};
use crate::plugins::skills::concepts::model as concepts;
use crate::plugins::skills::profiles::imports::model as profiles;
use crate::plugins::skills::scales::{self, Scales};
use crate::tables::{self, Limits, Problem};
use crate::{clock, sql};
use jiff::civil::Date;

/// How long an upload waits.
const KEPT_MS: i64 = 24 * 3_600_000;
/// The ratings of how many people are held against the file at once.
const PEOPLE_AT_ONCE: usize = 50;
const MAX_FILE_NAME_CHARS: usize = 190;

/// What a file says.
pub(super) enum Contents {
    Ratings(RatingFile),
    Skills(SkillFile),
    Profiles(profiles::Read),
    Concepts(Vec<Concept>),
}

/// What is to be written.
pub(super) enum Work {
    Catalogue(Plan),
    Profiles(Vec<profiles::Fresh>),
    /// With the name that each had.
    Concepts(Vec<(Concept, Option<String>)>),
}

/// What is to be written and what is to be told of it.
pub(super) struct Planned {
    pub work: Work,
    pub preview: Preview,
}

/// What an import of the file would do. Nothing is written.
///
/// # Errors
/// Forbidden; Invalid for a scale that nobody knows. What is wrong with the file stands in the preview.
pub async fn preview(app: &App, actor: &Actor, upload: &Upload) -> Result<Preview> {
    actor.require(IMPORT)?;
    let contents = match read(upload).await? {
        Ok(contents) => contents,
        Err(problems) => return Ok(Preview::refused(upload.kind, problems)),
    };
    // The acceptance plans with the same statements, whose locks a transaction gives back.
    let mut tx = app.db.begin().await?;
    let planned = plan(app, actor, &mut tx, upload, contents).await?;
    tx.rollback().await?;
    Ok(planned.preview)
}

/// Reads the file, away from the threads that answer requests.
pub(super) async fn read(upload: &Upload) -> Result<Result<Contents, Vec<Problem>>> {
    let Upload { kind, file_name, bytes, .. } = upload.clone();
    let read = tokio::task::spawn_blocking(move || {
        let table = tables::read(&bytes, Some(&file_name), Limits::default())?;
        match kind {
            Kind::Ratings => RatingFile::read(&table).map(Contents::Ratings),
            Kind::Skills => SkillFile::read(&table).map(Contents::Skills),
            Kind::Profiles => profiles::read(&table).map(Contents::Profiles),
            Kind::Concepts => concept_file::read(&table).map(Contents::Concepts),
        }
    });
    read.await.map_err(Error::internal)
}

/// Holds the file against what is there, and locks the ratings that it may change.
pub(super) async fn plan(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    upload: &Upload,
    contents: Contents,
) -> Result<Planned> {
    let mut planning = Planning {
        tx,
        scales: scales::all(app).await?,
        asked: upload.scale.as_deref(),
        importer: actor.person_id,
        today: clock::day_of(app.now_ms()),
        findings: Findings::default(),
    };
    let (work, mut preview, notices) = match contents {
        Contents::Ratings(file) => {
            let plan = planning.ratings(&file).await?;
            let preview = Preview::of(upload.kind, &plan, Some(&file), &planning.scales);
            (Work::Catalogue(plan), preview, file.notices)
        }
        Contents::Skills(file) => {
            let plan = planning.skills_alone(&file).await?;
            let preview = Preview::of(upload.kind, &plan, None, &planning.scales);
            (Work::Catalogue(plan), preview, file.notices)
        }
        Contents::Profiles(read) => {
            let (fresh, report) = profiles::plan(planning.tx, read).await?;
            let preview = Preview::of_profiles(&fresh, report.unchanged);
            (Work::Profiles(fresh), preview, report.notices)
        }
        Contents::Concepts(read) => {
            let concepts::Plan { fresh, unchanged } = concepts::plan(planning.tx, read).await?;
            let preview = Preview::of_concepts(&fresh, unchanged);
            (Work::Concepts(fresh), preview, Vec::new())
        }
    };
    let (problems, more) = planning.findings.into_parts();
    preview.refused = problems;
    preview.notices = notices.into_iter().chain(more).collect();
    Ok(Planned { work, preview })
}

struct Planning<'a> {
    tx: &'a mut Tx,
    scales: Arc<Scales>,
    /// The scale that new skills are to get.
    asked: Option<&'a str>,
    /// None for the command line.
    importer: Option<i64>,
    today: Date,
    findings: Findings,
}

impl Planning<'_> {
    async fn ratings(&mut self, file: &RatingFile) -> Result<Plan> {
        let mut plan = Plan::default();
        let levels = file.distinct_levels();
        let wanted = file.skills.iter().map(WantedSkill::from);
        (plan.skills, plan.categories) = self.skills(wanted, levels.iter().copied(), HashMap::new()).await?;
        self.people(file, &mut plan).await?;
        let mut order: Vec<usize> = (0..file.ratings.len()).collect();
        order.sort_by_key(|&index| file.ratings[index].person);
        let part = |index: usize| file.ratings[index].person / PEOPLE_AT_ONCE;
        let skill_ids: Vec<i64> = plan.skills.iter().filter_map(|skill| skill.id()).collect();
        for indices in order.chunk_by(|&one, &other| part(one) == part(other)) {
            let people = plan.people.iter().skip(part(indices[0]) * PEOPLE_AT_ONCE).take(PEOPLE_AT_ONCE);
            let ids: Vec<i64> = people.filter_map(|person| person.id()).collect();
            let mut known = batches::lock(self.tx, &ids, &skill_ids).await?;
            self.planner(file, &mut plan).take(indices, &mut known);
        }
        self.planner(file, &mut plan).finish();
        Ok(plan)
    }

    fn planner<'p>(&'p mut self, file: &'p RatingFile, plan: &'p mut Plan) -> Planner<'p> {
        let Planning { scales, findings, importer, today, .. } = self;
        Planner { file, scales, plan, findings, importer: *importer, today: *today }
    }

    async fn skills_alone(&mut self, file: &SkillFile) -> Result<Plan> {
        let wanted = file.skills.iter().map(WantedSkill::from);
        let owners: HashSet<String> =
            file.skills.iter().filter_map(|s| Some(s.owner.as_ref()?.to_lowercase())).collect();
        let people = self.owners(&owners).await?;
        let (skills, categories) = self.skills(wanted, std::iter::empty(), people).await?;
        Ok(Plan { skills, categories, ..Plan::default() })
    }

    async fn skills<'f>(
        &mut self,
        wanted: impl Iterator<Item = WantedSkill<'f>>,
        levels: impl Iterator<Item = &'f str> + Clone,
        people: HashMap<String, Vec<Owner>>,
    ) -> Result<(Vec<PlannedSkill>, Vec<New>)> {
        let default = default_scale(&self.scales, self.asked, levels)?;
        let categories = categories::read(self.tx).await?;
        let query = self.tx.q(sql!(
            "SELECT s.id, c.name AS category, s.name, s.description, s.uri, s.scale_id, s.owner_id, p.name AS owner, s.active, s.version
             FROM skills s JOIN skill_categories c ON c.id = s.category_id LEFT JOIN people p ON p.id = s.owner_id"
        ));
        let skills: Vec<KnownSkill> = query.all().await?;
        let known = Known { skills, labels: labels::all(self.tx).await?, people, categories };
        let catalogue = Catalogue::new(&known, &self.scales, default);
        Ok(skills::plan(wanted, &catalogue, &mut self.findings))
    }

    /// Whoever the texts, in lower case, may mean: by address, or by name.
    async fn owners(&mut self, texts: &HashSet<String>) -> Result<HashMap<String, Vec<Owner>>> {
        let keys: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut people: HashMap<String, Vec<Owner>> = HashMap::new();
        for person in roster::with_addresses(self.tx, &keys).await?.into_iter().filter(|person| person.active) {
            let owner = Owner { id: person.id, name: person.name };
            people.entry(person.email_key.unwrap_or_default()).or_default().push(owner);
        }
        for person in roster::with_names(self.tx, &keys).await? {
            people.entry(person.name.to_lowercase()).or_default().push(Owner { id: person.id, name: person.name });
        }
        Ok(people)
    }

    async fn people(&mut self, file: &RatingFile, plan: &mut Plan) -> Result<()> {
        let keys: Vec<String> = file.people.iter().filter_map(|p| Some(p.email.as_ref()?.to_lowercase())).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let with_addresses = roster::with_addresses(self.tx, &keys).await?;
        let mut names: Vec<String> = file.people.iter().filter_map(|p| Some(p.name.as_ref()?.to_lowercase())).collect();
        names.sort_unstable();
        names.dedup();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let with_names = roster::with_names(self.tx, &names).await?;
        let teams = self.tx.q(sql!("SELECT name FROM teams")).all::<(String,)>().await?;
        let teams: Vec<String> = teams.into_iter().map(|(name,)| name).collect();
        let directory = Directory::new(&with_addresses, &with_names);
        (plan.people, plan.teams) = people::plan(&file.people, &directory, &teams, &mut self.findings);
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct PendingRow {
    kind: String,
    file_name: String,
    scale: String,
    content: Vec<u8>,
}

/// Keeps an upload until it is accepted, in place of the one that this person had before.
pub(super) async fn keep(app: &App, actor: &Actor, upload: &Upload, preview: &Preview) -> Result<i64> {
    actor.require(IMPORT)?;
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let bytes = upload.bytes.clone();
    let packed = tokio::task::spawn_blocking(move || zstd::encode_all(&bytes[..], 0)).await.map_err(Error::internal)?;
    let packed = packed.map_err(Error::internal)?;
    let file_name: String = upload.file_name.chars().take(MAX_FILE_NAME_CHARS).collect();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("DELETE FROM skill_imports WHERE person_id = ? AND state <> 'running'"));
    query.bind(person_id).execute().await?;
    let query = tx.q(sql!(
        "INSERT INTO skill_imports (person_id, kind, file_name, scale, content, ratings, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(person_id).bind(upload.kind.name()).bind(file_name);
    let query = query.bind(upload.scale.clone().unwrap_or_default()).bind(packed);
    let query = query.bind(preview.ratings() as i64).bind(app.now_ms());
    let id = query.insert().await?;
    tx.commit().await?;
    Ok(id)
}

/// An upload of one's own that is not done with; those of others are not there.
pub(super) async fn pending(app: &App, actor: &Actor, id: i64) -> Result<Upload> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!(
        "SELECT kind, file_name, scale, content FROM skill_imports WHERE id = ? AND person_id = ? AND state <> 'done'"
    ));
    let row: PendingRow = query.bind(id).bind(actor.person_id).one().await?;
    let unpacked = tokio::task::spawn_blocking(move || zstd::decode_all(&row.content[..]));
    let bytes = unpacked.await.map_err(Error::internal)?.map_err(Error::internal)?;
    let kind = Kind::from_name(&row.kind).ok_or(Error::NotFound)?;
    let scale = Some(row.scale).filter(|scale| !scale.is_empty());
    Ok(Upload { kind, file_name: row.file_name, scale, bytes: bytes.into() })
}

/// Forgets an upload of one's own, unless it is being imported. That it was gone already is no error.
pub(super) async fn discard(app: &App, actor: &Actor, id: i64) -> Result<()> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!("DELETE FROM skill_imports WHERE id = ? AND person_id = ? AND state <> 'running'"));
    query.bind(id).bind(actor.person_id).execute().await?;
    Ok(())
}

/// Forgets the uploads that waited for a day.
pub(super) async fn purge(app: &App) -> Result<()> {
    let query = app.db.q(sql!("DELETE FROM skill_imports WHERE created_at < ?"));
    query.bind(app.now_ms() - KEPT_MS).execute().await?;
    Ok(())
}

/// The names of the scales that new skills can get.
pub(super) async fn scale_names(app: &App, actor: &Actor) -> Result<Vec<String>> {
    actor.require(IMPORT)?;
    Ok(scales::all(app).await?.all().iter().map(|scale| scale.name.clone()).collect())
}
