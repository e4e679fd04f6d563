//! Routes that are mapped while the portal runs: whom they admit, what they lend, what points to nothing, and pruning.

use super::role_id;
use crate::support::{TestApp, Visitor, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::access::{self, Grantee};
use quarterdeck::accounts::routes::{self, Problem};
use quarterdeck::accounts::{ACCESS_TOPIC, Actor};
use quarterdeck::sql;
use quarterdeck::web::routes::declared;

const REASON: &str = "The night shift adds people itself";

async fn map(ada: &Visitor<'_>, route: &str, roles: &[i64], version: &str, reason: &str) -> crate::support::Answer {
    let roles: Vec<String> = roles.iter().map(i64::to_string).collect();
    let mut fields = vec![("route", route), ("version", version), ("reason", reason)];
    fields.extend(roles.iter().map(|role| ("role", role.as_str())));
    ada.post("/admin/routes/mapping", &fields).await
}

#[tokio::test]
async fn a_mapping_admits_its_roles_and_lends_them_the_permission_of_the_route_alone() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let (lead, member) = (role_id(app, "lead").await, role_id(app, "member").await);
        let leah = app.sign_in("lead", "Leah Lead", None).await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        leah.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        map(&ada, "GET /people/new", &[lead], "0", "")
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Say why");
        map(&ada, "GET /people/new", &[lead], "0", REASON).await.leads_to("/admin/routes?show=mapped");
        map(&ada, "POST /people", &[lead], "0", REASON).await.leads_to("/admin/routes?show=mapped");
        leah.get("/people/new").await.has_status(StatusCode::OK);
        let new = [("name", "Nora New"), ("role", "member")];
        leah.post("/people", &new).await.leads_to("/people");
        mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        // The other address with the same permission stays closed.
        leah.get(&format!("/people/{}/edit", mia.person_id)).await.has_status(StatusCode::FORBIDDEN);
        // Narrower than the permission: only members see the list, and administrators.
        map(&ada, "GET /people", &[member], "0", "").await.leads_to("/admin/routes?show=mapped");
        mia.get("/people").await.has_status(StatusCode::OK);
        leah.get("/people").await.has_status(StatusCode::FORBIDDEN).hides("href=\"/people\"");
        ada.get("/people").await.has_status(StatusCode::OK);
        ada.get("/admin/routes?show=mapped").await.has_status(StatusCode::OK).shows("/people/new").shows("Team lead");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'accounts.overridden'")).await, 2);
        let removal = [("route", "GET /people"), ("version", "1")];
        ada.post("/admin/routes/mapping/removal", &removal).await.leads_to("/admin/routes");
        leah.get("/people").await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_person_is_admitted_by_name() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let form = |people: &'static str| [("route", "GET /people/new"), ("people", people), ("reason", REASON)];
        let unknown = ada.post("/admin/routes/mapping", &form("nobody@example.org")).await;
        unknown.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Nobody has the address nobody@example.org.");
        ada.post("/admin/routes/mapping", &form("mia.member@example.org")).await.leads_to("/admin/routes?show=mapped");
        mia.get("/people/new").await.has_status(StatusCode::OK);
        let page = ada.get("/admin/routes/mapping?route=GET%20/people/new").await;
        page.has_status(StatusCode::OK).is_page().shows("mia.member@example.org").shows(REASON);
    })
    .await;
}

#[tokio::test]
async fn what_decides_who_may_do_what_and_what_is_public_cannot_be_mapped() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let member = role_id(&app, "member").await;
    for route in ["POST /admin/roles", "POST /login", "GET /nowhere", "POST /viewing"] {
        map(&ada, route, &[member], "0", REASON).await.has_status(StatusCode::NOT_FOUND);
    }
    map(&ada, "GET /people", &[987_654], "0", REASON)
        .await
        .has_status(StatusCode::UNPROCESSABLE_ENTITY)
        .shows("is gone");
    let auditor = app.sign_in("auditor", "Otto Auditor", None).await;
    auditor.get("/admin/routes").await.has_status(StatusCode::OK).hides("/admin/routes/mapping?");
    map(&auditor, "GET /people", &[member], "0", REASON).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}

#[tokio::test]
async fn of_two_who_map_a_route_the_second_sees_both() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (lead, member) = (role_id(app, "lead").await, role_id(app, "member").await);
        map(&ada, "GET /people", &[lead], "0", "").await.leads_to("/admin/routes?show=mapped");
        let late = map(&ada, "GET /people", &[member], "0", "").await;
        late.has_status(StatusCode::CONFLICT)
            .shows("Somebody else mapped this route")
            .shows("Team lead")
            .shows("Save mine");
        map(&ada, "GET /people", &[member], "1", "").await.leads_to("/admin/routes?show=mapped");
        let stale = [("route", "GET /people"), ("version", "1")];
        ada.post("/admin/routes/mapping/removal", &stale).await.has_status(StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_route_whose_role_goes_away_while_somebody_uses_it_refuses_them_and_nobody_else_notices() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        ada.post("/admin/roles", &[("title", "Night shift"), ("parent", "")]).await.has_status(StatusCode::SEE_OTHER);
        let night = role_id(app, "night-shift").await;
        map(&ada, "GET /people/new", &[night], "0", REASON).await.leads_to("/admin/routes?show=mapped");
        let leah = app.sign_in("lead", "Leah Lead", None).await;
        super::change_role(app, leah.person_id, "night-shift", true).await.unwrap();
        leah.get("/people/new").await.has_status(StatusCode::OK);
        // While she goes on asking, the role is deleted: each answer is one or the other, none is an error.
        let asking = async {
            let mut statuses = Vec::new();
            for _ in 0..10 {
                statuses.push(leah.get("/people/new").await.status);
            }
            statuses
        };
        let deleting = async {
            let lead = role_id(app, "lead").await.to_string();
            let form = [("version", "1"), ("replacement", lead.as_str())];
            ada.post(&format!("/admin/roles/{night}/deletion"), &form).await
        };
        let (statuses, deleted) = tokio::join!(asking, deleting);
        deleted.leads_to("/admin/roles");
        assert!(statuses.iter().all(|status| [200, 403].contains(status)), "{statuses:?}");
        // The replacement took its place in the mapping.
        leah.get("/people/new").await.has_status(StatusCode::OK);
        ada.get("/people").await.has_status(StatusCode::OK);
        // Without one, the route stays closed.
        let mut tx = app.app.db.begin().await.unwrap();
        access::changing(&mut tx).await.unwrap();
        let query = tx.q(sql!("UPDATE route_grantees SET target_id = ? WHERE kind = 'role'"));
        query.bind(987_654i64).execute().await.unwrap();
        tx.commit().await.unwrap();
        app.app.publish(ACCESS_TOPIC, "*").await;
        leah.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        leah.get("/people").await.has_status(StatusCode::OK);
        ada.get("/people/new").await.has_status(StatusCode::OK);
        ada.get("/admin/routes").await.has_status(StatusCode::OK).shows("which is gone");
    })
    .await;
}

