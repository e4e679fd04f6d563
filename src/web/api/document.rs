//! Puts the parts of the API together, with the document that describes them.

use super::explorer;
use crate::app::App;
use crate::error::Error;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::Method;
use poem::{Endpoint, EndpointExt, Request, Response, Route};
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{OpenApi, OpenApiService};
use std::collections::HashMap;
use std::sync::Arc;

/// A plugin's part of the API. Switched off, by the configuration or by an administrator, its addresses answer 404 and
/// stand in no document.
pub struct Switched<T> {
    pub api: T,
    pub plugin: &'static str,
    pub app: App,
}

/// The paths of a plugin.
pub struct Paths {
    plugin: &'static str,
    paths: Vec<String>,
}

impl<T: OpenApi> Switched<T> {
    pub fn paths(&self) -> Paths {
        let paths = T::meta().into_iter().flat_map(|api| api.paths).map(|path| path.path);
        Paths { plugin: self.plugin, paths: paths.collect() }
    }
}

/// Whether the configuration allows a plugin, and nobody has switched it off.
fn is_on(app: &App, plugin: &str) -> bool {
    app.plugins_on().any(|other| other.id == plugin)
}

struct SwitchedEndpoint {
    inner: BoxEndpoint<'static>,
    plugin: &'static str,
    app: App,
}

impl Endpoint for SwitchedEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !is_on(&self.app, self.plugin) {
            return Err(Error::NotFound.into());
        }
        self.inner.call(request).await
    }
}

impl<T: OpenApi> OpenApi for Switched<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, routes: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        let mut own = HashMap::new();
        self.api.add_routes(&mut own);
        for (path, methods) in own {
            let entry = routes.entry(path).or_default();
            for (method, inner) in methods {
                let endpoint = SwitchedEndpoint { inner, plugin: self.plugin, app: self.app.clone() };
                entry.insert(method, endpoint.boxed());
            }
        }
    }
}

/// Version 1 of the API below `/v1`, its document at `/openapi.json` and the page to try it out at `/docs`.
pub fn serve<T: OpenApi + 'static>(app: &App, apis: T, paths: Vec<Paths>) -> impl Endpoint + use<T> {
    let service = OpenApiService::new(apis, "Quarterdeck", env!("CARGO_PKG_VERSION"))
        .description("People, teams, skills and ratings. A token may do what its person may, within its scopes.")
        .server("/api/v1");
    let document = Document { app: app.clone(), whole: service.spec(), paths };
    let document = Arc::new(document);
    let json = document.clone();
    Route::new()
        .at("/docs", explorer::page(move || document.now()))
        .at("/openapi.json", make_sync(move |_| Response::builder().content_type("application/json").body(json.now())))
        .nest("/v1", service)
}

/// The description of the API, and which of its paths belong to whom.
struct Document {
    app: App,
    whole: String,
    paths: Vec<Paths>,
}

impl Document {
    /// Without the paths of what is switched off at the moment.
    fn now(&self) -> String {
        let off = self.paths.iter().filter(|paths| !is_on(&self.app, paths.plugin));
        let absent: Vec<&String> = off.flat_map(|paths| &paths.paths).collect();
        if absent.is_empty() {
            return self.whole.clone();
        }
        let mut document: serde_json::Value = serde_json::from_str(&self.whole).expect("poem-openapi writes JSON");
        if let Some(paths) = document["paths"].as_object_mut() {
            paths.retain(|path, _| !absent.contains(&path));
        }
        document.to_string()
    }
}
