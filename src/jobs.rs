//! Background jobs: each runs once in its interval, over all replicas, in whichever process claims it first.
//!
//! Table: job_runs. A claim is a conditional write that only one process can win, and a lease: the job is cut when it
//! takes longer, and a process that was killed in the middle leaves a job that another one runs as soon as its lease is
//! over. A job must therefore do no harm when it runs twice.

use crate::clock::Clock;
use crate::db::{self, Db, Tx};
use crate::error::Result;
use crate::sql;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// What changes when somebody asks for a run: the processes that run jobs then look at once.
pub const TOPIC: &str = "jobs";

/// How much is kept of why a run failed, in characters.
const MAX_ERROR_CHARS: usize = 500;
/// How long a run may take before it is cut.
const LONGEST_RUN: Duration = Duration::from_secs(600);
/// The lease outlasts the longest run, so that clocks that differ a little let no second one begin beside it.
const LEASE_MS: i64 = LONGEST_RUN.as_millis() as i64 + 60_000;
/// A process asks at least this often whether a job is due: another one may have claimed it and died.
const LONGEST_PAUSE_MS: i64 = 60_000;
const SHORTEST_PAUSE_MS: i64 = 1_000;

pub type Work = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

pub struct Job {
    /// At most 80 characters; it stays the same, because the table knows the job by it.
    pub name: &'static str,
    pub interval: Duration,
    pub work: Work,
}

/// Where the runs are kept, and what time it is. A clone shares the database.
#[derive(Clone)]
pub struct Runner {
    pub db: Db,
    pub clock: Clock,
    /// Notified when somebody asked for a run.
    pub wake: Arc<Notify>,
}

/// How a turn of a job ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// It ran here, to its end or until it failed.
    Ran,
    /// It is not due before this time in UTC milliseconds, or another process was quicker.
    NotDue { until_ms: i64 },
}

#[derive(Clone, Copy, sqlx::FromRow)]
struct LastRun {
    started_at: i64,
    finished_at: Option<i64>,
    lease_until: i64,
    requested_at: Option<i64>,
}

impl LastRun {
    /// A run that never finished is due as soon as its lease is over.
    fn next_due(&self, interval: Duration) -> i64 {
        match self.finished_at {
            None => self.lease_until,
            Some(_) if self.requested_at.is_some() => self.lease_until,
            Some(_) => self.lease_until.max(self.started_at + interval.as_millis() as i64),
        }
    }
}

impl Runner {
    /// Runs the jobs whenever they are due, until `stop` resolves. Runs under way then get `grace` to end.
    pub async fn run(self, jobs: Vec<Job>, stop: impl Future<Output = ()> + Clone + Send + 'static, grace: Duration) {
        let mut loops = JoinSet::new();
        for job in jobs {
            loops.spawn(self.clone().repeat(job, stop.clone()));
        }
        stop.await;
        let all_ended = async { while loops.join_next().await.is_some() {} };
        if timeout(grace, all_ended).await.is_err() {
            tracing::warn!(jobs = loops.len(), "the drain time is over; the remaining jobs are cut");
        }
    }

