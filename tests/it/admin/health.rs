//! The pages of cache and health.

use crate::raw_http::{NEVER, start};
use crate::support::{TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::web::server::Limits;
use quarterdeck::{plugins, web};

#[tokio::test]
async fn the_health_page_looks_at_each_part() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let page = ada.get("/admin/health").await;
        page.has_status(StatusCode::OK)
            .is_page()
            .shows("Every migration has run")
            .shows("answers in")
            .shows(" free at ");
        page.shows("entries wait to be sealed").shows("listens on no port").shows("Nothing is wrong.");
        if app.app.redis.is_none() {
            page.shows("one process serves alone");
        }
        let olga = app.sign_in("auditor", "Olga Auditor", None).await;
        olga.get("/admin/health").await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let failed = quarterdeck::sql!("INSERT INTO job_runs (name, started_at, finished_at, lease_until, error) VALUES ('test.job', 1, 2, 0, 'no')");
        app.app.db.q(failed).execute().await.unwrap();
        let newest = quarterdeck::sql!("DELETE FROM _sqlx_migrations WHERE version = (SELECT v FROM (SELECT MAX(version) AS v FROM _sqlx_migrations) AS t)");
        app.app.db.q(newest).execute().await.unwrap();
        let page = ada.get("/admin/health").await;
        page.has_status(StatusCode::OK).shows("2 things are wrong.").shows("failed: test.job").shows("1 have not run");
    })
    .await;
}

#[tokio::test]
async fn the_process_asks_its_own_port_for_the_headers() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let limits = Limits { header_timeout: NEVER, idle_timeout: NEVER, ..Limits::default() };
    let server = start(web::endpoint(&app.app, plugins::api(&app.app)), limits).await;
    app.app.listens_at(server.address);
    let page = ada.get("/admin/health").await;
    for text in
        ["a page (200): all are there", "nothing (", "a file (200): all are there", "no HTTP (400): all are there"]
    {
        page.shows(text);
    }
    page.shows("Nothing is wrong.");
    server.shut_down().await.unwrap().unwrap();
    ada.get("/admin/health").await.shows("no answer").shows("4 things are wrong.");
    app.stop().await;
}

#[tokio::test]
async fn the_cache_tells_its_use_and_is_forgotten_in_every_process() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let replica = app.replica().await;
        let elsewhere = replica.visitor(&ada);
        for visitor in [&ada, &elsewhere] {
            visitor.get("/skills").await.has_status(StatusCode::OK);
            visitor.get("/skills").await.has_status(StatusCode::OK);
        }
        let before = [app.app.cache.stats(), replica.app.cache.stats()];
        assert!(before.iter().all(|stats| stats.entries > 0 && stats.hits > 0 && stats.loads > 0), "{before:?}");
        ada.get("/admin/cache").await.has_status(StatusCode::OK).shows("Given from memory").shows(" %");
        ada.post("/admin/cache/flush", &[]).await.leads_to("/admin/cache");
        assert_eq!(app.app.cache.stats().entries, 0);
        if app.app.redis.is_some() {
            app.heard_by(&replica).await;
            assert_eq!(replica.app.cache.stats().entries, 0);
        }
        let olga = app.sign_in("auditor", "Olga Auditor", None).await;
        olga.get("/admin/cache").await.has_status(StatusCode::FORBIDDEN);
        olga.post("/admin/cache/flush", &[]).await.has_status(StatusCode::FORBIDDEN);
        replica.app.db.close().await;
    })
    .await;
}
