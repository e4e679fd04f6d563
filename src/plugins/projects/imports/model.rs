//! Makes a project of what a file holds, in one transaction. People are found by their address or their name; those who are
//! found take part, all others are counted and told of.

use super::super::exports::model::{Whole, WholeTask};
use super::super::model::{self as projects, NewProject, Project, Role, insert, join, taken};
use super::super::statuses::model::{Kind, Status, lock};
use super::super::tasks::creation::model::{NewTask, insert as insert_task};
use super::super::tasks::values::{Priority, description, title};
use super::super::{CREATE, TOPIC};
use crate::accounts::{Actor, READ as READ_PEOPLE};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

const MOST_TASKS: usize = 5000;
const MOST_STATUSES: usize = 20;

pub struct Imported {
    pub project: Project,
    pub tasks: usize,
    /// People of the file whom nobody here is.
    pub unknown: BTreeSet<String>,
}

/// `code` and `name` are those of the new project; an empty name is that of the file.
pub async fn import(app: &App, actor: &Actor, code: &str, name: &str, whole: &Whole) -> Result<Imported> {
    actor.require(CREATE)?;
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    let name = if name.trim().is_empty() { whole.name.clone() } else { name.to_owned() };
    let new =
        NewProject { code: code.to_owned(), name, description: whole.description.clone(), ..NewProject::default() };
    new.check()?;
    check(whole)?;
    let now = app.now_ms();
    let (people, unknown) = people_of(app, actor, whole).await?;
    let mut tx = app.db.begin().await?;
    let id = insert(&mut tx, &new, Some(me), now).await.map_err(|error| taken(error, &new))?;
    join(&mut tx, id, me, Role::Lead, now).await?;
    for person in people.values().filter(|person| **person != me).collect::<BTreeSet<&i64>>() {
        join(&mut tx, id, *person, Role::Member, now).await?;
    }
    let statuses = set_statuses(&mut tx, id, whole).await?;
    let ids = insert_tasks(&mut tx, actor, id, whole, &statuses, &people).await?;
    relate(&mut tx, whole, &ids, now).await?;
    let query = tx.q(sql!("UPDATE projects SET next_number = ? WHERE id = ?"));
    query.bind(highest(whole) + 1).bind(id).execute().await?;
    let detail = json!({ "code": new.code, "tasks": whole.tasks.len() });
    events::record(&mut tx, actor, now, "projects.imported", &format!("project:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{id}:0")).await;
    Ok(Imported { project: projects::get(app, actor, id).await?, tasks: ids.len(), unknown })
}

fn highest(whole: &Whole) -> i64 {
    whole.tasks.iter().map(|task| task.number).max().unwrap_or(0)
}

/// Names the first task that cannot be taken.
fn check(whole: &Whole) -> Result<()> {
    let mut checks = Checks::default();
    checks.that(whole.tasks.len() <= MOST_TASKS, "file", format!("A file holds at most {MOST_TASKS} tasks."));
    let kinds = || whole.statuses.iter().map(|status| Kind::from_name(&status.kind));
    checks.that(
        (1..=MOST_STATUSES).contains(&whole.statuses.len()),
        "file",
        format!("A project has 1 to {MOST_STATUSES} statuses."),
    );
    checks.that(kinds().all(|kind| kind.is_some()), "file", "A status is of none of the kinds todo, doing and done.");
    let has_both = kinds().any(|kind| kind == Some(Kind::Done)) && kinds().any(|kind| kind != Some(Kind::Done));
    checks.that(has_both, "file", "A project needs a status in which tasks are open, and one in which they are done.");
    let names: BTreeSet<String> = whole.statuses.iter().map(|status| status.name.trim().to_lowercase()).collect();
    let are_names = names.len() == whole.statuses.len()
        && !names.contains("")
        && names.iter().all(|name| name.chars().count() <= 80);
    checks.that(are_names, "file", "Statuses have names of their own, of at most 80 characters.");
    let numbers: BTreeSet<i64> = whole.tasks.iter().map(|task| task.number).collect();
    let are_numbers =
        numbers.len() == whole.tasks.len() && numbers.iter().all(|number| (1..=1_000_000).contains(number));
    checks.that(are_numbers, "file", "Each task has a number of its own, from 1.");
    checks.that(
        !has_circle(whole, |task| task.waits_for.clone()),
        "file",
        "Tasks of the file wait for each other in a circle.",
    );
    checks.that(
        !has_circle(whole, |task| task.parent.into_iter().collect()),
        "file",
        "Tasks of the file are parts of each other in a circle.",
    );
    checks.done()?;
    for task in &whole.tasks {
        let place = |error: Error| {
            Error::invalid(
                "file",
                format!("Task {} (“{}”): {error}", task.number, task.title.chars().take(40).collect::<String>()),
            )
        };
        new_task(task, &HashMap::new()).map_err(place)?;
        let is_there = whole.statuses.iter().any(|status| status.name == task.status);
        Checks::only(is_there, "file", format!("Task {}: there is no status “{}”.", task.number, task.status))?;
    }
    Ok(())
}

