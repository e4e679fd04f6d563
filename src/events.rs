//! What happened: the append-only log in the database, and the live bus that tells every process what changed.
//!
//! `record` writes into the caller's transaction. After the commit the caller publishes a `Change`; it drops what the
//! cache holds of its topic, in every process, and then reaches the browsers that listen. With Redis the bus is a
//! stream, whose ids are the same for all processes; without, it lives in this one. Both replay what a browser missed.

pub mod chain;
mod changes;

pub use changes::changes;

use crate::accounts::Actor;
use crate::cache::Cache;
use crate::db::{self, Tx};
use crate::redis_server::RedisServer;
use crate::sql;
use redis::streams::{StreamId, StreamMaxlen, StreamRangeReply, StreamReadOptions, StreamReadReply};
use redis::{AsyncCommands, Cmd};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// How many changes can be replayed to a browser that comes back.
const REPLAYED: usize = 10_000;
/// How long Redis holds back its answer when there is nothing new. A connection that is silent for longer is dead.
const BLOCK: Duration = Duration::from_secs(1);
/// Between two attempts to listen.
const PAUSE: Duration = Duration::from_millis(500);

/// Appends to the log. `subject` is a kind and an id, as in `skill:12`. What an administrator changes is told field by
/// field, as `changes` makes it; everything else tells what there is now.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    now_ms: i64,
    kind: &str,
    subject: &str,
    detail: &serde_json::Value,
) -> db::Result<()> {
    tx.q(sql!("INSERT INTO events (at, actor_id, kind, subject, detail) VALUES (?, ?, ?, ?, ?)"))
        .bind(now_ms)
        // Of two who seem to act, the one at the keyboard does.
        .bind(actor.via.as_ref().map(|via| via.person_id).or(actor.person_id))
        .bind(kind)
        .bind(subject)
        .bind(detail.to_string())
        .execute()
        .await?;
    Ok(())
}

/// Names what changed; never what it changed to, because not everybody who listens may see that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub topic: String,
    /// What of the topic changed, as the topic numbers it; `*` for much of it.
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place in the stream: milliseconds and a number, `1790000000000-0`.
    pub id: String,
    pub change: Change,
}

/// What a page that listens is told.
#[derive(Clone, Debug)]
pub enum News {
    Changed(Arc<Message>),
    /// Changes may have been missed: look at everything again.
    Resync,
}

/// What came after a given message.
#[derive(Debug, PartialEq, Eq)]
pub enum Replay {
    Messages(Vec<Arc<Message>>),
    /// The gap is too old to be filled: look at everything again.
    Resync,
}

/// A clone shares the bus.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    listeners: broadcast::Sender<News>,
    /// Topics of changes that Redis did not take. The other processes are told as soon as it is back.
    untold: Mutex<BTreeSet<String>>,
    recent: Mutex<Recent>,
    cache: Cache,
    redis: Option<RedisServer>,
}

#[derive(Default)]
struct Recent {
    messages: VecDeque<Arc<Message>>,
    /// The millisecond and the number of the newest id.
    last: (u64, u64),
    /// Everything after this id is still there.
    start: (u64, u64),
}

impl Bus {
    pub fn new(cache: Cache, redis: Option<RedisServer>) -> Self {
        let (listeners, _) = broadcast::channel(1024);
        Bus(Arc::new(Inner { listeners, untold: Mutex::default(), recent: Mutex::default(), cache, redis }))
    }

    /// Tells everybody. To be called after the commit; when Redis does not answer, at least this process knows.
    pub async fn publish(&self, now_ms: i64, topic: &str, id: impl Into<String>) {
        let change = Change { topic: topic.to_owned(), id: id.into() };
        self.0.cache.invalidate(topic);
        let Some(redis) = &self.0.redis else { return self.publish_here(now_ms, change) };
        if let Err(error) = tell(redis, &change).await {
            tracing::warn!(%error, topic, "the other processes hear of a change later");
            self.untold().insert(change.topic.clone());
            self.publish_here(now_ms, change);
        }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.0.listeners.subscribe()
    }

    /// What came after the message `last_id`.
    pub async fn since(&self, last_id: &str) -> Replay {
        let Some(last) = parse_id(last_id) else { return Replay::Resync };
        match &self.0.redis {
            None => self.since_here(last),
            Some(redis) => since_in_redis(redis, last_id).await.unwrap_or(Replay::Resync),
        }
    }

    /// The id of the newest message, or one in its place as long as there is none: what comes after it can be replayed.
    /// `None` when Redis cannot tell.
    pub async fn newest(&self, now_ms: i64) -> Option<String> {
        let Some(redis) = &self.0.redis else { return Some(self.newest_here(now_ms)) };
        let newest: redis::RedisResult<StreamRangeReply> =
            redis.ask(&Cmd::xrevrange_count(stream_key(redis), "+", "-", 1)).await;
        newest.ok()?.ids.first().map(|entry| entry.id.clone())
    }

