//! Changes of roles: made by `accounts`, then told to every process.

use crate::accounts::roles::{self, RoleEdit};
use crate::accounts::{self, ACCESS_TOPIC, Actor, PermissionSpec};
use crate::app::App;
use crate::error::Result;

/// The permissions of one part of the portal.
pub struct PermissionGroup {
    pub title: &'static str,
    pub permissions: Vec<&'static PermissionSpec>,
}

/// Every permission that is declared now, by the part that declares it.
pub fn permission_groups(app: &App) -> Vec<PermissionGroup> {
    let own = PermissionGroup { title: "People and access", permissions: accounts::PERMISSIONS.iter().collect() };
    let of_plugins = app.plugins.iter().filter(|plugin| !plugin.permissions.is_empty());
    let of_plugins = of_plugins
        .map(|plugin| PermissionGroup { title: plugin.title, permissions: plugin.permissions.iter().collect() });
    std::iter::once(own).chain(of_plugins).collect()
}

/// What a permission is called in a sentence.
pub fn permission_title<'a>(groups: &[PermissionGroup], name: &'a str) -> &'a str {
    let mut all = groups.iter().flat_map(|group| &group.permissions);
    all.find(|spec| spec.permission.0 == name).map_or(name, |spec| spec.title)
}

pub async fn create(app: &App, actor: &Actor, new: &RoleEdit) -> Result<i64> {
    let id = roles::create(&app.access, actor, new, app.now_ms()).await?;
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(id)
}

pub async fn save(app: &App, actor: &Actor, id: i64, version: i64, edit: &RoleEdit) -> Result<()> {
    roles::save(&app.access, actor, (id, version), edit, app.now_ms()).await?;
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(())
}

/// `false` when they have it already.
pub async fn give(app: &App, actor: &Actor, role: i64, person: i64) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let given = roles::give(&mut tx, actor, person, role, app.now_ms()).await?;
    tx.commit().await?;
    app.publish(ACCESS_TOPIC, person.to_string()).await;
    Ok(given)
}

/// `false` when they do not have it.
pub async fn take(app: &App, actor: &Actor, role: i64, person: i64) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let taken = roles::take(&mut tx, actor, person, role, app.now_ms()).await?;
    tx.commit().await?;
    app.publish(ACCESS_TOPIC, person.to_string()).await;
    Ok(taken)
}

pub async fn delete(app: &App, actor: &Actor, id: i64, version: i64, replacement: Option<i64>) -> Result<()> {
    roles::delete(&app.access, actor, (id, version), replacement, app.now_ms()).await?;
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(())
}