/// Whether following the numbers leads back to where one began.
fn has_circle(whole: &Whole, next: impl Fn(&WholeTask) -> Vec<i64>) -> bool {
    let edges: HashMap<i64, Vec<i64>> = whole.tasks.iter().map(|task| (task.number, next(task))).collect();
    // 1: under way, 2: leads to no circle.
    let mut seen: HashMap<i64, u8> = HashMap::new();
    for start in edges.keys() {
        let mut path = vec![(*start, 0)];
        while let Some((at, place)) = path.pop() {
            if place == 0 && seen.get(&at) == Some(&2) {
                continue;
            }
            seen.insert(at, 1);
            match edges.get(&at).and_then(|next| next.get(place)) {
                Some(to) if seen.get(to) == Some(&1) => return true,
                Some(to) => path.extend([(at, place + 1), (*to, 0)]),
                None => {
                    seen.insert(at, 2);
                }
            }
        }
    }
    false
}

/// Active people by the words of the file that mean them, and the words that mean nobody. Who may not see people finds none.
async fn people_of(app: &App, actor: &Actor, whole: &Whole) -> Result<(HashMap<String, i64>, BTreeSet<String>)> {
    let mut words: BTreeSet<String> = whole.tasks.iter().flat_map(|task| task.assignees.iter().cloned()).collect();
    let mut people = HashMap::new();
    if actor.may(READ_PEOPLE) {
        let query =
            app.db.q(sql!("SELECT id, name_key, COALESCE(email_key, '') FROM people WHERE active = TRUE ORDER BY id"));
        for (id, name, email) in query.all::<(i64, String, String)>().await? {
            let user = email.split('@').next().unwrap_or_default().to_owned();
            for word in words.iter().filter(|word| [&name, &email, &user].contains(&&word.trim().to_lowercase())) {
                people.entry(word.clone()).or_insert(id);
            }
        }
    }
    words.retain(|word| !people.contains_key(word));
    Ok((people, words))
}

/// The statuses of the file in place of those that a project starts with.
async fn set_statuses(tx: &mut Tx, project_id: i64, whole: &Whole) -> Result<Vec<Status>> {
    tx.q(sql!("DELETE FROM project_statuses WHERE project_id = ?")).bind(project_id).execute().await?;
    for (place, status) in whole.statuses.iter().enumerate() {
        let query = tx.q(sql!(
            "INSERT INTO project_statuses (project_id, name, name_key, kind, position, wip_limit) VALUES (?, ?, ?, ?, ?, ?)"
        ));
        let query = query.bind(project_id).bind(status.name.trim()).bind(status.name.trim().to_lowercase());
        let limit = status.wip_limit.filter(|limit| (1..=999).contains(limit));
        query.bind(status.kind.as_str()).bind(place as i64 + 1).bind(limit).execute().await?;
    }
    Ok(lock(tx, project_id).await?)
}

fn new_task(task: &WholeTask, people: &HashMap<String, i64>) -> Result<NewTask> {
    let day = |text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Error::invalid("due", format!("“{text}” is no day."))),
    };
    let short: String = task.title.chars().take(300).collect();
    let assignees: BTreeSet<i64> = task.assignees.iter().filter_map(|word| people.get(word).copied()).collect();
    for label in &task.labels {
        super::super::labels::model::check_name(label, "labels")?;
    }
    let mut new = NewTask {
        title: title(&short)?,
        description: description(&task.description)?,
        priority: Priority::of(task.priority),
        assignees: assignees.into_iter().collect(),
        labels: task.labels.clone(),
        starts_on: day(&task.starts_on)?,
        due_on: day(&task.due_on)?,
        estimate_min: task.estimate_min.filter(|minutes| (1..=60_000).contains(minutes)),
        ..NewTask::default()
    };
    // Others do not mind a task that is due before it starts.
    if new.starts_on.zip(new.due_on).is_some_and(|(start, due)| start > due) {
        new.starts_on = None;
    }
    Ok(new)
}

