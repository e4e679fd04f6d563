//! Opens the pools as the options say.

use super::error::{Error, Result};
use super::query::Fut;
use super::source::Source;
use super::{Db, Dialect};
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, MySqlConnection, PgConnection};
use std::io;
use std::time::Duration;

/// Where the database is and how its pool behaves.
#[derive(Clone)]
pub struct Options {
    /// `sqlite://path`, `mysql://`, `mariadb://` or `postgres://`.
    pub url: String,
    /// Connections at most (MariaDB, PostgreSQL).
    pub pool_size: u32,
    /// A connection older than this is replaced.
    pub recycle: Duration,
    /// How long a statement waits for a free connection before it fails as busy.
    pub acquire_timeout: Duration,
    /// A connection idle for longer is pinged before use; a ping each time would cost up to 40 % of the reads.
    pub idle_ping: Duration,
    pub sqlite_synchronous: Synchronous,
    pub sqlite_readers: u32,
}

/// How durable an answered write is on SQLite: `Full` survives a power cut, `Normal` survives a crash of the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Synchronous {
    Full,
    Normal,
}

impl Options {
    /// The usual options, for tests and tools.
    pub fn new(url: &str) -> Self {
        Options {
            url: url.to_owned(),
            pool_size: 30,
            recycle: Duration::from_secs(3600),
            acquire_timeout: Duration::from_secs(20),
            idle_ping: Duration::from_secs(5),
            sqlite_synchronous: Synchronous::Full,
            sqlite_readers: 4,
        }
    }

    /// Fails when the address names no database that the portal speaks.
    pub fn dialect(&self) -> Result<Dialect> {
        match self.url.split(':').next() {
            Some("sqlite") => Ok(Dialect::Sqlite),
            Some("mysql" | "mariadb") => Ok(Dialect::MySql),
            Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
            _ => Err(Error::Defect(sqlx::Error::Configuration(
                "the address must begin with sqlite://, mysql://, mariadb:// or postgres://".into(),
            ))),
        }
    }

    pub(super) fn sqlite(&self) -> Result<SqliteConnectOptions> {
        let synchronous = match self.sqlite_synchronous {
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Normal => SqliteSynchronous::Normal,
        };
        Ok(self
            .url
            .parse::<SqliteConnectOptions>()?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .row_buffer_size(512)
            .pragma("cache_size", "-16000"))
    }

    /// Whether it is an SQLite file that nobody has made yet. Opening it would make it.
    pub(super) fn is_missing_file(&self) -> Result<bool> {
        Ok(self.dialect()? == Dialect::Sqlite && !self.sqlite()?.get_filename().exists())
    }

    /// The collation of the session must be that of the tables, or values out of JSON_TABLE cannot be compared to columns.
    pub(super) fn mysql(&self) -> Result<MySqlConnectOptions> {
        Ok(self.url.parse::<MySqlConnectOptions>()?.collation("utf8mb4_bin"))
    }

    pub(super) fn postgres(&self) -> Result<PgConnectOptions> {
        Ok(self.url.parse()?)
    }
}

/// As much of the file as readers map: 1 GiB. It takes address space, not memory.
const MAPPED_BYTES: &str = "1073741824";

macro_rules! pool {
    ($pool:ty, $options:expr, $size:expr) => {{
        let options: &Options = $options;
        let idle_ping = options.idle_ping;
        <$pool>::new()
            .max_connections($size)
            .max_lifetime(options.recycle)
            .acquire_timeout(options.acquire_timeout)
            .test_before_acquire(false)
            .before_acquire(move |connection, meta| {
                Box::pin(async move {
                    // SQLite rolls back by itself when the disk is full. The driver then never gets out of that
                    // transaction, and every later one would fail on this connection.
                    if connection.is_in_transaction() {
                        return Ok(false);
                    }
                    if meta.idle_for > idle_ping {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    }};
}

impl Db {
    pub fn connect(options: Options) -> Fut<'static, Db> {
        Box::pin(async move {
            match options.dialect()? {
                Dialect::Sqlite => connect_sqlite(&options).await,
                Dialect::MySql => {
                    // As on PostgreSQL. The default, REPEATABLE READ, locks gaps and deadlocks concurrent upserts.
                    let pool = pool!(MySqlPoolOptions, &options, options.pool_size).after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
                            Ok(())
                        })
                    });
                    Ok(Db::MySql(Source::server(pool.connect_with(options.mysql()?).await?, options)))
                }
                Dialect::Postgres => {
                    // Its default, 4, is a disk's that turns: with it the planner reads a whole table of thousands of
                    // rows rather than fifty of them by an index.
                    let pool = pool!(PgPoolOptions, &options, options.pool_size).after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute("SET random_page_cost = 1.1").await?;
                            Ok(())
                        })
                    });
                    Ok(Db::Postgres(Source::server(pool.connect_with(options.postgres()?).await?, options)))
                }
            }
        })
    }

    /// How many connections the server allows in all; `None` where there is no such limit.
    pub async fn connection_limit(&self) -> Result<Option<i64>> {
        let limit = match self.dialect() {
            Dialect::Sqlite => return Ok(None),
            Dialect::MySql => self.q(crate::sql!("SELECT CAST(@@max_connections AS {i64})")).one::<(i64,)>().await?,
            Dialect::Postgres => {
                self.q(crate::sql!("SELECT CAST(current_setting('max_connections') AS {i64})")).one::<(i64,)>().await?
            }
        };
        Ok(Some(limit.0))
    }
}

async fn connect_sqlite(options: &Options) -> Result<Db> {
    let connect = options.sqlite()?;
    // The writer comes first: it creates the file and switches it to WAL, which a read-only connection cannot.
    let write = pool!(SqlitePoolOptions, options, 1).connect_with(connect.clone()).await?;
    let readers = pool!(SqlitePoolOptions, options, options.sqlite_readers);
    // Readers look into the file's pages where the system keeps them, instead of copying each into a cache of their own:
    // windows all over a large organisation find nothing there.
    let connect = connect.read_only(true).pragma("mmap_size", MAPPED_BYTES);
    let read = readers.connect_with(connect).await?;
    Ok(Db::Sqlite { read: Source::file(read), write: Source::file(write) })
}

/// A connection outside of the pools, for work that must not share one, such as migrations.
pub(super) enum Single {
    Sqlite(SqliteConnection),
    MySql(MySqlConnection),
    Postgres(PgConnection),
}

impl Single {
    /// Takes no longer than a request may wait for a connection: a server that drops what it is sent says nothing.
    pub(super) async fn open(options: &Options) -> Result<Single> {
        let limit = options.acquire_timeout;
        let too_late = |_| io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {limit:?}"));
        tokio::time::timeout(limit, Self::open_at_last(options))
            .await
            .map_err(|late| sqlx::Error::Io(too_late(late)))?
    }

    async fn open_at_last(options: &Options) -> Result<Single> {
        Ok(match options.dialect()? {
            Dialect::Sqlite => Single::Sqlite(options.sqlite()?.connect().await?),
            Dialect::MySql => Single::MySql(options.mysql()?.connect().await?),
            Dialect::Postgres => Single::Postgres(options.postgres()?.connect().await?),
        })
    }

    /// A connection that cannot say goodbye is gone already.
    pub(super) async fn close(self) {
        let _ = match self {
            Single::Sqlite(connection) => connection.close().await,
            Single::MySql(connection) => connection.close().await,
            Single::Postgres(connection) => connection.close().await,
        };
    }
}
