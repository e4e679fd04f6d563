//! What was worked out once and may be used again: by this process, until one of its topics changes.
//!
//! An entry belongs to topics ("skills", "people"). Each topic has a generation that grows with every change, and an
//! entry counts only while the generations are those of the moment before it was loaded. A load that races a change is
//! therefore never served afterwards, and nothing has to know which entries a change touches.

use cached::ShardedLruTtlCache;
use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The topic of everything: whoever publishes it has every process forget all that it keeps.
pub const EVERYTHING: &str = "cache";

/// What this process keeps, and how often that was of use since it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    pub entries: usize,
    /// Answers that were given from memory.
    pub hits: u64,
    /// Answers that had to be worked out.
    pub loads: u64,
}

type Value = Arc<dyn Any + Send + Sync>;
type Flight = Arc<OnceCell<Value>>;

/// A clone shares the entries.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    entries: ShardedLruTtlCache<String, Entry>,
    generations: RwLock<HashMap<String, AtomicU64>>,
    /// How often everything was forgotten. A part of every generation, also of topics that never changed.
    cleared: AtomicU64,
    hits: AtomicU64,
    loads: AtomicU64,
    flights: Mutex<HashMap<String, Flight>>,
}

#[derive(Clone)]
struct Entry {
    generation: u64,
    value: Value,
}

impl Cache {
    /// At most `max_entries`, each for at most `ttl`.
    pub fn new(max_entries: usize, ttl: Duration) -> Self {
        Cache(Arc::new(Inner {
            entries: ShardedLruTtlCache::new(max_entries.max(64), ttl),
            generations: RwLock::default(),
            cleared: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            loads: AtomicU64::new(0),
            flights: Mutex::default(),
        }))
    }

    /// The value of `key`, which must be of the same type in every call; `load` runs once for all who ask at the same time.
    pub async fn get_or<T, E, F>(&self, topics: &[&str], key: String, load: F) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        F: AsyncFnOnce() -> Result<T, E>,
    {
        let generation = self.generation(topics);
        if let Some(entry) = self.0.entries.get(&key)
            && entry.generation == generation
        {
            self.0.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(typed(entry.value));
        }
        // The generation is part of the flight's name: who asks after a change must not be given what was loaded before it.
        let flight_name = format!("{generation}/{key}");
        let flight = self.flights().entry(flight_name.clone()).or_default().clone();
        let loaded = flight.get_or_try_init(async || Ok(Arc::new(load().await?) as Value)).await.cloned();
        self.flights().remove(&flight_name);
        let value = loaded?;
        self.0.loads.fetch_add(1, Ordering::Relaxed);
        self.0.entries.set(key, Entry { generation, value: value.clone() });
        Ok(typed(value))
    }

    /// Everything that belongs to `topic` has to be loaded again. Called after the commit, in every process.
    pub fn invalidate(&self, topic: &str) {
        if topic == EVERYTHING {
            return self.clear();
        }
        let generations = self.0.generations.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(generation) = generations.get(topic) {
            generation.fetch_add(1, Ordering::AcqRel);
            return;
        }
        drop(generations);
        let mut generations = self.0.generations.write().unwrap_or_else(PoisonError::into_inner);
        generations.entry(topic.to_owned()).or_default().fetch_add(1, Ordering::AcqRel);
    }

    pub fn stats(&self) -> Stats {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats { entries: self.0.entries.len(), hits: count(&self.0.hits), loads: count(&self.0.loads) }
    }

    /// Forgets everything, because changes may have been missed.
    pub fn clear(&self) {
        self.0.cleared.fetch_add(1, Ordering::AcqRel);
        self.0.entries.clear();
    }

    /// Generations only grow, so their sum is different after any of them changed.
    pub fn generation(&self, topics: &[&str]) -> u64 {
        let generations = self.0.generations.read().unwrap_or_else(PoisonError::into_inner);
        let changes: u64 =
            topics.iter().filter_map(|topic| generations.get(*topic)).map(|g| g.load(Ordering::Acquire)).sum();
        changes + self.0.cleared.load(Ordering::Acquire)
    }

    fn flights(&self) -> std::sync::MutexGuard<'_, HashMap<String, Flight>> {
        self.0.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn typed<T: Send + Sync + 'static>(value: Value) -> Arc<T> {
    value.downcast().unwrap_or_else(|_| panic!("a cache key is used for values of two types"))
}
