//! A skill is archived, and taken out again.

use super::super::super::EDIT;
use super::model;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/skills/catalogue/:id/archival", EDIT, archive),
        Route::post("/skills/catalogue/:id/reactivation", EDIT, reactivate),
    ]
}

#[handler]
async fn archive(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = model::set_active(&cx.app, cx.actor()?, id, false).await?;
    Ok(done(&cx, id, &format!("“{}” is archived. Its ratings stay.", skill.name)))
}

#[handler]
async fn reactivate(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = model::set_active(&cx.app, cx.actor()?, id, true).await?;
    Ok(done(&cx, id, &format!("“{}” is in use again.", skill.name)))
}

fn done(cx: &Context, id: i64, text: &str) -> Response {
    cx.see_other_with(&format!("/skills/catalogue/{id}"), Tone::Success, text)
}
