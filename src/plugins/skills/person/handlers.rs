//! A person's page, category by category.

use super::super::READ;
use super::super::ratings::model::{self as ratings, Origin, Outcome};
use super::form::CategoryForm;
use super::model::{self, Assessment};
use super::views::{self, Remark, Remarks};
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
struct Place {
    category: String,
    skill: String,
}

#[handler]
async fn show(cx: Context, Path(person): Path<i64>, Query(place): Query<Place>) -> Result<Response> {
    let assessment =
        model::assessment(&cx.app, cx.actor()?, person, id_of(&place.category), id_of(&place.skill)).await?;
    Ok(page(&cx, &assessment, &Remarks::default()))
}

/// Saves what was touched. What somebody else changed meanwhile, or what cannot be taken, stays in the form with a remark;
/// the rest is saved.
#[handler]
async fn update(
    cx: Context,
    Path(person): Path<i64>,
    Query(place): Query<Place>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let category = id_of(&place.category);
    let before = model::assessment(&cx.app, actor, person, category, None).await?;
    if !ratings::may_rate(actor, person, before.person.team_id) {
        return Err(Error::Forbidden);
    }
    let (saved, remarks) = save(&cx, &before, &CategoryForm::new(fields)).await?;
    if remarks.is_empty() {
        let back = format!("/skills/people/{person}?category={}", category.unwrap_or(0));
        let text = if saved == 0 { "Nothing was changed.".to_owned() } else { format!("{saved} saved.") };
        return Ok(cx.see_other_with(&back, Tone::Success, &text));
    }
    let after = model::assessment(&cx.app, actor, person, category, None).await?;
    let mut response = page(&cx, &after, &remarks);
    response.set_status(if remarks.has_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY });
    Ok(response)
}

async fn save(cx: &Context, before: &Assessment, form: &CategoryForm) -> Result<(usize, Remarks)> {
    let mut saved = 0;
    let mut remarks = Remarks::default();
    for skill in &before.skills {
        let Some(typed) = form.touched(skill.id) else { continue };
        let scale = before.scales.get(skill.scale_id).ok_or(Error::NotFound)?;
        let cell = (before.person.id, skill.id);
        let outcome = match typed.patch(scale) {
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

fn page(cx: &Context, assessment: &Assessment, remarks: &Remarks) -> Response {
    let may_rate =
        cx.actor().is_ok_and(|actor| ratings::may_rate(actor, assessment.person.id, assessment.person.team_id));
    let content = if may_rate {
        views::edit(assessment, remarks, cx.csrf(), cx.app.now_ms())
    } else {
        views::show(assessment, cx.app.now_ms())
    };
    cx.page(&format!("Skills of {}", assessment.person.name), content)
}
