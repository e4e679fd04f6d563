//! The list of a project's tasks, its filter, and new tasks.

use super::{status, task, three};
use crate::support::on_every_database;
use poem::http::StatusCode;
use quarterdeck::sql;

#[tokio::test]
async fn one_line_makes_a_task() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let line = "Fix pump @ana !high #net ~2h due friday";
        ana.post("/projects/QD/lines", &[("text", line), ("submission", "a1")]).await.leads_to("/projects/QD");
        // The form that was sent twice makes one task.
        ana.post("/projects/QD/lines", &[("text", line), ("submission", "a1")]).await.leads_to("/projects/QD");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM tasks")).await, 1);
        let list = ana.get("/projects/QD").await;
        list.shows("Fix pump")
            .shows("High priority")
            .shows(">net<")
            .shows("Ana Silva")
            .shows("datetime=\"2026-11-27\"");
        let refused = ana.post("/projects/QD/lines", &[("text", "Call @nobody now")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Nobody in this project is called @nobody");
        refused.shows("value=\"Call @nobody now\"").shows("Fix pump");
    })
    .await;
}

#[tokio::test]
async fn two_who_send_one_form_at_once_make_one_task() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let fields = [("text", "Fix pump"), ("submission", "b2")];
        let (one, two) = tokio::join!(ana.post("/projects/QD/lines", &fields), ana.post("/projects/QD/lines", &fields));
        for answer in [one, two] {
            assert!(answer.status == 303 || answer.status == 503, "{}", answer.status);
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM tasks")).await, 1);
        assert_eq!(app.count(sql!("SELECT next_number FROM projects")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_form_makes_a_task_with_everything() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        ana.get("/projects/QD/tasks/new?title=From+a+link").await.is_page().shows("value=\"From a link\"");
        let doing = status(app, &ana, "QD", "In progress").await.to_string();
        let person = ana.person_id.to_string();
        let fields = [
            ("title", "Paint the crane"),
            ("description", "Twice"),
            ("status", doing.as_str()),
            ("priority", "urgent"),
            ("assignees", person.as_str()),
            ("new_label", "Spring"),
            ("start", "2026-11-21"),
            ("due", "2026-11-22"),
            ("estimate", "2d"),
        ];
        let made = ana.post("/projects/QD/tasks", &fields).await;
        made.has_status(StatusCode::SEE_OTHER);
        let page = ana.get(made.header("location")).await;
        page.shows("Paint the crane").shows("Urgent").shows("In progress").shows("16h").shows("Spring").shows("Twice");
        let wrong = [("title", ""), ("due", "never"), ("description", "kept")];
        let refused = ana.post("/projects/QD/tasks", &wrong).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say what is to be done.").shows("kept");
        let crossed = [("title", "X"), ("start", "2026-11-22"), ("due", "2026-11-21")];
        ana.post("/projects/QD/tasks", &crossed)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("before it starts");
    })
    .await;
}

#[tokio::test]
async fn a_filter_in_the_address_narrows_the_list() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        for line in [
            "Mend pump @ana !high #net due 2026-11-19",
            "Paint crane !low #deck due 2026-11-24",
            "Order rope",
            "Call 100% !_x",
        ] {
            task(app, &lead, "QD", line).await;
        }
        let done = status(app, &lead, "QD", "Done").await.to_string();
        let rope = task(app, &lead, "QD", "Old rope").await.task.id;
        lead.post(&format!("/projects/tasks/{rope}/fields/status"), &[("value", &done), ("version", "1")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        let net = super::outline(app, &lead, "QD").await.labels.iter().find(|label| label.name == "net").unwrap().id;
        for (query, shown, hidden) in [
            ("", "Order rope", "Old rope"),
            ("?q=PUMP", "Mend pump", "Paint crane"),
            ("?q=QD-2", "Paint crane", "Mend pump"),
            ("?q=100%25", "Call 100%", "Mend pump"),
            ("?status=done", "Old rope", "Order rope"),
            ("?status=all", "Old rope", "nothing"),
            ("?assignee=me", "Mend pump", "Paint crane"),
            ("?assignee=nobody", "Paint crane", "Mend pump"),
            ("?priority=low", "Paint crane", "Mend pump"),
            ("?priority=none", "Order rope", "Mend pump"),
            ("?due=overdue", "Mend pump", "Paint crane"),
            ("?due=week", "Paint crane", "Order rope"),
            ("?due=none", "Order rope", "Mend pump"),
            (&format!("?label={net}"), "Mend pump", "Paint crane"),
            (&format!("?status={done}"), "Old rope", "Order rope"),
            ("?status=x&assignee=y&due=z&sort=w&offset=-1", "Order rope", "Old rope"),
        ] {
            ana.get(&format!("/projects/QD{query}")).await.shows(shown).hides(hidden);
        }
        for sort in ["newest", "updated", "priority", "due"] {
            ana.get(&format!("/projects/QD?sort={sort}")).await.shows("1–4 of 4");
        }
        let by_due = ana.get("/projects/QD?sort=due").await;
        let text = by_due.text();
        assert!(
            text.find("Mend pump") < text.find("Paint crane") && text.find("Paint crane") < text.find("Order rope")
        );
        ana.get("/projects/QD?q=zzz").await.shows("No task fits this filter");
    })
    .await;
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    on_every_database(async |app| {
        let (lead, _, _) = three(app).await;
        for number in 1..=102 {
            task(app, &lead, "QD", &format!("Task number {number}.")).await;
        }
        let first = lead.get("/projects/QD").await;
        first
            .shows("1–100 of 102")
            .shows("Task number 102.")
            .shows("Task number 3.")
            .hides("Task number 2.")
            .shows("offset=100");
        lead.get("/projects/QD?offset=100").await.shows("101–102 of 102").shows("Task number 1.");
    })
    .await;
}
