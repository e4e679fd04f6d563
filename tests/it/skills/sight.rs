//! Who sees whose ratings, from each point of view: a member, a lead, the owner of a skill, an auditor, an administrator.

use super::skill;
use crate::support::{Place, TestApp, Visitor, on_every_database, places};
use poem::http::StatusCode;
use quarterdeck::accounts::{PermissionSpec, roles};
use quarterdeck::plugins::skills;
use quarterdeck::sql;

/// Two teams, two skills, a rating of everybody on each.
struct Stage<'a> {
    app: &'a TestApp,
    mia: Visitor<'a>,
    lea: Visitor<'a>,
    other: i64,
    welding: i64,
    filing: i64,
}

async fn stage(app: &TestApp) -> Stage<'_> {
    let (yard, office) = (app.team("Yard").await, app.team("Office").await);
    let ada = app.administrator().await;
    let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    let other = app.person("Olga Other", Some(office)).await;
    let welding = skill(app, "Workshop", "Welding", "0–4").await;
    let filing = skill(app, "Administration", "Filing", "0–4").await;
    for person in [mia.person_id, lea.person_id, other] {
        for (skill, level) in [(welding, "3"), (filing, "1")] {
            let cell = format!("/skills/ratings/{person}/{skill}");
            ada.post_fragment(&cell, &[("level", level), ("version", "0")]).await.has_status(StatusCode::OK);
        }
    }
    Stage { app, mia, lea, other, welding, filing }
}

/// Every database, with people seeing their own team.
async fn with_teams_apart(test: impl AsyncFn(&TestApp)) {
    for place in places().into_iter().filter(|place: &Place| !place.redis) {
        let app = TestApp::start_with(place, &["skills.visibility=team"]).await;
        test(&app).await;
        app.stop().await;
    }
}

async fn own(app: &TestApp, person: i64, skill: i64) {
    let query = app.app.db.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
    query.bind(person).bind(skill).execute().await.unwrap();
    app.app.publish(skills::CATALOGUE_TOPIC, skill.to_string()).await;
}

impl Stage<'_> {
    /// Where a rating, or all of a person, can be looked up.
    fn look_ups(&self, person: i64, skill: i64) -> Vec<String> {
        vec![
            format!("/skills/ratings/{person}/{skill}"),
            format!("/skills/ratings/{person}/{skill}/edit"),
            format!("/api/v1/ratings/{person}/{skill}"),
        ]
    }

    async fn hides_the_other(&self, visitor: &Visitor<'_>) {
        for path in self.look_ups(self.other, self.welding) {
            visitor.fragment(&path).await.has_status(StatusCode::NOT_FOUND);
        }
        for path in [format!("/skills/people/{}", self.other), format!("/api/v1/ratings/{}", self.other)] {
            visitor.get(&path).await.has_status(StatusCode::NOT_FOUND);
        }
        let cell = format!("/skills/ratings/{}/{}", self.other, self.welding);
        visitor.post_fragment(&cell, &[("level", "2"), ("version", "1")]).await.has_status(StatusCode::NOT_FOUND);
        visitor
            .get("/skills")
            .await
            .has_status(StatusCode::OK)
            .shows("Mia Member")
            .hides("Olga Other")
            .shows("2 · 3.0");
        visitor.fragment("/skills/window").await.hides("Olga Other").shows("2 · 3.0").hides("3 · 3.0");
        for form in ["long", "wide"] {
            let file = visitor.get(&format!("/skills/exports/ratings.csv?form={form}")).await;
            file.has_status(StatusCode::OK).shows("Mia Member").hides("Olga Other");
        }
        let office = self.app.team("Office").await;
        visitor.get(&format!("/skills?team={office}")).await.has_status(StatusCode::OK).hides("Olga Other");
        visitor.get("/").await.shows("2 people");
    }
}

