//! The scales: looked at, made, described, deleted.

use super::super::levels::{Level, NamedLevel};
use super::super::{EDIT, READ};
use super::model::{self, Listed, NewScale};
use super::views::{self, Described, Making};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::BTreeMap;

const HERE: &str = "/skills/scales";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, READ, index),
        Route::get("/skills/scales/new", EDIT, new_form),
        Route::post(HERE, EDIT, create),
        Route::get("/skills/scales/:id/edit", EDIT, edit),
        Route::post("/skills/scales/:id", EDIT, update),
        Route::post("/skills/scales/:id/deletion", EDIT, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ScaleForm {
    name: String,
    lowest: String,
    highest: String,
    step: String,
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let scales = model::list(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Scales", views::index(&scales, None, cx.may(EDIT), cx.csrf())))
}

#[handler]
async fn new_form(cx: Context) -> Result<Response> {
    let new = NewScale { lowest: "0".to_owned(), highest: "5".to_owned(), step: "1".to_owned(), ..NewScale::default() };
    Ok(cx.page("New scale", views::new_form(&Making { new, invalid: None }, cx.csrf())))
}

#[handler]
async fn create(cx: Context, Form(form): Form<ScaleForm>) -> Result<Response> {
    let ScaleForm { name, lowest, highest, step } = form;
    let new = NewScale { name, lowest, highest, step };
    match model::create(&cx.app, cx.actor()?, &new).await {
        Ok(made) => {
            let text = format!("“{}” was added. Say what its levels mean.", made.scale.name);
            Ok(cx.see_other_with(&format!("{HERE}/{}/edit", made.scale.id), Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("New scale", views::new_form(&Making { new, invalid: Some(invalid) }, cx.csrf())))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let Listed { scale, version, .. } = model::get(&cx.app, cx.actor()?, id).await?;
    let described = Described { name: scale.name.clone(), levels: scale.levels.clone(), scale, version, problem: None };
    Ok(cx.page("Scale", views::edit(&described, cx.csrf())))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let Fields { version, name, levels } = Fields::read(&fields);
    let problem = match model::describe(&cx.app, cx.actor()?, id, version, &name, &levels).await {
        Ok(saved) => return Ok(cx.see_other_with(HERE, Tone::Success, &format!("“{}” is saved.", saved.scale.name))),
        Err(problem) => problem,
    };
    let current = model::get(&cx.app, cx.actor()?, id).await?;
    let (status, version) = match &problem {
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, version),
        Error::Conflict(_) => (StatusCode::CONFLICT, current.version),
        _ => return Err(problem),
    };
    let described = Described { scale: current.scale, version, name, levels, problem: Some(problem) };
    let mut response = cx.page("Scale", views::edit(&described, cx.csrf()));
    response.set_status(status);
    Ok(response)
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    match model::delete(&cx.app, cx.actor()?, id).await {
        Ok(name) => Ok(cx.see_other_with(HERE, Tone::Success, &format!("“{name}” was deleted."))),
        Err(Error::Invalid(invalid)) => {
            let scales = model::list(&cx.app, cx.actor()?).await?;
            Ok(cx.invalid_page("Scales", views::index(&scales, invalid.of(""), true, cx.csrf())))
        }
        Err(other) => Err(other),
    }
}

/// The fields `code-300`, `name-300` and `description-300` are those of level 3.
#[derive(Default)]
struct Fields {
    version: i64,
    name: String,
    levels: Vec<NamedLevel>,
}

impl Fields {
    fn read(fields: &[(String, String)]) -> Fields {
        let mut read = Fields::default();
        let mut levels: BTreeMap<i64, NamedLevel> = BTreeMap::new();
        for (name, value) in fields {
            let numbered = name.split_once('-').and_then(|(part, level)| Some((part, number_of(level)?)));
            match (name.as_str(), numbered) {
                ("version", _) => read.version = number_of(value).unwrap_or(0),
                ("name", _) => read.name.clone_from(value),
                (_, Some((part, at))) => {
                    let level = levels.entry(at).or_insert_with(|| empty(at));
                    match part {
                        "code" => level.code.clone_from(value),
                        "name" => level.name.clone_from(value),
                        "description" => level.description.clone_from(value),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        read.levels = levels.into_values().collect();
        read
    }
}

fn empty(at: i64) -> NamedLevel {
    let text = String::new;
    NamedLevel { level: Level::from_hundredths(at), code: text(), name: text(), description: text() }
}
