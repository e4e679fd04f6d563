//! The columns of a board: added where they belong, changed, put in order, removed with what stands in them.

use super::{outline, status, task, three};
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn names(app: &TestApp, lead: &Visitor<'_>) -> Vec<String> {
    outline(app, lead, "QD").await.statuses.into_iter().map(|status| status.name).collect()
}

#[tokio::test]
async fn columns_are_added_changed_and_put_in_order() {
    on_every_database(async |app| {
        let (lead, _, _) = three(app).await;
        lead.post("/projects/QD/statuses", &[("name", "Blocked"), ("kind", "doing")])
            .await
            .leads_to("/projects/QD/edit#statuses");
        assert_eq!(names(app, &lead).await, ["Backlog", "To do", "In progress", "Review", "Blocked", "Done"]);
        let id = status(app, &lead, "QD", "Blocked").await;
        lead.post(&format!("/projects/QD/statuses/{id}/place"), &[("to", "left")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        assert_eq!(names(app, &lead).await[3..5], ["Blocked", "Review"]);
        let form = lead.get(&format!("/projects/QD/statuses/{id}/edit")).await;
        let version = form.hidden("version");
        let path = format!("/projects/QD/statuses/{id}");
        let fields = [("name", "Waiting"), ("kind", "doing"), ("wip_limit", "0"), ("version", version.as_str())];
        let refused = lead.post(&path, &fields).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("from 1 to 999").shows("value=\"Waiting\"");
        let fields = [("name", "Waiting"), ("kind", "doing"), ("wip_limit", "3"), ("version", version.as_str())];
        lead.post(&path, &fields).await.leads_to("/projects/QD/edit#statuses");
        let late = lead.post(&path, &[("name", "Later"), ("kind", "doing"), ("version", version.as_str())]).await;
        late.has_status(StatusCode::CONFLICT).shows("Waiting").shows("value=\"Later\"");
        let twice = lead.post("/projects/QD/statuses", &[("name", "WAITING"), ("kind", "todo")]).await;
        twice.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is a status “WAITING” already.");
        lead.get("/projects/QD/statuses/987654321/edit").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_column_goes_and_its_tasks_go_elsewhere() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let made = task(app, &ana, "QD", "Fix pump").await;
        let (backlog, done) = (status(app, &lead, "QD", "Backlog").await, status(app, &lead, "QD", "Done").await);
        let refused = lead.post(&format!("/projects/QD/statuses/{backlog}/deletion"), &[]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Choose where they go.");
        let to = [("to", done.to_string())];
        let to: Vec<(&str, &str)> = to.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lead.post(&format!("/projects/QD/statuses/{backlog}/deletion"), &to).await.has_status(StatusCode::SEE_OTHER);
        let now = outline(app, &lead, "QD").await;
        assert_eq!(now.statuses.iter().find(|status| status.id == done).unwrap().tasks, 1);
        let query = app.app.db.q(sql!("SELECT is_open FROM tasks WHERE id = ?"));
        assert!(!query.bind(made.task.id).one::<(bool,)>().await.unwrap().0);
        // Tasks must be able to end somewhere.
        let refused = lead.post(&format!("/projects/QD/statuses/{done}/deletion"), &[]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("in which tasks are done");
    })
    .await;
}

#[tokio::test]
async fn counts_are_those_of_the_tasks() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        for line in ["One", "Two", "Three"] {
            task(app, &ana, "QD", line).await;
        }
        let first = task(app, &ana, "QD", "Four").await.task.id;
        let doing = status(app, &ana, "QD", "In progress").await.to_string();
        let path = format!("/projects/tasks/{first}/fields/status");
        ana.post(&path, &[("value", &doing), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
        let wrong = sql!(
            "SELECT COUNT(*) FROM project_statuses s WHERE s.tasks <> (SELECT COUNT(*) FROM tasks t WHERE t.status_id = s.id)"
        );
        assert_eq!(app.count(wrong).await, 0);
        assert_eq!(outline(app, &lead, "QD").await.statuses.iter().map(|status| status.tasks).collect::<Vec<_>>(), [3, 0, 1, 0, 0]);
    })
    .await;
}
