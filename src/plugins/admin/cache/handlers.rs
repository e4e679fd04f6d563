//! Routes of the cache.

use super::super::{SYSTEM, frame};
use super::views;
use crate::cache::EVERYTHING;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin/cache", SYSTEM, show), Route::post("/admin/cache/flush", SYSTEM, flush)]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    cx.actor()?.require(SYSTEM)?;
    let config = &cx.app.config.cache;
    Ok(frame::page(&cx, "Cache", views::show(&cx.app.cache.stats(), config, cx.app.redis.is_some(), cx.csrf())))
}

/// Nothing is lost with it, so it leaves no trace in the log.
#[handler]
async fn flush(cx: Context) -> Result<Response> {
    cx.actor()?.require(SYSTEM)?;
    cx.app.publish(EVERYTHING, "*").await;
    Ok(cx.see_other_with(
        "/admin/cache",
        Tone::Success,
        "Forgotten, in every process. What is asked for is worked out anew.",
    ))
}
