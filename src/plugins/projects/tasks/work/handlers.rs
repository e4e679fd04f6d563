//! My work, and all tasks that one may see.

use super::super::super::saved_views::model as saved;
use super::super::super::{READ, TOPIC, settings};
use super::super::filter::{Assigned, Filter, FilterFields, Sort};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/work", READ, index)]
}

/// Nobody asks for the work of nobody: what is not said is one's own, by due day.
fn filter_of(fields: &FilterFields) -> Filter {
    let mut filter = Filter { offset: 0, label: None, ..Filter::from(fields) };
    if fields.assignee.is_empty() {
        filter.assigned = Assigned::Me;
    }
    if fields.sort.is_empty() {
        filter.sort = Sort::Due;
    }
    filter
}

#[handler]
async fn index(cx: Context, Query(fields): Query<FilterFields>) -> Result<Response> {
    let actor = cx.actor()?;
    let (filter, today) = (filter_of(&fields), settings::today(&cx.app).await?);
    let work = model::list(&cx.app, actor, &filter, today).await?;
    let saved = saved::list(&cx.app, actor, None).await?;
    Ok(cx.live_page("My work", Some(TOPIC), views::index(&cx, &filter, &work, &saved, today)))
}
