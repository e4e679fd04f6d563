//! The catalogue: find, add and change skills.

use super::super::{EDIT, READ, scales};
use super::model::{self, NewSkill, Skill, SkillFilter};
use super::views::{self, Editing, List};
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// Skills on a page of the catalogue.
const PAGE: i64 = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/catalogue", READ, index),
        Route::get("/skills/catalogue/new", EDIT, new_form),
        Route::post("/skills/catalogue", EDIT, create),
        Route::get("/skills/catalogue/:id/edit", EDIT, edit),
        Route::post("/skills/catalogue/:id", EDIT, update),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    category: String,
    skill: String,
    offset: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SkillForm {
    name: String,
    category: String,
    description: String,
    uri: String,
    scale: String,
    version: String,
}

impl From<&SkillForm> for NewSkill {
    fn from(form: &SkillForm) -> Self {
        NewSkill {
            name: form.name.clone(),
            category: form.category.clone(),
            description: form.description.clone(),
            uri: form.uri.clone(),
            scale: form.scale.clone(),
        }
    }
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let actor = cx.actor()?;
    let filter = SkillFilter { category_id: id_of(&parameters.category), text: parameters.skill };
    let offset = number_of(&parameters.offset).unwrap_or(0).max(0);
    let (skills, total) = model::list(&cx.app, actor, &filter, PAGE, offset).await?;
    let categories = model::categories(&cx.app, actor).await?;
    let scales = scales::all(&cx.app).await?;
    let list = List { filter, categories, skills, scales, total, offset, page: PAGE, may_edit: cx.may(EDIT) };
    Ok(cx.page("Catalogue", views::index(&list)))
}

#[handler]
async fn new_form(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let categories = model::categories(&cx.app, cx.actor()?).await?;
    let chosen = categories.iter().find(|category| Some(category.id) == id_of(&parameters.category));
    let skill = NewSkill {
        category: chosen.map(|category| category.name.clone()).unwrap_or_default(),
        scale: "0–4".to_owned(),
        ..NewSkill::default()
    };
    let editing = Editing { id: None, version: 0, skill, problem: None };
    Ok(cx.page("New skill", form(&cx, &editing).await?))
}

#[handler]
async fn create(cx: Context, Form(form_data): Form<SkillForm>) -> Result<Response> {
    let skill = NewSkill::from(&form_data);
    match model::create(&cx.app, cx.actor()?, &skill).await {
        Ok(made) => Ok(done(&cx, &made, "added")),
        Err(problem) => retry(&cx, Editing { id: None, version: 0, skill, problem: Some(problem) }).await,
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = model::get(&cx.app, cx.actor()?, id).await?;
    let editing =
        Editing { id: Some(id), version: skill.version, skill: as_new(&cx.app, &skill).await?, problem: None };
    Ok(cx.page(&skill.name, form(&cx, &editing).await?))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form_data): Form<SkillForm>) -> Result<Response> {
    let skill = NewSkill::from(&form_data);
    let version = number_of(&form_data.version).unwrap_or(0);
    match model::update(&cx.app, cx.actor()?, id, version, &skill).await {
        Ok(changed) => Ok(done(&cx, &changed, "saved")),
        Err(problem) => {
            // After a conflict the form holds the version that stands there now, so that saving again means it.
            let version = match &problem {
                Error::Conflict(_) => model::get(&cx.app, cx.actor()?, id).await?.version,
                _ => version,
            };
            retry(&cx, Editing { id: Some(id), version, skill, problem: Some(problem) }).await
        }
    }
}

fn done(cx: &Context, skill: &Skill, what: &str) -> Response {
    let back = format!("/skills/catalogue?category={}", skill.category_id);
    cx.see_other_with(&back, Tone::Success, &format!("“{}” is {what}.", skill.name))
}

/// The form with what was typed, and why it could not be taken.
async fn retry(cx: &Context, editing: Editing) -> Result<Response> {
    let status = match &editing.problem {
        Some(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Error::Conflict(_)) => StatusCode::CONFLICT,
        _ => return Err(editing.problem.unwrap_or(Error::NotFound)),
    };
    let mut response = cx.page("Skill", form(cx, &editing).await?);
    response.set_status(status);
    Ok(response)
}

async fn form(cx: &Context, editing: &Editing) -> Result<maud::Markup> {
    let categories = model::categories(&cx.app, cx.actor()?).await?;
    let scales = scales::all(&cx.app).await?;
    let theirs = match (editing.id, &editing.problem) {
        (Some(id), Some(Error::Conflict(_))) => Some(model::get(&cx.app, cx.actor()?, id).await?),
        _ => None,
    };
    Ok(views::form(editing, theirs.as_ref(), &categories, &scales, cx.csrf()))
}

async fn as_new(app: &App, skill: &Skill) -> Result<NewSkill> {
    let scales = scales::all(app).await?;
    Ok(NewSkill {
        name: skill.name.clone(),
        category: skill.category.clone(),
        description: skill.description.clone(),
        uri: skill.uri.clone(),
        scale: scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default(),
    })
}
