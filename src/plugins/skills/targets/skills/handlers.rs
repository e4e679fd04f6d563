//! Suggestions while a skill is typed, and the levels of the one that was found.

use super::super::super::catalogue::lookup;
use super::super::super::{READ, scales};
use super::views::LevelControl;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use maud::html;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/targets/skills", READ, index)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    skill: String,
    level: String,
}

/// The options for the field; and once one skill is meant, the levels of its scale.
#[handler]
async fn index(cx: Context, Query(typed): Query<Typed>) -> Result<Response> {
    let actor = cx.actor()?;
    let skills = lookup::model::suggest(&cx.app, actor, &typed.skill).await?;
    let meant = lookup::model::find(&cx.app, actor, &typed.skill).await?.ok();
    let scales = scales::all(&cx.app).await?;
    let scale = meant.and_then(|skill| scales.get(skill.scale_id));
    let fits = scale.is_some_and(|scale| scale.parse(&typed.level).is_ok());
    let level = LevelControl { id: "new-level", scale, value: if fits { &typed.level } else { "" }, error: None };
    Ok(cx.fragment(html! {
        (lookup::views::options(&skills))
        @if scale.is_some() {
            hx-partial hx-target="#new-level" hx-swap="outerHTML" { (level.markup()) }
        }
    }))
}
