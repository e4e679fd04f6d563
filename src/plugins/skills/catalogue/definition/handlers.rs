//! `/skills/catalogue/:id/definition`, for those who edit the catalogue and for the skill's owner.

use super::super::super::READ;
use super::model::{self, Definition, OwnLevel};
use super::views::{self, Page};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use std::collections::BTreeMap;

pub fn routes() -> Vec<Route> {
    vec![
        // The owner of a skill may define it, which the model finds out.
        Route::get("/skills/catalogue/:id/definition/edit", READ, edit),
        Route::post("/skills/catalogue/:id/definition", READ, update),
    ]
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (skill, scale, definition) = model::get_own(&cx.app, cx.actor()?, id).await?;
    let version = skill.version;
    let page = Page { skill: &skill, scale: &scale, version, definition: &definition, problem: None, csrf: cx.csrf() };
    Ok(cx.page(&skill.name, views::edit(&page)))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let (version, definition) = read(&fields);
    let problem = match model::define(&cx.app, cx.actor()?, id, version, &definition).await {
        Ok(skill) => {
            let back = format!("/skills/catalogue/{id}");
            return Ok(cx.see_other_with(&back, Tone::Success, &format!("“{}” is saved.", skill.name)));
        }
        Err(problem) => problem,
    };
    let (skill, scale, _) = model::get_own(&cx.app, cx.actor()?, id).await?;
    let (status, version) = match &problem {
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, version),
        Error::Conflict(_) => (StatusCode::CONFLICT, skill.version),
        _ => return Err(problem),
    };
    let page = Page {
        skill: &skill,
        scale: &scale,
        version,
        definition: &definition,
        problem: Some(&problem),
        csrf: cx.csrf(),
    };
    let mut response = cx.page(&skill.name, views::edit(&page));
    response.set_status(status);
    Ok(response)
}

/// The fields `name-300` and `description-300` are those of level 3.
fn read(fields: &[(String, String)]) -> (i64, Definition) {
    let mut levels: BTreeMap<i64, OwnLevel> = BTreeMap::new();
    let mut definition = Definition::default();
    let mut version = 0;
    for (name, value) in fields {
        let numbered = name.split_once('-').and_then(|(part, level)| Some((part, number_of(level)?)));
        match (name.as_str(), numbered) {
            ("version", _) => version = number_of(value).unwrap_or(0),
            ("description", _) => definition.description.clone_from(value),
            (_, Some((part, level))) => {
                let empty = OwnLevel { level, name: String::new(), description: String::new() };
                let own = levels.entry(level).or_insert(empty);
                match part {
                    "name" => own.name.clone_from(value),
                    "description" => own.description.clone_from(value),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    definition.levels = levels.into_values().collect();
    (version, definition)
}