#[tokio::test]
async fn a_member_and_a_lead_see_their_own_team() {
    with_teams_apart(async |app| {
        let stage = stage(app).await;
        for visitor in [&stage.mia, &stage.lea] {
            stage.hides_the_other(visitor).await;
            visitor.get(&format!("/skills/people/{}", stage.lea.person_id)).await.has_status(StatusCode::OK);
            let cell = format!("/skills/ratings/{}/{}", stage.mia.person_id, stage.welding);
            visitor.fragment(&cell).await.has_status(StatusCode::OK).shows(">3</td>").shows("2 · 3.0");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_in_no_team_sees_themself() {
    with_teams_apart(async |app| {
        let stage = stage(app).await;
        let sol = app.sign_in("member", "Sol Solo", None).await;
        sol.get("/skills").await.has_status(StatusCode::OK).shows("Sol Solo").hides("Mia Member").hides("Ada Admin");
        sol.get(&format!("/skills?team={}", app.team("Yard").await)).await.hides("Mia Member");
        sol.get(&format!("/skills/people/{}", stage.mia.person_id)).await.has_status(StatusCode::NOT_FOUND);
        sol.get(&format!("/skills/people/{}", sol.person_id)).await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn the_owner_of_a_skill_sees_everybody_on_it_and_nothing_else_of_them() {
    with_teams_apart(async |app| {
        let stage = stage(app).await;
        let mia = &stage.mia;
        // What was drawn before must not stay in the cache.
        stage.hides_the_other(mia).await;
        own(app, mia.person_id, stage.welding).await;
        mia.fragment(&format!("/skills/ratings/{}/{}", stage.other, stage.welding))
            .await
            .shows(">3</td>")
            .shows("3 · 3.0");
        let filing = format!("/skills/ratings/{}/{}", stage.other, stage.filing);
        mia.fragment(&filing).await.has_status(StatusCode::NOT_FOUND);
        let window = mia.fragment("/skills/window").await;
        // Everybody on welding, the own team on filing.
        window.shows("Olga Other").shows("3 · 3.0").shows("2 · 1.0").hides("3 · 1.0");
        let row = &window.text()[window.text().find("Olga Other").unwrap()..];
        let row = &row[..row.find("</tr>").unwrap()];
        assert!(row.contains("lq3") && !row.contains("lq1"), "{row}");
        assert!(row.contains("<td class=\"sum\">1</td>"), "{row}");
        let page = mia.get(&format!("/skills/people/{}", stage.other)).await;
        page.has_status(StatusCode::OK).shows("Welding").hides("Filing");
        let listed = mia.get(&format!("/api/v1/ratings/{}", stage.other)).await;
        listed.has_status(StatusCode::OK).shows("\"total\":1");
        let file = mia.get("/skills/exports/ratings.csv?form=long").await;
        assert_eq!(file.text().lines().filter(|line| line.contains("Olga Other")).count(), 1);
        // The others of the team gained nothing by it.
        stage.hides_the_other(&stage.lea).await;
    })
    .await;
}

#[tokio::test]
async fn an_auditor_reads_all_and_writes_nothing() {
    with_teams_apart(async |app| {
        let stage = stage(app).await;
        let yard = app.team("Yard").await;
        let audit = app.sign_in("auditor", "Aud Itor", Some(yard)).await;
        audit.get("/skills").await.shows("Olga Other").shows("3 · 3.0");
        audit.get(&format!("/skills/people/{}", stage.other)).await.has_status(StatusCode::OK).hides("Save");
        audit.get("/skills/exports/ratings.csv?form=long").await.shows("Olga Other");
        audit.get("/people").await.has_status(StatusCode::OK);
        let rated = [("level", "2"), ("version", "1")];
        for person in [stage.other, stage.mia.person_id, audit.person_id] {
            let cell = format!("/skills/ratings/{person}/{}", stage.welding);
            audit.post_fragment(&cell, &rated).await.has_status(StatusCode::FORBIDDEN);
            let page = format!("/skills/people/{person}/ratings?category=1");
            audit.post(&page, &[]).await.has_status(StatusCode::FORBIDDEN);
        }
        for path in ["/skills/catalogue", "/people", "/people/teams", "/skills/imports"] {
            audit.post(path, &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
        }
    })
    .await;
}

#[tokio::test]
async fn where_everybody_sees_everybody_nothing_is_hidden() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        stage.mia.get("/skills").await.shows("Olga Other").shows("3 · 3.0");
        stage.mia.get(&format!("/skills/people/{}", stage.other)).await.has_status(StatusCode::OK);
        let cell = format!("/skills/ratings/{}/{}", stage.other, stage.welding);
        stage.mia.fragment(&cell).await.has_status(StatusCode::OK);
        stage.mia.post_fragment(&cell, &[("level", "2"), ("version", "1")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_page_tells_each_person_who_sees_their_ratings() {
    with_teams_apart(async |app| {
        let stage = stage(app).await;
        own(app, stage.other, stage.filing).await;
        app.sign_in("auditor", "Aud Itor", None).await;
        let page = stage.mia.get("/skills/sight").await;
        page.has_status(StatusCode::OK).is_page().shows("inside of a team").shows("Yard").shows("2 people");
        page.shows("Lea Lead").shows("Olga Other").shows("1 skill").shows("Aud Itor").shows("Ada Admin");
        stage.mia.fragment("/skills/sight").await.is_fragment().shows("Who sees your ratings");
        let outsider = app.person("Out Sider", None).await;
        let outsider = app.visit_as(outsider).await;
        outsider.get("/skills/sight").await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    mia.get("/skills/sight")
        .await
        .shows("all who may see the skills matrix")
        .shows("Viewer")
        .shows("Nobody.")
        .hides("inside of a team");
    app.stop().await;
}

/// An installation from before there were auditors gets the role with what it may read; nothing else changes.
#[tokio::test]
async fn a_role_that_is_new_is_given_what_was_declared_before_it() {
    on_every_database(async |app| {
        let declared: Vec<&PermissionSpec> = app.app.permissions();
        for statement in [
            sql!("DELETE FROM role_permissions WHERE role_id IN (SELECT id FROM roles WHERE name = 'auditor')"),
            sql!("DELETE FROM roles WHERE name = 'auditor'"),
            // Taken away by an administrator, and not to come back.
            sql!("DELETE FROM role_permissions WHERE permission = 'skills.edit'"),
        ] {
            app.app.db.q(statement).execute().await.unwrap();
        }
        let before = app.count(sql!("SELECT COUNT(*) FROM role_permissions")).await;
        roles::init(&app.app.db, &declared, app.app.now_ms()).await.unwrap();
        let of_auditor = sql!(
            "SELECT COUNT(*) FROM role_permissions rp JOIN roles r ON r.id = rp.role_id WHERE r.name = 'auditor'
             AND rp.permission IN ('people.read', 'skills.read', 'skills.read_all')"
        );
        assert_eq!(app.count(of_auditor).await, 3);
        roles::init(&app.app.db, &declared, app.app.now_ms()).await.unwrap();
        let owed = declared.iter().filter(|declared| declared.roles.contains(&"auditor")).count() as i64;
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_permissions")).await, before + owed);
    })
    .await;
}
