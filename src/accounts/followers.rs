//! Who works something out from people, and is told of a change before it is committed.
//!
//! A plugin keeps what follows from a person's team or from there being a person at all (what is required of them, for
//! example). It hears of a change after the commit on the bus, as everybody does; but what it writes then can be lost
//! with the process, and is behind until it is written. So it hands in a function that is called inside of the change.

use crate::clock::Clock;
use crate::db::{self, Tx};
use std::pin::Pin;
use std::sync::Arc;

/// Given the people who were added, moved to another team, switched off or on. Of nobody, before anything is written, it
/// locks what it will lock. Last comes the time, in UTC milliseconds.
pub type Follow = for<'a> fn(&'a mut Tx, &'a [i64], i64) -> Pin<Box<dyn Future<Output = db::Result<()>> + Send + 'a>>;

/// A clone shares the list.
#[derive(Clone)]
pub struct Followers {
    changed: Arc<[Follow]>,
    switched: Arc<[Follow]>,
    clock: Clock,
}

impl Followers {
    /// `switched` are those that also want to know who was deactivated or brought back.
    pub fn new(
        changed: impl IntoIterator<Item = Follow>,
        switched: impl IntoIterator<Item = Follow>,
        clock: Clock,
    ) -> Self {
        Followers { changed: changed.into_iter().collect(), switched: switched.into_iter().collect(), clock }
    }

    /// Lets them lock what they lock, before anything of the change is written: who locks people first and that later
    /// deadlocks with somebody who does it the other way round.
    pub async fn prepare(&self, tx: &mut Tx) -> db::Result<()> {
        self.tell(tx, &[]).await
    }

    /// To be called by whoever changes people, before the commit.
    pub async fn tell(&self, tx: &mut Tx, people: &[i64]) -> db::Result<()> {
        for follow in self.changed.iter() {
            follow(tx, people, self.clock.now_ms()).await?;
        }
        Ok(())
    }

    /// To be called by whoever deactivates people or brings them back, before the commit.
    pub async fn tell_switched(&self, tx: &mut Tx, people: &[i64]) -> db::Result<()> {
        self.tell(tx, people).await?;
        for follow in self.switched.iter() {
            follow(tx, people, self.clock.now_ms()).await?;
        }
        Ok(())
    }
}
