//! The feed of due days: its page, and what calendar programs fetch.

use super::super::READ;
use super::{model, views};
use crate::error::Result;
use crate::plugin::{Access, Route};
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/feed", READ, show),
        Route::post("/projects/feed", READ, create),
        Route::post("/projects/feed/deletion", READ, delete),
        // A calendar program has no session: the secret in the address stands in for one.
        Route::get("/projects/feeds/:secret", Access::Public, show_calendar),
    ]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let opened_at = model::opened_at(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Calendar feed", views::page(&cx, opened_at, None)))
}

/// The address is shown in this answer alone, so that there is no redirect: sending the form again makes another one.
#[handler]
async fn create(cx: Context) -> Result<Response> {
    let secret = model::open(&cx.app, cx.actor()?).await?;
    let address = format!("{}/projects/feeds/{secret}", cx.app.site());
    Ok(cx.page("Calendar feed", views::page(&cx, Some(cx.app.now_ms()), Some(&address))))
}

#[handler]
async fn delete(cx: Context) -> Result<Response> {
    model::close(&cx.app, cx.actor()?).await?;
    Ok(cx.see_other_with("/projects/feed", Tone::Success, "The feed is closed. Its address leads nowhere any more."))
}

#[handler]
async fn show_calendar(cx: Context, Path(secret): Path<String>) -> Result<Response> {
    let text = model::calendar(&cx.app, secret.trim_end_matches(".ics")).await?;
    Ok(Response::builder().content_type("text/calendar; charset=utf-8").body(text))
}
