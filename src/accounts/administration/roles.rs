//! The roles of people, changed inside of a larger change: who has which, and that somebody is left who may do everything.

use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::{events, sql};

/// Nobody else changes people's roles, or whether administrators are active, before the end of the transaction. Of two who
/// would each take the other one away, the second waits here, and then finds that nobody would be left.
pub(super) async fn take_turn(tx: &mut Tx) -> db::Result<()> {
    tx.q(sql!("SELECT id FROM roles WHERE everything = TRUE ORDER BY id {for_update}")).all::<(i64,)>().await?;
    Ok(())
}

/// The roles that hold everything.
pub(super) async fn administrating(tx: &mut Tx) -> db::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx.q(sql!("SELECT id FROM roles WHERE everything = TRUE")).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn keep_an_administrator(tx: &mut Tx) -> Result<()> {
    let query = tx.q(sql!(
        "SELECT COUNT(*) FROM people p WHERE p.active = TRUE AND EXISTS
          (SELECT 1 FROM person_roles pr JOIN roles r ON r.id = pr.role_id WHERE pr.person_id = p.id AND r.everything = TRUE)"
    ));
    match query.one::<(i64,)>().await? {
        (0,) => Err(Error::invalid(
            "",
            "Nobody could do everything any more after this, and nobody could mend it. Make somebody else an administrator first.",
        )),
        _ => Ok(()),
    }
}

/// Gives (`true`) or takes a role. Who may is the caller's business.
pub(super) async fn change(
    tx: &mut Tx,
    actor: &Actor,
    (person_id, role_id): (i64, i64),
    given: bool,
    now_ms: i64,
) -> Result<()> {
    let title = super::role_title(tx, role_id).await?;
    let query = match given {
        true => tx.q(sql!("INSERT INTO person_roles (person_id, role_id) VALUES (?, ?)")),
        false => tx.q(sql!("DELETE FROM person_roles WHERE person_id = ? AND role_id = ?")),
    };
    query.bind(person_id).bind(role_id).execute().await?;
    let kind = if given { "people.role_given" } else { "people.role_taken" };
    let detail = serde_json::json!({ "role": title, "role_id": role_id });
    Ok(events::record(tx, actor, now_ms, kind, &format!("person:{person_id}"), &detail).await?)
}
