//! Who may do what, as one table that is swapped as a whole.
//!
//! Tables: roles, role_parents, role_permissions, person_roles, mapped_routes, route_grantees, access_versions,
//! access_changes. Whoever changes one of these begins with `changing`, which raises the version and keeps everybody else
//! from changing them until the commit, and then publishes `TOPIC`. Each process holds the table of one version, and takes
//! another one as soon as it hears of the topic. What it did not hear of, it finds by the version: after two seconds, or
//! with the next request where no Redis tells it anything.

mod changes;
mod facts;
mod table;

pub use changes::{Change, Noted, changes_since, note};
pub(super) use facts::Read;
pub use facts::{Facts, Grantee, RoleFacts};
pub use table::{AccessTable, Admission, Held, admits};

use super::Actor;
use super::TOPIC as PEOPLE;
use super::permissions::PermissionIndex;
use crate::cache::Cache;
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::sql;
use cached::ShardedLruTtlCache;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// What changes when somebody may do something else than before.
pub const TOPIC: &str = "accounts.access";

/// How long a process trusts its table, and what it read of a person, without looking.
const TRUSTED: Duration = Duration::from_secs(2);
/// How often a table that changes while it is read is read again.
const ATTEMPTS: u32 = 5;

/// A clone shares the table.
#[derive(Clone)]
pub struct AccessControl(Arc<Inner>);

struct Inner {
    db: Db,
    cache: Cache,
    index: Arc<PermissionIndex>,
    /// Without Redis on a database that others use, nobody tells this process what changed.
    trusted: Duration,
    current: RwLock<Option<Snapshot>>,
    loading: tokio::sync::Mutex<()>,
    /// With the generation of the people from before each was read.
    actors: ShardedLruTtlCache<i64, (u64, Arc<Actor>)>,
}

#[derive(Clone)]
struct Snapshot {
    table: Arc<AccessTable>,
    /// Of the topic, from before the table was read.
    generation: u64,
    seen_at: Instant,
}

impl AccessControl {
    /// `hears` tells whether every change of the database is heard of.
    pub fn new(db: Db, cache: Cache, index: PermissionIndex, hears: bool) -> Self {
        AccessControl(Arc::new(Inner {
            db,
            cache,
            index: Arc::new(index),
            trusted: if hears { TRUSTED } else { Duration::ZERO },
            current: RwLock::default(),
            loading: tokio::sync::Mutex::default(),
            actors: ShardedLruTtlCache::new(10_000, TRUSTED),
        }))
    }

    pub fn index(&self) -> &Arc<PermissionIndex> {
        &self.0.index
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.db
    }

    /// The table as it is now.
    pub async fn table(&self) -> Result<Arc<AccessTable>> {
        let inner = &*self.0;
        let generation = inner.cache.generation(&[TOPIC]);
        let known = self.known();
        if let Some(snapshot) = &known
            && snapshot.generation == generation
            && snapshot.seen_at.elapsed() < inner.trusted
        {
            return Ok(snapshot.table.clone());
        }
        let seen_at = Instant::now();
        let version = version(&mut &inner.db).await?;
        if let Some(snapshot) = known.filter(|snapshot| snapshot.table.version == version) {
            let table = snapshot.table;
            self.keep(Snapshot { table: table.clone(), generation, seen_at });
            return Ok(table);
        }
        self.load(version).await
    }

    /// One process reads it once for all who ask.
    async fn load(&self, wanted: i64) -> Result<Arc<AccessTable>> {
        let inner = &*self.0;
        let _alone = inner.loading.lock().await;
        if let Some(snapshot) = self.known().filter(|snapshot| snapshot.table.version >= wanted) {
            return Ok(snapshot.table);
        }
        for _ in 0..ATTEMPTS {
            let (generation, seen_at) = (inner.cache.generation(&[TOPIC]), Instant::now());
            let before = version(&mut &inner.db).await?;
            let facts = Facts::load(&mut &inner.db).await?;
            if version(&mut &inner.db).await? == before {
                let table = Arc::new(AccessTable::compile(facts, inner.index.clone(), before));
                self.keep(Snapshot { table: table.clone(), generation, seen_at });
                return Ok(table);
            }
        }
        Err(Error::busy("Who may do what is being changed at the moment. Please try again in a few seconds."))
    }

