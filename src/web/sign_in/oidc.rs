//! Log-in by OpenID Connect: to the issuer and back, with state, nonce and PKCE kept sealed in the browser.
//!
//! A way back is taken once, by the browser that began it. What the issuer says is checked in `issuer`; who that is here
//! is decided in `accounts::identities`.

mod issuer;

use super::views::{LogInForm, Told, log_in_page};
use super::{Next, OriginOf, Proved, second_factor};
use crate::accounts::identities::{self, Rules};
use crate::accounts::{ACCESS_TOPIC, secrets, used_steps};
use crate::error::{Error, Result};
use crate::plugin::{Access, Route};
use crate::web::context::Context;
use crate::web::site;
use crate::web::steps::{self, Step};
use issuer::{Began, Issuer};
use poem::web::Query;
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};

const RETURN: &str = "/login/oidc/callback";

pub fn routes() -> Vec<Route> {
    vec![Route::get("/login/oidc", Access::Public, begin), Route::get(RETURN, Access::Public, arrive)]
}

/// What the browser keeps while it is at the issuer.
#[derive(Serialize, Deserialize)]
struct Away {
    began: Began,
    next: String,
}

/// What the issuer sends back. Without a code, `error` says why.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    code: String,
    state: String,
    error: String,
}

#[handler]
async fn begin(cx: Context, request: &Request, Query(query): Query<Next>) -> Result<Response> {
    let app = &cx.app;
    let issuer = Issuer::of(&app.config.oidc, &format!("{}{RETURN}", site::of(app, request)?.origin)).await;
    let (address, began) = match issuer {
        Ok(issuer) => issuer.begin(),
        Err(error) => return problem(&cx, &query.next, error),
    };
    let mut response = cx.see_other(&address);
    steps::keep(app, &mut response, Step::Elsewhere, &Away { began, next: query.next });
    Ok(response)
}

#[handler]
async fn arrive(cx: Context, from: OriginOf, request: &Request, Query(answer): Query<Answer>) -> Result<Response> {
    let late = "That log-in was not begun in this browser, or it took too long. Please try again.";
    let Some(away) = steps::kept::<Away>(&cx.app, request, Step::Elsewhere) else {
        return problem(&cx, "/", Error::invalid("identity", late));
    };
    let next = away.next.clone();
    match person(&cx, request, &away, &answer).await {
        Ok(person_id) => {
            let strong = cx.app.config.oidc.second_factor_by_issuer;
            let proved = Proved { person_id, strong, remember: false, next };
            let mut response = second_factor::ask_or_finish(&cx, &from, proved).await?;
            steps::drop(&cx.app, &mut response, Step::Elsewhere);
            Ok(response)
        }
        Err(error) => problem(&cx, &next, error),
    }
}

async fn person(cx: &Context, request: &Request, away: &Away, answer: &Answer) -> Result<i64> {
    let app = &cx.app;
    let fits = secrets::same(&answer.state, &away.began.state) && !answer.state.is_empty();
    let forged = "That answer does not belong to a log-in that was begun here. Please try again.";
    if !fits || !used_steps::take(&app.db, &answer.state, steps::expires_at(app)).await? {
        return Err(Error::invalid("identity", forged));
    }
    if answer.code.is_empty() {
        let text = match answer.error.as_str() {
            "access_denied" => "The log-in was cancelled.",
            _ => "The log-in did not succeed there. Please try again.",
        };
        return Err(Error::invalid("identity", text));
    }
    let issuer = Issuer::of(&app.config.oidc, &format!("{}{RETURN}", site::of(app, request)?.origin)).await?;
    let claimed = issuer.finish(&away.began, &answer.code, app.now_ms()).await?;
    let arrived = identities::arrive((&app.db, &app.followers), &claimed, &rules(cx), app.now_ms()).await?;
    if arrived.roles_changed {
        app.publish(ACCESS_TOPIC, arrived.person_id.to_string()).await;
    }
    Ok(arrived.person_id)
}

fn rules(cx: &Context) -> Rules {
    let oidc = &cx.app.config.oidc;
    Rules {
        create_people: oidc.create_people,
        default_role: oidc.default_role.clone(),
        roles: oidc.roles.iter().map(|mapped| (mapped.group.clone(), mapped.role.clone())).collect(),
    }
}

/// The log-in page, with what went wrong above it.
fn problem(cx: &Context, next: &str, error: Error) -> Result<Response> {
    let Error::Invalid(invalid) = error else { return Err(error) };
    let form = LogInForm { next: next.to_owned(), ..LogInForm::default() };
    let text = invalid.errors().first().map_or("", |error| error.message.as_str());
    Ok(cx.invalid_page("Log in", log_in_page(&cx.app, &form, Told::Above(text))))
}
