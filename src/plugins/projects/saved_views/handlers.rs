//! Saved views: listed, saved, renamed, shared, deleted.

use super::super::READ;
use super::model::{self, NewView};
use super::views::{self, FormState};
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
    vec![
        Route::get("/projects/views", READ, index),
        // Views belong to whoever saved them; the model decides.
        Route::post("/projects/views", READ, create),
        Route::get("/projects/views/:id/edit", READ, edit),
        Route::post("/projects/views/:id", READ, update),
        Route::post("/projects/views/:id/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ViewForm {
    name: String,
    shared: String,
    address: String,
    version: String,
}

impl ViewForm {
    fn new_view(&self) -> NewView {
        NewView { name: self.name.clone(), shared: self.shared == "yes" }
    }
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let saved = model::list(&cx.app, cx.actor()?, None).await?;
    Ok(cx.page("Saved views", views::index(&cx, &saved)))
}

#[handler]
async fn create(cx: Context, Form(form): Form<ViewForm>) -> Result<Response> {
    match model::create(&cx.app, cx.actor()?, &form.new_view(), &form.address).await {
        Ok(address) => Ok(cx.see_other_with(&address, Tone::Success, &format!("“{}” is saved.", form.name.trim()))),
        Err(Error::Invalid(invalid)) => {
            let state = FormState { new: form.new_view(), address: form.address.clone(), ..FormState::default() };
            Ok(cx.invalid_page("Save a view", views::form_page(&cx, &state, Some(&invalid))))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let view = model::own(&cx.app, cx.actor()?, id).await?;
    Ok(cx.page("Rename a view", views::form_page(&cx, &FormState::of(&view), None)))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<ViewForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let version = number_of(&form.version).unwrap_or(0);
    let updated = model::update(&cx.app, actor, id, version, &form.new_view()).await;
    let view = model::own(&cx.app, actor, id).await?;
    let state = FormState { new: form.new_view(), version, ..FormState::of(&view) };
    match updated {
        Ok(()) => Ok(cx.see_other_with("/projects/views", Tone::Success, "The view is saved.")),
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("Rename a view", views::form_page(&cx, &state, Some(&invalid))))
        }
        Err(Error::Conflict(text)) => {
            let state = FormState { version: view.version, conflict: Some(text), ..state };
            let mut response = cx.page("Rename a view", views::form_page(&cx, &state, None));
            response.set_status(StatusCode::CONFLICT);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let gone = model::delete(&cx.app, cx.actor()?, id).await?;
    Ok(cx.see_other_with("/projects/views", Tone::Success, &format!("“{}” is deleted.", gone.name)))
}