    fn known(&self) -> Option<Snapshot> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Of two that were read at the same time, the newer one stays.
    fn keep(&self, snapshot: Snapshot) {
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|known| known.table.version <= snapshot.table.version) {
            *current = Some(snapshot);
        }
    }

    /// Who a person is and what they may do now; `None` when there is no such active person. Of a change of their name and
    /// team that this process does not hear of, it learns after two seconds.
    pub async fn actor(&self, person_id: i64) -> Result<Option<Arc<Actor>>> {
        let table = self.table().await?;
        let generation = self.0.cache.generation(&[PEOPLE]);
        if let Some((as_of, actor)) = self.0.actors.get(&person_id)
            && as_of == generation
            && Arc::ptr_eq(&actor.access, &table)
        {
            return Ok(Some(actor));
        }
        let Some(actor) = self.read_actor(person_id, table).await? else { return Ok(None) };
        let actor = Arc::new(actor);
        self.0.actors.set(person_id, (generation, actor.clone()));
        Ok(Some(actor))
    }

    /// Reads a person anew with their next request in this process.
    pub(super) fn forget(&self, person_id: i64) {
        self.0.actors.delete(&person_id);
    }

    async fn read_actor(&self, person_id: i64, access: Arc<AccessTable>) -> Result<Option<Actor>> {
        let query = self.0.db.q(sql!("SELECT name, team_id FROM people WHERE id = ? AND active = TRUE"));
        let Some((name, team_id)) = query.bind(person_id).optional::<(String, Option<i64>)>().await? else {
            return Ok(None);
        };
        let own = roles_of(&mut &self.0.db, person_id).await?;
        let role = access.highest(&own).unwrap_or_default().to_owned();
        let (grants, roles) = (access.grants(&own), access.facts.included(own).into());
        let (scopes, lent, via) = (None, None, None);
        Ok(Some(Actor { person_id: Some(person_id), team_id, name, role, grants, roles, access, scopes, lent, via }))
    }
}

/// The roles that a person was given, in ascending order.
pub(super) async fn roles_of(from: &mut (impl Read + Send), person_id: i64) -> db::Result<Vec<i64>> {
    let query = from.q(sql!("SELECT role_id FROM person_roles WHERE person_id = ? ORDER BY role_id"));
    Ok(query.bind(person_id).all::<(i64,)>().await?.into_iter().map(|(role,)| role).collect())
}

/// The first statement of a transaction that changes who may do what: nobody else changes it until the commit, after
/// which the caller publishes `TOPIC`.
pub async fn changing(tx: &mut Tx) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO access_versions (id, version) VALUES (1, 1) {upsert id} version = access_versions.version + 1"
    ));
    query.execute().await?;
    Ok(())
}

async fn version(from: &mut (impl Read + Send)) -> db::Result<i64> {
    let row = from.q(sql!("SELECT version FROM access_versions WHERE id = 1")).optional::<(i64,)>().await?;
    Ok(row.map_or(0, |(version,)| version))
}

/// Whether a person holds everything, by their roles and what these include: read anew, past the table.
pub async fn holds_everything(mut db: &Db, person_id: i64) -> Result<bool> {
    let own = roles_of(&mut db, person_id).await?;
    let table = AccessTable::compile(Facts::load(&mut db).await?, Arc::default(), 0);
    Ok(table.held_by_all(&own).everything)
}

/// Refuses a change, inside of its transaction, after which nobody could do everything any more.
pub async fn keep_an_administrator(tx: &mut Tx) -> Result<()> {
    let facts = Facts::load(tx).await?;
    let roles = AccessTable::compile(facts, Arc::default(), 0).administrating();
    let query = tx.q(sql!(
        "SELECT EXISTS (SELECT 1 FROM person_roles pr JOIN people p ON p.id = pr.person_id
         WHERE p.active = TRUE AND pr.role_id IN ({ids}))"
    ));
    match query.bind_ids(&roles).one::<(bool,)>().await? {
        (true,) => Ok(()),
        (false,) => Err(Error::invalid(
            "",
            "Nobody could do everything any more after this, and nobody could mend it. Make somebody else an administrator first.",
        )),
    }
}
