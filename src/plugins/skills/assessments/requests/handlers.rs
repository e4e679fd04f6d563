//! The form that asks for an assessment.

use super::super::super::READ;
use super::model::{self, Choices, Offer, Request, Whom};
use super::views::{self, FormPage};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::plugins::skills::categories::model as categories;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Who may ask depends on whom, so the model decides.
        Route::get("/skills/assessments/new", READ, new_form),
        Route::post("/skills/assessments", READ, create),
    ]
}

/// What the upper form chooses: whom, and which skills the lower one offers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    pub person: String,
    pub team: String,
    /// A category, or `gaps`.
    pub category: String,
}

impl Place {
    pub fn offer(&self) -> Offer {
        match (self.category.as_str(), id_of(&self.category)) {
            ("gaps", _) => Offer::Gaps,
            (_, Some(id)) => Offer::Category(id),
            _ => Offer::None,
        }
    }
}

/// The lower form as it was sent: `skill` comes once for each chosen one.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub place: Place,
    pub whom: String,
    /// `None` while nothing was sent: then all that are offered are chosen.
    pub skills: Option<Vec<i64>>,
    pub due: String,
    pub note: String,
}

impl Typed {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Typed { skills: Some(Vec::new()), ..Typed::default() };
        for (name, value) in fields {
            match name.as_str() {
                "person" => typed.place.person = value,
                "team" => typed.place.team = value,
                "category" => typed.place.category = value,
                "whom" => typed.whom = value,
                "due" => typed.due = value,
                "note" => typed.note = value,
                "skill" => typed.skills.get_or_insert_default().extend(id_of(&value)),
                _ => {}
            }
        }
        typed
    }

    fn request(&self) -> Request {
        Request {
            whom: Whom::parse(&self.whom),
            skills: self.skills.clone().unwrap_or_default(),
            due: self.due.clone(),
            note: self.note.clone(),
        }
    }
}

#[handler]
async fn new_form(cx: Context, Query(place): Query<Place>) -> Result<Response> {
    let choices = choices(&cx, &place).await?;
    form_page(&cx, &Typed { place, ..Typed::default() }, &choices, None).await
}

#[handler]
async fn create(cx: Context, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let typed = Typed::of(fields);
    match model::ask(&cx.app, cx.actor()?, &typed.request()).await {
        Ok(ids) => {
            let to = ids.first().filter(|_| ids.len() == 1).map(|id| format!("/skills/assessments/{id}"));
            let text = if ids.len() == 1 { "Asked.".to_owned() } else { format!("{} people were asked.", ids.len()) };
            Ok(cx.see_other_with(to.as_deref().unwrap_or("/skills/assessments"), Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => {
            let choices = choices(&cx, &typed.place).await?;
            let mut response = form_page(&cx, &typed, &choices, Some(&invalid)).await?;
            response.set_status(poem::http::StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

async fn choices(cx: &Context, place: &Place) -> Result<Choices> {
    model::choices(&cx.app, cx.actor()?, id_of(&place.person), id_of(&place.team), place.offer()).await
}

async fn form_page(cx: &Context, typed: &Typed, choices: &Choices, invalid: Option<&Invalid>) -> Result<Response> {
    let categories = categories::tree(&cx.app, cx.actor()?).await?;
    let page =
        FormPage { typed, choices, categories: categories.all(), invalid, csrf: cx.csrf(), now_ms: cx.app.now_ms() };
    Ok(cx.page("Ask for an assessment", views::form(&page)))
}
