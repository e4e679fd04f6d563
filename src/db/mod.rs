//! The three databases behind one facade. This is the only place that names a pool, a driver or a dialect.
//!
//! Model code reads `db.q(sql!("SELECT … WHERE id = ?")).bind(id).one::<Skill>().await?` whatever the database. A `Tx`
//! remembers a failed statement: PostgreSQL would answer COMMIT with success and lose everything, the others would keep
//! the rest, so its `commit` rolls back and says `Aborted`.
//!
//! SQLite has one writer connection and several readers: `all`, `optional` and `one` read through a reader, the rest
//! goes to the writer, where transactions start with BEGIN IMMEDIATE.

mod connect;
mod error;
mod migrate;
mod query;
mod source;
pub mod sql;

pub use connect::{Options, Synchronous};
pub use error::{Error, Result};
pub use migrate::{MIGRATIONS, Pending};
pub use query::{Bind, Query, Row, contains};
pub use sql::{Dialect, LIST, Sql};

use crate::sql;
use query::{Fut, On, Via};
pub use source::Connections;
use source::Source;
use sqlx::{Connection, MySql, Postgres, Sqlite, Transaction};
use std::time::Duration;

/// A plain BEGIN that reads first and writes later fails at once when another writer came in between.
const IMMEDIATE: &str = "BEGIN IMMEDIATE";
const LONGEST_CLOSE: Duration = Duration::from_secs(2);

/// A handle to the database; a clone shares its pools.
#[derive(Clone)]
pub enum Db {
    Sqlite { read: Source<Sqlite>, write: Source<Sqlite> },
    MySql(Source<MySql>),
    Postgres(Source<Postgres>),
}

/// A transaction. Dropped without `commit`, it rolls back.
pub struct Tx {
    on: AnyTx,
    failed: bool,
}

enum AnyTx {
    Sqlite(Transaction<'static, Sqlite>),
    MySql(Transaction<'static, MySql>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    pub fn dialect(&self) -> Dialect {
        match self {
            Db::Sqlite { .. } => Dialect::Sqlite,
            Db::MySql(_) => Dialect::MySql,
            Db::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether it is a file that belongs to this machine alone, rather than a server that others may use too.
    pub fn is_embedded(&self) -> bool {
        self.dialect() == Dialect::Sqlite
    }

    pub fn q<'e>(&'e self, sql: &'static Sql) -> Query<'e> {
        let via = match self {
            Db::Sqlite { read, write } => Via::Sqlite(Default::default(), On::Pool(read, write)),
            Db::MySql(pool) => Via::MySql(Default::default(), On::Pool(pool, pool)),
            Db::Postgres(pool) => Via::Postgres(Default::default(), On::Pool(pool, pool)),
        };
        Query::new(sql, via)
    }

    pub fn begin(&self) -> Fut<'_, Tx> {
        Box::pin(async move {
            let on = match self {
                Db::Sqlite { write, .. } => AnyTx::Sqlite(write.begin_with(Some(IMMEDIATE)).await?),
                Db::MySql(pool) => AnyTx::MySql(pool.begin_with(None).await?),
                Db::Postgres(pool) => AnyTx::Postgres(pool.begin_with(None).await?),
            };
            Ok(Tx { on, failed: false })
        })
    }

    /// How many connections there are, of all pools together.
    pub fn connections(&self) -> Connections {
        match self {
            Db::Sqlite { read, write } => read.connections() + write.connections(),
            Db::MySql(pool) => pool.connections(),
            Db::Postgres(pool) => pool.connections(),
        }
    }

    /// Answers when the database can be reached.
    pub fn ping(&self) -> Fut<'_, ()> {
        Box::pin(async move {
            match self {
                Db::Sqlite { read, .. } => read.acquire().await?.ping().await?,
                Db::MySql(pool) => pool.acquire().await?.ping().await?,
                Db::Postgres(pool) => pool.acquire().await?.ping().await?,
            }
            Ok(())
        })
    }

    /// Lets the planner know what the tables hold now, after a change of very many rows. PostgreSQL finds out by itself only
    /// minutes later, and until then reads whole tables; MariaDB counts at once, and SQLite plans without.
    pub async fn analyze(&self) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            self.q(sql!("ANALYZE")).execute().await?;
        }
        Ok(())
    }

    /// Waits for running statements, though not for ever, then closes every connection. One that hangs, because its
    /// server does, must not hold up the end of the process.
    pub async fn close(&self) {
        let closed = async {
            match self {
                Db::Sqlite { read, write } => {
                    read.close().await;
                    write.close().await;
                }
                Db::MySql(pool) => pool.close().await,
                Db::Postgres(pool) => pool.close().await,
            }
        };
        if tokio::time::timeout(LONGEST_CLOSE, closed).await.is_err() {
            tracing::warn!("a statement still runs; its connection is cut");
        }
    }
}

impl Tx {
    pub fn q<'e>(&'e mut self, sql: &'static Sql) -> Query<'e> {
        let failed = &mut self.failed;
        let via = match &mut self.on {
            AnyTx::Sqlite(tx) => Via::Sqlite(Default::default(), On::Tx(&mut **tx, failed)),
            AnyTx::MySql(tx) => Via::MySql(Default::default(), On::Tx(&mut **tx, failed)),
            AnyTx::Postgres(tx) => Via::Postgres(Default::default(), On::Tx(&mut **tx, failed)),
        };
        Query::new(sql, via)
    }

    /// Keeps what was written, or nothing of it if a statement failed.
    pub fn commit(self) -> Fut<'static, ()> {
        Box::pin(async move {
            if self.failed {
                self.rollback().await?;
                return Err(Error::Aborted);
            }
            match self.on {
                AnyTx::Sqlite(tx) => tx.commit().await?,
                AnyTx::MySql(tx) => tx.commit().await?,
                AnyTx::Postgres(tx) => tx.commit().await?,
            }
            Ok(())
        })
    }

    pub fn rollback(self) -> Fut<'static, ()> {
        Box::pin(async move {
            match self.on {
                AnyTx::Sqlite(tx) => tx.rollback().await?,
                AnyTx::MySql(tx) => tx.rollback().await?,
                AnyTx::Postgres(tx) => tx.rollback().await?,
            }
            Ok(())
        })
    }
}
