//! The list of handoffs, and the page of one.

use super::model::{self, Filter, Handoff, State};
use super::outcomes::handlers::OutcomeForm;
use super::outcomes::views::{Receivers, Refused};
use super::views::{self, IndexPage};
use super::{ALL, READ, TOPIC, contingencies, items, questions, sections};
use crate::accounts::people::{self, PeopleFilter};
use crate::accounts::teams;
use crate::error::{Invalid, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::id_of;
use maud::Markup;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

const AT_ONCE: i64 = 50;
const MOST_PEOPLE: i64 = 500;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/handoffs", READ, index),
        Route::get("/handoffs/:id", READ, show),
        Route::get("/handoffs/:id/print", READ, print),
    ]
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct IndexQuery {
    pub team: String,
    pub state: String,
    pub text: String,
    pub page: String,
}

#[handler]
async fn index(cx: Context, Query(query): Query<IndexQuery>) -> Result<Response> {
    let actor = cx.actor()?;
    let filter =
        Filter { team_id: id_of(&query.team), state: State::from_name(&query.state), text: query.text.clone() };
    let page = id_of(&query.page).unwrap_or(1).max(1);
    let mut rows = model::list(&cx.app, actor, &filter, AT_ONCE + 1, (page - 1) * AT_ONCE).await?;
    let has_more = rows.len() as i64 > AT_ONCE;
    rows.truncate(AT_ONCE as usize);
    let (waiting, _) = model::open(&cx.app, actor).await?;
    let responsible = match actor.team_id {
        Some(team) => model::responsible(&cx.app, actor, team).await?,
        None => None,
    };
    let teams = teams::all(&cx.app.db, actor).await?;
    let page = IndexPage { query: &query, rows: &rows, has_more, page, waiting: &waiting, responsible, teams: &teams };
    Ok(cx.live_page("Handoffs", Some(TOPIC), views::index(&cx, &page)))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let handoff = model::get(&cx.app, cx.actor()?, id).await?;
    let content = content(&cx, &handoff, None).await?;
    Ok(cx.live_page(&handoff.title, Some(TOPIC), content))
}

async fn content(cx: &Context, handoff: &Handoff, refused: Option<&Refused<'_>>) -> Result<Markup> {
    let written = sections::model::list(&cx.app, handoff.id).await?;
    let parts = [
        items::views::all(cx, handoff, None).await?,
        contingencies::views::all(cx, handoff, None).await?,
        questions::views::all(cx, handoff, None).await?,
    ];
    let receivers = receivers(cx, handoff).await?;
    Ok(views::show(cx, handoff, &written, &parts, &receivers, refused))
}

/// Only who may send it needs to know to whom it could go.
async fn receivers(cx: &Context, handoff: &Handoff) -> Result<Receivers> {
    if !handoff.may_send() && !handoff.may_redirect() {
        return Ok(Receivers { teams: Vec::new(), people: Vec::new() });
    }
    let actor = cx.actor()?;
    let teams = teams::all(&cx.app.db, actor).await?;
    let (people, _) = people::list(&cx.app.db, actor, &PeopleFilter::default(), MOST_PEOPLE, 0).await?;
    Ok(Receivers { teams, people: people.into_iter().map(|person| (person.id, person.name)).collect() })
}

/// The page again, with the form that could not be taken.
pub(super) async fn with_problem(cx: &Context, id: i64, form: &OutcomeForm, invalid: &Invalid) -> Result<Response> {
    let handoff = model::get(&cx.app, cx.actor()?, id).await?;
    let content = content(cx, &handoff, Some(&Refused { form, invalid })).await?;
    let mut response = cx.live_page(&handoff.title, Some(TOPIC), content);
    response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(response)
}

#[handler]
async fn print(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let handoff = model::get(&cx.app, cx.actor()?, id).await?;
    let written = sections::model::list(&cx.app, id).await?;
    let items = items::model::list(&cx.app, id).await?;
    let foreseen = contingencies::model::list(&cx.app, id).await?;
    Ok(cx.page(&handoff.title, views::print(&handoff, &written, &items, &foreseen)))
}

/// What is left of a page after something was done to a part of it: that part where htmx asked, else the page around it.
pub(super) fn part(cx: &Context, handoff: &Handoff, content: Markup, status: StatusCode) -> Response {
    if cx.is_partial() {
        return cx.fragment_with(status, content);
    }
    let mut response = cx.page(&handoff.title, views::again(handoff, content));
    response.set_status(status);
    response
}

/// Whether the actor sees more than one team's handoffs.
pub(super) fn sees_all(cx: &Context) -> bool {
    cx.may(ALL)
}
