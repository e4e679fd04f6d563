//! What a handler knows of its request, and the one place that decides between a page and a fragment.
//!
//! htmx asks for a part of a page with `HX-Request-Type: partial`; it then gets the content alone. A boosted link, a
//! plain link and a browser without JavaScript get the whole page. Both come from the same view functions.

use super::assets::Icon;
use super::components::{Tone, notice};
use super::layout::{self, Flash, NavGroup, NavItem, Person, Portal, Shell, Theme};
use super::{cookies, flash, notices};
use crate::accounts::access::Admission;
use crate::accounts::sessions::Session;
use crate::accounts::{Actor, Permission};
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugin::{Nav, Plugin};
use maud::{Markup, html};
use poem::http::{StatusCode, header};
use poem::{FromRequest, Request, RequestBody, Response};
use std::sync::Arc;

/// Scripts beside app.js. They are the same on every page, because a page that htmx swaps in keeps the first one's head.
const SCRIPTS: &[&str] = &["matrix.js", "tasks.js", "drafts.js", "passkeys.js"];

/// Who is behind a request; put into it by the session layer.
#[derive(Clone, Default)]
pub struct SignedIn {
    pub actor: Option<Arc<Actor>>,
    /// `None` for a bearer token.
    pub session: Option<Arc<Session>>,
    /// A role requires a second factor that is not set up: nothing but that can be done.
    pub confined: bool,
}

impl SignedIn {
    /// Whether an administrator looks at the portal as somebody else.
    pub fn is_viewing(&self) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.via.is_some())
    }
}

/// The request, as handlers see it. Handlers behind `Access::Public` may have no actor.
#[derive(Clone)]
pub struct Context {
    pub app: App,
    pub signed_in: SignedIn,
    /// Path and query, to come back to.
    pub here: String,
    partial: bool,
    htmx: bool,
    theme: Theme,
    flash: Option<Arc<Flash>>,
    /// Unread notices of the person, for the frame around a page.
    unread: i64,
}

impl Context {
    pub fn of(request: &Request) -> Self {
        let app = request.data::<App>().expect("every request carries the app").clone();
        let here = request.uri().path_and_query().map_or_else(|| "/".to_owned(), |here| here.to_string());
        let flash = flash::read(request, &app.config).map(Arc::new);
        Context {
            app,
            signed_in: request.data::<SignedIn>().cloned().unwrap_or_default(),
            here,
            partial: request.header("hx-request-type") == Some("partial"),
            htmx: request.header("hx-request") == Some("true"),
            theme: cookies::get(request, "theme").and_then(|name| Theme::from_name(&name)).unwrap_or_default(),
            flash,
            unread: 0,
        }
    }

    /// The person who asks. Routes that are not public have one.
    pub fn actor(&self) -> Result<&Actor> {
        self.signed_in.actor.as_deref().ok_or(Error::Unauthenticated)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.signed_in.actor.as_ref().is_some_and(|actor| actor.may(permission))
    }

    /// The token that this session's forms carry.
    pub fn csrf(&self) -> &str {
        self.signed_in.session.as_ref().map_or("", |session| session.csrf.as_str())
    }

    /// Whether htmx sent the request.
    pub fn is_htmx(&self) -> bool {
        self.htmx
    }

    /// Whether the answer is swapped into a page that is there already.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// A page, or its content alone when htmx asks for a part.
    pub fn page(&self, title: &str, content: Markup) -> Response {
        self.live_page(title, None, content)
    }

    /// A page that listens to a topic.
    pub fn live_page(&self, title: &str, topic: Option<&str>, content: Markup) -> Response {
        let live = topic.map(|topic| format!("/live?topic={topic}"));
        let body = if self.partial { content } else { self.shell(title, live.as_deref(), content) };
        let mut response = html_response(StatusCode::OK, body);
        vary_by_htmx(&mut response);
        if self.flash.is_some() && !self.partial {
            flash::clear(&mut response, &self.app.config);
        }
        response
    }

    /// A form that could not be taken, with what is wrong: 422, and everything that was typed.
    pub fn invalid_page(&self, title: &str, content: Markup) -> Response {
        let mut response = self.page(title, content);
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        response
    }

    /// A part of a page, never with the frame around it.
    pub fn fragment(&self, content: Markup) -> Response {
        self.fragment_with(StatusCode::OK, content)
    }

    pub fn fragment_with(&self, status: StatusCode, content: Markup) -> Response {
        let mut response = html_response(status, content);
        vary_by_htmx(&mut response);
        response
    }

