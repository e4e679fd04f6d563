//! The board: its columns, cards that are moved, conflicts, and what comes as one scrolls.

use super::{outline, status, task, three};
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn titles(app: &TestApp, by: &Visitor<'_>, column: &str) -> Vec<String> {
    let id = status(app, by, "QD", column).await;
    let query = app.app.db.q(sql!("SELECT title FROM tasks WHERE status_id = ? ORDER BY position, id"));
    query.bind(id).all::<(String,)>().await.unwrap().into_iter().map(|(title,)| title).collect()
}

async fn put(app: &TestApp, by: &Visitor<'_>, id: i64, column: &str, before: Option<i64>, version: &str) -> Answer {
    let status = status(app, by, "QD", column).await.to_string();
    let before = before.map(|id| id.to_string()).unwrap_or_default();
    by.post_fragment(
        &format!("/projects/tasks/{id}/placement"),
        &[("status", &status), ("before", &before), ("version", version)],
    )
    .await
}

#[tokio::test]
async fn cards_are_put_where_they_are_dragged() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let mut ids = Vec::new();
        for line in ["One", "Two", "Three"] {
            ids.push(task(app, &ana, "QD", line).await.task.id);
        }
        ana.get("/projects/QD/board").await.is_page().shows("One").shows("Backlog");
        put(app, &ana, ids[2], "Backlog", Some(ids[0]), "1")
            .await
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("data-t");
        assert_eq!(titles(app, &ana, "Backlog").await, ["Three", "One", "Two"]);
        put(app, &ana, ids[0], "In progress", None, "1").await.has_status(StatusCode::OK).shows("1 / 5");
        assert_eq!(titles(app, &ana, "In progress").await, ["One"]);
        let status_id = status(app, &ana, "QD", "In progress").await.to_string();
        let after = [("status", status_id.as_str()), ("after", &ids[0].to_string()), ("version", "1")];
        ana.post_fragment(&format!("/projects/tasks/{}/placement", ids[1]), &after).await.has_status(StatusCode::OK);
        assert_eq!(titles(app, &ana, "In progress").await, ["One", "Two"]);
        ana.post(&format!("/projects/tasks/{}/placement", ids[1]), &after)
            .await
            .leads_to(&format!("/projects/tasks/{}", ids[1]));
    })
    .await;
}

#[tokio::test]
async fn there_is_always_room_between_two_cards() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let first = task(app, &ana, "QD", "First").await.task.id;
        let last = task(app, &ana, "QD", "Last").await.task.id;
        app.app.db.q(sql!("UPDATE tasks SET position = 7")).execute().await.unwrap();
        let mut expected = vec!["First".to_owned(), "Last".to_owned()];
        for number in 0..4 {
            let id = task(app, &ana, "QD", &format!("Between {number}")).await.task.id;
            put(app, &ana, id, "Backlog", Some(last), "1").await.has_status(StatusCode::OK);
            expected.insert(expected.len() - 1, format!("Between {number}"));
        }
        assert_eq!(titles(app, &ana, "Backlog").await, expected);
        put(app, &ana, last, "Backlog", Some(first), "1").await.has_status(StatusCode::OK);
        assert_eq!(titles(app, &ana, "Backlog").await[..2], ["Last", "First"]);
    })
    .await;
}

