//! Pruning: the dry run, the pruning itself, and its reversal.

use super::super::super::frame;
use super::super::model;
use super::views;
use crate::accounts::{ACCESS_TOPIC, ROLES_READ, routes};
use crate::error::Result;
use crate::plugin::{Access, Route};
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/routes/pruning", ROLES_READ, show),
        Route::post("/admin/routes/pruning", Access::Administrators, create),
        Route::post("/admin/routes/prunings/:id/reversal", Access::Administrators, reversal),
    ]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let (actor, now) = (cx.actor()?, cx.app.now_ms());
    let problems = model::problems(&cx.app, actor).await?;
    let prunings = routes::prunings(&cx.app.db, actor, now).await?;
    let content = views::show(&problems, &prunings, actor.is_administrator(), now, cx.csrf());
    Ok(frame::page(&cx, "Prune routes", content))
}

#[handler]
async fn create(cx: Context) -> Result<Response> {
    let removed = routes::prune(&cx.app.access, cx.actor()?, &model::names(&cx.app), cx.app.now_ms()).await?;
    cx.app.publish(ACCESS_TOPIC, "*").await;
    let text = match removed.len() {
        0 => "Nothing points to nothing any more.".to_owned(),
        1 => "One mapping was pruned. It can be brought back for 30 days.".to_owned(),
        count => format!("{count} mappings were pruned. They can be brought back for 30 days."),
    };
    Ok(cx.see_other_with("/admin/routes/pruning", Tone::Success, &text))
}

#[handler]
async fn reversal(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    routes::restore(&cx.app.access, cx.actor()?, id, cx.app.now_ms()).await?;
    cx.app.publish(ACCESS_TOPIC, "*").await;
    Ok(cx.see_other_with("/admin/routes/pruning", Tone::Success, "What was pruned is back."))
}
