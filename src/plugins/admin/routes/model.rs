//! The routes of the portal beside their mappings, their uses, and what is wrong with them.

use crate::accounts::access::Grantee;
use crate::accounts::routes::{self, Admitted, Mapping, Problem, RouteEdit, Use};
use crate::accounts::{ACCESS_TOPIC, Actor, Permission, ROLES_READ};
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugin::Access;
use crate::web::routes::{Declared, declared};
use std::collections::{BTreeMap, BTreeSet};

/// A route with all that is known of it.
pub struct Listed {
    pub route: Declared,
    pub mapping: Option<Mapping>,
    pub admitted: Vec<Admitted>,
    pub uses: Option<Use>,
}

impl Listed {
    pub fn is_dangling(&self) -> bool {
        self.admitted.iter().any(|admitted| admitted.name.is_none())
    }
}

pub struct Overview {
    pub routes: Vec<Listed>,
    pub problems: Vec<Problem>,
    /// When the first use was counted.
    pub counted_since: Option<i64>,
}

pub async fn overview(app: &App, actor: &Actor) -> Result<Overview> {
    actor.require(ROLES_READ)?;
    let mappings = routes::mappings(&app.db, actor).await?;
    let mut mappings: BTreeMap<String, Mapping> =
        mappings.into_iter().map(|mapping| (mapping.route.clone(), mapping)).collect();
    let uses = routes::uses(&app.db, actor).await?;
    let counted_since = uses.iter().map(|used| used.first_at).min();
    let mut uses: BTreeMap<String, Use> = uses.into_iter().map(|used| (used.route.clone(), used)).collect();
    let mut listed = Vec::new();
    for route in declared(app) {
        let mapping = mappings.remove(&route.name);
        let admitted = match &mapping {
            Some(_) => routes::admitted(&app.access, actor, &route.name).await?,
            None => Vec::new(),
        };
        listed.push(Listed { mapping, admitted, uses: uses.remove(&route.name), route });
    }
    Ok(Overview { routes: listed, problems: problems(app, actor).await?, counted_since })
}

/// Mappings that point to what does not exist.
pub async fn problems(app: &App, actor: &Actor) -> Result<Vec<Problem>> {
    routes::problems(&app.access, actor, &names(app)).await
}

pub fn names(app: &App) -> Vec<String> {
    declared(app).into_iter().map(|route| route.name).collect()
}

/// A route that can be mapped, with its mapping. Public ones are for everybody, and those that decide who may do what for
/// administrators alone.
pub async fn mappable(app: &App, actor: &Actor, name: &str) -> Result<Listed> {
    actor.require_administrator()?;
    let route = declared(app).into_iter().find(|route| route.name == name && is_mappable(route.access));
    let route = route.ok_or(Error::NotFound)?;
    Ok(Listed {
        mapping: routes::mapping(&app.db, actor, name).await?,
        admitted: routes::admitted(&app.access, actor, name).await?,
        uses: None,
        route,
    })
}

pub fn is_mappable(access: Access) -> bool {
    matches!(access, Access::SignedIn | Access::Needs(_))
}

pub fn needed(access: Access) -> Option<Permission> {
    if let Access::Needs(permission) = access { Some(permission) } else { None }
}

/// What was typed into the form of a mapping.
#[derive(Clone, Debug, Default)]
pub struct MappingForm {
    pub route: String,
    pub roles: BTreeSet<i64>,
    /// Addresses, one a line.
    pub people: String,
    pub reason: String,
    pub version: i64,
}

pub async fn map(app: &App, actor: &Actor, form: &MappingForm) -> Result<()> {
    let listed = mappable(app, actor, &form.route).await?;
    let addresses: Vec<&str> =
        form.people.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()).collect();
    let (people, unknown) = routes::people_with_addresses(&app.db, actor, &addresses).await?;
    if !unknown.is_empty() {
        return Err(Error::invalid("people", format!("Nobody has the address {}.", unknown.join(", "))));
    }
    let roles = form.roles.iter().copied().map(Grantee::Role);
    let grantees = roles.chain(people.into_iter().map(Grantee::Person)).collect();
    let edit = RouteEdit { grantees, reason: form.reason.clone() };
    let route = (form.route.as_str(), needed(listed.route.access));
    routes::map(&app.access, actor, route, &edit, form.version, app.now_ms()).await?;
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(())
}

/// Also of a route that there is no more.
pub async fn unmap(app: &App, actor: &Actor, route: &str, version: i64) -> Result<()> {
    routes::unmap(&app.access, actor, route, version, app.now_ms()).await?;
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(())
}

/// The address of somebody whom a mapping admits.
pub async fn address(app: &App, actor: &Actor, person_id: i64) -> Result<Option<String>> {
    match crate::accounts::people::get(&app.db, actor, person_id).await {
        Ok(person) => Ok(person.email),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}
