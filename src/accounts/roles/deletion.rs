//! What goes with a role when it is deleted: it leaves the people, the roles that include it and the mapped routes, or
//! makes way for another one there.

use crate::accounts::access::{Change, Facts, Grantee};
use crate::db::{self, Tx};
use crate::sql;

/// Deletes the role and returns what changed. A mapped route that admitted it alone admits nobody after that, but
/// administrators: it does not open again.
pub(super) async fn run(
    tx: &mut Tx,
    facts: &Facts,
    id: i64,
    replacement: Option<i64>,
    people: &[i64],
) -> db::Result<Vec<(Change, bool)>> {
    let mut changes = Vec::new();
    if let Some(other) = replacement {
        changes.extend(hand_people_over(tx, id, other).await?);
        changes.extend(hand_routes_over(tx, facts, id, other).await?);
        changes.extend(hand_roles_over(tx, facts, id, other).await?);
    }
    let role = &facts.roles[&id];
    changes.extend(people.iter().map(|person| (Change::Given { person: *person, role: id }, false)));
    let included = facts.roles.iter().filter(|(_, other)| other.parents.contains(&id));
    changes.extend(included.map(|(other, _)| (Change::Included { role: *other, parent: id }, false)));
    changes.extend(role.parents.iter().map(|parent| (Change::Included { role: id, parent: *parent }, false)));
    let permitted = role.permissions.iter().map(|name| Change::Permitted { role: id, permission: name.clone() });
    changes.extend(permitted.map(|change| (change, false)));
    changes.push((Change::Role { role: id, title: role.title.clone() }, false));
    // What refers to it goes with it, but for mapped routes.
    tx.q(sql!("DELETE FROM roles WHERE id = ?")).bind(id).execute().await?;
    Ok(changes)
}

async fn hand_people_over(tx: &mut Tx, id: i64, other: i64) -> db::Result<Vec<(Change, bool)>> {
    let query = tx.q(sql!(
        "SELECT person_id FROM person_roles WHERE role_id = ? AND person_id NOT IN
         (SELECT person_id FROM person_roles WHERE role_id = ?) ORDER BY person_id"
    ));
    let people: Vec<(i64,)> = query.bind(id).bind(other).all().await?;
    let ids: Vec<i64> = people.into_iter().map(|(person,)| person).collect();
    let query = tx.q(sql!("UPDATE person_roles SET role_id = ? WHERE role_id = ? AND person_id IN ({ids})"));
    query.bind(other).bind(id).bind_ids(&ids).execute().await?;
    Ok(ids.into_iter().map(|person| (Change::Given { person, role: other }, true)).collect())
}

async fn hand_routes_over(tx: &mut Tx, facts: &Facts, id: i64, other: i64) -> db::Result<Vec<(Change, bool)>> {
    let (old, new) = (Grantee::Role(id), Grantee::Role(other));
    let mut changes = Vec::new();
    for (route, grantees) in facts.routes.iter().filter(|(_, grantees)| grantees.contains(&old)) {
        let query = tx.q(sql!(
            "DELETE FROM route_grantees WHERE kind = 'role' AND target_id = ?
             AND route_id IN (SELECT id FROM mapped_routes WHERE route = ?)"
        ));
        query.bind(id).bind(route.as_str()).execute().await?;
        changes.push((Change::Admitted { route: route.clone(), grantee: old }, false));
        if !grantees.contains(&new) {
            let query = tx.q(sql!(
                "INSERT INTO route_grantees (route_id, kind, target_id) SELECT id, 'role', ? FROM mapped_routes WHERE route = ?"
            ));
            query.bind(other).bind(route.as_str()).execute().await?;
            changes.push((Change::Admitted { route: route.clone(), grantee: new }, true));
        }
        let query = tx.q(sql!("UPDATE mapped_routes SET version = version + 1 WHERE route = ?"));
        query.bind(route.as_str()).execute().await?;
    }
    Ok(changes)
}

/// The roles that include it include the other one instead, unless that would close a circle.
async fn hand_roles_over(tx: &mut Tx, facts: &Facts, id: i64, other: i64) -> db::Result<Vec<(Change, bool)>> {
    let mut changes = Vec::new();
    for (role, it) in facts.roles.iter().filter(|(_, role)| role.parents.contains(&id)) {
        if it.parents.contains(&other) || facts.included([other]).contains(role) {
            continue;
        }
        let query = tx.q(sql!("INSERT INTO role_parents (role_id, parent_id) VALUES (?, ?)"));
        query.bind(*role).bind(other).execute().await?;
        changes.push((Change::Included { role: *role, parent: other }, true));
    }
    Ok(changes)
}
