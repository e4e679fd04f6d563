//! The answers of a person: saved step by step, handed in at the end.

use super::super::super::READ;
use super::super::super::ratings::model::Outcome;
use super::super::handlers::page;
use super::super::model::{self as assessments, Assessment};
use super::super::views::{Remark, Remarks};
use super::model;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::plugins::skills::levels::Standing;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use std::collections::HashMap;

pub fn routes() -> Vec<Route> {
    // Only the person answers, which the model knows.
    vec![Route::post("/skills/assessments/:id/answers", READ, create)]
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(fields): Form<HashMap<String, String>>) -> Result<Response> {
    let actor = cx.actor()?;
    let before = assessments::get(&cx.app, actor, id).await?;
    if !before.is_answered_by(actor) {
        return Err(Error::Forbidden);
    }
    let (saved, mut remarks) = say_all(&cx, &before, &fields).await?;
    let back = format!("/skills/assessments/{id}");
    if remarks.is_empty() && fields.get("step").is_some_and(|step| step == "hand_in") {
        let version = fields.get("version").and_then(|text| number_of(text)).unwrap_or(0);
        match model::hand_in(&cx.app, actor, id, version).await {
            Ok(()) => return Ok(cx.see_other_with(&back, Tone::Success, "Handed in. Those who confirm it were told.")),
            Err(Error::Invalid(invalid)) => remarks.set_problem(invalid.to_string()),
            Err(other) => return Err(other),
        }
    }
    if remarks.is_empty() {
        let text = if saved == 0 {
            "Nothing was changed.".to_owned()
        } else {
            format!("{saved} saved. Hand it in when all are there.")
        };
        return Ok(cx.see_other_with(&back, Tone::Success, &text));
    }
    let after = assessments::get(&cx.app, actor, id).await?;
    let mut response = page(&cx, &after, &remarks);
    response.set_status(if remarks.has_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY });
    Ok(response)
}

async fn say_all(cx: &Context, before: &Assessment, fields: &HashMap<String, String>) -> Result<(usize, Remarks)> {
    let mut saved = 0;
    let mut remarks = Remarks::default();
    for item in &before.items {
        let field =
            |name: &str| fields.get(&format!("{name}-{}", item.skill_id)).map(String::as_str).unwrap_or_default();
        let typed = field("level").trim().to_owned();
        let scale = before.scales.of_skill(item.skill_id, item.scale_id).ok_or(Error::NotFound)?;
        let standing = match scale.parse_standing(&typed) {
            Ok(Standing::Unset) => continue,
            Ok(standing) if item.own_now == Some(standing) => continue,
            Ok(standing) => standing,
            Err(problem) => {
                remarks.add(item.skill_id, Remark::Invalid { typed, problem });
                continue;
            }
        };
        let version = number_of(field("version")).unwrap_or(0);
        match model::say(&cx.app, cx.actor()?, before, item, version, standing).await {
            Ok(Outcome::Saved(_)) => saved += 1,
            Ok(Outcome::Conflict(_)) => remarks.add(item.skill_id, Remark::Conflict { typed }),
            Err(Error::Invalid(invalid)) => {
                remarks.add(item.skill_id, Remark::Invalid { typed, problem: invalid.to_string() })
            }
            Err(other) => return Err(other),
        }
    }
    Ok((saved, remarks))
}
