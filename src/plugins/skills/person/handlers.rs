//! A person's page, category by category, as it is or as it was on a day.

use super::super::READ;
use super::super::as_of::AsOf;
use super::super::job_roles::people::model as job_roles;
use super::super::ratings::model::{self as ratings, Origin, Outcome};
use super::super::training::model as training;
use super::form::CategoryForm;
use super::model::{self, Assessment, Place};
use super::views::{self, Page, Remark, Remarks};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::HashMap;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/people/:person", READ, show),
        // Who may rate whom depends on the person, so the model decides.
        Route::post("/skills/people/:person/ratings", READ, update),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    category: String,
    skill: String,
    as_of: String,
}

impl Parameters {
    fn place(&self, now_ms: i64) -> Result<Place> {
        let as_of = AsOf::parse(&self.as_of, now_ms)?;
        Ok(Place { category_id: id_of(&self.category), skill_id: id_of(&self.skill), as_of })
    }
}

#[handler]
async fn show(cx: Context, Path(person): Path<i64>, Query(parameters): Query<Parameters>) -> Result<Response> {
    let place = parameters.place(cx.app.now_ms())?;
    let assessment = model::assessment(&cx.app, cx.actor()?, person, place).await?;
    page(&cx, &assessment, &Remarks::default()).await
}

/// Saves what was touched. What somebody else changed meanwhile, or what cannot be taken, stays in the form with a remark;
/// the rest is saved.
#[handler]
async fn update(
    cx: Context,
    Path(person): Path<i64>,
    Query(parameters): Query<Parameters>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let place = Place { category_id: id_of(&parameters.category), ..Place::default() };
    let before = model::assessment(&cx.app, actor, person, place).await?;
    if !before.may_rate_some() && !ratings::may_rate(actor, person, before.person.team_id) {
        return Err(Error::Forbidden);
    }
    let (saved, remarks) = save(&cx, &before, &CategoryForm::new(fields)).await?;
    if remarks.is_empty() {
        let back = format!("/skills/people/{person}?category={}", place.category_id.unwrap_or(0));
        let text = if saved == 0 { "Nothing was changed.".to_owned() } else { format!("{saved} saved.") };
        return Ok(cx.see_other_with(&back, Tone::Success, &text));
    }
    let after = model::assessment(&cx.app, actor, person, place).await?;
    let mut response = page(&cx, &after, &remarks).await?;
    response.set_status(if remarks.has_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY });
    Ok(response)
}

async fn save(cx: &Context, before: &Assessment, form: &CategoryForm) -> Result<(usize, Remarks)> {
    let mut saved = 0;
    let mut remarks = Remarks::default();
    for skill in &before.skills {
        let Some(typed) = form.touched(skill.id) else { continue };
        let scale = before.scales.of_skill(skill.id, skill.scale_id).ok_or(Error::NotFound)?;
        let cell = (before.person.id, skill.id);
        let outcome = match typed.patch(&scale) {
            Ok(patch) => ratings::save(&cx.app, cx.actor()?, cell, form.base(skill.id), &patch, Origin::Page).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(Outcome::Saved(_)) => saved += 1,
            Ok(Outcome::Conflict(theirs)) => {
                remarks.add(skill.id, Remark::Conflict { typed, theirs: Box::new(theirs) })
            }
            Err(Error::Invalid(invalid)) => remarks.add(skill.id, Remark::Invalid { typed, invalid }),
            Err(other) => return Err(other),
        }
    }
    Ok((saved, remarks))
}

async fn page(cx: &Context, assessment: &Assessment, remarks: &Remarks) -> Result<Response> {
    let plans = match assessment.as_of {
        AsOf::Now => training::of_person(&cx.app, cx.actor()?, &assessment.person).await?,
        AsOf::Day(_) => Vec::new(),
    };
    let (actor, csrf, now_ms) = (cx.actor()?, cx.csrf(), cx.app.now_ms());
    let job_roles = job_roles::of_person(&cx.app, actor, assessment.person.id).await?;
    let page = Page { assessment, plans: &plans, job_roles: &job_roles, remarks, actor, csrf, now_ms };
    Ok(cx.page(&format!("Skills of {}", assessment.person.name), views::page(&page)))
}
