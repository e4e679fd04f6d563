//! Where connections come from: a pool, and for a database server the knowledge whether it is there at all.
//!
//! sqlx waits for a server that refuses connections as long as for a free connection, because it may be starting. A
//! request that has to wait for longer than a moment therefore makes somebody look; when the server is away, all who
//! wait are told at once.

use super::connect::{Options, Single};
use crate::reach::Reach;
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool, SqlStr, Transaction};
use std::io::{Error, ErrorKind};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a connection may take to come before somebody looks whether the server is there.
const MOMENT: Duration = Duration::from_secs(1);
/// A server that has not taken a connection by then counts as away.
const LONGEST_PROBE: Duration = Duration::from_secs(3);

/// A clone shares the pool.
pub struct Source<DB: Database> {
    pool: Pool<DB>,
    /// None for a file.
    reach: Option<Reach>,
}

/// The state of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    pub open: u32,
    /// Open, and used by nobody.
    pub idle: u32,
    pub most: u32,
}

impl std::ops::Add for Connections {
    type Output = Connections;

    fn add(self, other: Connections) -> Connections {
        Connections { open: self.open + other.open, idle: self.idle + other.idle, most: self.most + other.most }
    }
}

impl<DB: Database> Clone for Source<DB> {
    fn clone(&self) -> Self {
        Source { pool: self.pool.clone(), reach: self.reach.clone() }
    }
}

impl<DB: Database> Source<DB> {
    pub(super) fn file(pool: Pool<DB>) -> Self {
        Source { pool, reach: None }
    }

    pub(super) fn server(pool: Pool<DB>, options: Options) -> Self {
        let probe = move || {
            let options = options.clone();
            Box::pin(async move { probe(&options).await }) as _
        };
        Source { pool, reach: Some(Reach::new("database", Box::new(probe))) }
    }

    /// Fails with `Io` as soon as the server is known to be away.
    pub(super) async fn acquire(&self) -> sqlx::Result<PoolConnection<DB>> {
        let Some(reach) = &self.reach else { return self.pool.acquire().await };
        let long_wait = async {
            sleep(MOMENT).await;
            reach.suspect();
            std::future::pending::<()>().await
        };
        tokio::select! {
            biased;
            () = reach.until_away() => Err(Error::new(ErrorKind::NotConnected, "the server does not answer").into()),
            acquired = self.pool.acquire() => acquired,
            () = long_wait => unreachable!("a pending future does not end"),
        }
    }

    /// `statement` begins the transaction where the usual one would not do.
    pub(super) async fn begin_with(&self, statement: Option<&'static str>) -> sqlx::Result<Transaction<'static, DB>> {
        Transaction::begin(self.acquire().await?, statement.map(SqlStr::from_static)).await
    }

    pub(super) fn connections(&self) -> Connections {
        let pool = &self.pool;
        Connections { open: pool.size(), idle: pool.num_idle() as u32, most: pool.options().get_max_connections() }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A pool that is exhausted says nothing about the server, so this takes a connection of its own.
async fn probe(options: &Options) -> Result<(), String> {
    match timeout(LONGEST_PROBE, Single::open(options)).await {
        Ok(Ok(single)) => {
            single.close().await;
            Ok(())
        }
        // It answers, though it says no: whoever waits for a connection is told why.
        Ok(Err(super::Error::Busy)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {LONGEST_PROBE:?}")),
    }
}
