//! Items: added to a draft, changed, struck out, closed, and through whose hands each went.

use super::super::model::get;
use super::super::{READ, WRITE, handlers};
use super::model::{self, NewItem};
use super::views::{self, Refused};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/handoffs/:id/items", WRITE, create),
        Route::get("/handoffs/:id/items/:item/edit", WRITE, edit),
        Route::post("/handoffs/:id/items/:item", WRITE, update),
        Route::post("/handoffs/:id/items/:item/deletion", WRITE, strike),
        Route::post("/handoffs/:id/items/:item/closure", WRITE, close),
        Route::post("/handoffs/:id/items/:item/reopening", WRITE, reopen),
        Route::post("/handoffs/:id/items/:item/skills", WRITE, need),
        Route::get("/handoffs/items/:item", READ, show),
    ]
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct ItemForm {
    pub title: String,
    pub detail: String,
    pub version: String,
    pub skill: String,
    pub level: String,
}

impl ItemForm {
    fn new_item(&self) -> NewItem {
        NewItem { title: self.title.clone(), detail: self.detail.clone() }
    }
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<ItemForm>) -> Result<Response> {
    match model::add(&cx.app, cx.actor()?, id, &form.new_item()).await {
        Ok(_) => part(&cx, id, None, StatusCode::OK).await,
        Err(Error::Invalid(invalid)) => {
            let refused = Refused { item: None, form: &form, invalid: &invalid };
            part(&cx, id, Some(&refused), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

/// The items of the page, or the page that they stand on.
async fn part(cx: &Context, id: i64, refused: Option<&Refused<'_>>, status: StatusCode) -> Result<Response> {
    if !cx.is_partial() && refused.is_none() {
        return Ok(cx.see_other(&format!("/handoffs/{id}#items")));
    }
    let handoff = get(&cx.app, cx.actor()?, id).await?;
    let items = views::all(cx, &handoff, refused).await?;
    Ok(handlers::part(cx, &handoff, items, status))
}

#[handler]
async fn edit(cx: Context, Path((id, item)): Path<(i64, i64)>) -> Result<Response> {
    let handoff = model::draft(&cx.app, cx.actor()?, id).await?;
    let items = model::list(&cx.app, id).await?;
    let item = items.iter().find(|each| each.id == item).ok_or(Error::NotFound)?;
    let form = ItemForm { title: item.title.clone(), detail: item.detail.clone(), ..ItemForm::default() };
    let content = views::edit_form(&cx, id, item, &form, None, false);
    Ok(handlers::part(&cx, &handoff, content, StatusCode::OK))
}

#[handler]
async fn update(cx: Context, Path((id, item_id)): Path<(i64, i64)>, Form(form): Form<ItemForm>) -> Result<Response> {
    let at = (id, item_id, number_of(&form.version).unwrap_or(0));
    let (invalid, status) = match model::update(&cx.app, cx.actor()?, at, &form.new_item()).await {
        Ok(Some(_)) => return part(&cx, id, None, StatusCode::OK).await,
        Ok(None) => (None, StatusCode::CONFLICT),
        Err(Error::Invalid(invalid)) => (Some(invalid), StatusCode::UNPROCESSABLE_ENTITY),
        Err(other) => return Err(other),
    };
    let handoff = get(&cx.app, cx.actor()?, id).await?;
    let items = model::list(&cx.app, id).await?;
    let item = items.iter().find(|each| each.id == item_id).ok_or(Error::NotFound)?;
    let content = views::edit_form(&cx, id, item, &form, invalid.as_ref(), invalid.is_none());
    Ok(handlers::part(&cx, &handoff, content, status))
}

#[handler]
async fn strike(cx: Context, Path((id, item)): Path<(i64, i64)>) -> Result<Response> {
    model::strike(&cx.app, cx.actor()?, id, item).await?;
    part(&cx, id, None, StatusCode::OK).await
}

#[handler]
async fn close(cx: Context, Path((id, item)): Path<(i64, i64)>) -> Result<Response> {
    model::set_closed(&cx.app, cx.actor()?, id, item, true).await?;
    part(&cx, id, None, StatusCode::OK).await
}

#[handler]
async fn reopen(cx: Context, Path((id, item)): Path<(i64, i64)>) -> Result<Response> {
    model::set_closed(&cx.app, cx.actor()?, id, item, false).await?;
    part(&cx, id, None, StatusCode::OK).await
}

#[handler]
async fn need(cx: Context, Path((id, item)): Path<(i64, i64)>, Form(form): Form<ItemForm>) -> Result<Response> {
    match model::need(&cx.app, cx.actor()?, (id, item), &form.skill, &form.level).await {
        Ok(()) => part(&cx, id, None, StatusCode::OK).await,
        Err(Error::Invalid(invalid)) => {
            let refused = Refused { item: Some(item), form: &form, invalid: &invalid };
            part(&cx, id, Some(&refused), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn show(cx: Context, Path(item): Path<i64>) -> Result<Response> {
    let (item, hands) = model::history(&cx.app, cx.actor()?, item).await?;
    Ok(cx.page(&item.title, views::history(&item, &hands, cx.app.now_ms())))
}
