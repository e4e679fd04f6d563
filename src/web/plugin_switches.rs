//! What lies at a plugin that an administrator has switched off is not there, from the next request on.

use crate::app::App;
use crate::error::Error;
use crate::plugin::Plugin;
use poem::{Endpoint, Middleware, Request};

pub struct PluginSwitches {
    pub app: App,
}

impl<E: Endpoint> Middleware<E> for PluginSwitches {
    type Output = PluginSwitchesEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        PluginSwitchesEndpoint { inner, app: self.app.clone() }
    }
}

pub struct PluginSwitchesEndpoint<E> {
    inner: E,
    app: App,
}

impl<E: Endpoint> Endpoint for PluginSwitchesEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        self.app.settings.refresh().await;
        let path = request.uri().path();
        let is_below = |plugin: &&Plugin| {
            path.strip_prefix(plugin.mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let plugin = self.app.plugins.iter().copied().find(is_below);
        if plugin.is_some_and(|plugin| !self.app.settings.is_on(plugin.id)) {
            return Err(Error::NotFound.into());
        }
        self.inner.call(request).await
    }
}
