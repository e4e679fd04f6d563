//! Concepts in the browser: a file is taken in, and names are suggested.

use super::super::{EDIT, IMPORT};
use super::{Outcome, model, views};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::{Tone, options};
use crate::web::context::Context;
use bytes::Bytes;
use poem::http::StatusCode;
use poem::web::{Multipart, Query};
use poem::{Response, handler};
use serde::Deserialize;

const HERE: &str = "/skills/concepts";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, IMPORT, index),
        Route::post(HERE, IMPORT, create).with_uploads(),
        Route::get("/skills/concepts/choices", EDIT, choices),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    name: String,
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let count = model::count(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Concepts", views::index(count, None, &[])))
}

#[handler]
async fn create(cx: Context, mut multipart: Multipart) -> Result<Response> {
    let broken = |error| Error::invalid("", format!("The upload could not be read: {error}."));
    let (mut file_name, mut bytes) = (String::new(), Bytes::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            file_name = field.file_name().unwrap_or_default().to_owned();
            bytes = field.bytes().await.map_err(broken)?.into();
        }
    }
    let count = model::count(&cx.app, cx.actor()?).await?;
    if bytes.is_empty() {
        return Ok(cx.invalid_page("Concepts", views::index(count, Some("Choose a file."), &[])));
    }
    match model::import(&cx.app, cx.actor()?, &file_name, bytes).await? {
        Outcome::Refused(problems) => {
            let text = format!("{file_name} cannot be taken as it is. Nothing was written.");
            let mut response = cx.page("Concepts", views::index(count, Some(&text), &problems));
            response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        done => Ok(cx.see_other_with(HERE, Tone::Success, done.to_string().trim())),
    }
}

#[handler]
async fn choices(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    Ok(cx.fragment(options(&model::suggest(&cx.app, cx.actor()?, &parameters.name).await?)))
}
