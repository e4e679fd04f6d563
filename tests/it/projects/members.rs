//! Who takes part: taken in, given another role, let go; somebody always leads.

use super::{join, task, three};
use crate::support::on_every_database;
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn who_leads_takes_people_in_and_lets_them_go() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let id = olga.person_id.to_string();
        lead.get("/projects/QD/edit").await.shows("Olga Outside");
        lead.post("/projects/QD/members", &[("person", &id), ("role", "viewer")])
            .await
            .leads_to("/projects/QD/edit#members");
        olga.get("/projects/QD").await.has_status(StatusCode::OK);
        lead.post("/projects/QD/members", &[("person", &id), ("role", "member")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        olga.get("/projects/QD").await.shows("Add a task");
        let made = task(app, &lead, "QD", "Fix pump @olga").await;
        lead.post(&format!("/projects/QD/members/{id}/deletion"), &[]).await.leads_to("/projects/QD/edit#members");
        olga.get("/projects/QD").await.has_status(StatusCode::NOT_FOUND);
        // What they had in hand lies open again.
        let query = app.app.db.q(sql!("SELECT COUNT(*) FROM task_assignees WHERE task_id = ?"));
        assert_eq!(query.bind(made.task.id).one::<(i64,)>().await.unwrap().0, 0);
        ana.post("/projects/QD/members", &[("person", &id), ("role", "lead")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn somebody_always_leads() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = lead.person_id.to_string();
        let refused = lead.post("/projects/QD/members", &[("person", &id), ("role", "viewer")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Somebody has to lead the project.");
        let refused = lead.post(&format!("/projects/QD/members/{id}/deletion"), &[]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let odd = lead.post("/projects/QD/members", &[("person", "987654321"), ("role", "member")]).await;
        odd.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is no such person.");
        let odd = lead.post("/projects/QD/members", &[("person", &id), ("role", "king")]).await;
        odd.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Choose a role from the list.");
        join(app, &lead, "QD", ana.person_id, Role::Lead).await;
        lead.post(&format!("/projects/QD/members/{id}/deletion"), &[]).await.leads_to("/projects");
        lead.get("/projects/QD").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}