async fn point_to_nothing(app: &TestApp) {
    let mut tx = app.app.db.begin().await.unwrap();
    access::changing(&mut tx).await.unwrap();
    let mut routes = Vec::new();
    for route in ["GET /gone", "GET /people"] {
        let query =
            tx.q(sql!("INSERT INTO mapped_routes (route, reason, updated_at) VALUES (?, 'x', 0) {returning id}"));
        routes.push(query.bind(route).insert().await.unwrap());
    }
    for (kind, id) in [("role", 987_654i64), ("person", 987_655)] {
        let query = tx.q(sql!("INSERT INTO route_grantees (route_id, kind, target_id) VALUES (?, ?, ?)"));
        query.bind(routes[1]).bind(kind).bind(id).execute().await.unwrap();
    }
    tx.commit().await.unwrap();
    app.app.publish(ACCESS_TOPIC, "*").await;
}

#[tokio::test]
async fn what_points_to_nothing_is_pruned_and_brought_back_within_thirty_days() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        point_to_nothing(app).await;
        let names: Vec<String> = declared(&app.app).into_iter().map(|route| route.name).collect();
        let problems = routes::problems(&app.app.access, &Actor::system(), &names).await.unwrap();
        let expected = [
            Problem::NoSuchRoute { route: "GET /gone".into() },
            Problem::NoSuchRole { route: "GET /people".into(), id: 987_654 },
            Problem::NoSuchPerson { route: "GET /people".into(), id: 987_655 },
        ];
        assert_eq!(problems, expected);
        ada.get("/admin/routes/pruning").await.has_status(StatusCode::OK).shows("Would be removed").shows("/gone");
        ada.post("/admin/routes/pruning", &[]).await.leads_to("/admin/routes/pruning");
        let table = app.app.access.table().await.unwrap();
        // The route that exists stays mapped, and does not open by itself.
        assert_eq!(table.facts.routes.len(), 1);
        assert!(table.facts.routes["GET /people"].is_empty());
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get("/people").await.has_status(StatusCode::FORBIDDEN);
        ada.get("/admin/routes/pruning").await.shows("Nothing to prune").shows("Pruned in the last 30 days");
        let id = app.count(sql!("SELECT MAX(id) FROM route_prunings")).await;
        let reversal = format!("/admin/routes/prunings/{id}/reversal");
        mia.post(&reversal, &[]).await.has_status(StatusCode::FORBIDDEN);
        ada.post(&reversal, &[]).await.leads_to("/admin/routes/pruning");
        let table = app.app.access.table().await.unwrap();
        assert_eq!(table.facts.routes["GET /people"].len(), 2);
        assert!(table.facts.routes["GET /people"].contains(&Grantee::Person(987_655)));
        ada.post(&reversal, &[]).await.has_status(StatusCode::NOT_FOUND);
        ada.post("/admin/routes/pruning", &[]).await.leads_to("/admin/routes/pruning");
        app.app.clock.advance(30 * 24 * 3_600_000 + 1);
        let ada = app.visit_as(ada.person_id).await;
        ada.post(&format!("/admin/routes/prunings/{}/reversal", id + 1), &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn uses_are_counted_and_those_that_never_were_are_found() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("viewer", "Mia Member", None).await;
        for _ in 0..3 {
            mia.get("/people").await.has_status(StatusCode::OK);
        }
        mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        for _ in 0..2 {
            app.app.uses.write(&app.app.db, app.app.now_ms()).await.unwrap();
        }
        mia.get("/people").await.has_status(StatusCode::OK);
        app.app.uses.write(&app.app.db, app.app.now_ms() + 5).await.unwrap();
        let uses = routes::uses(&app.app.db, &Actor::system()).await.unwrap();
        let people = uses.iter().find(|used| used.route == "GET /people").unwrap();
        assert_eq!((people.uses, people.last_at - people.first_at), (4, 5));
        assert!(!uses.iter().any(|used| used.route == "GET /people/new"), "a refusal is no use");
        ada.get("/admin/routes?show=unused").await.shows("/people/new").hides("\"Map GET /people\"");
        ada.get("/admin/routes?text=%2Fpeople").await.shows(">/people<").hides("/skills/ratings");
    })
    .await;
}