#[tokio::test]
async fn a_card_that_somebody_else_moved_meanwhile_stays_there() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = task(app, &ana, "QD", "One").await.task.id;
        put(app, &lead, id, "Review", None, "1").await.has_status(StatusCode::OK);
        let late = put(app, &ana, id, "In progress", None, "1").await;
        late.has_status(StatusCode::CONFLICT)
            .is_fragment()
            .shows("Lena Lead moved QD-1 to “Review” meanwhile. It stays there.");
        assert_eq!(titles(app, &ana, "Review").await, ["One"]);
        // Another field is no reason to refuse a move, nor is the same column.
        lead.post_fragment(&format!("/projects/tasks/{id}/fields/title"), &[("value", "Uno"), ("version", "2")])
            .await
            .has_status(StatusCode::OK);
        put(app, &ana, id, "Done", None, "2").await.has_status(StatusCode::OK);
        put(app, &lead, id, "Done", None, "2").await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_column_that_is_gone_takes_no_card() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let id = task(app, &ana, "QD", "One").await.task.id;
        let review = status(app, &ana, "QD", "Review").await;
        lead.post(&format!("/projects/QD/statuses/{review}/deletion"), &[]).await.has_status(StatusCode::SEE_OTHER);
        let fields = [("status", review.to_string()), ("version", "1".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = ana.post_fragment(&format!("/projects/tasks/{id}/placement"), &fields).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("That status is not there any more.");
        assert_eq!(titles(app, &ana, "Backlog").await, ["One"]);
        olga.post_fragment(&format!("/projects/tasks/{id}/placement"), &fields).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_is_done_is_closed_and_opens_again() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let id = task(app, &ana, "QD", "One").await.task.id;
        put(app, &ana, id, "Done", None, "1").await.has_status(StatusCode::OK);
        let state = async || {
            let query = app.app.db.q(sql!("SELECT is_open, closed_at, started_at FROM tasks WHERE id = ?"));
            query.bind(id).one::<(bool, Option<i64>, Option<i64>)>().await.unwrap()
        };
        assert!(matches!(state().await, (false, Some(_), Some(_))));
        ana.get(&format!("/projects/tasks/{id}")).await.shows("Done");
        put(app, &ana, id, "To do", None, "2").await.has_status(StatusCode::OK);
        assert!(matches!(state().await, (true, None, Some(_))));
    })
    .await;
}

#[tokio::test]
async fn a_long_column_comes_in_pieces() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        for number in 1..=30 {
            task(app, &ana, "QD", &format!("Task {number}.")).await;
        }
        let page = ana.get("/projects/QD/board").await;
        page.shows("Task 25.").hides("Task 26.").shows("Show more");
        let text = page.text().to_owned();
        let (_, link) = text.split_once("hx-get=\"/projects/QD/board/").unwrap();
        let link = format!("/projects/QD/board/{}", link.split('"').next().unwrap().replace("&amp;", "&"));
        ana.fragment(&link)
            .await
            .is_fragment()
            .shows("Task 26.")
            .shows("Task 30.")
            .hides("Task 25.")
            .hides("Show more");
        ana.get(&link).await.is_page().shows("Task 26.");
        ana.get("/projects/QD/board/987654321").await.has_status(StatusCode::NOT_FOUND);
        let card = task(app, &ana, "QD", "Fix pump").await.task.id;
        ana.fragment(&format!("/projects/tasks/{card}/card?q=rope")).await.is_fragment().hides("Fix pump").shows("31");
    })
    .await;
}

#[tokio::test]
async fn a_board_of_a_thousand_cards_is_small_at_first() {
    let app = TestApp::sqlite().await;
    let (_, ana, _) = three(&app).await;
    let made = task(&app, &ana, "QD", "A task with a title of the usual length @ana !high #net due friday").await;
    let copy = app.app.db.q(sql!(
        "INSERT INTO tasks (project_id, number, title, title_key, description, status_id, position, priority, is_open, created_at, updated_at, touched_at, moved_at)
         SELECT t.project_id, n.value + 1, t.title, t.title_key, '', t.status_id, n.value * 1000, 2, TRUE, 0, 0, 0, 0
         FROM tasks t JOIN json_each(?) n WHERE t.id = ?"
    ));
    let numbers: Vec<i64> = (1..=1000).collect();
    copy.bind(serde_json::to_string(&numbers).unwrap()).bind(made.task.id).execute().await.unwrap();
    let headers = [("accept-encoding", "gzip")];
    let board = ana.send(poem::http::Method::GET, "/projects/QD/board", &headers, None).await;
    board.has_status(StatusCode::OK);
    assert_eq!(board.header("content-encoding"), "gzip");
    assert!(board.bytes.len() < 100_000, "{} bytes", board.bytes.len());
    assert_eq!(outline(&app, &ana, "QD").await.statuses.len(), 5);
    app.stop().await;
}
