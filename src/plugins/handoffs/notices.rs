//! What people are told of handoffs: inside of the change, each thing once.

use super::model::path;
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::notices::{NewNotice, raise};

/// One sentence to each of these people but the actor, once under this key.
pub async fn tell(
    tx: &mut Tx,
    actor: &Actor,
    (kind, key): (&'static str, String),
    people: &[i64],
    (handoff_id, title): (i64, String),
    now: i64,
) -> db::Result<Vec<i64>> {
    let notice = |person_id| NewNotice {
        person_id,
        kind,
        title: title.clone(),
        href: path(handoff_id),
        dedup_key: format!("{kind}:{key}"),
    };
    let notices: Vec<NewNotice> = people.iter().copied().filter(|person| !actor.is(*person)).map(notice).collect();
    raise(tx, &notices, now).await
}
