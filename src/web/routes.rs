//! Joins the routes of the web part and of the plugins into one endpoint, each behind its access check.
//!
//! A route carries its permission in the code. An administrator can map it to roles and people instead, while the portal
//! runs (`accounts::routes`): those are then admitted and lent that permission for the request, and nobody else but
//! administrators. What the model functions check beside it stays as it is.

use super::context::SignedIn;
use crate::accounts::access::Admission;
use crate::accounts::{Actor, Permission};
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugin::{Access, Plugin, Route};
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, Request, Response, RouteMethod};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// All routes by their paths.
///
/// # Panics
/// When a plugin's route lies outside of its mount, needs a permission that nobody declares, or stands twice: mistakes
/// in the code that the first start shows.
pub fn join(app: &App, own: Vec<Route>) -> poem::Route {
    let mut methods: BTreeMap<&'static str, RouteMethod> = BTreeMap::new();
    let mut seen = Vec::new();
    let plugins = app.plugins.iter().flat_map(|plugin| checked(plugin));
    for route in own.into_iter().chain(plugins) {
        check_permission(app, &route);
        let known = (route.method.clone(), route.path);
        assert!(!seen.contains(&known), "the route {} {} stands twice", route.method, route.path);
        seen.push(known);
        let entry = methods.remove(route.path).unwrap_or_default();
        let (path, method) = (route.path, route.method.clone());
        methods.insert(path, entry.method(method, Guarded::of(app, route)));
    }
    methods.into_iter().fold(poem::Route::new(), |joined, (path, methods)| joined.at(path, methods))
}

fn checked(plugin: &'static Plugin) -> Vec<Route> {
    let routes = (plugin.routes)();
    for route in &routes {
        let below = route.path == plugin.mount || route.path.starts_with(&format!("{}/", plugin.mount));
        assert!(below, "{}: the route {} lies outside of {}", plugin.id, route.path, plugin.mount);
    }
    routes
}

fn check_permission(app: &App, route: &Route) {
    let Access::Needs(permission) = route.access else { return };
    let declared = app.permissions().iter().any(|spec| spec.permission == permission);
    assert!(declared, "the route {} needs {}, which nobody declares", route.path, permission.0);
}

struct Guarded {
    /// As the mappings name it, `GET /skills`.
    name: String,
    access: Access,
    endpoint: BoxEndpoint<'static>,
    uses: Arc<AtomicU64>,
}

impl Guarded {
    fn of(app: &App, route: Route) -> Self {
        let name = name_of(&route);
        Guarded { uses: app.uses.counter(&name), name, access: route.access, endpoint: route.endpoint }
    }

    /// Lets the actor through, with the permission that a mapping lends them, or refuses them.
    fn admit(&self, actor: Option<&Actor>) -> Result<Option<Permission>> {
        if self.access == Access::Public {
            return Ok(None);
        }
        let actor = actor.ok_or(Error::Unauthenticated)?;
        if self.access == Access::Administrators {
            return actor.require_administrator().map(|()| None);
        }
        match (self.access, actor.access.admission(&self.name, actor)) {
            (_, Admission::Refused) => Err(Error::Forbidden),
            (Access::Needs(permission), Admission::Unmapped) => actor.require(permission).map(|()| None),
            (Access::Needs(permission), Admission::Admitted) if actor.may(permission) => Ok(None),
            (Access::Needs(permission), Admission::Admitted) if actor.is_in_scope(permission) => Ok(Some(permission)),
            (Access::Needs(_), Admission::Admitted) => Err(Error::Forbidden),
            _ => Ok(None),
        }
    }
}

impl Endpoint for Guarded {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let signed_in = request.data::<SignedIn>().cloned().unwrap_or_default();
        if let Some(permission) = self.admit(signed_in.actor.as_deref())? {
            let lent = |actor: Arc<Actor>| Arc::new(Actor { lent: Some(permission), ..(*actor).clone() });
            request.set_data(SignedIn { actor: signed_in.actor.map(lent), ..signed_in });
        }
        self.uses.fetch_add(1, Ordering::Relaxed);
        self.endpoint.call(request).await
    }
}

/// A route as it stands in the code.
pub struct Declared {
    /// Method and path, `GET /skills`.
    pub name: String,
    pub access: Access,
    /// Whether its plugin is switched on.
    pub is_on: bool,
}

/// Every route of the program, by path, also those of plugins that are switched off.
pub fn declared(app: &App) -> Vec<Declared> {
    let is_on = |plugin: &Plugin| app.plugins_on().any(|other| other.id == plugin.id);
    let of_plugin = |plugin: &&'static Plugin| {
        let is_on = is_on(plugin);
        (plugin.routes)().into_iter().map(move |route| (route, is_on)).collect::<Vec<_>>()
    };
    let own = super::own_routes().into_iter().map(|route| (route, true));
    let mut all: Vec<(Route, bool)> = own.chain(app.installed.iter().flat_map(of_plugin)).collect();
    all.sort_by(|(one, _), (other, _)| (one.path, one.method.as_str()).cmp(&(other.path, other.method.as_str())));
    all.iter().map(|(route, is_on)| Declared { name: name_of(route), access: route.access, is_on: *is_on }).collect()
}

fn name_of(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}
