//! The second step of a log-in, for who has a second factor: a code, or a passkey.

use super::views::{second_step_page, wait};
use super::{OriginOf, Proved, finish, too_many};
use crate::accounts::throttle::{self, Admission, Attempt};
use crate::accounts::{credentials, known_devices, second_factor};
use crate::error::{Error, Result};
use crate::plugin::{Access, Route};
use crate::web::context::Context;
use crate::web::form::Form;
use crate::web::steps::{self, Step};
use poem::http::StatusCode;
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/login/second-factor", Access::Public, show),
        Route::post("/login/second-factor", Access::Public, create),
    ]
}

/// Who has shown the first factor.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    pub person_id: i64,
    /// The first factor must still be what it was when the second one comes.
    fingerprint: String,
    remember: bool,
    next: String,
}

impl Pending {
    pub fn proved(self) -> Proved {
        Proved { person_id: self.person_id, strong: true, remember: self.remember, next: self.next }
    }
}

/// Goes on to the second factor if the person has one, else opens the session.
pub async fn ask_or_finish(cx: &Context, from: &OriginOf, proved: Proved) -> Result<Response> {
    let app = &cx.app;
    let factors = second_factor::of(&app.db, proved.person_id).await?;
    if proved.strong || !factors.any() {
        return finish(cx, from, proved).await;
    }
    let fingerprint = credentials::fingerprint(&app.db, proved.person_id).await?.ok_or(Error::Unauthenticated)?;
    let Proved { person_id, remember, next, .. } = proved;
    let mut response = cx.see_other("/login/second-factor");
    steps::keep(app, &mut response, Step::SecondFactor, &Pending { person_id, fingerprint, remember, next });
    Ok(response)
}

/// Who is half-way through a log-in; `None` when nobody is, or when the person was switched off meanwhile or has another
/// password.
pub async fn pending(cx: &Context, request: &Request) -> Result<Option<Pending>> {
    let Some(pending) = steps::kept::<Pending>(&cx.app, request, Step::SecondFactor) else { return Ok(None) };
    let fingerprint = credentials::fingerprint(&cx.app.db, pending.person_id).await?;
    Ok(Some(pending).filter(|pending| fingerprint.as_ref() == Some(&pending.fingerprint)))
}

#[handler]
async fn show(cx: Context, request: &Request) -> Result<Response> {
    let Some(pending) = pending(&cx, request).await? else { return Ok(cx.see_other("/login")) };
    step(&cx, &pending, None).await
}

async fn step(cx: &Context, pending: &Pending, problem: Option<&str>) -> Result<Response> {
    let factors = second_factor::of(&cx.app.db, pending.person_id).await?;
    Ok(cx.page("Log in", second_step_page(&factors, cx.csrf(), problem)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CodeForm {
    code: String,
}

#[handler]
async fn create(cx: Context, from: OriginOf, request: &Request, Form(form): Form<CodeForm>) -> Result<Response> {
    let app = &cx.app;
    let Some(pending) = pending(&cx, request).await? else { return Ok(cx.see_other("/login")) };
    match check(&cx, &from, pending.person_id, &form.code).await? {
        Checked::Wait { seconds } => Ok(too_many(step(&cx, &pending, Some(&wait(seconds))).await?, seconds)),
        Checked::Wrong => {
            let mut response = step(&cx, &pending, Some("That code does not fit, or was used before.")).await?;
            response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Checked::Right => {
            let mut response = finish(&cx, &from, pending.proved()).await?;
            steps::drop(app, &mut response, Step::SecondFactor);
            Ok(response)
        }
    }
}

enum Checked {
    Right,
    Wrong,
    Wait { seconds: u32 },
}

/// Codes are few, so that they are throttled as passwords are.
async fn check(cx: &Context, from: &OriginOf, person_id: i64, code: &str) -> Result<Checked> {
    let (app, now) = (&cx.app, cx.app.now_ms());
    let device = known_devices::find(&app.db, person_id, from.device.as_deref().unwrap_or_default()).await?;
    let account = person_id.to_string();
    let address = &from.origin.address;
    let attempt = Attempt { what: "second factor", account: &account, address, known_device: device.as_deref() };
    let admitted = match throttle::admit(&app.db, &attempt, now).await? {
        Admission::Admitted(admitted) => admitted,
        Admission::Wait { seconds } => return Ok(Checked::Wait { seconds }),
    };
    if !second_factor::use_code((&app.db, &app.seals), person_id, code, now).await? {
        return Ok(Checked::Wrong);
    }
    throttle::succeeded(&app.db, admitted, now).await?;
    Ok(Checked::Right)
}
