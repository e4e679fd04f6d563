//! The Redis that the replicas share, when one is configured.

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use std::sync::Arc;
use std::time::Duration;

/// A clone shares the one multiplexed connection.
#[derive(Clone)]
pub struct RedisServer {
    connection: ConnectionManager,
    client: redis::Client,
    prefix: Arc<str>,
}

impl RedisServer {
    /// `url` is `redis://` or `rediss://`; `prefix` heads every key; a command that takes longer than `timeout` fails.
    pub async fn connect(url: &str, prefix: &str, timeout: Duration) -> redis::RedisResult<Self> {
        let client = redis::Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout))
            .set_max_delay(Duration::from_secs(2))
            .set_number_of_retries(1);
        let connection = client.get_connection_manager_with_config(config).await?;
        Ok(RedisServer { connection, client, prefix: prefix.into() })
    }

    pub fn key(&self, parts: &str) -> String {
        format!("{}{parts}", self.prefix)
    }

    pub fn connection(&self) -> ConnectionManager {
        self.connection.clone()
    }

    /// A connection of its own, for a command that blocks.
    pub async fn blocking_connection(&self) -> redis::RedisResult<redis::aio::MultiplexedConnection> {
        let config = redis::AsyncConnectionConfig::new().set_response_timeout(None);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    pub async fn ping(&self) -> redis::RedisResult<()> {
        redis::cmd("PING").exec_async(&mut self.connection.clone()).await
    }
}
