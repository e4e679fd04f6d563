//! The page on which a file becomes a project.

use super::super::CREATE;
use super::views::{self, Typed};
use super::{files, model};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Multipart;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/imports", CREATE, new_form),
        Route::post("/projects/imports", CREATE, create).with_uploads(),
    ]
}

#[handler]
async fn new_form(cx: Context) -> Result<Response> {
    Ok(cx.page("Import a project", views::page(&Typed::default(), None)))
}

#[handler]
async fn create(cx: Context, multipart: Multipart) -> Result<Response> {
    let (typed, bytes) = read(multipart).await?;
    let imported = match files::read(&bytes) {
        Ok(whole) => model::import(&cx.app, cx.actor()?, &typed.code, &typed.name, &whole).await,
        Err(error) => Err(error),
    };
    match imported {
        Ok(imported) => {
            let unknown: Vec<&str> = imported.unknown.iter().take(10).map(String::as_str).collect();
            let text = match unknown.as_slice() {
                [] => format!("{} tasks are there.", imported.tasks),
                names => format!("{} tasks are there. Nobody here is called {}.", imported.tasks, names.join(", ")),
            };
            let tone = if unknown.is_empty() { Tone::Success } else { Tone::Warning };
            Ok(cx.see_other_with(&imported.project.path(), tone, &text))
        }
        Err(Error::Invalid(invalid)) => Ok(cx.invalid_page("Import a project", views::page(&typed, Some(&invalid)))),
        Err(other) => Err(other),
    }
}

/// A body that is too long breaks off here; the layer that counts it then answers in our place.
async fn read(mut multipart: Multipart) -> Result<(Typed, Vec<u8>)> {
    let broken = |error| Error::invalid("file", format!("The upload could not be read: {error}."));
    let (mut typed, mut bytes) = (Typed::default(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        match field.name() {
            Some("code") => typed.code = field.text().await.map_err(broken)?,
            Some("name") => typed.name = field.text().await.map_err(broken)?,
            Some("file") => bytes = field.bytes().await.map_err(broken)?,
            _ => {}
        }
    }
    Ok((typed, bytes))
}
