//! The form that begins a handoff.

use super::super::WRITE;
use super::model::{self, NewHandoff};
use super::views::{self, BeginPage};
use crate::accounts::people::{self, PeopleFilter};
use crate::accounts::teams;
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::plugins::handoffs::ALL;
use crate::plugins::handoffs::model::path;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

/// How many people a list of receivers holds.
const MOST_PEOPLE: i64 = 500;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/handoffs/new", WRITE, new_form), Route::post("/handoffs", WRITE, create)]
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct BeginForm {
    pub team_id: String,
    pub title: String,
    pub receiver: String,
    pub severity: String,
    pub submission: String,
}

#[handler]
async fn new_form(cx: Context, Query(form): Query<BeginForm>) -> Result<Response> {
    page(&cx, &form, None).await
}

#[handler]
async fn create(cx: Context, Form(form): Form<BeginForm>) -> Result<Response> {
    let begun = NewHandoff {
        team_id: id_of(&form.team_id).unwrap_or(0),
        title: form.title.clone(),
        receiver: form.receiver.clone(),
        severity: form.severity.clone(),
        submission: form.submission.clone(),
    };
    match model::begin(&cx.app, cx.actor()?, &begun).await {
        Ok(id) => {
            let text =
                "This is what changed and what is open. Strike out what does not matter, add what does, then send it.";
            Ok(cx.see_other_with(&path(id), Tone::Info, text))
        }
        Err(Error::Invalid(invalid)) => page(&cx, &form, Some(&invalid)).await,
        Err(other) => Err(other),
    }
}

async fn page(cx: &Context, form: &BeginForm, invalid: Option<&Invalid>) -> Result<Response> {
    let actor = cx.actor()?;
    let all_teams = teams::all(&cx.app.db, actor).await?;
    let (people, _) = people::list(&cx.app.db, actor, &PeopleFilter::default(), MOST_PEOPLE, 0).await?;
    let page = BeginPage {
        form,
        own_team: actor.team_id,
        may_choose: actor.may(ALL),
        teams: &all_teams,
        people: people
            .iter()
            .filter(|person| !actor.is(person.id))
            .map(|person| (person.id, person.name.as_str()))
            .collect(),
        invalid,
        csrf: cx.csrf(),
    };
    let content = views::begin(&page, cx.app.now_ms());
    Ok(if invalid.is_some() { cx.invalid_page(views::TITLE, content) } else { cx.page(views::TITLE, content) })
}