    /// Where to go after a change: 303, so that reloading does not send the form again.
    pub fn see_other(&self, to: &str) -> Response {
        see_other(to)
    }

    /// As `see_other`, with a message that the next page shows.
    pub fn see_other_with(&self, to: &str, tone: Tone, text: &str) -> Response {
        let mut response = see_other(to);
        flash::set(&mut response, &self.app.config, tone, text);
        response
    }

    /// The frame of a page around `content`.
    pub fn shell(&self, title: &str, live: Option<&str>, content: Markup) -> Markup {
        let config = self.app.settings.config();
        let portal = Portal { name: &config.portal.name, announcement: &config.portal.announcement };
        let Some(actor) = self.signed_in.actor.as_deref() else {
            let flash = self.flash.as_ref().map(|flash| notice(flash.tone, &flash.text));
            return layout::bare_page(portal, title, self.theme, html! { (flash.unwrap_or_default()) (content) });
        };
        let nav = self.nav(actor);
        let shell = Shell {
            portal,
            title,
            nav: &nav,
            person: Some(Person { name: &actor.name, role: &actor.role, unread: self.unread }),
            viewing: actor.via.as_ref().map(|_| actor.name.as_str()),
            csrf: self.csrf(),
            theme: self.theme,
            flash: self.flash.as_ref().map(|flash| Flash { tone: flash.tone, text: flash.text.clone() }),
            live,
            demo: self.app.demo,
            scripts: SCRIPTS,
        };
        layout::page(&shell, content)
    }

    /// The start page, and the entries of each plugin that the actor may use.
    fn nav(&self, actor: &Actor) -> Vec<NavGroup> {
        let path = self.here.split('?').next().unwrap_or("/");
        let allowed = |plugin: &Plugin| plugin.nav.iter().filter(|nav| is_open(actor, nav)).collect::<Vec<_>>();
        let plugins: Vec<_> = self.app.plugins_on().map(|plugin| (plugin.title, allowed(plugin))).collect();
        // The entry with the longest address that the path lies below, so that "Import" wins over "Matrix".
        let entries = plugins.iter().flat_map(|(_, entries)| entries);
        let current = entries.filter_map(|nav| nearest(nav, path).map(|length| (length, nav.href))).max();
        let item = |nav: &Nav| NavItem {
            title: nav.title,
            href: nav.href,
            icon: nav.icon,
            current: current.is_some_and(|(_, href)| href == nav.href),
        };
        let start = NavItem { title: "Start", href: "/", icon: Icon::House, current: path == "/" };
        let of_plugins = plugins.iter().filter(|(_, entries)| !entries.is_empty()).map(|(title, entries)| NavGroup {
            title: (entries.len() > 1).then_some(*title),
            items: entries.iter().map(|nav| item(nav)).collect(),
        });
        std::iter::once(NavGroup { title: None, items: vec![start] }).chain(of_plugins).collect()
    }
}

/// How long the entry's address is that the path lies below.
fn nearest(nav: &Nav, path: &str) -> Option<usize> {
    let below = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let addresses = std::iter::once(&nav.href).chain(nav.also);
    addresses.filter(|href| below(href)).map(|href| href.len()).max()
}

/// Whether the page behind an entry admits the actor: by their roles alone, not by what this one request was lent.
fn is_open(actor: &Actor, nav: &Nav) -> bool {
    match actor.access.admission(&format!("GET {}", nav.href), actor) {
        Admission::Unmapped => actor.holds(nav.permission),
        admission => admission == Admission::Admitted,
    }
}

impl<'a> FromRequest<'a> for Context {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let mut cx = Context::of(request);
        // A part of a page has no frame, and no bell in it.
        if let Some(actor) = cx.signed_in.actor.as_deref().filter(|_| !cx.partial) {
            cx.unread = notices::count(&cx.app, actor).await;
        }
        Ok(cx)
    }
}

pub fn html_response(status: StatusCode, content: Markup) -> Response {
    Response::builder().status(status).content_type("text/html; charset=utf-8").body(content.into_string())
}

pub fn see_other(to: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, plain_address(to)).finish()
}

/// A header holds plain characters alone. Of an address with others it would be left out, and lead nowhere.
fn plain_address(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte.is_ascii_graphic() {
            true => plain.push(char::from(byte)),
            false => plain.push_str(&format!("%{byte:02X}")),
        }
    }
    plain
}

/// The answer depends on whether htmx asked, and caches must know that.
pub fn vary_by_htmx(response: &mut Response) {
    super::compression::vary_by(response.headers_mut(), "HX-Request");
    super::compression::vary_by(response.headers_mut(), "HX-Request-Type");
}
