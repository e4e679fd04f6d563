//! The check of a permission among 2,500 roles: what it costs by itself and beside a look into a set of names, and what it
//! costs to take over a change of them.

use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size};
use quarterdeck::accounts::{ACCESS_TOPIC, Actor, Permission, access};
use quarterdeck::app::App;
use quarterdeck::sql;
use std::collections::HashSet;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const ROLES: i64 = 2_500;
/// How many roles the person has.
const OWN: i64 = 25;
const ROUNDS: usize = 40;
const CHECKS: usize = 20_000;
const SMALL: Size = Size { people: 60, skills: 10, fill: 10 };

/// On SQLite alone: nothing of it asks the database once the table is there.
pub fn checks(databases: &Databases, table: &mut Table) -> Outcome<()> {
    let database = databases.all()?.into_iter().next().ok_or("SQLite is always there")?;
    let portal = Portal::start(&database.url, databases.folder(), SMALL, 2)?;
    let measured = portal.runtime.block_on(measure(&portal.app, table));
    portal.stop();
    measured
}

async fn measure(app: &App, table: &mut Table) -> Outcome<()> {
    let actor = prepared(app).await?;
    let permissions: Vec<Permission> = app.permissions().iter().map(|spec| spec.permission).collect();
    let may = permissions.iter().filter(|permission| actor.may(**permission));
    let held: HashSet<String> = may.map(|permission| permission.0.to_owned()).collect();
    table.section(&format!("A permission among {ROLES} roles, checked for a person who has {OWN} of them"));
    let checks = timed(&permissions, |permission| actor.may(permission));
    let names = timed(&permissions, |permission| held.contains(permission.0));
    table.line("one check", "µs", &Sample::of(checks.iter().copied()), Target::AtMost(1.0));
    let ratios = checks.iter().zip(&names).map(|(check, name)| check / name);
    table.line("one check : a look into a set of names", "", &Sample::of(ratios), Target::AtMost(2.0));
    table.line("the table is read and compiled anew", "ms", &Sample::of(reloads(app).await?), Target::None);
    Ok(())
}

/// Microseconds of one check, once for each round.
fn timed(permissions: &[Permission], check: impl Fn(Permission) -> bool) -> Vec<f64> {
    let round = || {
        let begun = Instant::now();
        for place in 0..CHECKS {
            black_box(check(black_box(permissions[place % permissions.len()])));
        }
        begun.elapsed().as_secs_f64() * 1e6 / CHECKS as f64
    };
    (0..ROUNDS).map(|_| round()).collect()
}

/// Milliseconds from a change to the next check that knows of it.
async fn reloads(app: &App) -> Outcome<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..10 {
        let mut tx = app.db.begin().await?;
        access::changing(&mut tx).await?;
        tx.commit().await?;
        app.publish(ACCESS_TOPIC, "*").await;
        let begun = Instant::now();
        black_box(app.access.table().await?);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

/// Makes the roles, in chains of ten that include each other, and a person who has some.
async fn prepared(app: &App) -> Outcome<Arc<Actor>> {
    let names: Vec<&str> = app.permissions().iter().map(|spec| spec.permission.0).collect();
    let mut tx = app.db.begin().await?;
    access::changing(&mut tx).await?;
    let (person,) = tx.q(sql!("SELECT MAX(id) FROM people")).one::<(i64,)>().await?;
    tx.q(sql!("DELETE FROM person_roles WHERE person_id = ?")).bind(person).execute().await?;
    let mut before = None;
    for number in 0..ROLES {
        let query =
            tx.q(sql!("INSERT INTO roles (name, title, everything, position) VALUES (?, ?, FALSE, ?) {returning id}"));
        let id =
            query.bind(format!("bench-{number}")).bind(format!("Bench {number}")).bind(100 + number).insert().await?;
        let query = tx.q(sql!("INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)"));
        query.bind(id).bind(names[number as usize % names.len()]).execute().await?;
        if let Some(parent) = before.filter(|_| number % 10 != 0) {
            let query = tx.q(sql!("INSERT INTO role_parents (role_id, parent_id) VALUES (?, ?)"));
            query.bind(id).bind(parent).execute().await?;
        }
        if number % (ROLES / OWN) == 0 {
            let query = tx.q(sql!("INSERT INTO person_roles (person_id, role_id) VALUES (?, ?)"));
            query.bind(person).bind(id).execute().await?;
        }
        before = Some(id);
    }
    tx.commit().await?;
    app.publish(ACCESS_TOPIC, "*").await;
    app.access.actor(person).await?.ok_or_else(|| "the person is gone".into())
}
