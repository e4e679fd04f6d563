//! Routes of teams. Each answers htmx with the part that changes, and a plain form with the whole page.

use super::super::model;
use super::views::{self, AddForm, Line, RenameForm};
use crate::accounts::teams::{self, TeamDetails};
use crate::accounts::{READ, WRITE};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/teams", READ, index),
        Route::post("/people/teams", WRITE, create),
        Route::get("/people/teams/:id", READ, show),
        Route::get("/people/teams/:id/edit", WRITE, edit),
        Route::post("/people/teams/:id", WRITE, rename),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    list_page(&cx, &AddForm::default(), None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TeamForm {
    name: String,
    version: i64,
}

#[handler]
async fn create(cx: Context, Form(form): Form<TeamForm>) -> Result<Response> {
    let invalid = match model::add_team(&cx.app, cx.actor()?, &form.name).await {
        Ok(team) if !cx.is_partial() => {
            return Ok(cx.see_other_with("/people/teams", Tone::Success, &format!("{} was added.", team.name)));
        }
        Ok(_) => return section(&cx, &AddForm { again: true, ..AddForm::default() }).await,
        Err(Error::Invalid(invalid)) => invalid,
        Err(other) => return Err(other),
    };
    let add = AddForm { name: &form.name, invalid: Some(&invalid), again: false };
    let mut response = if cx.is_partial() { section(&cx, &add).await? } else { list_page(&cx, &add, None).await? };
    response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(response)
}

/// A row as it stands, which is what Cancel asks for. It has no page of its own.
#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let team = teams::get(&cx.app.db, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other("/people/teams"));
    }
    Ok(cx.fragment(views::row(&Line::Shown(&team), cx.csrf(), cx.may(WRITE))))
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let team = teams::get(&cx.app.db, cx.actor()?, id).await?;
    let form = RenameForm { team: &team, name: &team.name, problem: None, is_conflict: false };
    rename_form(&cx, &form, StatusCode::OK).await
}

#[handler]
async fn rename(cx: Context, Path(id): Path<i64>, Form(form): Form<TeamForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let error = match model::rename_team(&cx.app, actor, id, form.version, &form.name).await {
        Ok(team) => return renamed(&cx, &team),
        Err(error) => error,
    };
    let saved = teams::get(&cx.app.db, actor, id).await?;
    match error {
        Error::Invalid(invalid) => {
            // What was typed is based on the version that was shown, also when the name cannot be taken.
            let based = TeamDetails { version: form.version, ..saved };
            let problem = invalid.of("name").map(str::to_owned);
            let form = RenameForm { team: &based, name: &form.name, problem, is_conflict: false };
            rename_form(&cx, &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Error::Conflict(text) => {
            let form = RenameForm { team: &saved, name: &form.name, problem: Some(text), is_conflict: true };
            rename_form(&cx, &form, StatusCode::CONFLICT).await
        }
        other => Err(other),
    }
}

fn renamed(cx: &Context, team: &TeamDetails) -> Result<Response> {
    if cx.is_partial() {
        return Ok(cx.fragment(views::row(&Line::Shown(team), cx.csrf(), true)));
    }
    Ok(cx.see_other_with("/people/teams", Tone::Success, &format!("The team is called {} now.", team.name)))
}

async fn rename_form(cx: &Context, form: &RenameForm<'_>, status: StatusCode) -> Result<Response> {
    if cx.is_partial() {
        return Ok(cx.fragment_with(status, views::row(&Line::Renamed(form), cx.csrf(), true)));
    }
    let mut response = list_page(cx, &AddForm::default(), Some(form)).await?;
    response.set_status(status);
    Ok(response)
}

async fn list_page(cx: &Context, add: &AddForm<'_>, renamed: Option<&RenameForm<'_>>) -> Result<Response> {
    let teams = teams::list(&cx.app.db, cx.actor()?).await?;
    Ok(cx.page("Teams", views::index(&teams, add, renamed, cx.csrf(), cx.may(WRITE))))
}

/// The list with the form below it: a new team stands in its place by name, and the form is empty again.
async fn section(cx: &Context, add: &AddForm<'_>) -> Result<Response> {
    let teams = teams::list(&cx.app.db, cx.actor()?).await?;
    Ok(cx.fragment(views::section(&teams, add, None, cx.csrf(), true)))
}
