//! The steps of a handoff. A form that cannot be taken comes back on the handoff's page, with what was typed.

use super::super::WRITE;
use super::super::handlers::with_problem;
use super::super::model::path;
use super::model::{self, Sending};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/handoffs/:id/sending", WRITE, send),
        Route::post("/handoffs/:id/acceptance", WRITE, accept),
        Route::post("/handoffs/:id/refusal", WRITE, decline),
        Route::post("/handoffs/:id/withdrawal", WRITE, withdraw),
        Route::post("/handoffs/:id/redirection", WRITE, redirect),
    ]
}

/// The fields of all steps; each form sends its own.
#[derive(Clone, Debug, Deserialize, Default)]
#[serde(default)]
pub struct OutcomeForm {
    pub receiver: String,
    pub severity: String,
    pub synthesis: String,
    pub reason: String,
}

async fn answer(cx: &Context, id: i64, form: &OutcomeForm, done: Result<()>, text: &str) -> Result<Response> {
    match done {
        Ok(()) => Ok(cx.see_other_with(&path(id), Tone::Success, text)),
        Err(Error::Invalid(invalid)) => with_problem(cx, id, form, &invalid).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn send(cx: Context, Path(id): Path<i64>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let sending = Sending { receiver: form.receiver.clone(), severity: form.severity.clone() };
    let sent = model::send(&cx.app, cx.actor()?, id, &sending).await;
    answer(&cx, id, &form, sent, "Sent. You stay responsible until it is accepted.").await
}

#[handler]
async fn accept(cx: Context, Path(id): Path<i64>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let accepted = model::accept(&cx.app, cx.actor()?, id, &form.synthesis).await;
    answer(&cx, id, &form, accepted, "Accepted. You are responsible from now on.").await
}

#[handler]
async fn decline(cx: Context, Path(id): Path<i64>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let declined = model::decline(&cx.app, cx.actor()?, id, &form.reason).await;
    answer(&cx, id, &form, declined, "Declined. Who handed off was told why, and stays responsible.").await
}

#[handler]
async fn withdraw(cx: Context, Path(id): Path<i64>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let withdrawn = model::withdraw(&cx.app, cx.actor()?, id).await;
    answer(&cx, id, &form, withdrawn, "Withdrawn. What was open stays open, for the next handoff.").await
}

#[handler]
async fn redirect(cx: Context, Path(id): Path<i64>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let redirected = model::redirect(&cx.app, cx.actor()?, id, &form.receiver).await;
    answer(&cx, id, &form, redirected, "Sent to somebody else.").await
}
