//! My work over all projects, saved views, and many tasks changed at once.

use super::{join, project, status, task, three};
use crate::support::on_every_database;
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn my_work_is_what_is_mine_in_projects_that_i_see() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        project(app, &lead, "OTHER").await;
        ana.get("/projects/work").await.is_page().shows("Nothing to do");
        task(app, &lead, "QD", "Mend pump @ana due 2026-11-19").await;
        task(app, &lead, "QD", "Paint crane @ana").await;
        task(app, &lead, "QD", "Of nobody").await;
        task(app, &lead, "OTHER", "Hidden thing").await;
        let mine = ana.get("/projects/work").await;
        mine.shows("Mend pump")
            .shows("Overdue")
            .shows("Paint crane")
            .shows("No due day")
            .hides("Of nobody")
            .hides("Hidden thing");
        ana.fragment("/projects/work?assignee=anybody").await.is_fragment().shows("Of nobody").hides("Hidden thing");
        ana.get("/projects/work?assignee=anybody&q=paint").await.shows("Paint crane").hides("Mend pump");
        for sort in ["newest", "updated", "priority", "due"] {
            ana.get(&format!("/projects/work?sort={sort}")).await.shows("Mend pump");
        }
        lead.get("/projects/work?assignee=anybody").await.shows("Hidden thing");
        olga.get("/projects/work?assignee=anybody").await.hides("Mend pump");
        ana.get("/").await.shows("My work").shows("2</span> open").shows("1 overdue");
        olga.get("/").await.shows("No open task is yours.");
        lead.post("/projects/QD/archival", &[("archived", "yes")]).await.has_status(StatusCode::SEE_OTHER);
        ana.get("/projects/work").await.hides("Mend pump");
    })
    .await;
}

#[tokio::test]
async fn a_view_is_saved_shared_renamed_and_deleted() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        ana.get("/projects/views").await.is_page().shows("No view yet");
        let fields = [
            ("name", "Mine, urgent"),
            ("address", "/projects/QD/board?priority=urgent&assignee=me&offset=3"),
            ("shared", "yes"),
        ];
        ana.post("/projects/views", &fields).await.leads_to("/projects/QD/board?assignee=me&priority=urgent");
        lead.get("/projects/QD").await.shows("Mine, urgent").shows("Shared views");
        olga.get("/projects/views").await.hides("Mine, urgent");
        let twice = ana.post("/projects/views", &fields).await;
        twice.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("You have a view “Mine, urgent” already.");
        for (address, code) in [
            ("https://evil.example/", 422),
            ("/admin", 422),
            ("/projects/QD/edit", 422),
            ("/projects/NOPE", 404),
            ("//evil.example", 422),
        ] {
            assert_eq!(
                ana.post("/projects/views", &[("name", "X"), ("address", address)]).await.status,
                code,
                "{address}"
            );
        }
        let work = [("name", "All"), ("address", "/projects/work?assignee=anybody"), ("shared", "yes")];
        ana.post("/projects/views", &work)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Only a view of one project can be shared.");
        let id = app.count(sql!("SELECT id FROM task_views")).await;
        let path = format!("/projects/views/{id}");
        lead.get(&format!("{path}/edit")).await.has_status(StatusCode::FORBIDDEN);
        olga.get(&format!("{path}/edit")).await.has_status(StatusCode::NOT_FOUND);
        ana.get(&format!("{path}/edit")).await.is_page().shows("Mine, urgent");
        ana.post(&path, &[("name", "Hot"), ("version", "1")]).await.leads_to("/projects/views");
        ana.post(&path, &[("name", "Cold"), ("version", "1")])
            .await
            .has_status(StatusCode::CONFLICT)
            .shows("“Hot” meanwhile")
            .shows("value=\"Cold\"");
        ana.post(&path, &[("name", " "), ("version", "2")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        lead.post(&format!("{path}/deletion"), &[]).await.has_status(StatusCode::NOT_FOUND);
        ana.post(&format!("{path}/deletion"), &[]).await.leads_to("/projects/views");
    })
    .await;
}

#[tokio::test]
async fn many_tasks_are_changed_at_once_and_taken_back() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let mut ids = Vec::new();
        for line in ["One !low", "Two !high", "Three"] {
            ids.push(task(app, &lead, "QD", line).await.task.id.to_string());
        }
        let review = status(app, &lead, "QD", "Review").await.to_string();
        let person = ana.person_id.to_string();
        let mut fields = vec![("priority", "4"), ("status", review.as_str()), ("assignee", person.as_str()), ("due", "2026-12-01")];
        fields.extend(ids.iter().map(|id| ("task", id.as_str())));
        lead.post("/projects/QD/batches", &fields).await.leads_to("/projects/QD");
        let list = lead.get("/projects/QD").await;
        list.shows("Status, Priority, Due, Assignees changed in 3 tasks.").shows("Undo");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM tasks WHERE priority = 4 AND due_on = '2026-12-01'")).await, 3);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'projects.assigned'")).await, 3);
        ana.get("/projects/QD").await.hides("Undo");
        // What somebody changed since stays.
        let title = format!("/projects/tasks/{}/fields/priority", ids[0]);
        ana.post(&title, &[("value", "2"), ("version", "2")]).await.has_status(StatusCode::SEE_OTHER);
        let batch = app.count(sql!("SELECT MAX(id) FROM task_batches")).await;
        let path = format!("/projects/batches/{batch}/reversal");
        ana.post(&path, &[]).await.has_status(StatusCode::NOT_FOUND);
        olga.post(&path, &[]).await.has_status(StatusCode::NOT_FOUND);
        lead.post(&path, &[]).await.leads_to("/projects/QD");
        let query = app.app.db.q(sql!("SELECT priority, due_on FROM tasks ORDER BY id"));
        let now: Vec<(i64, Option<String>)> = query.all().await.unwrap();
        assert_eq!(now, [(2, None), (3, None), (0, None)]);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_assignees")).await, 0);
        let wrong = sql!("SELECT COUNT(*) FROM project_statuses s WHERE s.tasks <> (SELECT COUNT(*) FROM tasks t WHERE t.status_id = s.id)");
        assert_eq!(app.count(wrong).await, 0);
        lead.post(&path, &[]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_batch_changes_all_or_nothing() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Viewer).await;
        project(app, &lead, "OTHER").await;
        let one = task(app, &lead, "QD", "One").await.task.id.to_string();
        let foreign = task(app, &lead, "OTHER", "Foreign").await.task.id.to_string();
        let both = [("task", one.as_str()), ("task", foreign.as_str()), ("priority", "4")];
        ana.post("/projects/QD/batches", &both).await.has_status(StatusCode::NOT_FOUND);
        olga.post("/projects/QD/batches", &both[..1]).await.has_status(StatusCode::FORBIDDEN);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM tasks WHERE priority = 4")).await, 0);
        ana.post("/projects/QD/batches", &[("priority", "4")]).await.leads_to("/projects/QD");
        ana.post("/projects/QD/batches", &[("task", one.as_str())]).await.leads_to("/projects/QD");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_batches")).await, 0);
    })
    .await;
}
