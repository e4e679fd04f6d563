//! The layer that finds out who is behind a request: the session cookie, or a bearer token for the API.
//!
//! It also refuses what another site made a browser send. A request that changes something must come from the portal's
//! own pages (Sec-Fetch-Site, Origin) and, when it belongs to a session, carry that session's token, in a header or in
//! the field `csrf`. A bearer token is never sent by a browser on its own, so it needs neither.
//!
//! Where the session has ended by itself, the cookie of "stay logged in" opens it again; forms of before still fit, as
//! the session is the same. Who lacks a second factor that a role requires gets to its set-up and nowhere else.

use super::context::SignedIn;
use super::cookies;
use super::form::unreadable;
use super::session_cookies::{CookieNews, remember_cookie, session_cookie};
use super::sign_in::OriginOf;
use super::viewing;
use crate::accounts::secrets::same;
use crate::accounts::sessions::{Redeemed, Session};
use crate::accounts::{Actor, tokens};
use crate::app::App;
use crate::error::Result;
use crate::notices;
use poem::error::ResponseError;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};
use std::sync::Arc;

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
        let (signed_in, news) = self.find(&request).await?;
        check_origin(&self.app, &mut request, &signed_in).await?;
        if let Err(refused) = viewing::check(&request, signed_in.actor.as_deref()) {
            return Err(with_news(refused.into(), signed_in, news));
        }
        let over = viewing::is_asked_for(&self.app, &request) && !signed_in.is_viewing();
        if signed_in.confined && !is_open_to_confined(request.uri().path()) {
            return Err(with_news(SecondFactorNeeded.into(), signed_in, news));
        }
        request.set_data(signed_in.clone());
        match self.inner.call(request).await {
            Ok(response) => {
                let mut response = response.into_response();
                news.tell(&self.app, &mut response);
                if over && !response.headers().contains_key(header::SET_COOKIE) {
                    viewing::clear(&self.app, &mut response);
                }
                Ok(response)
            }
            Err(error) => Err(with_news(error, signed_in, news)),
        }
    }
}

/// The page that tells of the error is made outside of this layer; it shows the same navigation and sets the cookies.
fn with_news(mut error: poem::Error, signed_in: SignedIn, news: CookieNews) -> poem::Error {
    error.set_data(signed_in);
    error.set_data(news);
    error
}

impl<E> SessionsEndpoint<E> {
    fn is_for_nobody(&self, request: &Request) -> bool {
        let path = request.uri().path();
        self.without
            .iter()
            .any(|base| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    async fn find(&self, request: &Request) -> Result<(SignedIn, CookieNews)> {
        if let Some(bearer) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) {
            let now = self.app.now_ms();
            let actor = tokens::actor(&self.app.db, &self.app.sessions, bearer.trim(), now).await?;
            return Ok((self.signed_in(request, actor, None).await?, CookieNews::Nothing));
        }
        let token = cookies::get(request, session_cookie(&self.app));
        if let Some(token) = token.as_deref().filter(|token| token.len() == TOKEN_CHARS)
            && let Some((session, actor)) = self.app.sessions.resume(token).await?
        {
            return Ok((self.signed_in(request, Some(actor), Some(session)).await?, CookieNews::Nothing));
        }
        match cookies::get(request, remember_cookie(&self.app)) {
            Some(remember) => self.come_back(request, &remember).await,
            None if token.is_some() => Ok((SignedIn::default(), CookieNews::Ended)),
            None => Ok((SignedIn::default(), CookieNews::Nothing)),
        }
    }

    /// By the cookie of "stay logged in".
    async fn come_back(&self, request: &Request, remember: &str) -> Result<(SignedIn, CookieNews)> {
        let app = &self.app;
        let (session, news) = match app.sessions.redeem(remember, &OriginOf::of(request).origin).await? {
            Redeemed::Renewed { token, remember, session } => {
                (session, CookieNews::Renewed { token, remember: Some(remember) })
            }
            Redeemed::BesideAnother { session } => (session, CookieNews::Nothing),
            Redeemed::Reused { person_id } => {
                notices::publish(&app.bus, app.now_ms(), &[person_id]).await;
                return Ok((SignedIn::default(), CookieNews::Ended));
            }
            Redeemed::Unknown => return Ok((SignedIn::default(), CookieNews::Ended)),
        };
        let Some(actor) = app.sessions.actor(session.person_id).await? else {
            return Ok((SignedIn::default(), CookieNews::Ended));
        };
        Ok((self.signed_in(request, Some(actor), Some(session)).await?, news))
    }

    /// The actor of a session may look at the portal as somebody else.
    async fn signed_in(
        &self,
        request: &Request,
        actor: Option<Arc<Actor>>,
        session: Option<Arc<Session>>,
    ) -> Result<SignedIn> {
        let confined = match actor.as_ref().and_then(|actor| actor.person_id) {
            Some(person_id) => self.app.sessions.lacks_factor(person_id, session.as_deref()).await?,
            None => false,
        };
        let actor = match (actor, &session) {
            (Some(actor), Some(session)) => Some(viewing::seen(&self.app, request, session, actor).await?),
            (actor, _) => actor,
        };
        Ok(SignedIn { actor, session, confined })
    }
}

/// Where a second factor is set up, and how to leave. The frame around pages needs the theme.
fn is_open_to_confined(path: &str) -> bool {
    let open = ["/account/second-factor", "/account/passkeys"];
    path == "/logout"
        || path == "/theme"
        || open.iter().any(|base| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// A role of this person requires a second factor, and there is none yet.
#[derive(Debug)]
pub struct SecondFactorNeeded;

impl std::fmt::Display for SecondFactorNeeded {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Your role requires a second factor. Set one up in your account before anything else.")
    }
}

impl std::error::Error for SecondFactorNeeded {}

impl ResponseError for SecondFactorNeeded {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
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