    /// Passes on what other processes publish, for as long as this one runs. Without Redis there is nothing to do.
    pub async fn listen(self) {
        let Some(redis) = self.0.redis.clone() else { return };
        let mut last = None;
        let mut told = false;
        loop {
            let Err(error) = self.listen_once(&redis, &mut last, &mut told).await else { return };
            if !told {
                tracing::warn!(%error, "live events: the connection to Redis is gone");
                told = true;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends with an error alone.
    async fn listen_once(
        &self,
        redis: &RedisServer,
        last: &mut Option<String>,
        told: &mut bool,
    ) -> redis::RedisResult<()> {
        let mut connection = redis.blocking_connection(BLOCK).await?;
        let key = stream_key(redis);
        if last.is_none() {
            let newest: StreamRangeReply = connection.xrevrange_count(&key, "+", "-", 1).await?;
            *last = Some(newest.ids.first().map_or("0-0".to_owned(), |entry| entry.id.clone()));
        }
        self.distrust_all();
        *told = false;
        let options = StreamReadOptions::default().block(BLOCK.as_millis() as usize).count(500);
        loop {
            self.tell_the_untold(redis).await;
            let from = last.clone().unwrap_or_default();
            let reply: Option<StreamReadReply> = connection.xread_options(&[&key], &[from], &options).await?;
            for entry in reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids) {
                *last = Some(entry.id.clone());
                if let Some(message) = message(&entry) {
                    self.deliver(message);
                }
            }
        }
    }

    /// From now on every change is heard of. What was loaded before may be older than one that was missed.
    fn distrust_all(&self) {
        self.0.cache.clear();
        // Without listeners nobody has to be told.
        let _ = self.0.listeners.send(News::Resync);
    }

    async fn tell_the_untold(&self, redis: &RedisServer) {
        let topics: Vec<String> = self.untold().iter().cloned().collect();
        for topic in topics {
            let change = Change { topic, id: "*".to_owned() };
            if tell(redis, &change).await.is_err() {
                return;
            }
            self.untold().remove(&change.topic);
        }
    }

    fn untold(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish_here(&self, now_ms: i64, change: Change) {
        let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now_ms.max(0) as u64;
        recent.last = if now > recent.last.0 { (now, 0) } else { (recent.last.0, recent.last.1 + 1) };
        recent.begin_at_last();
        let message = Arc::new(Message { id: id_text(recent.last), change });
        recent.messages.push_back(message.clone());
        if recent.messages.len() > REPLAYED {
            let dropped = recent.messages.pop_front();
            recent.start = dropped.and_then(|message| parse_id(&message.id)).unwrap_or(recent.start);
        }
        drop(recent);
        self.deliver(message);
    }

    /// The cache comes first: who hears of a change must not be shown what was before it.
    fn deliver(&self, message: Arc<Message>) {
        self.0.cache.invalidate(&message.change.topic);
        // Without listeners nobody has to be told.
        let _ = self.0.listeners.send(News::Changed(message));
    }

    fn since_here(&self, last: (u64, u64)) -> Replay {
        let recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = recent.messages.iter().filter(|message| parse_id(&message.id).is_some_and(|id| id > last));
        if last < recent.start || recent.start == (0, 0) {
            Replay::Resync
        } else {
            Replay::Messages(missed.cloned().collect())
        }
    }

    fn newest_here(&self, now_ms: i64) -> String {
        let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.last == (0, 0) {
            recent.last = (now_ms.max(0) as u64, 0);
        }
        recent.begin_at_last();
        id_text(recent.last)
    }
}

impl Recent {
    /// Ids of before the first one that this process gave are not known to it.
    fn begin_at_last(&mut self) {
        if self.start == (0, 0) {
            self.start = self.last;
        }
    }
}

fn id_text((ms, number): (u64, u64)) -> String {
    format!("{ms}-{number}")
}

fn stream_key(redis: &RedisServer) -> String {
    redis.key("events")
}

async fn tell(redis: &RedisServer, change: &Change) -> redis::RedisResult<()> {
    let text = serde_json::to_string(change).expect("a change is plain text");
    redis.ask(&Cmd::xadd_maxlen(stream_key(redis), StreamMaxlen::Approx(REPLAYED), "*", &[("change", text)])).await
}

async fn since_in_redis(redis: &RedisServer, last_id: &str) -> redis::RedisResult<Replay> {
    // The range includes the given id: where it is no longer there, what came between was trimmed too.
    let reply: StreamRangeReply = redis.ask(&Cmd::xrange_count(stream_key(redis), last_id, "+", REPLAYED)).await?;
    match reply.ids.split_first() {
        Some((first, missed)) if first.id == last_id => {
            Ok(Replay::Messages(missed.iter().filter_map(message).collect()))
        }
        _ => Ok(Replay::Resync),
    }
}

fn message(entry: &StreamId) -> Option<Arc<Message>> {
    let text: String = entry.get("change")?;
    let change = serde_json::from_str(&text).ok()?;
    Some(Arc::new(Message { id: entry.id.clone(), change }))
}

fn parse_id(id: &str) -> Option<(u64, u64)> {
    let (ms, number) = id.split_once('-')?;
    Some((ms.parse().ok()?, number.parse().ok()?))
}
