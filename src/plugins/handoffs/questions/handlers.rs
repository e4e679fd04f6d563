//! Questions of a handoff, and their answers.

use super::super::model::get;
use super::super::{WRITE, handlers};
use super::model::{self, NewQuestion};
use super::views::{self, Refused};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/handoffs/:id/questions", WRITE, create),
        Route::post("/handoffs/:handoff/questions/:id/answer", WRITE, answer),
    ]
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct QuestionForm {
    pub question: String,
    pub item: String,
    pub answer: String,
    pub submission: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<QuestionForm>) -> Result<Response> {
    let new =
        NewQuestion { text: form.question.clone(), item_id: id_of(&form.item), submission: form.submission.clone() };
    match model::ask(&cx.app, cx.actor()?, id, &new).await {
        Ok(()) => part(&cx, id, None).await,
        Err(Error::Invalid(invalid)) => refused(&cx, id, None, &form, &invalid).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn answer(
    cx: Context,
    Path((handoff, id)): Path<(i64, i64)>,
    Form(form): Form<QuestionForm>,
) -> Result<Response> {
    match model::answer(&cx.app, cx.actor()?, id, &form.answer).await {
        Ok(handoff) => part(&cx, handoff, None).await,
        Err(Error::Invalid(invalid)) => refused(&cx, handoff, Some(id), &form, &invalid).await,
        Err(other) => Err(other),
    }
}

async fn refused(
    cx: &Context,
    id: i64,
    question: Option<i64>,
    form: &QuestionForm,
    invalid: &Invalid,
) -> Result<Response> {
    part(cx, id, Some(&Refused { question, form, invalid })).await
}

async fn part(cx: &Context, id: i64, refused: Option<&Refused<'_>>) -> Result<Response> {
    if !cx.is_partial() && refused.is_none() {
        return Ok(cx.see_other(&format!("/handoffs/{id}#questions")));
    }
    let handoff = get(&cx.app, cx.actor()?, id).await?;
    let all = views::all(cx, &handoff, refused).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(handlers::part(cx, &handoff, all, status))
}
