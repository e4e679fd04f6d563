//! The page of the background jobs, and asking for a run.

use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::error::Error;
use quarterdeck::jobs::{Job, Runner, Turn};
use quarterdeck::sql;
use std::sync::Arc;
use std::time::Duration;

fn runner(app: &TestApp) -> Runner {
    Runner { db: app.app.db.clone(), clock: app.app.clock.clone(), wake: Arc::default() }
}

fn purge(work: quarterdeck::jobs::Work) -> Job {
    Job { name: "sessions.purge", interval: Duration::from_secs(3600), work }
}

#[tokio::test]
async fn the_page_tells_of_each_job_how_its_last_run_ended_and_when_it_comes_next() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let page = ada.get("/admin/jobs").await;
        page.has_status(StatusCode::OK)
            .shows("sessions.purge")
            .shows("events.seal")
            .shows("has not run yet")
            .shows("Skills");
        runner(app).turn(&purge(Box::new(|| Box::pin(async { Ok(()) })))).await.unwrap();
        ada.get("/admin/jobs").await.shows(">fine<").shows("in 1 h").shows("took 0 ms");
        app.app.clock.advance(3_600_000);
        let failing = purge(Box::new(|| Box::pin(async { Err(Error::busy("no <room>")) })));
        runner(app).turn(&failing).await.unwrap();
        ada.get("/admin/jobs").await.shows(">failed<").shows("no &lt;room&gt;");
        app.app.clock.advance(2 * 3_600_000);
        let ada = app.visit_as(ada.person_id).await;
        ada.get("/admin/jobs").await.shows("late: nobody runs it");
    })
    .await;
}

#[tokio::test]
async fn a_run_is_asked_for_by_who_may_and_comes_at_once() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let job = purge(Box::new(|| Box::pin(async { Ok(()) })));
        runner(app).turn(&job).await.unwrap();
        assert!(matches!(runner(app).turn(&job).await.unwrap(), Turn::NotDue { .. }));
        let mut news = app.app.bus.subscribe();
        ada.post("/admin/jobs/sessions.purge/runs", &[]).await.leads_to("/admin/jobs");
        let told = news.recv().await.unwrap();
        assert!(format!("{told:?}").contains("sessions.purge"), "{told:?}");
        ada.get("/admin/jobs").await.shows("asked for").shows("now");
        assert_eq!(runner(app).turn(&job).await.unwrap(), Turn::Ran);
        ada.post("/admin/jobs/no.such/runs", &[]).await.has_status(StatusCode::NOT_FOUND);
        let olga = app.sign_in("auditor", "Olga Auditor", None).await;
        olga.get("/admin/jobs").await.has_status(StatusCode::FORBIDDEN);
        olga.post("/admin/jobs/sessions.purge/runs", &[]).await.has_status(StatusCode::FORBIDDEN);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'admin.job_requested'")).await, 1);
    })
    .await;
}