    async fn repeat(self, job: Job, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let now = self.clock.now_ms();
            let pause_ms = match self.turn(&job).await {
                Ok(Turn::Ran) => job.interval.as_millis() as i64,
                Ok(Turn::NotDue { until_ms }) => until_ms - now,
                Err(error) => {
                    tracing::error!(job = job.name, %error, "a job could not be claimed");
                    LONGEST_PAUSE_MS
                }
            };
            let pause = Duration::from_millis(pause_ms.clamp(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS) as u64);
            tokio::select! {
                () = &mut stop => return,
                () = sleep(pause) => {}
                () = self.wake.notified() => {}
            }
        }
    }

    /// Runs the job if it is due and no other process runs it. What goes wrong inside of it is logged; it is then due
    /// again after its interval.
    ///
    /// # Errors
    /// When the table of runs cannot be read or written.
    pub async fn turn(&self, job: &Job) -> db::Result<Turn> {
        let now = self.clock.now_ms();
        let last = self.last_run(job.name).await?;
        if let Some(last) = last
            && last.next_due(job.interval) > now
        {
            return Ok(Turn::NotDue { until_ms: last.next_due(job.interval) });
        }
        if !self.claim(job.name, last, now).await? {
            return Ok(Turn::NotDue { until_ms: now });
        }
        let error = run_to_its_end(job).await;
        self.finish(job.name, now, error).await?;
        Ok(Turn::Ran)
    }

    async fn last_run(&self, name: &str) -> db::Result<Option<LastRun>> {
        let query =
            self.db.q(sql!("SELECT started_at, finished_at, lease_until, requested_at FROM job_runs WHERE name = ?"));
        query.bind(name).optional().await
    }

    /// Of several processes that saw the same last run, one gets `true`.
    async fn claim(&self, name: &str, last: Option<LastRun>, now: i64) -> db::Result<bool> {
        let Some(last) = last else { return self.claim_first(name, now).await };
        let query = self.db.q(sql!(
            "UPDATE job_runs SET started_at = ?, finished_at = NULL, lease_until = ?, requested_at = NULL
             WHERE name = ? AND started_at = ? AND lease_until = ?"
        ));
        let query = query.bind(now).bind(now + LEASE_MS).bind(name).bind(last.started_at).bind(last.lease_until);
        Ok(query.execute().await? == 1)
    }

    async fn claim_first(&self, name: &str, now: i64) -> db::Result<bool> {
        let query = self.db.q(sql!("INSERT INTO job_runs (name, started_at, lease_until) VALUES (?, ?, ?)"));
        match query.bind(name).bind(now).bind(now + LEASE_MS).execute().await {
            Ok(_) => Ok(true),
            Err(db::Error::Unique) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Gives the lease back, unless it was over and another process has claimed the job since.
    async fn finish(&self, name: &str, started_at: i64, error: Option<String>) -> db::Result<()> {
        let query = self.db.q(sql!(
            "UPDATE job_runs SET finished_at = ?, lease_until = 0, error = ?
             WHERE name = ? AND started_at = ? AND finished_at IS NULL"
        ));
        let error: String = error.unwrap_or_default().chars().take(MAX_ERROR_CHARS).collect();
        query.bind(self.clock.now_ms()).bind(error).bind(name).bind(started_at).execute().await?;
        Ok(())
    }
}

/// Why it failed, if it did.
async fn run_to_its_end(job: &Job) -> Option<String> {
    let caught = AssertUnwindSafe((job.work)()).catch_unwind();
    let why = match timeout(LONGEST_RUN, caught).await {
        Ok(Ok(Ok(()))) => return None,
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(_)) => "it panicked".to_owned(),
        Err(_) => format!("it took longer than {LONGEST_RUN:?} and was cut"),
    };
    tracing::error!(job = job.name, why, "a job failed");
    Some(why)
}

/// The last run of a job, over all processes.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    pub name: String,
    /// In UTC milliseconds; 0 of a job that never ran.
    pub started_at: i64,
    /// `None` while it runs, and of one whose process died.
    pub finished_at: Option<i64>,
    pub lease_until: i64,
    pub requested_at: Option<i64>,
    /// Why it failed; empty when it did not.
    pub error: String,
}

pub async fn runs(db: &Db) -> db::Result<Vec<Run>> {
    let query = db
        .q(sql!("SELECT name, started_at, finished_at, lease_until, requested_at, error FROM job_runs ORDER BY name"));
    query.all().await
}

/// Asks for a run ahead of its time, inside of the transaction that tells who asked. The caller publishes `TOPIC` after its
/// commit. A run that is under way ends first.
pub async fn request(tx: &mut Tx, name: &str, now_ms: i64) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO job_runs (name, started_at, finished_at, lease_until, requested_at) VALUES (?, 0, 0, 0, ?)
         {upsert name} requested_at = {new requested_at}"
    ))
    .bind(name)
    .bind(now_ms)
    .execute()
    .await?;
    Ok(())
}
