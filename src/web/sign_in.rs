//! Log-in and log-out. What proves who somebody is stands in a file each beside this one; all of them end in `finish`.

mod oidc;
mod passkeys;
mod second_factor;
mod setup;
mod views;

use super::client_address::ClientAddress;
use super::context::Context;
use super::cookies::{self, Life};
use super::form::Form;
use super::session_cookies::{CookieNews, clear_cookies};
use crate::accounts::log_in::{self, Outcome, Try};
use crate::accounts::sessions::Origin;
use crate::accounts::{known_devices, secrets};
use crate::error::Result;
use crate::plugin::{Access, Route};
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Query;
use poem::{FromRequest, Request, RequestBody, Response, handler};
use serde::Deserialize;
use views::{LogInForm, Told, log_in_page};

/// Longer than a remembered log-in: the browser is known also after that.
const DEVICE_LIFETIME_S: u64 = 400 * 24 * 3600;
const DEVICE_COOKIE: &str = "device";
/// Of 128 random bits in base64.
const TOKEN_CHARS: usize = 22;

pub fn routes() -> Vec<Route> {
    let own = vec![
        Route::get("/login", Access::Public, show),
        Route::post("/login", Access::Public, create),
        Route::post("/logout", Access::Public, destroy),
    ];
    [own, second_factor::routes(), passkeys::routes(), oidc::routes(), setup::routes()].into_iter().flatten().collect()
}

#[derive(Deserialize, Default)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[handler]
async fn show(cx: Context, Query(query): Query<Next>) -> Result<Response> {
    if cx.signed_in.session.is_some() {
        return Ok(cx.see_other(own_address(&query.next)));
    }
    let form = LogInForm { next: query.next, ..LogInForm::default() };
    Ok(cx.page("Log in", log_in_page(&cx.app, &form, Told::Nothing)))
}

#[handler]
async fn create(cx: Context, from: OriginOf, Form(form): Form<LogInForm>) -> Result<Response> {
    let app = &cx.app;
    let wanted = Try {
        email: &form.email,
        password: form.password.clone(),
        address: &from.origin.address,
        device: from.device.as_deref(),
    };
    match log_in::check(&app.db, &app.passwords, wanted, app.now_ms()).await? {
        Outcome::Wrong => {
            let problem = "The address or the password is wrong.";
            Ok(cx.invalid_page("Log in", log_in_page(app, &form, Told::AtPassword(problem))))
        }
        Outcome::Wait { seconds } => {
            let problem = views::wait(seconds);
            Ok(too_many(cx.page("Log in", log_in_page(app, &form, Told::AtPassword(&problem))), seconds))
        }
        Outcome::Right { person_id } => {
            let proved = Proved { person_id, strong: false, remember: form.remember.is_some(), next: form.next };
            second_factor::ask_or_finish(&cx, &from, proved).await
        }
    }
}

#[handler]
async fn destroy(cx: Context) -> Result<Response> {
    if let Some(session) = &cx.signed_in.session {
        cx.app.sessions.end(session.id).await?;
    }
    let mut response = cx.see_other("/login");
    clear_cookies(&cx.app, &mut response);
    Ok(response)
}

/// Somebody has shown who they are.
pub struct Proved {
    pub person_id: i64,
    /// By two factors.
    pub strong: bool,
    pub remember: bool,
    /// Where to go then.
    pub next: String,
}

/// Opens the session, and lets the browser be known from now on.
pub async fn finish(cx: &Context, from: &OriginOf, proved: Proved) -> Result<Response> {
    let app = &cx.app;
    if let Some(old) = &cx.signed_in.session {
        app.sessions.end(old.id).await?;
    }
    let Proved { person_id, strong, remember, next } = proved;
    let news = match remember {
        true => {
            let (token, remember, _) = app.sessions.open_remembered(person_id, strong, &from.origin).await?;
            CookieNews::Renewed { token, remember: Some(remember) }
        }
        false => {
            let (token, _) = app.sessions.open(person_id, strong, &from.origin).await?;
            CookieNews::Renewed { token, remember: None }
        }
    };
    let device = from.device.clone().unwrap_or_else(secrets::random_token);
    known_devices::remember(&app.db, person_id, &device, app.now_ms()).await?;
    let mut response = cx.see_other(own_address(&next));
    news.tell(app, &mut response);
    let secure = app.config.session.cookie_secure;
    cookies::set(&mut response, DEVICE_COOKIE, &device, Life::Seconds(DEVICE_LIFETIME_S), secure);
    Ok(response)
}

/// 429, with the time to wait.
fn too_many(mut response: Response, seconds: u32) -> Response {
    response.set_status(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Where a log-in comes from.
pub struct OriginOf {
    pub origin: Origin,
    /// What the cookie of known devices holds.
    pub device: Option<String>,
}

impl OriginOf {
    pub fn of(request: &Request) -> Self {
        let address = request.data::<ClientAddress>().map(|address| address.ip.to_string()).unwrap_or_default();
        let device = request.header("user-agent").unwrap_or_default().to_owned();
        let known = cookies::get(request, DEVICE_COOKIE).filter(|token| token.len() == TOKEN_CHARS);
        OriginOf { origin: Origin { device, address }, device: known }
    }
}

impl<'a> FromRequest<'a> for OriginOf {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(OriginOf::of(request))
    }
}

/// An address within the portal; anything else leads to the start page, so that a link cannot send people elsewhere.
pub fn own_address(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(|letter| letter.is_control());
    if safe { next } else { "/" }
}
