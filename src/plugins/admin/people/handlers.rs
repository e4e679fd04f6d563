//! Routes of people: the list with its changes of many, a person, and what was done lately.

use super::super::frame;
use super::fields::{BatchForm, ListQuery};
use super::model;
use super::views::{self, ListPage, PersonPage};
use crate::accounts::administration::{self, Change, Chosen, Done};
use crate::accounts::{ADMINISTER, Actor, teams};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/people", ADMINISTER, index),
        Route::get("/admin/people/batches", ADMINISTER, batches),
        Route::post("/admin/people/batches", ADMINISTER, create),
        Route::post("/admin/people/batches/:id/reversal", ADMINISTER, reverse),
        Route::get("/admin/people/:id", ADMINISTER, show),
        Route::post("/admin/people/:id/changes", ADMINISTER, create_change),
    ]
}

const PER_PAGE: i64 = 50;
const BATCHES: i64 = 100;

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    list_page(&cx, &query, None).await
}

async fn list_page(cx: &Context, query: &ListQuery, problem: Option<(StatusCode, &str)>) -> Result<Response> {
    let (actor, app) = (cx.actor()?, &cx.app);
    let page = query.page();
    let (people, total) = model::list(app, actor, &query.filter(), PER_PAGE, (page - 1) * PER_PAGE).await?;
    let last_page = (total - 1).max(0) / PER_PAGE + 1;
    if page > last_page {
        return Ok(cx.see_other(&query.at(last_page)));
    }
    let list = ListPage {
        people: &people,
        roles: &model::roles(app, actor).await?,
        teams: &teams::all(&app.db, actor).await?,
        query,
        first: (page - 1) * PER_PAGE + 1,
        total,
        previous: (page > 1).then(|| query.at(page - 1)),
        next: (page < last_page).then(|| query.at(page + 1)),
        done: done_of(cx, actor, query).await,
        problem: problem.map(|(_, text)| text),
        may_change_roles: actor.is_administrator(),
        now_ms: app.now_ms(),
        csrf: cx.csrf(),
    };
    let mut response = frame::page(cx, "People", views::index(&list));
    if let Some((status, _)) = problem {
        response.set_status(status);
    }
    Ok(response)
}

/// The batch that the page before has made, as long as it can be taken back.
async fn done_of(cx: &Context, actor: &Actor, query: &ListQuery) -> Option<administration::Batch> {
    let batch = administration::batch(&cx.app.db, actor, query.done.parse().ok()?).await.ok()?;
    batch.undone_at.is_none().then_some(batch)
}

#[handler]
async fn create(cx: Context, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = BatchForm::of(&fields);
    let done = match form.change {
        Ok(change) => model::apply(&cx.app, cx.actor()?, &form.chosen, change).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => Ok(cx.see_other_with(&form.query.with_done(done.batch_id), tone(&done), &sentence(&done))),
        Err(error) => refused(&cx, &form.query, error).await,
    }
}

/// The list again, with what is wrong; whoever was ticked is no longer, since they may have changed.
async fn refused(cx: &Context, query: &ListQuery, error: Error) -> Result<Response> {
    match error {
        Error::Invalid(invalid) => {
            let text = invalid.errors().iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ");
            list_page(cx, query, Some((StatusCode::UNPROCESSABLE_ENTITY, &text))).await
        }
        Error::Conflict(text) => list_page(cx, query, Some((StatusCode::CONFLICT, &text))).await,
        other => Err(other),
    }
}

fn tone(done: &Done) -> Tone {
    if done.changed.is_empty() { Tone::Info } else { Tone::Success }
}

fn sentence(done: &Done) -> String {
    if done.changed.is_empty() { "They were like that already.".to_owned() } else { format!("{}.", done.text) }
}

#[handler]
async fn batches(cx: Context) -> Result<Response> {
    let batches = administration::recent(&cx.app.db, cx.actor()?, BATCHES).await?;
    Ok(frame::page(&cx, "Changes of people", views::batches(&batches, cx.app.now_ms(), cx.csrf())))
}

#[handler]
async fn reverse(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    match model::undo(&cx.app, cx.actor()?, id).await {
        Ok(done) => Ok(cx.see_other_with("/admin/people/batches", Tone::Success, &format!("{}.", done.text))),
        Err(Error::Conflict(text)) => Ok(cx.see_other_with("/admin/people/batches", Tone::Warning, &text)),
        Err(Error::Invalid(invalid)) => {
            Ok(cx.see_other_with("/admin/people/batches", Tone::Warning, &invalid.to_string()))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    person_page(&cx, id, None).await
}

async fn person_page(cx: &Context, id: i64, problem: Option<(StatusCode, &str)>) -> Result<Response> {
    let (actor, app) = (cx.actor()?, &cx.app);
    let person = model::get(app, actor, id).await?;
    let page = PersonPage {
        held: &model::roles_of(app, actor, id).await?,
        roles: &model::roles(app, actor).await?,
        person: &person,
        problem: problem.map(|(_, text)| text),
        may_change_roles: actor.is_administrator(),
        is_own: actor.is(id),
        now_ms: app.now_ms(),
        csrf: cx.csrf(),
    };
    let mut response = frame::page(cx, &person.name, views::show(&page));
    if let Some((status, _)) = problem {
        response.set_status(status);
    }
    Ok(response)
}

#[handler]
async fn create_change(
    cx: Context,
    Path(id): Path<i64>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let form = BatchForm::of(&fields);
    let chosen: Vec<Chosen> = form.chosen.into_iter().filter(|chosen| chosen.id == id).collect();
    match apply_one(&cx, &chosen, form.change).await {
        Ok(done) => Ok(cx.see_other_with(&format!("/admin/people/{id}"), tone(&done), &sentence(&done))),
        Err(Error::Invalid(invalid)) => {
            let text = invalid.errors().iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ");
            person_page(&cx, id, Some((StatusCode::UNPROCESSABLE_ENTITY, &text))).await
        }
        Err(Error::Conflict(text)) => person_page(&cx, id, Some((StatusCode::CONFLICT, &text))).await,
        Err(other) => Err(other),
    }
}

async fn apply_one(cx: &Context, chosen: &[Chosen], change: Result<Change>) -> Result<Done> {
    model::apply(&cx.app, cx.actor()?, chosen, change?).await
}
