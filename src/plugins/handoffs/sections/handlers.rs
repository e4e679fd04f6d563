//! Saves a part of a draft: by itself while somebody types, or by the button where there are no scripts.

use super::super::WRITE;
use super::super::model::get;
use super::model::{self, Outcome, Section, Typed};
use super::views::{self, Editing};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::post("/handoffs/:id/sections/:position", WRITE, update)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SectionForm {
    body: String,
    version: String,
    writer: String,
}

#[handler]
async fn update(
    cx: Context,
    Path((id, position)): Path<(i64, i64)>,
    Form(form): Form<SectionForm>,
) -> Result<Response> {
    let typed = Typed { body: form.body, version: number_of(&form.version).unwrap_or(0), writer: form.writer };
    match model::save(&cx.app, cx.actor()?, id, position, &typed).await {
        Ok((handoff, Outcome::Saved(_))) if !cx.is_partial() => {
            Ok(cx.see_other_with(&format!("{}#section-{position}", handoff.path()), Tone::Success, "Saved."))
        }
        Ok((_, Outcome::Saved(section))) => Ok(cx.fragment(views::saved(&section))),
        Ok((_, Outcome::Conflict(now))) => {
            let editing = Editing { section: &now, typed: &typed, problem: None, is_conflict: true };
            answer(&cx, id, &editing, StatusCode::CONFLICT).await
        }
        Err(Error::Invalid(invalid)) => {
            let section = section(&cx, id, position).await?;
            let problem = invalid.errors().first().map(|error| error.message.as_str());
            let editing = Editing { section: &section, typed: &typed, problem, is_conflict: false };
            answer(&cx, id, &editing, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

async fn section(cx: &Context, id: i64, position: i64) -> Result<Section> {
    let sections = model::list(&cx.app, id).await?;
    sections.into_iter().find(|section| section.position == position).ok_or(Error::NotFound)
}

async fn answer(cx: &Context, id: i64, editing: &Editing<'_>, status: StatusCode) -> Result<Response> {
    let form = views::form(cx, id, editing);
    if cx.is_partial() {
        return Ok(cx.fragment_with(status, form));
    }
    let handoff = get(&cx.app, cx.actor()?, id).await?;
    let mut response = cx.page(&handoff.title, views::form_page(&handoff, &editing.section.title, form));
    response.set_status(status);
    Ok(response)
}