async fn insert_tasks(
    tx: &mut Tx,
    actor: &Actor,
    project_id: i64,
    whole: &Whole,
    statuses: &[Status],
    people: &HashMap<String, i64>,
) -> Result<HashMap<i64, i64>> {
    let mut ids = HashMap::new();
    for task in &whole.tasks {
        let new = new_task(task, people)?;
        let status = statuses.iter().find(|status| status.name == task.status.trim()).ok_or(Error::NotFound)?;
        let created = if task.created_at > 0 { task.created_at } else { 0 };
        let id = insert_task(tx, actor, project_id, &new, (task.number, status.id), statuses, created).await?;
        ids.insert(task.number, id);
    }
    Ok(ids)
}

/// What hangs on the tasks, once all of them are there.
async fn relate(tx: &mut Tx, whole: &Whole, ids: &HashMap<i64, i64>, now: i64) -> Result<()> {
    for task in &whole.tasks {
        let id = ids[&task.number];
        let created = if task.created_at > 0 { task.created_at } else { now };
        let query = tx.q(sql!(
            "UPDATE tasks SET parent_id = ?, created_at = ?, updated_at = ?, touched_at = ?, moved_at = ?,
             closed_at = CASE WHEN is_open = TRUE THEN NULL ELSE ? END WHERE id = ?"
        ));
        let parent = task.parent.and_then(|number| ids.get(&number).copied());
        let query = query.bind(parent).bind(created).bind(now).bind(now).bind(now);
        query.bind(task.closed_at.unwrap_or(now)).bind(id).execute().await?;
        for blocker in task.waits_for.iter().filter_map(|number| ids.get(number)).collect::<BTreeSet<&i64>>() {
            let query = tx.q(sql!("INSERT INTO task_blockers (task_id, blocker_id) VALUES (?, ?)"));
            query.bind(id).bind(*blocker).execute().await?;
        }
        for check in &task.checklist {
            let query = tx.q(sql!("INSERT INTO task_checks (task_id, title, is_done) VALUES (?, ?, ?)"));
            let title: String = check.title.chars().take(300).collect();
            query.bind(id).bind(title).bind(check.done).execute().await?;
        }
        for comment in task.comments.iter().filter(|comment| !comment.body.trim().is_empty()) {
            // Whoever said it there may be nobody here, so that their name stands before their words.
            let body = description(&format!("**{}**\n\n{}", comment.who, comment.body))?;
            let query = tx.q(sql!("INSERT INTO task_comments (task_id, body, created_at) VALUES (?, ?, ?)"));
            query.bind(id).bind(body).bind(comment.at.max(0)).execute().await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(edges: &[(i64, Vec<i64>)]) -> Whole {
        let task = |(number, waits_for): &(i64, Vec<i64>)| WholeTask {
            number: *number,
            waits_for: waits_for.clone(),
            ..WholeTask::default()
        };
        Whole { tasks: edges.iter().map(task).collect(), ..Whole::default() }
    }

    fn circles(edges: &[(i64, Vec<i64>)]) -> bool {
        has_circle(&file(edges), |task| task.waits_for.clone())
    }

    #[test]
    fn circles_are_found() {
        assert!(circles(&[(1, vec![1])]));
        assert!(circles(&[(1, vec![2]), (2, vec![3]), (3, vec![1])]));
        assert!(!circles(&[(1, vec![2, 3]), (2, vec![3]), (3, vec![])]));
        assert!(!circles(&[(1, vec![9])]));
        assert!(circles(&[(1, vec![2, 3]), (2, vec![]), (3, vec![1])]));
    }

    proptest! {
        #[test]
        fn what_leads_down_alone_is_no_circle(edges in proptest::collection::vec(proptest::collection::vec(1i64..30, 0..4), 1..30)) {
            let down: Vec<(i64, Vec<i64>)> = edges.iter().enumerate()
                .map(|(place, to)| (place as i64 + 1, to.iter().copied().filter(|to| *to < place as i64 + 1).collect())).collect();
            prop_assert!(!circles(&down));
        }
    }
}
