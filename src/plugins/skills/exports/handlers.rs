//! Downloads: `/skills/exports/ratings.csv?form=long`, with the filters of the matrix.

use poem::http::header;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::{Form, Format, What, prepare, stream};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::plugins::skills::READ;
use crate::plugins::skills::matrix::filter::{View, ViewFields};
use crate::web::context::Context;
use crate::web::times;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/exports/:file", READ, show)]
}

#[derive(Deserialize)]
struct FormField {
    #[serde(default = "long")]
    form: String,
}

fn long() -> String {
    "long".to_owned()
}

#[handler]
async fn show(
    cx: Context,
    Path(file): Path<String>,
    Query(fields): Query<ViewFields>,
    Query(form): Query<FormField>,
) -> Result<Response> {
    let form = Form::from_name(&form.form).ok_or_else(|| Error::invalid("form", "The form is long or wide."))?;
    let (name, ending) = file.split_once('.').ok_or(Error::NotFound)?;
    let what = What::from_name(name, form).ok_or(Error::NotFound)?;
    let format = Format::from_name(ending).ok_or(Error::NotFound)?;
    let View { filter, as_of, .. } = fields.view(cx.app.now_ms())?;
    let export = prepare(&cx.app, cx.actor()?, what, &filter, as_of).await?;
    let day = as_of.day().map_or_else(|| times::date(cx.app.now_ms()), |day| day.to_string());
    let disposition = format!("attachment; filename=\"{name}-{day}.{ending}\"");
    let response = Response::builder().content_type(format.content_type());
    let response = response.header(header::CONTENT_DISPOSITION, disposition);
    Ok(response.body(stream::body(cx.app.clone(), export, format)))
}
