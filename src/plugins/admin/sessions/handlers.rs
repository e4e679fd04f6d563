//! Routes of everybody's sessions.

use super::super::frame;
use super::views::{self, ListPage};
use crate::accounts::SESSIONS;
use crate::accounts::sessions::Whose;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/sessions", SESSIONS, index),
        Route::post("/admin/sessions/revocation", SESSIONS, revoke_all),
        Route::post("/admin/sessions/:id/revocation", SESSIONS, revoke),
    ]
}

/// Whose sessions are shown, or ended: a person's by their id, else everybody's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WhoseFields {
    person: String,
}

impl WhoseFields {
    fn whose(&self) -> Whose {
        id_of(&self.person).map_or(Whose::Everybody, Whose::Person)
    }
}

#[handler]
async fn index(cx: Context, Query(fields): Query<WhoseFields>) -> Result<Response> {
    let sessions = cx.app.sessions.list(cx.actor()?, fields.whose()).await?;
    let list = ListPage {
        sessions: &sessions,
        person: id_of(&fields.person),
        own: cx.signed_in.session.as_ref().map(|session| session.id),
        now_ms: cx.app.now_ms(),
        csrf: cx.csrf(),
    };
    Ok(frame::page(&cx, "Sessions", views::index(&list)))
}

#[handler]
async fn revoke(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    cx.app.sessions.revoke(cx.actor()?, id).await?;
    Ok(cx.see_other_with("/admin/sessions", Tone::Success, "That session has ended."))
}

/// All but the one that asks.
#[handler]
async fn revoke_all(cx: Context, Form(fields): Form<WhoseFields>) -> Result<Response> {
    let own = cx.signed_in.session.as_ref().map(|session| session.id);
    let count = cx.app.sessions.revoke_all(cx.actor()?, fields.whose(), own).await?;
    let text = if count == 1 { "1 session has ended.".to_owned() } else { format!("{count} sessions have ended.") };
    Ok(cx.see_other_with("/admin/sessions", Tone::Success, &text))
}
