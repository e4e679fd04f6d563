//! What a plugin is: a plain struct of constants and function pointers. Types only; the plugins stand in `plugins::ALL`.

use crate::accounts::{Actor, Follow, Permission, PermissionSpec};
use crate::app::App;
use crate::config::{ConfigError, Loaded};
use crate::error::Result;
use crate::notices::NoticeKind;
use crate::settings::Setting;
use crate::web::assets::Icon;
use maud::Markup;
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{EndpointExt, IntoEndpoint};
use std::pin::Pin;
use std::time::Duration;

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Draws a plugin's card for a person. `Forbidden` leaves it out.
pub type Card = for<'a> fn(&'a App, &'a Actor) -> BoxFuture<'a, Result<Markup>>;
/// Something that is done with the whole portal.
pub type Task = for<'a> fn(&'a App) -> BoxFuture<'a, Result<()>>;

/// Looks for rows that do not agree with others: what was looked for, to be read after a number, and how many are like that.
pub type Examine = for<'a> fn(&'a App) -> BoxFuture<'a, Result<Vec<(&'static str, i64)>>>;

/// Refuses a wrong value in a plugin's section of the configuration.
pub type CheckConfig = fn(&Loaded) -> Result<(), ConfigError>;

pub struct Plugin {
    /// Its folder, its section in config.toml, the beginning of its permissions.
    pub id: &'static str,
    /// Where its addresses begin: `/skills`.
    pub mount: &'static str,
    pub title: &'static str,
    /// Looks at its section of the configuration before anything starts.
    pub check_config: Option<CheckConfig>,
    pub routes: fn() -> Vec<Route>,
    pub nav: &'static [Nav],
    pub permissions: &'static [PermissionSpec],
    /// The kinds of notices that it raises.
    pub notices: &'static [NoticeKind],
    /// The topics that its pages listen to, and who may.
    pub topics: &'static [(&'static str, Permission)],
    /// Its card on the start page.
    pub dashboard: Option<Card>,
    /// Makes the data that it starts with; running it again changes nothing.
    pub init_data: Option<Task>,
    /// Writes what follows from people, inside of the change that adds them or moves them.
    pub people_changed: Option<Follow>,
    /// As `people_changed`, of people who were deactivated or brought back: counts anew what counts active people alone.
    pub people_switched: Option<Follow>,
    /// What `quarterdeck doctor` asks of it.
    pub examine: Option<Examine>,
    /// The options of its section that administrators may set while the portal runs.
    pub settings: &'static [Setting],
    pub jobs: &'static [Job],
}

/// An entry of the side navigation, shown to those who hold the permission.
pub struct Nav {
    pub title: &'static str,
    pub href: &'static str,
    pub icon: Icon,
    pub permission: Permission,
    /// Further addresses that belong under this entry, with what lies below them.
    pub also: &'static [&'static str],
}

/// Background work that runs once in each interval, over all replicas. It must do no harm when it runs twice.
pub struct Job {
    pub name: &'static str,
    pub interval: Duration,
    pub run: Task,
}

/// Who may use a route. There is no default: a route without it does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    Needs(Permission),
    /// Who holds everything, and nobody else: what decides who may do what cannot be given away by itself.
    Administrators,
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Self {
        Access::Needs(permission)
    }
}

pub struct Route {
    pub method: Method,
    /// As poem writes it, `/skills/ratings/:person/:skill`.
    pub path: &'static str,
    pub access: Access,
    pub endpoint: BoxEndpoint<'static>,
    /// Takes files, so its body may be as long as an upload.
    pub uploads: bool,
}

impl Route {
    pub fn get<E>(path: &'static str, access: impl Into<Access>, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        Self::new(Method::GET, path, access, endpoint)
    }

    pub fn post<E>(path: &'static str, access: impl Into<Access>, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        Self::new(Method::POST, path, access, endpoint)
    }

    fn new<E>(method: Method, path: &'static str, access: impl Into<Access>, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let endpoint = endpoint.map_to_response().boxed();
        Route { method, path, access: access.into(), endpoint, uploads: false }
    }

    pub fn with_uploads(mut self) -> Self {
        self.uploads = true;
        self
    }
}
