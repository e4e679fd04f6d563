//! A project as a file.

use super::super::READ;
use super::super::outline::Outline;
use super::model;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use poem::http::header;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/:code/exports/csv", READ, show_csv),
        Route::get("/projects/:code/exports/json", READ, show_json),
    ]
}

fn file(outline: &Outline, ending: &str, kind: &str, bytes: Vec<u8>) -> Response {
    // A key has letters and digits alone.
    let name = format!("attachment; filename=\"{}.{ending}\"", outline.project.code);
    Response::builder().content_type(kind).header(header::CONTENT_DISPOSITION, name).body(bytes)
}

#[handler]
async fn show_csv(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    let bytes = model::csv(&cx.app, &outline.project).await?;
    Ok(file(&outline, "csv", "text/csv; charset=utf-8", bytes))
}

#[handler]
async fn show_json(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    let whole = model::whole(&cx.app, &outline).await?;
    let bytes = serde_json::to_vec_pretty(&whole).map_err(Error::internal)?;
    Ok(file(&outline, "json", "application/json", bytes))
}
