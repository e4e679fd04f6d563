//! Puts the parts of the API together, with the document that describes them.

use super::explorer;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::Method;
use poem::{Endpoint, Response, Route};
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{OpenApi, OpenApiService};
use std::collections::HashMap;

/// A plugin's part of the API. Switched off, its addresses answer 404 and stand in no document.
pub struct Switched<T> {
    pub api: T,
    pub on: bool,
}

impl<T: OpenApi> Switched<T> {
    /// The paths that the document must leave out.
    pub fn absent(&self) -> Vec<String> {
        let paths = T::meta().into_iter().flat_map(|api| api.paths).map(|path| path.path);
        if self.on { Vec::new() } else { paths.collect() }
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
        if self.on {
            self.api.add_routes(routes);
        }
    }
}

/// Version 1 of the API below `/v1`, its document at `/openapi.json` and the page to try it out at `/docs`.
pub fn serve<T: OpenApi + 'static>(apis: T, absent: &[String]) -> impl Endpoint + use<T> {
    let service = OpenApiService::new(apis, "Quarterdeck", env!("CARGO_PKG_VERSION"))
        .description("People, teams, skills and ratings. A token may do what its person may, within its scopes.")
        .server("/api/v1");
    let document = without(&service.spec(), absent);
    Route::new()
        .at("/docs", explorer::page(document.clone()))
        .at("/openapi.json", make_sync(move |_| Response::builder().content_type("application/json").body(document.clone())))
        .nest("/v1", service)
}

fn without(document: &str, absent: &[String]) -> String {
    let mut document: serde_json::Value = serde_json::from_str(document).expect("poem-openapi writes JSON");
    if let Some(paths) = document["paths"].as_object_mut() {
        paths.retain(|path, _| !absent.contains(path));
    }
    document.to_string()
}
