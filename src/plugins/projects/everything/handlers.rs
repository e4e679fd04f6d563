//! The board over all projects.

use super::super::tasks::filter::{Filter, FilterFields};
use super::super::{READ, TOPIC, settings};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/board", READ, show)]
}

#[handler]
async fn show(cx: Context, Query(fields): Query<FilterFields>) -> Result<Response> {
    let (filter, today) = (Filter::from(&fields), settings::today(&cx.app).await?);
    let columns = model::board(&cx.app, cx.actor()?, &filter, today).await?;
    Ok(cx.live_page("All projects", Some(TOPIC), views::board(&filter, &columns, today)))
}
