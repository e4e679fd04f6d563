//! The layer that finds out who is behind a request: the session cookie, or a bearer token for the API.
//!
//! It also refuses what another site made a browser send. A request that changes something must come from the portal's
//! own pages (Sec-Fetch-Site, Origin) and, when it belongs to a session, carry that session's token, in a header or in
//! the field `csrf`. A bearer token is never sent by a browser on its own, so it needs neither.

use super::context::SignedIn;
use super::cookies::{self, Life};
use super::form::unreadable;
use super::viewing;
use crate::accounts::secrets::same;
use crate::accounts::sessions::Session;
use crate::accounts::tokens;
use crate::app::App;
use crate::error::Result;
use poem::error::ResponseError;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};

/// Of 128 random bits in base64.
const TOKEN_CHARS: usize = 22;

pub struct Sessions {
    pub app: App,
    /// Paths, and what lies below them, that are the same for everybody: they need no look into the database, and are
    /// there when it is not.
    pub without: &'static [&'static str],
}

impl<E: Endpoint> Middleware<E> for Sessions {
    type Output = SessionsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        SessionsEndpoint { inner, app: self.app.clone(), without: self.without }
    }
}

pub struct SessionsEndpoint<E> {
    inner: E,
    app: App,
    without: &'static [&'static str],
}

impl<E: Endpoint> Endpoint for SessionsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if self.is_for_nobody(&request) {
            return self.inner.call(request).await.map(IntoResponse::into_response);
        }
        let token = cookies::get(&request, cookie_name(&self.app));
        let signed_in = self.find(&request, token.as_deref()).await?;
        let stale = token.is_some() && signed_in.session.is_none();
        check_origin(&self.app, &mut request, &signed_in).await?;
        if let Err(refused) = viewing::check(&request, signed_in.actor.as_deref()) {
            let mut error = poem::Error::from(refused);
            error.set_data(signed_in);
            return Err(error);
        }
        let over = viewing::is_asked_for(&self.app, &request) && !signed_in.is_viewing();
        request.set_data(signed_in.clone());
        let mut response = match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(mut error) => {
                // The page that tells of the error is made outside of this layer, and shows the same navigation.
                error.set_data(signed_in);
                if stale {
                    error.set_data(StaleCookie);
                }
                return Err(error);
            }
        };
        if stale && !response.headers().contains_key(header::SET_COOKIE) {
            clear_cookie(&self.app, &mut response);
        }
        if over && !response.headers().contains_key(header::SET_COOKIE) {
            viewing::clear(&self.app, &mut response);
        }
        Ok(response)
    }
}

/// Marks an error whose answer takes the cookie of an ended session away.
#[derive(Clone, Copy)]
pub struct StaleCookie;

impl<E> SessionsEndpoint<E> {
    fn is_for_nobody(&self, request: &Request) -> bool {
        let path = request.uri().path();
        self.without
            .iter()
            .any(|base| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    async fn find(&self, request: &Request, token: Option<&str>) -> Result<SignedIn> {
        if let Some(bearer) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) {
            let now = self.app.now_ms();
            let actor = tokens::actor(&self.app.db, &self.app.sessions, bearer.trim(), now).await?;
            return Ok(SignedIn { actor, session: None });
        }
        let Some(token) = token.filter(|token| token.len() == TOKEN_CHARS) else { return Ok(SignedIn::default()) };
        let Some((session, actor)) = self.app.sessions.resume(token).await? else { return Ok(SignedIn::default()) };
        let actor = viewing::seen(&self.app, request, &session, actor).await?;
        Ok(SignedIn { actor: Some(actor), session: Some(session) })
    }
}

/// `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis, 4.1.3.2).
fn cookie_name(app: &App) -> &'static str {
    if app.config.session.cookie_secure { "__Host-session" } else { "session" }
}

pub fn set_cookie(app: &App, response: &mut Response, token: &str, session: &Session) {
    let life = match session.remembered {
        true => Life::Seconds(((session.expires_at - app.now_ms()) / 1000).max(1) as u64),
        false => Life::Window,
    };
    cookies::set(response, cookie_name(app), token, life, app.config.session.cookie_secure);
}

pub fn clear_cookie(app: &App, response: &mut Response) {
    cookies::set(response, cookie_name(app), "", Life::Seconds(0), app.config.session.cookie_secure);
}

/// A request that changes something, and that no page of this session has sent.
#[derive(Debug)]
pub struct NotFromHere;

impl std::fmt::Display for NotFromHere {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(
            "Nothing was changed, because this did not come from a page of your present session. \
             Go back, load the page anew and try again.",
        )
    }
}

impl std::error::Error for NotFromHere {}

impl ResponseError for NotFromHere {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}

async fn check_origin(app: &App, request: &mut Request, signed_in: &SignedIn) -> poem::Result<()> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let is_bearer = signed_in.actor.is_some() && signed_in.session.is_none();
    if is_bearer {
        return Ok(());
    }
    let from_elsewhere = request.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if from_elsewhere || !origin_is_ours(app, request) {
        return Err(NotFromHere.into());
    }
    let Some(session) = &signed_in.session else { return Ok(()) };
    if is_upload(request) {
        // A file is not read into memory to look for the token; instead the browser must have told where it comes from.
        let told = request.header("origin").is_some() || request.header("sec-fetch-site") == Some("same-origin");
        return if told { Ok(()) } else { Err(NotFromHere.into()) };
    }
    let token = match request.header("x-csrf-token") {
        Some(token) => Some(token.to_owned()),
        None => csrf_field(request).await?,
    };
    if token.is_some_and(|token| same(&token, &session.csrf)) { Ok(()) } else { Err(NotFromHere.into()) }
}

fn is_upload(request: &Request) -> bool {
    request.header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// A browser tells the origin with every request that changes something. It must be the address that was asked, or the
/// one under which people reach the portal when a proxy stands between.
fn origin_is_ours(app: &App, request: &Request) -> bool {
    let Some(origin) = request.header("origin") else { return true };
    // HTTP/2 has the host in the address instead of a header.
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = request.header("host").or(authority).unwrap_or_default();
    let asked = origin.split_once("://").is_some_and(|(_, rest)| rest == host);
    asked || app.config.http.public_url.as_ref().is_some_and(|url| url.as_str() == origin)
}

/// The `csrf` field of a form, with the body put back for the handler.
async fn csrf_field(request: &mut Request) -> poem::Result<Option<String>> {
    let bytes = request.take_body().into_bytes().await.map_err(unreadable)?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    request.set_body(Body::from_bytes(bytes));
    Ok(pairs.into_iter().find(|(name, _)| name == "csrf").map(|(_, value)| value))
}
