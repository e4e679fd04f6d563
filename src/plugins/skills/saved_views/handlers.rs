//! Views of the matrix: saved, renamed, shared, deleted, and the one that the matrix opens with.

use super::super::matrix::choices::choices;
use super::super::matrix::filter::ViewFields;
use super::super::{EDIT, READ};
use super::model::{self, NewView, SavedView};
use super::views::{self, FormState};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Whose view it is decides who may change it, so the model checks that.
        Route::get("/skills/views", READ, index),
        Route::post("/skills/views", READ, create),
        Route::get("/skills/views/:id/edit", READ, edit),
        Route::post("/skills/views/:id", READ, update),
        Route::post("/skills/views/:id/deletion", READ, delete),
        Route::post("/skills/views/default", READ, set_default),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ViewForm {
    name: String,
    shared: String,
    version: String,
    /// The address of the view, without its path.
    query: String,
}

impl ViewForm {
    fn new_view(&self) -> NewView {
        NewView { name: self.name.clone(), shared: self.shared == "yes" }
    }

    fn view(&self) -> super::super::matrix::filter::View {
        serde_urlencoded::from_str::<ViewFields>(&self.query).unwrap_or_default().today()
    }
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let actor = cx.actor()?;
    let (saved, choices) = (model::list(&cx.app, actor).await?, choices(&cx.app, actor).await?);
    Ok(cx.page("Saved views", views::index(&cx, &saved, &choices)))
}

#[handler]
async fn create(cx: Context, Form(form): Form<ViewForm>) -> Result<Response> {
    let view = form.view();
    match model::create(&cx.app, cx.actor()?, &form.new_view(), &view).await {
        Ok(_) => {
            let text = format!("“{}” is saved.", form.name.trim());
            Ok(cx.see_other_with(&view.address(), Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => {
            let query = view.query();
            let state = FormState { id: None, new: form.new_view(), version: 0, query: &query, conflict: None };
            Ok(cx.invalid_page("Save a view", views::form_page(&cx, &state, Some(&invalid))))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let saved = model::changeable(&cx.app, cx.actor()?, id).await?;
    let new = NewView { name: saved.name.clone(), shared: saved.shared };
    let state = FormState { id: Some(id), new, version: saved.version, query: &saved.query, conflict: None };
    Ok(cx.page("Rename a view", views::form_page(&cx, &state, None)))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<ViewForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let before = model::changeable(&cx.app, actor, id).await?;
    let version = number_of(&form.version).unwrap_or(0);
    // Who may not share sends no such field, and leaves a view as it is.
    let shared = if actor.may(EDIT) { form.shared == "yes" } else { before.shared };
    let new = NewView { name: form.name.clone(), shared };
    let outcome = model::update(&cx.app, actor, id, version, &new).await;
    let state = |saved: &SavedView, conflict: Option<String>| FormState {
        id: Some(id),
        new: new.clone(),
        version: if conflict.is_some() { saved.version } else { version },
        query: "",
        conflict,
    };
    match outcome {
        Ok(()) => Ok(cx.see_other_with("/skills/views", Tone::Success, &format!("“{}” is saved.", new.name.trim()))),
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("Rename a view", views::form_page(&cx, &state(&before, None), Some(&invalid))))
        }
        Err(Error::Conflict(_)) => {
            let now = model::changeable(&cx.app, actor, id).await?;
            let text =
                format!("Somebody else named this view “{}” in the meantime. Yours is still in the form.", now.name);
            let mut response = cx.page("Rename a view", views::form_page(&cx, &state(&now, Some(text)), None));
            response.set_status(StatusCode::CONFLICT);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let gone = model::delete(&cx.app, cx.actor()?, id).await?;
    Ok(cx.see_other_with("/skills/views", Tone::Success, &format!("“{}” is deleted.", gone.name)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DefaultForm {
    /// Empty to open with everything.
    view: String,
}

#[handler]
async fn set_default(cx: Context, Form(form): Form<DefaultForm>) -> Result<Response> {
    let id = id_of(&form.view);
    model::set_default(&cx.app, cx.actor()?, id).await?;
    let text =
        if id.is_some() { "The matrix opens with this view now." } else { "The matrix opens with everything now." };
    Ok(cx.see_other_with("/skills/views", Tone::Success, text))
}
