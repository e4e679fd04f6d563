//! Joins the routes of the web part and of the plugins into one endpoint, each behind its access check.

use super::context::SignedIn;
use crate::app::App;
use crate::error::Error;
use crate::plugin::{Access, Plugin, Route};
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, Request, Response, RouteMethod};
use std::collections::BTreeMap;

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
        let guarded = Guarded { access: route.access, endpoint: route.endpoint };
        methods.insert(route.path, entry.method(route.method, guarded));
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
    access: Access,
    endpoint: BoxEndpoint<'static>,
}

impl Endpoint for Guarded {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let actor = request.data::<SignedIn>().and_then(|signed_in| signed_in.actor.as_deref());
        match (self.access, actor) {
            (Access::Public, _) | (Access::SignedIn, Some(_)) => {}
            (Access::Needs(permission), Some(actor)) => actor.require(permission)?,
            (_, None) => return Err(Error::Unauthenticated.into()),
        }
        self.endpoint.call(request).await
    }
}
