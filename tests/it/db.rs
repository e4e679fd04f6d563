//! The facade does the same on each of the three databases.

use crate::support::on_every_database;
use quarterdeck::app::database_options;
use quarterdeck::db::{Db, Error, MIGRATIONS, Pending, Sql};
use quarterdeck::sql;
use serde::Serialize;

#[tokio::test]
async fn a_list_of_ids_is_one_parameter() {
    on_every_database(async |app| {
        for name in ["Ana", "Ben", "Cem"] {
            app.person(name, None).await;
        }
        let query =
            || app.app.db.q(sql!("SELECT id, name FROM people WHERE id IN ({ids}) AND id IN ({ids}) ORDER BY id"));
        let two: Vec<(i64, String)> = query().bind_ids(&[1, 3, 9]).bind_ids(&[1, 2, 3]).all().await.unwrap();
        assert_eq!(two, [(1, "Ana".to_owned()), (3, "Cem".to_owned())]);
        let none: Vec<(i64, String)> = query().bind_ids(&[]).bind_ids(&[1]).all().await.unwrap();
        assert!(none.is_empty());
        let again: Vec<(i64, String)> = query().bind_ids(&[2]).bind_ids(&[2]).all().await.unwrap();
        assert_eq!(again, [(2, "Ben".to_owned())]);
    })
    .await;
}

#[derive(Serialize)]
struct Item {
    number: i64,
    share: f64,
    flag: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'static str>,
}

#[tokio::test]
async fn rows_are_one_parameter_of_every_type() {
    on_every_database(async |app| {
        let items = [
            Item { number: 9_007_199_254_740_993, share: 4.75, flag: true, text: Some("it's “ünï” \\ \"q\" 🙂") },
            Item { number: -1, share: 0.1, flag: false, text: None },
        ];
        let query = app.app.db.q(sql!(
            "SELECT number, share, flag, text FROM {rows number i64, share f64, flag bool, text text} ORDER BY number DESC"
        ));
        type Row = (i64, f64, bool, Option<String>);
        let rows: Vec<Row> = query.bind_rows(&items).all().await.unwrap();
        let expected: Vec<Row> = items.iter().map(|i| (i.number, i.share, i.flag, i.text.map(str::to_owned))).collect();
        assert_eq!(rows, expected);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_with_a_failed_statement_keeps_nothing() {
    on_every_database(async |app| {
        let mut tx = app.app.db.begin().await.unwrap();
        let insert = sql!("INSERT INTO teams (name, name_key, created_at) VALUES (?, ?, ?) {returning id}");
        let id = tx.q(insert).bind("Yard").bind("yard").bind(0i64).insert().await.unwrap();
        assert!(id > 0);
        let twice = tx.q(insert).bind("Yard").bind("yard").bind(0i64).insert().await;
        assert!(matches!(twice, Err(Error::Unique)), "{twice:?}");
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn joined_statements_tell_how_many_rows_each_one_changed() {
    on_every_database(async |app| {
        let (yard, kiln) = (app.team("Yard").await, app.team("Kiln").await);
        for name in ["Ana", "Ben", "Cem"] {
            app.person(name, Some(yard)).await;
        }
        let mut tx = app.app.db.begin().await.unwrap();
        let moved = tx.q(sql!("UPDATE people SET team_id = ? WHERE team_id = ?")).bind(kiln).bind(yard);
        let none =
            moved.and(sql!("UPDATE teams SET name = ? WHERE id = ? AND name = ?")).bind("X").bind(kiln).bind("Y");
        let named = none.and(sql!("UPDATE teams SET name = ? WHERE id = ?")).bind("Mill").bind(kiln);
        assert_eq!(
            named.execute_each().await.unwrap(),
            [3, 0, 1],
            "each statement has the values that were bound to it"
        );
        tx.commit().await.unwrap();
        assert_eq!(
            app.count(sql!("SELECT COUNT(*) FROM people p JOIN teams t ON t.id = p.team_id WHERE t.name = 'Mill'"))
                .await,
            3
        );
    })
    .await;
}

#[tokio::test]
async fn joined_statements_of_which_one_fails_keep_nothing() {
    on_every_database(async |app| {
        const INSERT: &Sql = sql!("INSERT INTO teams (name, name_key, created_at) VALUES (?, ?, ?)");
        let mut tx = app.app.db.begin().await.unwrap();
        let yard = tx.q(INSERT).bind("Yard").bind("yard").bind(0i64);
        let twice = yard.and(INSERT).bind("Yard").bind("yard").bind(0i64).execute_each().await;
        assert!(matches!(twice, Err(Error::Unique)), "{twice:?}");
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 0);

        let mut tx = app.app.db.begin().await.unwrap();
        let unbound = tx.q(INSERT).bind("Yard").and(INSERT).bind("Kiln").bind("kiln").bind(0i64).execute_each().await;
        assert!(matches!(unbound, Err(Error::Defect(_))), "what the first one lacks is not taken from the second one");
        drop(tx);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn errors_are_told_alike() {
    on_every_database(async |app| {
        let db = &app.app.db;
        let orphan = db.q(sql!("INSERT INTO person_roles (person_id, role_id) VALUES (?, ?)")).bind(99i64).bind(99i64);
        assert!(matches!(orphan.execute().await, Err(Error::Reference)));
        let nobody = db.q(sql!("SELECT id FROM people WHERE id = ?")).bind(99i64).one::<(i64,)>().await;
        assert!(matches!(nobody, Err(Error::NotFound)));
        let unbound = db.q(sql!("SELECT id FROM people WHERE id = ?")).all::<(i64,)>().await;
        assert!(matches!(unbound, Err(Error::Defect(_))));
    })
    .await;
}

#[tokio::test]
async fn names_that_differ_in_case_are_two_names() {
    on_every_database(async |app| {
        assert_ne!(app.team("Yard").await, app.team("yard").await);
    })
    .await;
}

#[tokio::test]
async fn every_migration_file_is_listed_and_has_run() {
    let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let listed: Vec<String> = MIGRATIONS.iter().map(|step| format!("{}.sql", step.name)).collect();
    assert!(MIGRATIONS.is_sorted_by_key(|step| step.version()));
    assert_eq!(MIGRATIONS[0].version(), 202_611_200_101);
    assert_eq!(files, listed);
    on_every_database(async |app| {
        let options = database_options(&app.app.config);
        assert_eq!(Db::pending(&options).await.unwrap(), Pending::Nothing);
    })
    .await;
}

#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    on_every_database(async |app| {
        let options = quarterdeck::app::database_options(&app.app.config);
        let starts: Vec<_> = (0..4).map(|_| quarterdeck::db::Db::migrate(&options)).collect();
        for done in futures_util::future::join_all(starts).await {
            done.unwrap();
        }
    })
    .await;
}
