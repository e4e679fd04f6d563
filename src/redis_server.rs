//! The Redis that the replicas share, when one is configured. Everything in it is also in the database, so that a
//! request goes on without it: once a command failed, nobody asks again until it answers.

use crate::reach::Reach;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::time;

/// A clone shares the one multiplexed connection.
#[derive(Clone)]
pub struct RedisServer {
    connection: ConnectionManager,
    client: redis::Client,
    prefix: Arc<str>,
    timeout: Duration,
    reach: Reach,
}

impl RedisServer {
    /// `url` is `redis://` or `rediss://`; `prefix` heads every key; a command that takes longer than `timeout` fails.
    pub async fn connect(url: &str, prefix: &str, timeout: Duration) -> RedisResult<Self> {
        let client = redis::Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout))
            .set_max_delay(Duration::from_secs(2))
            .set_number_of_retries(1);
        let connection = client.get_connection_manager_with_config(config).await?;
        let reach = Reach::new("redis", probe(connection.clone(), timeout));
        Ok(RedisServer { connection, client, prefix: prefix.into(), timeout, reach })
    }

    pub fn key(&self, parts: &str) -> String {
        format!("{}{parts}", self.prefix)
    }

    /// Runs one command. Fails at once while Redis is away, and after the configured time in any case: the connection
    /// itself may wait for a new one before it begins to count.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        if self.reach.is_away() {
            return Err(RedisError::from((ErrorKind::Io, "Redis is away")));
        }
        let answer = in_time(&self.connection, command, self.timeout).await;
        if answer.as_ref().is_err_and(is_of_the_connection) {
            self.reach.lose();
        }
        answer
    }

    /// A connection of its own, for a command that blocks the server's side for up to `block`.
    pub async fn blocking_connection(&self, block: Duration) -> RedisResult<MultiplexedConnection> {
        let config = redis::AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            .set_response_timeout(Some(block + self.timeout));
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    pub async fn ping(&self) -> RedisResult<()> {
        self.ask(&redis::cmd("PING")).await
    }
}

async fn in_time<T: FromRedisValue>(connection: &ConnectionManager, command: &Cmd, limit: Duration) -> RedisResult<T> {
    let mut connection = connection.clone();
    let answer = time::timeout(limit, command.query_async(&mut connection)).await;
    answer.unwrap_or_else(|_| Err(RedisError::from((ErrorKind::Io, "no answer in time"))))
}

fn is_of_the_connection(error: &RedisError) -> bool {
    error.is_io_error() || error.is_timeout() || error.is_connection_dropped() || error.kind() == ErrorKind::Io
}

fn probe(connection: ConnectionManager, limit: Duration) -> crate::reach::Probe {
    Box::new(move || {
        let connection = connection.clone();
        Box::pin(async move {
            let answer: RedisResult<()> = in_time(&connection, &redis::cmd("PING"), limit).await;
            answer.map_err(|error| error.to_string())
        })
    })
}
