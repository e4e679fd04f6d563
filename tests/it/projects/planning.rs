//! Calendar, timeline, the board over all projects, statistics, the team, and what happens by itself.

use super::{join, project, status, task, three};
use crate::skills::skill;
use crate::support::{NOW_MS, TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::plugins::projects::upkeep::model::{postpone_stalled, tell_due};
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test]
async fn a_calendar_and_a_timeline_show_the_days_of_tasks() {
    on_every_database(async |app| {
        let (_, ana, olga) = three(app).await;
        task(app, &ana, "QD", "Fix rope due 2026-12-03").await;
        task(app, &ana, "QD", "Long haul start 2026-11-16 due 2026-12-20 !high").await;
        task(app, &ana, "QD", "No day at all").await;
        let month = ana.get("/projects/QD/calendar?month=2026-12").await;
        month.is_page().shows("December 2026").shows("Fix rope").shows("Long haul").hides("No day at all");
        ana.get("/projects/QD/calendar").await.shows("November 2026").shows("Fix rope").hides("Long haul");
        ana.get("/projects/QD/calendar?month=2026-12&priority=high")
            .await
            .hides("Fix rope")
            .shows("Long haul")
            .shows("priority=high&amp;month=2027-01");
        ana.get("/projects/QD/calendar?month=odd").await.has_status(StatusCode::OK).shows("November 2026");
        let line = ana.get("/projects/QD/timeline").await;
        line.is_page().shows("Fix rope").shows("Long haul").hides("No day at all").shows("9 Nov");
        ana.get("/projects/QD/timeline?from=2027-06-01").await.shows("No task lies in these weeks");
        for view in ["calendar", "timeline", "statistics", "team"] {
            olga.get(&format!("/projects/QD/{view}")).await.has_status(StatusCode::NOT_FOUND);
            ana.fragment(&format!("/projects/QD/{view}")).await.is_fragment();
        }
    })
    .await;
}

#[tokio::test]
async fn one_board_shows_all_projects_that_one_sees() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        project(app, &lead, "DOCK").await;
        task(app, &lead, "QD", "Fix rope").await;
        let done = task(app, &lead, "DOCK", "Old thing").await.task.id;
        let status = status(app, &lead, "DOCK", "Done").await.to_string();
        lead.post(&format!("/projects/tasks/{done}/fields/status"), &[("value", &status), ("version", "1")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        lead.get("/projects/board").await.is_page().shows("Fix rope").shows("Old thing").shows("Not begun");
        ana.get("/projects/board").await.shows("Fix rope").hides("Old thing");
        olga.get("/projects/board").await.hides("Fix rope");
        app.app.clock.advance(15 * DAY_MS);
        let again = app.visit_as(lead.person_id).await;
        again.get("/projects/board").await.hides("Old thing");
    })
    .await;
}

#[tokio::test]
async fn statistics_count_what_was_done_and_are_dropped_after_a_write() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let (doing, done) = (
            status(app, &lead, "QD", "In progress").await.to_string(),
            status(app, &lead, "QD", "Done").await.to_string(),
        );
        let id = task(app, &lead, "QD", "Fix rope @ana ~2h").await.task.id;
        let path = format!("/projects/tasks/{id}/fields/status");
        lead.post(&path, &[("value", &doing), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
        app.app.clock.advance(4 * DAY_MS);
        let ana = app.visit_as(ana.person_id).await;
        ana.get("/projects/QD/statistics").await.is_page().shows("4 days").shows("Ana Silva").shows("Nothing was done");
        ana.post(&path, &[("value", &done), ("version", "2")]).await.has_status(StatusCode::SEE_OTHER);
        let now = ana.get("/projects/QD/statistics").await;
        now.shows(">1</span> done in 12 weeks")
            .shows(">4.0</span> days")
            .shows("Nothing is under way.")
            .shows("Nobody has an open task");
    })
    .await;
}

#[tokio::test]
async fn the_team_shows_its_load_and_what_is_uncovered() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let id = task(app, &lead, "QD", "Mend frame @ana ~3h due 2026-11-19").await.task.id;
        ana.get("/projects/QD/team").await.is_page().shows("3h").shows("No open task says which skills it needs");
        lead.post(&format!("/projects/tasks/{id}/skills"), &[("text", "Welding"), ("level", "3")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        ana.get("/projects/QD/team").await.shows("Welding").shows("uncovered");
    })
    .await;
}

