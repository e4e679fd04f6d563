//! Every route × every role: whether the door lets somebody in is compared with what the routes and the roles declare. That
//! it did is read off the count of uses, because behind the door a model function may still refuse.

use crate::support::{Answer, TestApp, Visitor};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::Actor;
use quarterdeck::accounts::routes::uses;
use quarterdeck::plugin::Access;
use quarterdeck::web::routes::{Declared, declared};
use std::collections::BTreeMap;

const ROLES: [&str; 5] = ["administrator", "lead", "auditor", "member", "viewer"];
/// What nobody has, so that nothing is found and nothing changed behind the door.
const NOBODYS: &str = "987654321";

fn path(route: &Declared) -> String {
    let (_, path) = route.name.split_once(' ').unwrap();
    let parts = path.split('/').map(|part| if part.starts_with(':') { NOBODYS } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(visitor: &Visitor<'_>, route: &Declared) -> Answer {
    match route.name.starts_with("GET ") {
        // The live stream never ends, so its topic is one that nobody has.
        true => visitor.get(&path(route)).await,
        false => visitor.post(&path(route), &[]).await,
    }
}

async fn counted(app: &TestApp) -> BTreeMap<String, i64> {
    app.app.uses.write(&app.app.db, app.app.now_ms()).await.unwrap();
    let uses = uses(&app.app.db, &Actor::system()).await.unwrap();
    uses.into_iter().map(|used| (used.route, used.uses)).collect()
}

fn is_open_to(access: Access, actor: &Actor) -> bool {
    match access {
        Access::Public | Access::SignedIn => true,
        Access::Needs(permission) => actor.may(permission),
        Access::Administrators => actor.is_administrator(),
    }
}

/// Those that end what the visitor is, or need no session.
fn is_walked(route: &Declared) -> bool {
    !["POST /logout", "GET /logout"].contains(&route.name.as_str())
}

#[tokio::test]
async fn every_route_admits_the_roles_that_hold_its_permission_and_no_other() {
    let app = TestApp::sqlite().await;
    let routes: Vec<Declared> = declared(&app.app).into_iter().filter(is_walked).collect();
    assert!(routes.len() > 100, "only {} routes are declared", routes.len());
    let mut wrong = Vec::new();
    for role in ROLES {
        let visitor = app.sign_in(role, &format!("A {role}"), None).await;
        let actor = app.actor(visitor.person_id).await;
        let before = counted(&app).await;
        let mut answers = Vec::new();
        for route in &routes {
            answers.push(ask(&visitor, route).await.status);
        }
        let after = counted(&app).await;
        for (route, status) in routes.iter().zip(answers) {
            let was_admitted = after.get(&route.name) > before.get(&route.name);
            let is_open = is_open_to(route.access, &actor);
            let fits = match is_open {
                true => was_admitted && status != 401 && status < 500,
                false => !was_admitted && status == 403,
            };
            if !fits {
                wrong
                    .push(format!("{role}: {} answered {status}, admitted {was_admitted}, open {is_open}", route.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    app.stop().await;
}

#[tokio::test]
async fn who_is_not_signed_in_reaches_public_routes_alone() {
    let app = TestApp::sqlite().await;
    let stranger = app.stranger();
    for route in declared(&app.app).iter().filter(|route| route.access != Access::Public) {
        let answer = ask(&stranger, route).await;
        answer.has_status(StatusCode::SEE_OTHER);
        assert!(answer.header("location").starts_with("/login?next="), "{}: {}", route.name, answer.header("location"));
    }
    assert!(counted(&app).await.is_empty());
    // A token that is limited to nothing of it is refused as well.
    let none = [("authorization", "Bearer qd_forged")];
    stranger.send(Method::GET, "/admin/roles", &none, None).await.has_status(StatusCode::SEE_OTHER);
    app.stop().await;
}
