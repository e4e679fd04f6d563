//! A field of a task: shown, edited in place, saved. Without scripts its form is a page of its own.

use super::super::super::READ;
use super::super::super::outline::Outline;
use super::super::advice::model::advise;
use super::super::model::{self as tasks, Details, path};
use super::super::values::{Field, joined};
use super::model::{Edit, Outcome, save};
use super::views::{self, FormState};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::HashMap;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/tasks/:id/fields/:field", READ, show),
        Route::get("/projects/tasks/:id/fields/:field/edit", READ, edit),
        // Who works in the project may; the model decides.
        Route::post("/projects/tasks/:id/fields/:field", READ, update),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    /// `row` in a list.
    r#in: String,
}

impl Place {
    fn is_row(&self) -> bool {
        self.r#in == "row"
    }
}

async fn load(cx: &Context, id: i64, field: &str) -> Result<(Field, Details, Outline)> {
    let field = Field::from_name(field).ok_or(Error::NotFound)?;
    let details = tasks::get(&cx.app, cx.actor()?, id).await?;
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    Ok((field, details, outline))
}

#[handler]
async fn show(cx: Context, Path((id, field)): Path<(i64, String)>, Query(place): Query<Place>) -> Result<Response> {
    let (field, details, outline) = load(&cx, id, &field).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    Ok(cx.fragment(shown(&place, field, &details, &outline)))
}

fn shown(place: &Place, field: Field, details: &Details, outline: &Outline) -> maud::Markup {
    match place.is_row() {
        true => views::in_row(field, details, outline),
        false => views::shown(field, details, outline),
    }
}

#[handler]
async fn edit(cx: Context, Path((id, field)): Path<(i64, String)>, Query(place): Query<Place>) -> Result<Response> {
    let (field, details, outline) = load(&cx, id, &field).await?;
    details.project.require_member()?;
    let mut state = FormState::of(field, &details, place.is_row());
    if field == Field::Assignees {
        state.advice = advise(&cx.app, cx.actor()?, &details, &outline).await?;
    }
    Ok(form(&cx, &details, &outline, &state, None, StatusCode::OK))
}

/// The form in its place, or as a page.
fn form(
    cx: &Context,
    details: &Details,
    outline: &Outline,
    state: &FormState,
    invalid: Option<&Invalid>,
    status: StatusCode,
) -> Response {
    if cx.is_partial() {
        return cx.fragment_with(status, views::form(cx, details, outline, state, invalid));
    }
    let mut response = cx.page(state.field.title(), views::page(cx, details, outline, state, invalid));
    response.set_status(status);
    response
}

/// What was sent: `value` stands in it once for each box that is ticked.
struct Sent {
    edit: Edit,
    version: i64,
}

impl Sent {
    fn read(field: Field, pairs: &[(String, String)]) -> Self {
        let all = |name: &str| {
            pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let text = match field {
            Field::Assignees | Field::Labels => {
                joined(&all("value").iter().filter_map(|id| id_of(id)).collect::<Vec<_>>())
            }
            _ => all("value").pop().unwrap_or_default(),
        };
        let version = all("version").pop().and_then(|text| number_of(&text)).unwrap_or(0);
        Sent { edit: Edit { field, text, new_label: all("new_label").pop().unwrap_or_default() }, version }
    }

    fn state(&self, version: i64, conflict: Option<String>, in_row: bool) -> FormState {
        let Edit { field, text, new_label } = self.edit.clone();
        FormState { field, text, new_label, version, conflict, in_row, advice: HashMap::new() }
    }
}

#[handler]
async fn update(
    cx: Context,
    Path((id, field)): Path<(i64, String)>,
    Query(place): Query<Place>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (field, before, outline) = load(&cx, id, &field).await?;
    let sent = Sent::read(field, &pairs);
    match save(&cx.app, cx.actor()?, id, sent.version, std::slice::from_ref(&sent.edit)).await {
        Ok(Outcome::Saved(_)) if !cx.is_partial() => Ok(cx.see_other(&path(id))),
        Ok(Outcome::Saved(details)) => {
            Ok(cx.fragment(shown(&place, field, &details, &Outline::around(&cx.app, details.project.clone()).await?)))
        }
        Ok(Outcome::Conflict { now, by, .. }) => {
            let state = sent.state(now.task.version, Some(by), place.is_row());
            Ok(form(&cx, &now, &outline, &state, None, StatusCode::CONFLICT))
        }
        Err(Error::Invalid(invalid)) => {
            let state = sent.state(sent.version, None, place.is_row());
            Ok(form(&cx, &before, &outline, &state, Some(&invalid), StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other),
    }
}
