//! What must hold between the tables of the accounts, looked for by `quarterdeck doctor`. The databases see to most of it
//! by foreign keys; a dump that was loaded with them switched off, or rows written by hand, get past those.

use super::access::{AccessTable, Facts};
use crate::db::{self, Db};
use crate::sql;
use std::sync::Arc;

/// What was looked for, to be read after a number, and how many rows are like that.
pub async fn examine(db: &Db) -> db::Result<Vec<(&'static str, i64)>> {
    let orphans = [
        (
            "people in a team that is gone",
            sql!(
                "SELECT COUNT(*) FROM people p LEFT JOIN teams t ON t.id = p.team_id WHERE p.team_id IS NOT NULL AND t.id IS NULL"
            ),
        ),
        (
            "people placed elsewhere than their team",
            sql!("SELECT COUNT(*) FROM people p JOIN teams t ON t.id = p.team_id WHERE p.team_position <> t.position"),
        ),
        (
            "roles of people who are gone",
            sql!("SELECT COUNT(*) FROM person_roles r LEFT JOIN people p ON p.id = r.person_id WHERE p.id IS NULL"),
        ),
        (
            "people with a role that is gone",
            sql!("SELECT COUNT(*) FROM person_roles pr LEFT JOIN roles r ON r.id = pr.role_id WHERE r.id IS NULL"),
        ),
        (
            "permissions of roles that are gone",
            sql!("SELECT COUNT(*) FROM role_permissions rp LEFT JOIN roles r ON r.id = rp.role_id WHERE r.id IS NULL"),
        ),
        (
            "sessions of people who are gone or deactivated",
            sql!(
                "SELECT COUNT(*) FROM sessions s LEFT JOIN people p ON p.id = s.person_id AND p.active = TRUE WHERE p.id IS NULL"
            ),
        ),
        (
            "API tokens of people who are gone",
            sql!("SELECT COUNT(*) FROM api_tokens t LEFT JOIN people p ON p.id = t.person_id WHERE p.id IS NULL"),
        ),
        (
            "notices of people who are gone",
            sql!("SELECT COUNT(*) FROM notices n LEFT JOIN people p ON p.id = n.person_id WHERE p.id IS NULL"),
        ),
    ];
    let mut found = Vec::with_capacity(orphans.len() + 1);
    for (what, query) in orphans {
        let (count,) = db.q(query).one::<(i64,)>().await?;
        found.push((what, count));
    }
    found.push(("installations that nobody can administrate", i64::from(!somebody_administrates(db).await?)));
    Ok(found)
}

/// Whether an active administrator can log in; an installation without any log-in has not begun yet.
async fn somebody_administrates(mut db: &Db) -> db::Result<bool> {
    let roles = AccessTable::compile(Facts::load(&mut db).await?, Arc::default(), 0).administrating();
    let query = db.q(sql!(
        "SELECT COUNT(*), COUNT(CASE WHEN p.active = TRUE AND EXISTS
          (SELECT 1 FROM person_roles pr WHERE pr.person_id = p.id AND pr.role_id IN ({ids})) THEN 1 END)
         FROM people p WHERE p.password_hash IS NOT NULL"
    ));
    let (log_ins, administrators) = query.bind_ids(&roles).one::<(i64, i64)>().await?;
    Ok(log_ins == 0 || administrators > 0)
}
