//! The editor of roles: the tree, what a change does to people, circles, conflicts, the last administrator; and why
//! somebody may do something.

use super::{change_role, role_id};
use crate::support::{TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::roles::{self, RoleEdit};
use quarterdeck::accounts::{ACCESS_TOPIC, Actor};
use quarterdeck::error::Error;
use quarterdeck::sql;
use std::collections::BTreeSet;

const DAY_MS: i64 = 24 * 3_600_000;

async fn make(app: &TestApp, title: &str, parents: &[i64], permissions: &[&str]) -> i64 {
    let edit = edit(title, parents, permissions);
    let id = roles::create(&app.app.access, &Actor::system(), &edit, app.app.now_ms()).await.unwrap();
    app.app.publish(ACCESS_TOPIC, "*").await;
    id
}

fn edit(title: &str, parents: &[i64], permissions: &[&str]) -> RoleEdit {
    RoleEdit {
        title: title.to_owned(),
        parents: parents.iter().copied().collect(),
        permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        second_factor: false,
    }
}

async fn save(app: &TestApp, id: i64, version: i64, edit: &RoleEdit) -> Result<(), Error> {
    let saved = roles::save(&app.app.access, &Actor::system(), (id, version), edit, app.app.now_ms()).await;
    app.app.publish(ACCESS_TOPIC, "*").await;
    saved
}

#[tokio::test]
async fn a_role_is_made_changed_and_deleted_in_the_browser() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let viewer = role_id(app, "viewer").await.to_string();
        let viewer = viewer.as_str();
        ada.get("/admin/roles").await.has_status(StatusCode::OK).is_page().shows("Team lead").shows("everything");
        ada.get("/admin/roles/new").await.has_status(StatusCode::OK).is_page().shows("Make the role");
        ada.post("/admin/roles", &[("title", " ")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Give the role a name.");
        ada.post("/admin/roles", &[("title", "member")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("already");
        let form = [("title", "Yard clerk"), ("parent", viewer), ("permission", "people.write")];
        let made = ada.post("/admin/roles", &form).await;
        let id = role_id(app, "yard-clerk").await;
        let page = format!("/admin/roles/{id}");
        made.leads_to(&page);
        let mia = app.sign_in("member", "Mia Member", None).await;
        let people = format!("{page}/people");
        for unknown in ["", "nobody here"] {
            let refused = ada.post(&people, &[("person", unknown)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Nobody matches");
        }
        ada.post(&people, &[("person", "m")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Several people");
        mia.post(&people, &[("person", "Mia")]).await.has_status(StatusCode::FORBIDDEN);
        ada.post(&people, &[("person", "mia.member@example.org")]).await.leads_to(&page);
        mia.get("/people/new").await.has_status(StatusCode::OK);
        let removal = format!("{people}/{}/removal", mia.person_id);
        ada.post(&removal, &[]).await.leads_to(&page);
        mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        assert!(change_role(app, mia.person_id, "yard-clerk", true).await.unwrap());
        ada.get(&page)
            .await
            .has_status(StatusCode::OK)
            .shows("Mia Member")
            .shows("by Viewer")
            .shows("Preview who gains");
        let without = [("title", "Clerk"), ("parent", viewer), ("version", "1")];
        let preview = ada.post(&format!("{page}/preview"), &without).await;
        preview.has_status(StatusCode::OK).shows("1 loses").shows("Add and change people and teams").shows(">Save<");
        mia.get("/people/new").await.has_status(StatusCode::OK);
        ada.post(&page, &without).await.leads_to(&page);
        mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        ada.get(&format!("{page}/preview")).await.leads_to(&page);
        let deletion = format!("{page}/deletion");
        ada.get(&deletion).await.has_status(StatusCode::OK).shows("One person has it");
        ada.post(&deletion, &[("version", "2")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Choose which one");
        ada.get(&format!("{deletion}?replacement={viewer}")).await.has_status(StatusCode::OK).shows("Delete the role");
        ada.post(&deletion, &[("version", "2"), ("replacement", viewer)]).await.leads_to("/admin/roles");
        ada.get(&page).await.has_status(StatusCode::NOT_FOUND);
        ada.post(&deletion, &[("version", "2")]).await.has_status(StatusCode::NOT_FOUND);
        let (has,) = app
            .app
            .db
            .q(sql!("SELECT COUNT(*) FROM person_roles WHERE person_id = ?"))
            .bind(mia.person_id)
            .one::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(has, 2, "member, and viewer in the place of the clerk");
    })
    .await;
}

#[tokio::test]
async fn auditors_read_roles_and_nobody_else_but_administrators_does() {
    let app = TestApp::sqlite().await;
    let otto = app.sign_in("auditor", "Otto Auditor", None).await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let lead = role_id(&app, "lead").await;
    otto.get("/admin/roles").await.has_status(StatusCode::OK).hides("Make a role");
    otto.get(&format!("/admin/roles/{lead}"))
        .await
        .has_status(StatusCode::OK)
        .shows("disabled")
        .hides("Preview who gains");
    otto.post(&format!("/admin/roles/{lead}"), &[("title", "Boss")]).await.has_status(StatusCode::FORBIDDEN);
    mia.get("/admin/roles").await.has_status(StatusCode::FORBIDDEN);
    let refused =
        roles::save(&app.app.access, &app.actor(otto.person_id).await, (lead, 1), &RoleEdit::default(), 0).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let ada = app.administrator().await;
    ada.get("/admin/roles/987654").await.has_status(StatusCode::NOT_FOUND);
    let starting = ada.post(&format!("/admin/roles/{lead}/deletion"), &[("version", "1")]).await;
    starting.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("by itself");
    app.stop().await;
}

#[tokio::test]
async fn a_circle_is_refused_and_told() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let base = make(app, "Base", &[], &[]).await;
        let middle = make(app, "Middle", &[base], &[]).await;
        let top = make(app, "Top", &[middle], &[]).await;
        let own = save(app, base, 1, &edit("Base", &[base], &[])).await;
        assert!(own.unwrap_err().to_string().contains("cannot include itself"));
        let parent = top.to_string();
        let form = [("title", "Base"), ("version", "1"), ("parent", parent.as_str())];
        let refused = ada.post(&format!("/admin/roles/{base}"), &form).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Top → Middle → Base");
        let preview = ada.post_fragment(&format!("/admin/roles/{base}/preview"), &form).await;
        preview.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows("Top → Middle → Base");
        save(app, top, 1, &edit("Top", &[middle, base], &[])).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_edits_that_close_a_circle_together_do_not_both_succeed() {
    on_every_database(async |app| {
        app.administrator().await;
        for round in 0..4 {
            let one = make(app, &format!("One {round}"), &[], &[]).await;
            let other = make(app, &format!("Other {round}"), &[], &[]).await;
            let (first, second) =
                (edit(&format!("One {round}"), &[other], &[]), edit(&format!("Other {round}"), &[one], &[]));
            let both = tokio::join!(save(app, one, 1, &first), save(app, other, 1, &second));
            let saved = [both.0.is_ok(), both.1.is_ok()].into_iter().filter(|saved| *saved).count();
            assert_eq!(saved, 1, "round {round}: {both:?}");
            let table = app.app.access.table().await.unwrap();
            assert!(table.facts.way(one, other).is_none() || table.facts.way(other, one).is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_sees_both_versions_of_a_role() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let id = make(app, "Clerk", &[], &["people.read"]).await;
        save(app, id, 1, &edit("Yard clerk", &[], &["people.read", "people.write"])).await.unwrap();
        let late = ada.post(&format!("/admin/roles/{id}"), &[("title", "Gate clerk"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("Somebody else saved this role")
            .shows("Yard clerk")
            .shows("Gate clerk");
        late.shows("name=\"version\" value=\"2\"").shows("Add and change people and teams");
    })
    .await;
}

#[tokio::test]
async fn administrators_cannot_be_edited_away() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let administrator = role_id(app, "administrator").await;
        let last = ada.post(&format!("/admin/roles/{administrator}/people/{}/removal", ada.person_id), &[]).await;
        last.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Make somebody else an administrator first");
        let form = [("title", "Captain"), ("version", "1")];
        ada.post(&format!("/admin/roles/{administrator}"), &form)
            .await
            .leads_to(&format!("/admin/roles/{administrator}"));
        ada.get("/admin/roles").await.has_status(StatusCode::OK).shows("Captain");
        let deletion = ada
            .post(&format!("/admin/roles/{administrator}/deletion"), &[("version", "2"), ("replacement", "1")])
            .await;
        deletion.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        // Who holds everything by a role that includes it is an administrator as well.
        let deputy = make(app, "Deputy", &[administrator], &[]).await;
        let eve = app.sign_in("member", "Eve Deputy", None).await;
        change_role(app, eve.person_id, "deputy", true).await.unwrap();
        change_role(app, ada.person_id, "administrator", false).await.unwrap();
        eve.get("/admin/roles/new").await.has_status(StatusCode::OK);
        let refused = save(app, deputy, 1, &edit("Deputy", &[], &[])).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        eve.get("/admin/roles/new").await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_declared_now_is_kept() {
    let app = TestApp::sqlite().await;
    app.administrator().await;
    let id = make(&app, "Clerk", &[], &["people.read"]).await;
    let query = app.app.db.q(sql!("INSERT INTO role_permissions (role_id, permission) VALUES (?, 'oncall.read')"));
    query.bind(id).execute().await.unwrap();
    save(&app, id, 1, &edit("Clerk", &[], &["people.write"])).await.unwrap();
    let rows: Vec<(String,)> = app
        .app
        .db
        .q(sql!("SELECT permission FROM role_permissions WHERE role_id = ? ORDER BY permission"))
        .bind(id)
        .all()
        .await
        .unwrap();
    assert_eq!(rows.into_iter().map(|(name,)| name).collect::<Vec<_>>(), ["oncall.read", "people.write"]);
    let unknown = save(&app, id, 2, &edit("Clerk", &[], &["people.fly"])).await;
    assert!(matches!(unknown, Err(Error::Invalid(_))), "{unknown:?}");
    app.stop().await;
}

#[tokio::test]
async fn why_somebody_may_is_told_as_a_chain_also_for_a_past_day() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("viewer", "Mia Member", None).await;
        let base = make(app, "Base", &[], &["people.write"]).await;
        let top = make(app, "Top", &[base], &[]).await;
        let ask = |day: &str| format!("/admin/reasons?person={}&what=people.write&date={day}", mia.person_id);
        ada.get(&ask("")).await.has_status(StatusCode::OK).shows(">no<").shows("These would").shows("Base");
        app.app.clock.advance(2 * DAY_MS);
        let ada = app.visit_as(ada.person_id).await;
        change_role(app, mia.person_id, "top", true).await.unwrap();
        app.app.clock.advance(2 * DAY_MS);
        let ada = app.visit_as(ada.person_id).await;
        let now = ada.get(&ask("")).await;
        now.has_status(StatusCode::OK)
            .shows(">yes<")
            .shows("since 22 November 2026, by the command line")
            .shows("Top")
            .shows("Base");
        change_role(app, mia.person_id, "top", false).await.unwrap();
        ada.get(&ask("")).await.shows(">no<");
        ada.get(&ask("2026-11-23")).await.shows(">yes<").shows("Top");
        ada.get(&ask("2026-11-21")).await.shows(">no<");
        ada.get(&ask("2026-11-01")).await.shows("was not here yet");
        ada.get(&ask("yesterday")).await.shows("That is no day");
        // Also when the role is gone, and what gave it.
        let form = [("version", "1")];
        ada.post(&format!("/admin/roles/{top}/deletion"), &form).await.leads_to("/admin/roles");
        ada.get(&ask("2026-11-23")).await.shows(">yes<").shows("Top").shows("Base");
        let route = format!("/admin/reasons?person=mia&what={}", "GET%20/people");
        ada.get(&route).await.shows(">yes<").shows("Viewer");
        ada.get("/admin/reasons?person=nobody%20here&what=people.read").await.shows("Nobody matches");
        ada.get("/admin/reasons?person=m&what=people.read").await.shows("Which of them?");
    })
    .await;
}

#[tokio::test]
async fn the_preview_names_everybody_who_gains_or_loses_and_nobody_else() {
    on_every_database(async |app| {
        let (member, viewer) = (role_id(app, "member").await, role_id(app, "viewer").await);
        app.sign_in("member", "Mia Member", None).await;
        app.sign_in("viewer", "Vera Viewer", None).await;
        let both = app.sign_in("viewer", "Bob Both", None).await;
        app.give_role(both.person_id, "member").await;
        let actor = Actor::system();
        let table = app.app.access.table().await.unwrap();
        let mut wider = RoleEdit::of(&table.facts.roles[&viewer]);
        wider.parents = BTreeSet::from([member]);
        let effects = roles::effects_of_edit(&app.app.access, &actor, Some(viewer), &wider).await.unwrap();
        let names: Vec<&str> = effects.iter().map(|effect| effect.name.as_str()).collect();
        assert_eq!(names, ["Vera Viewer"], "who is a member already gains nothing");
        assert!(effects[0].gains.permissions.contains(&"skills.rate_own"), "{effects:?}");
        assert!(effects[0].loses.is_empty());
        let effects = roles::effects_of_deletion(&app.app.access, &actor, member, Some(viewer)).await.unwrap();
        let names: Vec<&str> = effects.iter().map(|effect| effect.name.as_str()).collect();
        assert_eq!(names, ["Bob Both", "Mia Member"]);
        assert!(effects.iter().all(|effect| effect.gains.is_empty() && !effect.loses.permissions.is_empty()));
    })
    .await;
}
