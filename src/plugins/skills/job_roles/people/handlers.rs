//! People of a job role, and job roles of a person.

use super::super::super::READ;
use super::super::handlers::part_of;
use super::model;
use super::views::{self, AddForm};
use crate::accounts::Actor;
use crate::accounts::people;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Who may give whom a job role depends on the person, so the model decides.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/skills/job-roles/:id/people", READ, create),
        Route::get("/skills/job-roles/:id/people/suggestions", READ, suggestions),
        Route::post("/skills/job-roles/:id/people/:person/removal", READ, remove),
        Route::get("/skills/people/:person/job-roles", READ, edit_of_person),
        Route::post("/skills/people/:person/job-roles", READ, update_of_person),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PersonField {
    person: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<PersonField>) -> Result<Response> {
    let actor = cx.actor()?;
    let added = match model::find(&cx.app, actor, &form.person).await {
        Ok(person) => model::add(&cx.app, actor, id, person.id).await.map(|()| person.name),
        Err(error) => Err(error),
    };
    match added {
        Ok(name) if !cx.is_partial() => {
            Ok(cx.see_other_with(&format!("/skills/job-roles/{id}"), Tone::Success, &format!("{name} has it now.")))
        }
        Ok(_) => part_of(&cx, id, AddForm { again: true, ..AddForm::default() }, StatusCode::OK).await,
        Err(Error::Invalid(invalid)) => {
            let add = AddForm { person: form.person, invalid: Some(invalid), again: false };
            part_of(&cx, id, add, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn suggestions(cx: Context, Path(id): Path<i64>, Query(typed): Query<PersonField>) -> Result<Response> {
    let people = model::suggest(&cx.app, cx.actor()?, id, &typed.person).await?;
    Ok(cx.fragment(views::options(&people)))
}

#[handler]
async fn remove(cx: Context, Path((id, person)): Path<(i64, i64)>) -> Result<Response> {
    model::remove(&cx.app, cx.actor()?, id, person).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other_with(&format!("/skills/job-roles/{id}"), Tone::Success, "It was taken away."));
    }
    part_of(&cx, id, AddForm::default(), StatusCode::OK).await
}

#[handler]
async fn edit_of_person(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    page_of_person(&cx, id, None).await
}

/// The boxes that are checked: the same name once for each.
#[handler]
async fn update_of_person(
    cx: Context,
    Path(id): Path<i64>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let checked = fields.iter().filter(|(name, _)| name == "job_role").filter_map(|(_, value)| id_of(value));
    match model::set(&cx.app, cx.actor()?, id, &checked.collect::<BTreeSet<i64>>()).await {
        Ok(()) => Ok(cx.see_other_with(&format!("/skills/people/{id}"), Tone::Success, "The job roles are saved.")),
        Err(Error::Invalid(invalid)) => page_of_person(&cx, id, Some(&invalid.to_string())).await,
        Err(other) => Err(other),
    }
}

async fn page_of_person(cx: &Context, id: i64, problem: Option<&str>) -> Result<Response> {
    let actor = cx.actor()?;
    let held = model::of_person(&cx.app, actor, id).await?;
    let person = people::get(&cx.app.db, &Actor::system(), id).await?;
    if !model::may_assign(actor, person.team_id) {
        return Err(Error::Forbidden);
    }
    let mut response = cx.page("Job roles", views::of_person(&person, &held, problem, cx.csrf()));
    if problem.is_some() {
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(response)
}
