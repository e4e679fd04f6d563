//! Routes of people: the list and the form.

use super::model;
use super::views::{self, FormPage, ListPage};
use crate::accounts::invitations;
use crate::accounts::people::{self, NewPerson, PeopleFilter, Person};
use crate::accounts::{READ, WRITE, roles, teams};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", READ, index),
        Route::get("/people/new", WRITE, new),
        Route::post("/people", WRITE, create),
        Route::get("/people/:id/edit", WRITE, edit),
        Route::post("/people/:id", WRITE, update),
    ]
}

const PEOPLE_PER_PAGE: i64 = 50;

/// The list as its address tells it. A form sends empty fields too, so that all of them are texts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListQuery {
    pub team: String,
    pub text: String,
    pub page: String,
}

impl ListQuery {
    fn filter(&self) -> PeopleFilter {
        PeopleFilter { team_id: self.team.parse().ok(), text: self.text.clone() }
    }

    /// Counted from 1. A number without any sense is the first page.
    fn page(&self) -> i64 {
        self.page.parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }

    /// The address of another page of the same list.
    fn at(&self, page: i64) -> String {
        let query = ListQuery { page: page.to_string(), ..self.clone() };
        format!("/people?{}", serde_urlencoded::to_string(&query).unwrap_or_default())
    }

    pub fn is_filtered(&self) -> bool {
        !self.team.is_empty() || !self.text.trim().is_empty()
    }
}

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let (actor, db) = (cx.actor()?, &cx.app.db);
    let page = query.page();
    let first = (page - 1) * PEOPLE_PER_PAGE;
    let (people, total) = people::list(db, actor, &query.filter(), PEOPLE_PER_PAGE, first).await?;
    let last_page = (total - 1).max(0) / PEOPLE_PER_PAGE + 1;
    if page > last_page {
        return Ok(cx.see_other(&query.at(last_page)));
    }
    let list = ListPage {
        people: &people,
        teams: &teams::all(db, actor).await?,
        query: &query,
        first: first + 1,
        total,
        previous: (page > 1).then(|| query.at(page - 1)),
        next: (page < last_page).then(|| query.at(page + 1)),
        may_write: cx.may(WRITE),
        has_skills: cx.app.plugins_on().any(|plugin| plugin.id == "skills"),
    };
    Ok(cx.page("People", views::index(&list)))
}

/// The fields of a person as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    pub name: String,
    pub email: String,
    pub title: String,
    pub team_id: String,
    /// Chosen for somebody new only.
    pub role: String,
    pub version: i64,
}

impl PersonForm {
    fn of(person: &Person) -> Self {
        PersonForm {
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            title: person.title.clone(),
            team_id: person.team_id.map(|id| id.to_string()).unwrap_or_default(),
            role: String::new(),
            version: person.version,
        }
    }

    pub(super) fn new_person(&self) -> NewPerson {
        NewPerson {
            name: self.name.clone(),
            email: self.email.clone(),
            title: self.title.clone(),
            // What is no number is the id of no team, and is told so like any other id that is gone.
            team_id: (!self.team_id.is_empty()).then(|| self.team_id.parse().unwrap_or(0)),
        }
    }
}

#[handler]
async fn new(cx: Context) -> Result<Response> {
    let form = PersonForm { role: roles::USUAL.to_owned(), ..PersonForm::default() };
    form_page(&cx, &form, Shown::New, None).await
}

#[handler]
async fn create(cx: Context, Form(form): Form<PersonForm>) -> Result<Response> {
    match model::add_person(&cx.app, cx.actor()?, &form.new_person(), &form.role).await {
        Ok(person) => Ok(cx.see_other_with("/people", Tone::Success, &format!("{} was added.", person.name))),
        Err(Error::Invalid(invalid)) => form_page(&cx, &form, Shown::New, Some(&invalid)).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let person = people::get(&cx.app.db, cx.actor()?, id).await?;
    form_page(&cx, &PersonForm::of(&person), Shown::Edit(&person), None).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<PersonForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let error = match model::change_person(&cx.app, actor, id, form.version, &form.new_person()).await {
        Ok(person) => {
            return Ok(cx.see_other_with("/people", Tone::Success, &format!("{} was changed.", person.name)));
        }
        Err(error) => error,
    };
    let saved = people::get(&cx.app.db, actor, id).await?;
    match error {
        Error::Invalid(invalid) => form_page(&cx, &form, Shown::Edit(&saved), Some(&invalid)).await,
        Error::Conflict(_) => form_page(&cx, &form, Shown::Conflict(&saved), None).await,
        other => Err(other),
    }
}

/// What the form is shown for.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    New,
    Edit(&'a Person),
    /// Somebody else saved this person first.
    Conflict(&'a Person),
}

async fn form_page(cx: &Context, form: &PersonForm, shown: Shown<'_>, invalid: Option<&Invalid>) -> Result<Response> {
    let teams = teams::all(&cx.app.db, cx.actor()?).await?;
    let way_in = match shown {
        Shown::New => None,
        Shown::Edit(saved) | Shown::Conflict(saved) => {
            Some(invitations::way_in(&cx.app.db, cx.actor()?, saved.id).await?)
        }
    };
    let roles = roles::for_new_people(cx.actor()?);
    let page = FormPage { form, shown, teams: &teams, roles: &roles, invalid, way_in, csrf: cx.csrf() };
    let mut response = cx.page(page.title(), views::form(&page));
    match (shown, invalid) {
        (_, Some(_)) => response.set_status(StatusCode::UNPROCESSABLE_ENTITY),
        (Shown::Conflict(_), None) => response.set_status(StatusCode::CONFLICT),
        _ => {}
    }
    Ok(response)
}