#[tokio::test]
async fn people_are_told_of_due_days_once() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Member).await;
        task(app, &lead, "QD", "Soon @ana due tomorrow").await;
        task(app, &lead, "QD", "Late @ana @olga due 2026-11-18").await;
        task(app, &lead, "QD", "Later @ana due 2026-11-22").await;
        for _ in 0..2 {
            tell_due(&app.app).await.unwrap();
        }
        let told = ana.get("/notices").await;
        told.shows("QD-1 is due tomorrow: Soon").shows("QD-2 is overdue: Late").hides("QD-3 is");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'projects.due'")).await, 3);
        // Who left the project hears no more of it; on the day itself nothing new is told.
        lead.post(&format!("/projects/QD/members/{}/deletion", olga.person_id), &[])
            .await
            .has_status(StatusCode::SEE_OTHER);
        app.app.clock.advance(2 * DAY_MS);
        tell_due(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'projects.due'")).await, 5);
    })
    .await;
}

#[tokio::test]
async fn stalled_tasks_are_shown_and_postponed_where_their_project_wants_it() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let stalled = task(app, &lead, "QD", "Forgotten @ana due 2026-11-21").await.task.id;
        let cared = task(app, &lead, "QD", "Cared for @ana due 2026-11-21").await.task.id;
        app.app.clock.advance(15 * DAY_MS);
        let (lead, ana) = (app.visit_as(lead.person_id).await, app.visit_as(ana.person_id).await);
        ana.post(&format!("/projects/tasks/{cared}/comments"), &[("body", "On it")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        ana.get("/projects/QD?status=stalled").await.shows("Forgotten").hides("Cared for");
        ana.get("/projects/QD").await.shows("Nobody touched it for two weeks");
        let due = async |id: i64| {
            let query = app.app.db.q(sql!("SELECT due_on FROM tasks WHERE id = ?"));
            query.bind(id).one::<(String,)>().await.unwrap().0
        };
        postpone_stalled(&app.app).await.unwrap();
        assert_eq!(due(stalled).await, "2026-11-21");
        let version = lead.get("/projects/QD/edit").await.hidden("version");
        let fields = [("name", "Project QD"), ("postpones_stalled", "yes"), ("version", version.as_str())];
        lead.post("/projects/QD", &fields).await.has_status(StatusCode::SEE_OTHER);
        for _ in 0..2 {
            postpone_stalled(&app.app).await.unwrap();
        }
        assert_eq!((due(stalled).await.as_str(), due(cared).await.as_str()), ("2027-01-04", "2026-11-21"));
        ana.get(&format!("/projects/tasks/{stalled}/history")).await.shows("Quarterdeck").shows("2027-01-04");
        assert_eq!(app.app.now_ms(), NOW_MS + 15 * DAY_MS);
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_tasks_are_listed_without_reading_all_of_them() {
    let app = TestApp::sqlite().await;
    let (_, ana, _) = three(&app).await;
    task(&app, &ana, "QD", "First").await;
    let plan = async |query: &'static quarterdeck::db::Sql| -> String {
        let rows: Vec<(i64, i64, i64, String)> = app.app.db.q(query).all().await.unwrap();
        rows.into_iter().map(|(_, _, _, detail)| detail).collect::<Vec<_>>().join("; ")
    };
    let list = plan(sql!("EXPLAIN QUERY PLAN SELECT t.id FROM tasks t WHERE t.project_id = 1 AND t.is_open = TRUE ORDER BY t.number DESC LIMIT 101")).await;
    assert!(list.contains("tasks_list") && !list.contains("TEMP B-TREE"), "{list}");
    let board = plan(sql!("EXPLAIN QUERY PLAN SELECT t.id FROM tasks t WHERE t.status_id = 1 AND t.position >= 0 ORDER BY t.position, t.id LIMIT 26")).await;
    assert!(board.contains("tasks_board") && !board.contains("TEMP B-TREE"), "{board}");
    app.stop().await;
}
