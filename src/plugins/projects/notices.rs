//! What people are told of tasks: inside of the change, each thing once. Who did it needs no telling.

use super::tasks::model::path;
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::notices::{NewNotice, raise};

/// A task as a notice names it: its id, its name and its title.
pub type Subject<'a> = (i64, &'a str, &'a str);

/// Tells those who were given a task by the change that made `version`.
pub async fn assigned(
    tx: &mut Tx,
    actor: &Actor,
    (id, name, title): Subject<'_>,
    version: i64,
    people: &[i64],
    now: i64,
) -> db::Result<Vec<i64>> {
    let notice = |person_id| NewNotice {
        person_id,
        kind: "projects.assigned",
        title: format!("{} gave you {name}: {title}", actor.name),
        href: path(id),
        dedup_key: format!("projects.assigned:{id}:{version}"),
    };
    raise(tx, &of_others(actor, people, notice), now).await
}

/// Tells those whom a comment names.
pub async fn mentioned(
    tx: &mut Tx,
    actor: &Actor,
    (id, name, title): Subject<'_>,
    comment_id: i64,
    people: &[i64],
    now: i64,
) -> db::Result<Vec<i64>> {
    let notice = |person_id| NewNotice {
        person_id,
        kind: "projects.mentioned",
        title: format!("{} mentions you at {name}: {title}", actor.name),
        href: format!("{}#comment-{comment_id}", path(id)),
        dedup_key: format!("projects.mentioned:{comment_id}"),
    };
    raise(tx, &of_others(actor, people, notice), now).await
}

/// Tells those who work on a task, or watch it, of a comment.
pub async fn commented(
    tx: &mut Tx,
    actor: &Actor,
    (id, name, title): Subject<'_>,
    comment_id: i64,
    people: &[i64],
    now: i64,
) -> db::Result<Vec<i64>> {
    let notice = |person_id| NewNotice {
        person_id,
        kind: "projects.commented",
        title: format!("{} says something about {name}: {title}", actor.name),
        href: format!("{}#comment-{comment_id}", path(id)),
        dedup_key: format!("projects.commented:{comment_id}"),
    };
    raise(tx, &of_others(actor, people, notice), now).await
}

fn of_others(actor: &Actor, people: &[i64], notice: impl Fn(i64) -> NewNotice) -> Vec<NewNotice> {
    people.iter().copied().filter(|person| !actor.is(*person)).map(notice).collect()
}
