//! Routes of the audit log: the list, an event, and all of it as a file.

use super::super::frame;
use super::model::{self, Filter};
use super::views::{self, ListPage};
use super::{AUDIT, export};
use crate::clock::start_of;
use crate::error::{Checks, Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::times;
use jiff::ToSpan;
use jiff::civil::Date;
use poem::http::{StatusCode, header};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/audit", AUDIT, index),
        Route::get("/admin/audit/export.jsonl", AUDIT, download),
        Route::get("/admin/audit/:id", AUDIT, show),
    ]
}

pub const PER_PAGE: i64 = 50;

/// The list as its address tells it. A form sends empty fields too, so that all of them are texts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListQuery {
    pub who: String,
    pub kind: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    pub text: String,
    /// The id below which the page begins.
    pub before: String,
}

impl ListQuery {
    fn filter(&self) -> Result<Filter> {
        let (from, to) = (day(&self.from), day(&self.to));
        let mut checks = Checks::default();
        checks.that(from.is_ok(), "from", "A day is written as 2026-11-20.");
        checks.that(to.is_ok(), "to", "A day is written as 2026-11-20.");
        checks.done()?;
        let next_day = |day: Date| day.checked_add(1.day()).unwrap_or(day);
        Ok(Filter {
            who: self.who.clone(),
            kind: self.kind.clone(),
            subject: self.subject.clone(),
            from_ms: from.ok().flatten().map(start_of),
            until_ms: to.ok().flatten().map(|day| start_of(next_day(day))),
            text: self.text.clone(),
        })
    }

    fn before(&self) -> i64 {
        self.before.parse().unwrap_or(i64::MAX)
    }

    /// The address of this list, of a part of it, or of the file of it.
    pub fn at(&self, path: &str, before: Option<i64>) -> String {
        let query = ListQuery { before: before.map(|id| id.to_string()).unwrap_or_default(), ..self.clone() };
        format!("{path}?{}", serde_urlencoded::to_string(&query).unwrap_or_default())
    }

    pub fn is_filtered(&self) -> bool {
        [&self.who, &self.kind, &self.subject, &self.from, &self.to, &self.text]
            .iter()
            .any(|text| !text.trim().is_empty())
    }
}

/// `None` of an empty text.
fn day(text: &str) -> Result<Option<Date>, jiff::Error> {
    if text.trim().is_empty() { Ok(None) } else { text.trim().parse().map(Some) }
}

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    match query.filter() {
        Ok(filter) => list_page(&cx, &query, &filter, None).await,
        Err(Error::Invalid(invalid)) => {
            let mut response = list_page(&cx, &query, &Filter::default(), Some(&invalid)).await?;
            response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

async fn list_page(cx: &Context, query: &ListQuery, filter: &Filter, invalid: Option<&Invalid>) -> Result<Response> {
    let actor = cx.actor()?;
    // One more than is shown tells whether there are older ones.
    let mut rows = model::list(&cx.app, actor, filter, query.before(), PER_PAGE + 1).await?;
    let has_older = rows.len() as i64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    let older = rows.last().filter(|_| has_older).map(|row| query.at("/admin/audit", Some(row.id)));
    let list = ListPage {
        events: &model::told(&cx.app, rows).await?,
        kinds: &model::kinds(&cx.app, actor).await?,
        query,
        older,
        invalid,
        now_ms: cx.app.now_ms(),
    };
    Ok(frame::page(cx, "Audit log", views::index(&list)))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let event = model::get(&cx.app, cx.actor()?, id).await?;
    Ok(frame::page(&cx, "Event", views::show(&event)))
}

#[handler]
async fn download(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let (actor, filter) = (cx.actor()?.clone(), query.filter()?);
    actor.require(AUDIT)?;
    let disposition = format!("attachment; filename=\"audit-{}.jsonl\"", times::date(cx.app.now_ms()));
    let response =
        Response::builder().content_type("application/x-ndjson").header(header::CONTENT_DISPOSITION, disposition);
    Ok(response.body(export::body(cx.app.clone(), actor, filter)))
}
