//! The question and its answer: one page, whose address is the question.

use super::super::frame;
use super::super::roles::permission_groups;
use super::super::whom::{Who, whom};
use super::views::{self, Page};
use crate::accounts::roles::{self, Answer, What};
use crate::accounts::{Actor, ROLES_READ};
use crate::app::App;
use crate::clock::end_of_day_ms;
use crate::error::Result;
use crate::plugin::{Access, Route};
use crate::web::context::Context;
use crate::web::routes::{Declared, declared};
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin/reasons", ROLES_READ, index)]
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    /// An id, or a part of a name or of an address.
    pub person: String,
    /// A permission, `skills.read`, or a route, `GET /skills`.
    pub what: String,
    /// A day, `2026-01-31`; empty for now.
    pub date: String,
}

#[handler]
async fn index(cx: Context, Query(question): Query<Question>) -> Result<Response> {
    let actor = cx.actor()?;
    let who = whom(&cx.app, actor, question.person.trim()).await?;
    let at = moment(&question.date, cx.app.now_ms());
    let answer = match (&who, at) {
        (Who::One(person), Some(at)) => answer(&cx.app, actor, person.id, &question.what, at).await?,
        _ => None,
    };
    let page = Page {
        question: &question,
        who: &who,
        answer: answer.as_ref(),
        bad_date: at.is_none(),
        groups: &permission_groups(&cx.app),
        routes: &declared(&cx.app),
        may_view: actor.is_administrator(),
        now_ms: cx.app.now_ms(),
    };
    Ok(frame::page(&cx, "Why may somebody …?", views::index(&page)))
}

/// The end of the day that is asked about; `None` for what is no day.
fn moment(date: &str, now_ms: i64) -> Option<i64> {
    if date.trim().is_empty() { Some(now_ms) } else { end_of_day_ms(date.trim()) }
}

async fn answer(app: &App, actor: &Actor, person_id: i64, what: &str, at_ms: i64) -> Result<Option<Answer>> {
    let routes = declared(app);
    let Some(what) = meant(app, &routes, what) else { return Ok(None) };
    roles::explain(&app.access, actor, person_id, what, at_ms).await.map(Some)
}

fn meant<'a>(app: &App, routes: &'a [Declared], what: &str) -> Option<What<'a>> {
    if let Some(spec) = app.permissions().into_iter().find(|spec| spec.permission.0 == what) {
        return Some(What::Permission(spec.permission));
    }
    let route = routes.iter().find(|route| route.name == what)?;
    Some(match route.access {
        Access::Administrators => What::Everything,
        Access::Needs(permission) => What::Route(&route.name, Some(permission)),
        Access::SignedIn | Access::Public => What::Route(&route.name, None),
    })
}
