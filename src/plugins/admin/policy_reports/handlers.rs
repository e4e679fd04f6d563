//! Routes of the policy reports.

use super::super::{SYSTEM, frame};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/policy-reports", SYSTEM, index),
        Route::post("/admin/policy-reports/dismissal", SYSTEM, dismiss_all),
        Route::post("/admin/policy-reports/:id/dismissal", SYSTEM, dismiss),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let reports = model::list(&cx.app, cx.actor()?).await?;
    Ok(frame::page(&cx, "Policy reports", views::index(&reports, cx.app.now_ms(), cx.csrf())))
}

#[handler]
async fn dismiss(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    model::dismiss(&cx.app, cx.actor()?, id).await?;
    Ok(cx.see_other_with("/admin/policy-reports", Tone::Success, "Dismissed. It comes back when it is reported again."))
}

#[handler]
async fn dismiss_all(cx: Context) -> Result<Response> {
    let count = model::dismiss_all(&cx.app, cx.actor()?).await?;
    let text = format!("{count} dismissed. They come back when they are reported again.");
    Ok(cx.see_other_with("/admin/policy-reports", Tone::Success, &text))
}
