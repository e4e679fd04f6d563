//! Job roles: made, renamed, deleted, and who has them.

use super::skill;
use super::targets::{gaps, required};
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn make(ada: &Visitor<'_>, app: &TestApp, name: &str) -> i64 {
    ada.post("/skills/job-roles", &[("name", name)]).await.has_status(StatusCode::SEE_OTHER);
    let query = app.app.db.q(sql!("SELECT id FROM job_roles WHERE name = ?"));
    query.bind(name).one::<(i64,)>().await.unwrap().0
}

#[tokio::test]
async fn an_administrator_makes_and_renames_a_job_role() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/skills/job-roles").await.has_status(StatusCode::OK).is_page().shows("No job roles yet");
        let id = make(&ada, app, "Welder").await;
        ada.get("/skills/job-roles").await.shows("Welder");
        ada.get(&format!("/skills/job-roles/{id}")).await.is_page().shows("Nobody has it yet");
        for (name, complaint) in
            [("welder", "There is a job role named “welder” already."), (" ", "Give the job role a name.")]
        {
            let refused = ada.post("/skills/job-roles", &[("name", name)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(complaint);
        }
        let path = format!("/skills/job-roles/{id}");
        ada.get(&format!("{path}/edit")).await.shows("name=\"version\" value=\"1\"");
        ada.post(&path, &[("name", "MAG welder"), ("version", "1")]).await.leads_to(&path);
        let late = ada.post(&path, &[("name", "TIG welder"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("named it “MAG welder”")
            .shows("value=\"TIG welder\"")
            .shows("value=\"2\"");
        ada.post(&path, &[("name", ""), ("version", "2")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        ada.post("/skills/job-roles/999", &[("name", "X"), ("version", "1")]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn with_a_job_role_go_its_targets_but_not_its_people() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Brook", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let id = make(&ada, app, "Welder").await;
        let path = format!("/skills/job-roles/{id}");
        ada.post(&format!("{path}/people"), &[("person", "Ben Brook")]).await.leads_to(&path);
        let target = [("skill", "Welding"), ("level", "3")];
        ada.post(&format!("/skills/targets/job-roles/{id}"), &target).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!((required(app, ben, welding).await, gaps(app, ben, welding).await), (Some(300), (1, 1)));
        ada.get(&format!("{path}/deletion")).await.shows("1 person has it, and 1 target is set for it.");
        ada.post(&format!("{path}/deletion"), &[("version", "0")]).await.has_status(StatusCode::CONFLICT);
        ada.post(&format!("{path}/deletion"), &[("version", "1")]).await.leads_to("/skills/job-roles");
        assert_eq!((required(app, ben, welding).await, gaps(app, ben, welding).await), (None, (0, 0)));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM targets")).await, 0);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people WHERE active = TRUE")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_person_may_have_several_job_roles() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Brook", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let (welder, warden) = (make(&ada, app, "Welder").await, make(&ada, app, "Fire warden").await);
        for (id, level) in [(welder, "3"), (warden, "1")] {
            let target = [("skill", "Welding"), ("level", level)];
            ada.post(&format!("/skills/targets/job-roles/{id}"), &target).await.has_status(StatusCode::SEE_OTHER);
        }
        let path = format!("/skills/people/{ben}/job-roles");
        ada.get(&path).await.has_status(StatusCode::OK).is_page().shows("Fire warden").hides("checked");
        let both = [("job_role", welder.to_string()), ("job_role", warden.to_string())];
        let both: Vec<(&str, &str)> = both.iter().map(|(name, id)| (*name, id.as_str())).collect();
        ada.post(&path, &both).await.leads_to(&format!("/skills/people/{ben}"));
        assert_eq!(required(app, ben, welding).await, Some(300));
        ada.post(&path, &both[1..]).await.leads_to(&format!("/skills/people/{ben}"));
        assert_eq!(required(app, ben, welding).await, Some(100));
        ada.get(&path).await.shows("checked");
        let page = ada.get(&format!("/skills/people/{ben}")).await;
        page.shows("Job roles:")
            .shows(&format!("/skills/job-roles/{warden}"))
            .hides(&format!("/skills/job-roles/{welder}"));
        page.shows(&format!("href=\"{path}\""));
        let vic = app.sign_in("viewer", "Vic Viewer", None).await;
        vic.get(&format!("/skills/people/{ben}")).await.shows("Fire warden").hides(&path);
        let unknown = ada.post(&path, &[("job_role", "999")]).await;
        unknown.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("There is no job role 999 any more.");
        ada.post(&path, &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(required(app, ben, welding).await, None);
    })
    .await;
}

#[tokio::test]
async fn who_is_typed_must_be_one_person() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let yard = app.team("Yard").await;
    app.person("Ben Brook", Some(yard)).await;
    let query = app.app.db.q(sql!(
        "INSERT INTO people (name, name_key, title, team_position, active, created_at, updated_at)
         VALUES ('Ben Brook', 'ben brook', '', 1000000000, TRUE, 0, 0)"
    ));
    query.execute().await.unwrap();
    let id = make(&ada, &app, "Welder").await;
    let people = format!("/skills/job-roles/{id}/people");
    for (typed, complaint) in [
        ("Ben Brook", "Several people are called “Ben Brook”."),
        ("Nobody", "There is nobody called “Nobody”."),
        ("", "Choose a person."),
    ] {
        let refused = ada.post_fragment(&people, &[("person", typed)]).await;
        refused
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .is_fragment()
            .shows(complaint)
            .shows(&format!("value=\"{typed}\""));
    }
    let options = ada.fragment(&format!("{people}/suggestions?person=brook")).await;
    options.is_fragment().shows("Ben Brook (Yard)").shows("value=\"Ben Brook\"");
    ada.post_fragment(&people, &[("person", "Ben Brook (Yard)")])
        .await
        .has_status(StatusCode::OK)
        .is_fragment()
        .shows("Yard");
    app.stop().await;
}

#[tokio::test]
async fn a_lead_gives_job_roles_to_the_own_team_alone() {
    let app = TestApp::sqlite().await;
    let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
    let ada = app.administrator().await;
    let (ben, zoe) = (app.person("Ben Brook", Some(yard)).await, app.person("Zoe Zander", Some(quay)).await);
    let id = make(&ada, &app, "Welder").await;
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    let people = format!("/skills/job-roles/{id}/people");
    lea.post(&people, &[("person", "Ben Brook")]).await.has_status(StatusCode::SEE_OTHER);
    lea.post(&people, &[("person", "Zoe Zander")]).await.has_status(StatusCode::FORBIDDEN);
    ada.post(&people, &[("person", "Zoe Zander")]).await.has_status(StatusCode::SEE_OTHER);
    lea.get(&format!("/skills/job-roles/{id}"))
        .await
        .shows("Remove Ben Brook from this job role")
        .hides("from Zoe Zander")
        .hides("Rename");
    lea.post(&format!("{people}/{zoe}/removal"), &[]).await.has_status(StatusCode::FORBIDDEN);
    lea.get(&format!("/skills/people/{ben}/job-roles")).await.has_status(StatusCode::OK);
    lea.get(&format!("/skills/people/{zoe}/job-roles")).await.has_status(StatusCode::FORBIDDEN);
    let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
    mia.get(&format!("/skills/job-roles/{id}"))
        .await
        .has_status(StatusCode::OK)
        .shows("Ben Brook")
        .hides("Give it to")
        .hides("Remove");
    for visitor in [&lea, &mia] {
        visitor.post("/skills/job-roles", &[("name", "New")]).await.has_status(StatusCode::FORBIDDEN);
        visitor.get(&format!("/skills/job-roles/{id}/deletion")).await.has_status(StatusCode::FORBIDDEN);
        visitor.post(&format!("/skills/job-roles/{id}"), &[("name", "New")]).await.has_status(StatusCode::FORBIDDEN);
    }
    mia.post(&people, &[("person", "Ben Brook")]).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}
