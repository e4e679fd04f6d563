//! Routes of the background jobs.

use super::super::{SYSTEM, frame};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin/jobs", SYSTEM, index), Route::post("/admin/jobs/:name/runs", SYSTEM, create_run)]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let lines = model::list(&cx.app, cx.actor()?).await?;
    Ok(frame::page(&cx, "Jobs", views::index(&lines, cx.app.now_ms(), cx.csrf())))
}

#[handler]
async fn create_run(cx: Context, Path(name): Path<String>) -> Result<Response> {
    model::run_now(&cx.app, cx.actor()?, &name).await?;
    let text = format!("{name} runs as soon as a process takes it, within a minute.");
    Ok(cx.see_other_with("/admin/jobs", Tone::Success, &text))
}
