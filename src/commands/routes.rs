//! `routes list`, `check`, `prune` and `restore`.

use super::{Failure, output, with_app};
use crate::accounts::access::Grantee;
use crate::accounts::routes::{self, Admitted, Removed, Use};
use crate::accounts::{ACCESS_TOPIC, Actor};
use crate::app::App;
use crate::config::Flags;
use crate::plugin::Access;
use crate::web::routes::{Declared, declared};
use crate::web::times;
use std::collections::BTreeMap;

pub async fn list(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let actor = Actor::system();
        let uses = routes::uses(&app.db, &actor).await?;
        let uses: BTreeMap<&str, &Use> = uses.iter().map(|used| (used.route.as_str(), used)).collect();
        let mapped = routes::mappings(&app.db, &actor).await?;
        let mut rows = Vec::new();
        for route in declared(app) {
            let is_mapped = mapped.iter().any(|mapping| mapping.route == route.name);
            let admits = if is_mapped { admits(app, &actor, &route).await? } else { "-".to_owned() };
            let used = uses.get(route.name.as_str());
            let count = used.map_or("never".to_owned(), |used| used.uses.to_string());
            let last = used.map_or(String::new(), |used| times::ago(used.last_at, app.now_ms()));
            rows.push([route.name, needs(route.access).to_owned(), admits, count, last]);
        }
        output::table(["ROUTE", "NEEDS", "MAPPED TO", "USES", "LAST USED"], rows)
    })
    .await
}

fn needs(access: Access) -> &'static str {
    match access {
        Access::Public => "nothing",
        Access::SignedIn => "a log-in",
        Access::Administrators => "an administrator",
        Access::Needs(permission) => permission.0,
    }
}

async fn admits(app: &App, actor: &Actor, route: &Declared) -> Result<String, Failure> {
    let admitted = routes::admitted(&app.access, actor, &route.name).await?;
    let name = |Admitted { grantee, name }: &Admitted| match (name, grantee) {
        (Some(name), _) => name.clone(),
        (None, Grantee::Role(id)) => format!("role {id} (gone)"),
        (None, Grantee::Person(id)) => format!("person {id} (gone)"),
    };
    let names: Vec<String> = admitted.iter().map(name).collect();
    Ok(if names.is_empty() { "administrators alone".to_owned() } else { names.join(", ") })
}

fn names(app: &App) -> Vec<String> {
    declared(app).into_iter().map(|route| route.name).collect()
}

/// Fails when a mapping points to what does not exist, so that a CI can ask.
pub async fn check(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let problems = routes::problems(&app.access, &Actor::system(), &names(app)).await?;
        for problem in &problems {
            output::line(&problem.to_string())?;
        }
        match problems.len() {
            0 => output::line("Every mapped route, and whom it admits, exists."),
            1 => Err(Failure::new("1 mapping points to nothing; see quarterdeck routes prune --dry-run")),
            count => {
                Err(Failure::new(format!("{count} mappings point to nothing; see quarterdeck routes prune --dry-run")))
            }
        }
    })
    .await
}

pub async fn prune(flags: &Flags, dry_run: bool) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let (actor, names) = (Actor::system(), names(app));
        if dry_run {
            for problem in routes::problems(&app.access, &actor, &names).await? {
                output::line(&format!("Would remove: {problem}"))?;
            }
            return output::line("Nothing was removed.");
        }
        let removed = routes::prune(&app.access, &actor, &names, app.now_ms()).await?;
        app.publish(ACCESS_TOPIC, "*").await;
        tell("Removed", &removed)?;
        let pruning = routes::prunings(&app.db, &actor, app.now_ms()).await?.into_iter().next();
        match pruning.filter(|_| !removed.is_empty()) {
            Some(pruning) => {
                output::line(&format!("For 30 days this brings it back: quarterdeck routes restore {}", pruning.id))
            }
            None => output::line("Nothing pointed to nothing."),
        }
    })
    .await
}

pub async fn restore(flags: &Flags, id: i64) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let known = routes::prunings(&app.db, &Actor::system(), app.now_ms()).await?;
        if !known.iter().any(|pruning| pruning.id == id) {
            return Err(Failure::new(format!("there is no pruning {id} of the last 30 days that could be taken back")));
        }
        let restored = routes::restore(&app.access, &Actor::system(), id, app.now_ms()).await?;
        app.publish(ACCESS_TOPIC, "*").await;
        tell("Back", &restored)
    })
    .await
}

fn tell(verb: &str, removed: &[Removed]) -> Result<(), Failure> {
    for Removed { route, whole, grantees } in removed {
        let grantees: Vec<String> = grantees.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
        let what = if whole.is_some() { "the mapping" } else { "of its mapping" };
        output::line(&format!("{verb}: {route}, {what}: {}", grantees.join(", ")))?;
    }
    Ok(())
}
