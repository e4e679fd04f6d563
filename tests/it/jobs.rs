//! Background jobs: once in their interval, one process at a time, and again after a process died.

use crate::support::{NOW_MS, TestApp, on_every_database};
use quarterdeck::error::Error;
use quarterdeck::jobs::{self, Job, Runner, Turn};
use quarterdeck::sql;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How often an hourly job ran.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn job(&self) -> Job {
        let counter = self.clone();
        let work = move || {
            counter.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(()) }) as _
        };
        hourly(Box::new(work))
    }

    fn runs(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn hourly(work: quarterdeck::jobs::Work) -> Job {
    Job { name: "test.hourly", interval: Duration::from_secs(3600), work }
}

fn runner(app: &TestApp) -> Runner {
    Runner { db: app.app.db.clone(), clock: app.app.clock.clone(), wake: Arc::default() }
}

#[tokio::test]
async fn a_job_runs_once_in_its_interval_whichever_process_asks() {
    on_every_database(async |app| {
        let counter = Counter::default();
        let (job, runner) = (counter.job(), runner(app));
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::Ran);
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::NotDue { until_ms: NOW_MS + HOUR_MS });
        app.app.clock.advance(HOUR_MS - 1);
        assert_eq!(runner.clone().turn(&job).await.unwrap(), Turn::NotDue { until_ms: NOW_MS + HOUR_MS });
        app.app.clock.advance(1);
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::Ran);
        assert_eq!(counter.runs(), 2);
    })
    .await;
}

#[tokio::test]
async fn of_several_processes_that_find_a_job_due_one_runs_it() {
    on_every_database(async |app| {
        let counter = Counter::default();
        for round in 1..=3 {
            let turns = (0..5).map(|_| {
                let (runner, job) = (runner(app), counter.job());
                tokio::spawn(async move { runner.turn(&job).await.unwrap() })
            });
            let turns: Vec<_> = turns.collect();
            let mut ran = 0;
            for turn in turns {
                ran += usize::from(turn.await.unwrap() == Turn::Ran);
            }
            assert_eq!((ran, counter.runs()), (1, round));
            app.app.clock.advance(HOUR_MS);
        }
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_process_was_killed_runs_again_once_its_lease_is_over() {
    on_every_database(async |app| {
        let never: Job = hourly(Box::new(|| Box::pin(std::future::pending())));
        let runner = runner(app);
        let killed = tokio::spawn({
            let runner = runner.clone();
            async move { runner.turn(&never).await }
        });
        while app.count(sql!("SELECT COUNT(*) FROM job_runs")).await == 0 {
            tokio::task::yield_now().await;
        }
        killed.abort();
        assert!(killed.await.unwrap_err().is_cancelled());
        let counter = Counter::default();
        app.app.clock.advance(MINUTE_MS);
        assert!(matches!(runner.turn(&counter.job()).await.unwrap(), Turn::NotDue { .. }));
        app.app.clock.advance(10 * MINUTE_MS);
        assert_eq!(runner.turn(&counter.job()).await.unwrap(), Turn::Ran);
        assert_eq!(counter.runs(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_fails_or_panics_is_due_again_after_its_interval() {
    let app = TestApp::sqlite().await;
    let runner = runner(&app);
    let failing = hourly(Box::new(|| Box::pin(async { Err(Error::busy("not today")) })));
    let panicking = hourly(Box::new(|| Box::pin(async { panic!("not at all") })));
    let counter = Counter::default();
    for job in [failing, panicking, counter.job()] {
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::Ran);
        assert!(matches!(runner.turn(&job).await.unwrap(), Turn::NotDue { .. }));
        app.app.clock.advance(HOUR_MS);
    }
    assert_eq!(counter.runs(), 1);
    app.stop().await;
}

#[tokio::test]
async fn the_loop_ends_when_it_is_told_to_and_lets_a_run_end_first() {
    use futures_util::FutureExt;
    let app = TestApp::sqlite().await;
    let (begun, wait_for_begin) = tokio::sync::oneshot::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (finish, may_finish) = tokio::sync::oneshot::channel::<()>();
    let counter = Counter::default();
    let parts = std::sync::Mutex::new(Some((begun, may_finish)));
    let ended = counter.clone();
    let work = move || {
        let parts = parts.lock().unwrap().take();
        let ended = ended.clone();
        Box::pin(async move {
            let (begun, may_finish) = parts.expect("it is due once only");
            begun.send(()).unwrap();
            may_finish.await.unwrap();
            ended.0.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }) as _
    };
    let stopped = stopped.map(|_| ()).shared();
    let running = tokio::spawn(runner(&app).run(vec![hourly(Box::new(work))], stopped, Duration::from_secs(60)));
    wait_for_begin.await.unwrap();
    stop.send(()).unwrap();
    tokio::task::yield_now().await;
    assert!(!running.is_finished());
    finish.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(counter.runs(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_run_that_somebody_asks_for_comes_ahead_of_its_time_and_once() {
    on_every_database(async |app| {
        let counter = Counter::default();
        let (job, runner) = (counter.job(), runner(app));
        let ask = async || {
            let mut tx = app.app.db.begin().await.unwrap();
            jobs::request(&mut tx, "test.hourly", app.app.now_ms()).await.unwrap();
            tx.commit().await.unwrap();
        };
        // Also of a job that never ran.
        ask().await;
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::Ran);
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::NotDue { until_ms: NOW_MS + HOUR_MS });
        app.app.clock.advance(MINUTE_MS);
        ask().await;
        assert_eq!(runner.turn(&job).await.unwrap(), Turn::Ran);
        assert!(matches!(runner.turn(&job).await.unwrap(), Turn::NotDue { .. }));
        assert_eq!(counter.runs(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_table_tells_why_a_run_failed_until_one_does_not() {
    on_every_database(async |app| {
        let runner = runner(app);
        let failing = hourly(Box::new(|| Box::pin(async { Err(Error::busy(&"not today, ".repeat(100))) })));
        runner.turn(&failing).await.unwrap();
        let run = jobs::runs(&app.app.db).await.unwrap().remove(0);
        assert!(run.error.starts_with("not today") && run.error.chars().count() == 500, "{run:?}");
        app.app.clock.advance(HOUR_MS);
        runner.turn(&Counter::default().job()).await.unwrap();
        assert_eq!(jobs::runs(&app.app.db).await.unwrap()[0].error, "");
    })
    .await;
}

#[tokio::test]
async fn the_loop_looks_at_once_when_it_is_woken() {
    use futures_util::FutureExt;
    let app = TestApp::sqlite().await;
    let (counter, runner) = (Counter::default(), runner(&app));
    let wake = runner.wake.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(runner.run(vec![counter.job()], stopped.map(|_| ()).shared(), Duration::from_secs(60)));
    while counter.runs() < 1 {
        tokio::task::yield_now().await;
    }
    // By the clock it is due again, but the loop would sleep for a minute of the machine's time.
    app.app.clock.advance(HOUR_MS);
    while counter.runs() < 2 {
        wake.notify_waiters();
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    running.await.unwrap();
    app.stop().await;
}
