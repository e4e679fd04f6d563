//! Job roles: the list, one of them, and how they are made, renamed and deleted.

use super::super::{READ, TARGETS_ALL};
use super::model::{self, JobRole};
use super::people::model as holders;
use super::people::views::{self as people, AddForm, Assigner};
use super::views::{self, NewForm, Page, RenameForm};
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
        Route::get("/skills/job-roles", READ, index),
        Route::post("/skills/job-roles", TARGETS_ALL, create),
        Route::get("/skills/job-roles/:id", READ, show),
        Route::get("/skills/job-roles/:id/edit", TARGETS_ALL, edit),
        Route::post("/skills/job-roles/:id", TARGETS_ALL, update),
        Route::get("/skills/job-roles/:id/deletion", TARGETS_ALL, new_deletion),
        Route::post("/skills/job-roles/:id/deletion", TARGETS_ALL, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct JobRoleForm {
    name: String,
    version: String,
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    list_page(&cx, &NewForm::default()).await
}

async fn list_page(cx: &Context, new: &NewForm<'_>) -> Result<Response> {
    let job_roles = model::list(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Job roles", views::index(&job_roles, new, cx.csrf(), cx.may(TARGETS_ALL))))
}

#[handler]
async fn create(cx: Context, Form(form): Form<JobRoleForm>) -> Result<Response> {
    let invalid = match model::create(&cx.app, cx.actor()?, &form.name).await {
        Ok(made) => {
            let text = format!("“{}” was made. Say who has it.", made.name);
            return Ok(cx.see_other_with(&format!("/skills/job-roles/{}", made.id), Tone::Success, &text));
        }
        Err(Error::Invalid(invalid)) => invalid,
        Err(other) => return Err(other),
    };
    let mut response = list_page(&cx, &NewForm { name: &form.name, invalid: Some(&invalid) }).await?;
    response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(response)
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let job_role = model::get(&cx.app, cx.actor()?, id).await?;
    page(&cx, &job_role, AddForm::default(), None).await
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let job_role = model::get(&cx.app, cx.actor()?, id).await?;
    let rename = RenameForm { job_role: &job_role, name: &job_role.name, problem: None, is_conflict: false };
    page(&cx, &job_role, AddForm::default(), Some(rename)).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<JobRoleForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let version = number_of(&form.version).unwrap_or(0);
    let error = match model::rename(&cx.app, actor, id, version, &form.name).await {
        Ok(renamed) => {
            let text = format!("It is called “{}” now.", renamed.name);
            return Ok(cx.see_other_with(&format!("/skills/job-roles/{id}"), Tone::Success, &text));
        }
        Err(error) => error,
    };
    let saved = model::get(&cx.app, actor, id).await?;
    let (based, problem, status) = match error {
        Error::Invalid(invalid) => {
            let problem = invalid.of("name").map(str::to_owned);
            (JobRole { version, ..saved.clone() }, problem, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Error::Conflict(text) => (saved.clone(), Some(text), StatusCode::CONFLICT),
        other => return Err(other),
    };
    let is_conflict = status == StatusCode::CONFLICT;
    let rename = RenameForm { job_role: &based, name: &form.name, problem, is_conflict };
    let mut response = page(&cx, &saved, AddForm::default(), Some(rename)).await?;
    response.set_status(status);
    Ok(response)
}

#[handler]
async fn new_deletion(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let job_role = model::get(&cx.app, cx.actor()?, id).await?;
    Ok(cx.page("Delete a job role", views::deletion(&job_role, None, cx.csrf())))
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>, Form(form): Form<JobRoleForm>) -> Result<Response> {
    let actor = cx.actor()?;
    match model::delete(&cx.app, actor, id, number_of(&form.version).unwrap_or(0)).await {
        Ok(gone) => Ok(cx.see_other_with("/skills/job-roles", Tone::Success, &format!("“{}” was deleted.", gone.name))),
        Err(Error::Conflict(text)) => {
            let saved = model::get(&cx.app, actor, id).await?;
            let mut response = cx.page("Delete a job role", views::deletion(&saved, Some(&text), cx.csrf()));
            response.set_status(StatusCode::CONFLICT);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// The people of a job role and the form below them; without htmx, the whole page.
pub async fn part_of(cx: &Context, id: i64, add: AddForm, status: StatusCode) -> Result<Response> {
    let job_role = model::get(&cx.app, cx.actor()?, id).await?;
    let mut response = page(cx, &job_role, add, None).await?;
    response.set_status(status);
    Ok(response)
}

async fn page(cx: &Context, job_role: &JobRole, add: AddForm, rename: Option<RenameForm<'_>>) -> Result<Response> {
    let actor = cx.actor()?;
    let page = Page {
        job_role,
        holders: &holders::holders(&cx.app, actor, job_role.id).await?,
        add,
        suggestions: &holders::suggest(&cx.app, actor, job_role.id, "").await?,
        rename,
        may_keep: cx.may(TARGETS_ALL),
        assigner: Assigner::of(actor),
        csrf: cx.csrf(),
    };
    if cx.is_partial() {
        return Ok(cx.fragment(people::section(&page)));
    }
    Ok(cx.page(&job_role.name, views::show(&page)))
}
