//! Who may do what: what roles give, what they include, and that a change counts with the next request everywhere.

mod roles;
mod routes;
mod viewing;
mod walk;

use crate::support::{Database, TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::roles as model;
use quarterdeck::accounts::{ACCESS_TOPIC, Actor, READ, access};
use quarterdeck::error::Error;
use quarterdeck::sql;

pub async fn role_id(app: &TestApp, name: &str) -> i64 {
    app.app.db.q(sql!("SELECT id FROM roles WHERE name = ?")).bind(name).one::<(i64,)>().await.unwrap().0
}

/// Gives or takes a role, as the administration does it.
pub async fn change_role(app: &TestApp, person: i64, role: &str, give: bool) -> Result<bool, Error> {
    let role = role_id(app, role).await;
    let (actor, now) = (Actor::system(), app.app.now_ms());
    let mut tx = app.app.db.begin().await.unwrap();
    let changed = match give {
        true => model::give(&mut tx, &actor, person, role, now).await?,
        false => model::take(&mut tx, &actor, person, role, now).await?,
    };
    tx.commit().await.unwrap();
    app.app.publish(ACCESS_TOPIC, person.to_string()).await;
    Ok(changed)
}

#[tokio::test]
async fn what_is_taken_away_is_gone_with_the_next_request_of_every_process() {
    everywhere(async |app| {
        app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let replica = app.replica().await;
        let there = replica.visitor(&mia);
        for visitor in [&mia, &there] {
            visitor.get("/people").await.has_status(StatusCode::OK);
        }
        let mut heard = replica.app.bus.subscribe();
        assert!(change_role(app, mia.person_id, "member", false).await.unwrap());
        mia.get("/people").await.has_status(StatusCode::FORBIDDEN);
        if app.place.redis {
            heard.recv().await.unwrap();
        }
        // A file belongs to one process; whoever else opens it looks again after two seconds.
        if app.place.redis || app.place.database != Database::Sqlite {
            there.get("/people").await.has_status(StatusCode::FORBIDDEN);
        }
        assert!(change_role(app, mia.person_id, "viewer", true).await.unwrap());
        assert!(!change_role(app, mia.person_id, "viewer", true).await.unwrap());
        mia.get("/people").await.has_status(StatusCode::OK);
        replica.app.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_role_holds_what_it_includes() {
    on_every_database(async |app| {
        let mia = app.sign_in("viewer", "Mia Member", None).await;
        mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        let (viewer, administrator) = (role_id(app, "viewer").await, role_id(app, "administrator").await);
        let mut tx = app.app.db.begin().await.unwrap();
        access::changing(&mut tx).await.unwrap();
        let query = tx.q(sql!("INSERT INTO role_parents (role_id, parent_id) VALUES (?, ?)"));
        query.bind(viewer).bind(administrator).execute().await.unwrap();
        tx.commit().await.unwrap();
        app.app.publish(ACCESS_TOPIC, "*").await;
        mia.get("/people/new").await.has_status(StatusCode::OK).shows("Viewer");
        let holders = model::holders(&app.app.access, READ, None).await.unwrap();
        assert!(holders.iter().any(|holder| holder.id == mia.person_id && holder.everything));
        assert_eq!(model::held_by(&app.app.access, READ).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_keeps_the_role() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let refused = change_role(app, ada.person_id, "administrator", false).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let eve = app.sign_in("administrator", "Eve Admin", None).await;
        assert!(change_role(app, ada.person_id, "administrator", false).await.unwrap());
        eve.get("/people/new").await.has_status(StatusCode::OK);
        ada.get("/people/new").await.has_status(StatusCode::FORBIDDEN);
        let noted = access::changes_since(&app.app.db, 0).await.unwrap();
        assert!(noted.iter().any(|noted| !noted.added), "{noted:?}");
        assert!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'people.role_taken'")).await == 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_who_take_the_role_from_each_other_one_keeps_it() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let eve = app.sign_in("administrator", "Eve Admin", None).await;
        let both = tokio::join!(
            change_role(app, ada.person_id, "administrator", false),
            change_role(app, eve.person_id, "administrator", false),
        );
        let lost = [both.0.is_ok(), both.1.is_ok()].iter().filter(|lost| **lost).count();
        assert!(lost <= 1, "nobody is left");
        let left = sql!(
            "SELECT COUNT(*) FROM person_roles pr JOIN roles r ON r.id = pr.role_id WHERE r.name = 'administrator'"
        );
        assert!(app.count(left).await >= 1);
    })
    .await;
}
