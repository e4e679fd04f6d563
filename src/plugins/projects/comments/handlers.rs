//! Comments of a task: said, changed, taken back.

use super::super::READ;
use super::super::outline::Outline;
use super::super::tasks::handlers::around;
use super::super::tasks::model::{self as tasks, Details, path};
use super::super::tasks::views as task_views;
use super::model::{self, Comment, Outcome, Said};
use super::views;
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use maud::Markup;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/tasks/:id/comments", READ, index),
        // Who works in the project may; the model decides, and whose comment it is.
        Route::post("/projects/tasks/:id/comments", READ, create),
        Route::get("/projects/comments/:id", READ, show),
        Route::get("/projects/comments/:id/edit", READ, edit),
        Route::post("/projects/comments/:id", READ, update),
        Route::post("/projects/comments/:id/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CommentForm {
    body: String,
    submission: String,
    version: String,
}

#[handler]
async fn index(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let details = tasks::get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    Ok(cx.fragment(views::list(&cx, &details, &model::list(&cx.app, id).await?)))
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<CommentForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let details = tasks::get(&cx.app, actor, id).await?;
    match model::create(&cx.app, actor, &details, &form.body, &form.submission).await {
        Ok(said) => said_answer(&cx, &details, &said).await,
        Err(Error::Invalid(invalid)) => refused(&cx, &details, &form.body, &invalid).await,
        Err(other) => Err(other),
    }
}

/// In the page: the comments and an empty form. Without scripts: the page, which asks about those who were named and take
/// no part.
async fn said_answer(cx: &Context, details: &Details, said: &Said) -> Result<Response> {
    let asked = views::asked(cx, details, &said.outsiders);
    if !cx.is_partial() && said.outsiders.is_empty() {
        return Ok(cx.see_other(&format!("{}#comment-{}", path(details.task.id), said.id)));
    }
    if !cx.is_partial() {
        return whole_page(cx, details, asked, StatusCode::OK).await;
    }
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    let comments = model::list(&cx.app, details.task.id).await?;
    Ok(cx.fragment(views::after_saying(cx, details, &outline, &comments, asked)))
}

async fn whole_page(cx: &Context, details: &Details, asked: Markup, status: StatusCode) -> Result<Response> {
    let around = around(cx, details).await?;
    let mut response = cx.page(&details.task.title, task_views::show(cx, details, &around, asked));
    response.set_status(status);
    Ok(response)
}

async fn refused(cx: &Context, details: &Details, body: &str, invalid: &Invalid) -> Result<Response> {
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    let form = views::new_form(cx, details, &outline, body, Some(invalid));
    match cx.is_partial() {
        true => Ok(cx.fragment_with(StatusCode::UNPROCESSABLE_ENTITY, form)),
        false => Ok(cx.invalid_page(&details.task.title, views::form_page(details, form))),
    }
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (comment, details) = model::find(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&format!("{}#comment-{id}", path(details.task.id))));
    }
    Ok(cx.fragment(views::comment(&cx, &details, &comment)))
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (comment, details) = model::changeable(&cx.app, cx.actor()?, id).await?;
    Ok(form(&cx, &details, &views::Editing::of(&comment), None, StatusCode::OK))
}

fn form(
    cx: &Context,
    details: &Details,
    editing: &views::Editing<'_>,
    invalid: Option<&Invalid>,
    status: StatusCode,
) -> Response {
    if cx.is_partial() {
        return cx.fragment_with(status, views::editing(cx, editing, invalid));
    }
    let form = views::edit_form(cx, editing, invalid);
    let mut response = cx.page("Change a comment", views::form_page(details, form));
    response.set_status(status);
    response
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(sent): Form<CommentForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let (before, details) = model::changeable(&cx.app, actor, id).await?;
    let version = number_of(&sent.version).unwrap_or(0);
    let editing = |version: i64, now: Option<&Comment>| views::Editing {
        id,
        body: sent.body.clone(),
        version,
        now: now.cloned(),
        comment: &before,
    };
    match model::update(&cx.app, actor, id, version, &sent.body).await {
        Ok(Outcome::Saved) if !cx.is_partial() => Ok(cx.see_other(&format!("{}#comment-{id}", path(details.task.id)))),
        Ok(Outcome::Saved) => {
            let (comment, details) = model::find(&cx.app, actor, id).await?;
            Ok(cx.fragment(views::comment(&cx, &details, &comment)))
        }
        Ok(Outcome::Conflict(now)) => {
            Ok(form(&cx, &details, &editing(now.version, Some(&now)), None, StatusCode::CONFLICT))
        }
        Err(Error::Invalid(invalid)) => {
            Ok(form(&cx, &details, &editing(version, None), Some(&invalid), StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let details = model::remove(&cx.app, cx.actor()?, id).await?;
    if cx.is_partial() {
        let comments = model::list(&cx.app, details.task.id).await?;
        return Ok(cx.fragment(views::list(&cx, &details, &comments)));
    }
    Ok(cx.see_other_with(&path(details.task.id), Tone::Success, "The comment is taken back."))
}
