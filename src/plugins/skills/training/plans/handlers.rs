//! The form of a plan.

use super::super::super::READ;
use super::super::super::ratings::handlers::standing_text;
use super::super::model as training;
use super::model::{self, NewPlan};
use super::views::{self, FormPage, Subject};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::plugins::skills::levels::Standing;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Who plans for whom depends on the person and the skill, so the model decides.
        Route::get("/skills/training/new", READ, new_form),
        Route::post("/skills/training", READ, create),
        Route::get("/skills/training/:id/edit", READ, edit),
        Route::post("/skills/training/:id", READ, update),
    ]
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    person: String,
    skill: String,
}

/// The fields as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub person: String,
    pub skill: String,
    pub trainer: String,
    pub level: String,
    pub due: String,
    pub note: String,
    pub version: String,
}

impl PlanForm {
    fn new_plan(&self) -> NewPlan {
        NewPlan {
            // What is no id is the id of nobody, and is told so like any other that is gone.
            trainer: (!self.trainer.is_empty()).then(|| id_of(&self.trainer).unwrap_or(0)),
            level: self.level.clone(),
            due: self.due.clone(),
            note: self.note.replace("\r\n", "\n"),
        }
    }

    fn of(plan: &training::Plan) -> Self {
        PlanForm {
            person: plan.person_id.to_string(),
            skill: plan.skill_id.to_string(),
            trainer: plan.trainer_id.map(|id| id.to_string()).unwrap_or_default(),
            level: standing_text(&plan.scale, Standing::At(plan.level)),
            due: plan.due.clone(),
            note: plan.note.clone(),
            version: plan.version.to_string(),
        }
    }
}

#[handler]
async fn new_form(cx: Context, Query(place): Query<Place>) -> Result<Response> {
    let ids = (id_of(&place.person).ok_or(Error::NotFound)?, id_of(&place.skill).ok_or(Error::NotFound)?);
    let cell = model::cell(&cx.app, cx.actor()?, ids.0, ids.1).await?;
    let level = cell.required.map(|level| standing_text(&cell.scale, Standing::At(level))).unwrap_or_default();
    let form = PlanForm { person: place.person, skill: place.skill, level, ..PlanForm::default() };
    form_page(&cx, &Subject::of_cell(&cell), &form, None).await
}

#[handler]
async fn create(cx: Context, Form(form): Form<PlanForm>) -> Result<Response> {
    let ids = (id_of(&form.person).ok_or(Error::NotFound)?, id_of(&form.skill).ok_or(Error::NotFound)?);
    match model::create(&cx.app, cx.actor()?, ids, &form.new_plan()).await {
        Ok(id) => Ok(cx.see_other_with(
            &format!("/skills/training/{id}"),
            Tone::Success,
            "Planned. Those concerned were told.",
        )),
        Err(Error::Invalid(invalid)) => {
            let cell = model::cell(&cx.app, cx.actor()?, ids.0, ids.1).await?;
            form_page(&cx, &Subject::of_cell(&cell), &form, Some(&invalid)).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let plan = training::get(&cx.app, cx.actor()?, id).await?;
    if !plan.is_changed_by(cx.actor()?) {
        return Err(Error::Forbidden);
    }
    form_page(&cx, &Subject::of_plan(&plan, false), &PlanForm::of(&plan), None).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<PlanForm>) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let error = match model::update(&cx.app, cx.actor()?, id, version, &form.new_plan()).await {
        Ok(_) => {
            return Ok(cx.see_other_with(&format!("/skills/training/{id}"), Tone::Success, "The plan was changed."));
        }
        Err(error) => error,
    };
    let plan = training::get(&cx.app, cx.actor()?, id).await?;
    match error {
        Error::Invalid(invalid) => form_page(&cx, &Subject::of_plan(&plan, false), &form, Some(&invalid)).await,
        // A plan that was closed meanwhile takes no changes: its page says so.
        Error::Conflict(_) if plan.is_changed_by(cx.actor()?) => {
            let form = PlanForm { version: plan.version.to_string(), ..form };
            form_page(&cx, &Subject::of_plan(&plan, true), &form, None).await
        }
        other => Err(other),
    }
}

async fn form_page(cx: &Context, subject: &Subject, form: &PlanForm, invalid: Option<&Invalid>) -> Result<Response> {
    let person = (subject.person_id, subject.team_id);
    let trainers = model::trainers(&cx.app, cx.actor()?, person, subject.skill_id).await?;
    let page = FormPage { subject, form, trainers: &trainers, invalid, csrf: cx.csrf(), now_ms: cx.app.now_ms() };
    let mut response = cx.page("Training", views::form(&page));
    match (invalid, subject.theirs.is_some()) {
        (Some(_), _) => response.set_status(StatusCode::UNPROCESSABLE_ENTITY),
        (None, true) => response.set_status(StatusCode::CONFLICT),
        _ => {}
    }
    Ok(response)
}
