//! A card that was dragged, by mouse or by keyboard.

use super::super::super::READ;
use super::super::super::board::handlers::card_answer;
use super::super::fields::model::Outcome;
use super::super::filter::FilterFields;
use super::super::model::path;
use super::model::{self, Place};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::{Tone, toast};
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    // Who works in the project may; the model decides.
    vec![Route::post("/projects/tasks/:id/placement", READ, update)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlacementForm {
    status: String,
    /// The task that it is put before, or the one that it is put after; both empty for the end.
    before: String,
    after: String,
    /// Its version as it was seen.
    version: String,
}

impl PlacementForm {
    fn place(&self) -> Place {
        match (id_of(&self.before), id_of(&self.after)) {
            (Some(id), _) => Place::Before(id),
            (None, Some(id)) => Place::After(id),
            (None, None) => Place::End,
        }
    }
}

#[handler]
async fn update(
    cx: Context,
    Path(id): Path<i64>,
    Query(filter): Query<FilterFields>,
    Form(form): Form<PlacementForm>,
) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let moved = model::move_to(&cx.app, cx.actor()?, id, version, &form.status, form.place()).await?;
    let (details, conflict) = match moved {
        Outcome::Saved(details) => (details, None),
        Outcome::Conflict { now, by, .. } => {
            let text = format!("{by} moved {} to “{}” meanwhile. It stays there.", now.task.name(), now.task.status);
            (now, Some(text))
        }
    };
    if !cx.is_partial() {
        return Ok(match conflict {
            Some(text) => cx.see_other_with(&path(id), Tone::Warning, &text),
            None => cx.see_other(&path(id)),
        });
    }
    let status = if conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let told = conflict.map(|text| toast(Tone::Warning, &text)).unwrap_or_default();
    card_answer(&cx, &details, &filter, told, status).await
}
