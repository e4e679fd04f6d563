//! The categories: the tree with its counts, where they are made, renamed, moved and deleted.

use super::super::{EDIT, READ};
use super::model::{self, Branch, NewCategory};
use super::views::{self, AddForm, EditForm, List};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

const HERE: &str = "/skills/catalogue/categories";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, READ, index),
        Route::post(HERE, EDIT, create),
        Route::get("/skills/catalogue/categories/:id/edit", EDIT, edit),
        Route::post("/skills/catalogue/categories/:id", EDIT, update),
        Route::post("/skills/catalogue/categories/:id/deletion", EDIT, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CategoryForm {
    name: String,
    parent: String,
    version: String,
}

impl From<&CategoryForm> for NewCategory {
    fn from(form: &CategoryForm) -> Self {
        NewCategory { name: form.name.clone(), parent_id: id_of(&form.parent) }
    }
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    page(&cx, &AddForm::default(), None, StatusCode::OK).await
}

#[handler]
async fn create(cx: Context, Form(form): Form<CategoryForm>) -> Result<Response> {
    let new = NewCategory::from(&form);
    match model::create(&cx.app, cx.actor()?, &new).await {
        Ok(made) => done(&cx, &format!("{} was added.", made.title())).await,
        Err(Error::Invalid(invalid)) => {
            let add = AddForm { new, invalid: Some(invalid) };
            page(&cx, &add, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let branch = model::get(&cx.app, cx.actor()?, id).await?;
    let form = EditForm {
        id,
        version: branch.category.version,
        new: NewCategory { name: branch.part, parent_id: branch.category.parent_id },
        problem: None,
        is_conflict: false,
    };
    page(&cx, &AddForm::default(), Some(form), StatusCode::OK).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<CategoryForm>) -> Result<Response> {
    let new = NewCategory::from(&form);
    let version = number_of(&form.version).unwrap_or(0);
    match model::update(&cx.app, cx.actor()?, id, version, &new).await {
        Ok(changed) => done(&cx, &format!("The category is “{}” now.", changed.title())).await,
        Err(Error::Invalid(invalid)) => {
            let form = EditForm { id, version, new, problem: Some(problem_of(&invalid)), is_conflict: false };
            page(&cx, &AddForm::default(), Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict(text)) => {
            // The form holds the version that stands there now, so that saving again means it.
            let version = model::get(&cx.app, cx.actor()?, id).await?.category.version;
            let form = EditForm { id, version, new, problem: Some(text), is_conflict: true };
            page(&cx, &AddForm::default(), Some(form), StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    match model::delete(&cx.app, cx.actor()?, id).await {
        Ok(name) => done(&cx, &format!("{name} was deleted.")).await,
        Err(Error::Invalid(invalid)) => {
            let add = AddForm { new: NewCategory::default(), invalid: Some(invalid) };
            page(&cx, &add, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

fn problem_of(invalid: &Invalid) -> String {
    let messages: Vec<&str> = invalid.errors().iter().map(|error| error.message.as_str()).collect();
    messages.join(" ")
}

async fn done(cx: &Context, text: &str) -> Result<Response> {
    if cx.is_partial() {
        return page(cx, &AddForm::default(), None, StatusCode::OK).await;
    }
    Ok(cx.see_other_with(HERE, Tone::Success, text))
}

/// The page, or the list with its forms alone when htmx asks: a change may move many of its lines.
async fn page(cx: &Context, add: &AddForm, edited: Option<EditForm>, status: StatusCode) -> Result<Response> {
    let branches: Vec<Branch> = model::branches(&cx.app, cx.actor()?).await?;
    let list = List { branches: &branches, add, edited: edited.as_ref(), may_edit: cx.may(EDIT), csrf: cx.csrf() };
    if cx.is_partial() {
        return Ok(cx.fragment_with(status, views::section(&list)));
    }
    let mut response = cx.page("Categories", views::index(&list));
    response.set_status(status);
    Ok(response)
}
