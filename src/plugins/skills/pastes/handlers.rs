//! Pasting into the matrix: the text, the preview, and what is written.

use super::super::READ;
use super::super::matrix::filter::{View, ViewFields};
use super::acceptance::model::{self as acceptance, Outcome, Terms};
use super::block::{Block, Decision, Seen};
use super::model::{self, Preview};
use super::views::{self, TextForm};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::HashMap;

/// Longer lists of people or skills do not help to find one.
const MOST_STARTS: usize = 300;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/pastes", READ, new_form),
        // Who may rate whom depends on each person, so the model decides.
        Route::post("/skills/pastes", READ, create),
        Route::post("/skills/pastes/acceptance", READ, accept),
    ]
}

/// What was pasted, and into which cell.
#[derive(Deserialize, Default)]
#[serde(default)]
struct PasteForm {
    person_id: String,
    skill_id: String,
    text: String,
    /// The same cells as the grid showed them, where it did.
    was: Option<String>,
    /// Write at once what needs no decision: one level for a whole range.
    at_once: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Start {
    person_id: String,
    skill_id: String,
}

#[handler]
async fn new_form(cx: Context, Query(fields): Query<ViewFields>, Query(start): Query<Start>) -> Result<Response> {
    let form = TextForm { person_id: id_of(&start.person_id), skill_id: id_of(&start.skill_id), text: "" };
    text_page(&cx, &fields.today(), &form, None).await
}

#[handler]
async fn create(cx: Context, Query(fields): Query<ViewFields>, Form(form): Form<PasteForm>) -> Result<Response> {
    let (view, actor) = (fields.today(), cx.actor()?);
    let start = (id_of(&form.person_id).unwrap_or(0), id_of(&form.skill_id).unwrap_or(0));
    let text = form.text.replace("\r\n", "\n");
    let seen = form.was.clone().map_or(Seen::Nothing, Seen::Texts);
    let block = match model::place(&cx.app, actor, &view.filter, start, text, seen).await {
        Ok(block) => block,
        Err(Error::Invalid(invalid)) => {
            let form =
                TextForm { person_id: id_of(&form.person_id), skill_id: id_of(&form.skill_id), text: &form.text };
            return text_page(&cx, &view, &form, Some(&invalid)).await;
        }
        Err(other) => return Err(other),
    };
    if form.at_once == "yes" {
        let terms = Terms { without_refused: false, restated: true };
        return match acceptance::accept(&cx.app, actor, block, terms).await? {
            Outcome::Undecided(preview) => Ok(previewed(&cx, &view, &preview, StatusCode::OK)),
            other => Ok(answered(&cx, &view, other)),
        };
    }
    let preview = model::preview(&cx.app, actor, block).await?;
    Ok(previewed(&cx, &view, &preview, StatusCode::OK))
}

/// The preview's form: ids, versions and decisions as it wrote them.
#[handler]
async fn accept(
    cx: Context,
    Query(fields): Query<ViewFields>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let block = block_of(&form);
    let terms = Terms { without_refused: form.contains_key("without_refused"), restated: false };
    let outcome = acceptance::accept(&cx.app, cx.actor()?, block, terms).await?;
    Ok(answered(&cx, &fields.today(), outcome))
}

fn block_of(form: &HashMap<String, String>) -> Block {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let numbers = |name: &str| field(name).split(',').filter_map(number_of).collect::<Vec<i64>>();
    let for_all = Decision::from_name(field("decide"));
    let contested = field("contested").split(',').filter_map(|cell| {
        let (person, skill) = cell.split_once(':')?;
        let decided = Decision::from_name(field(&format!("decide-{person}-{skill}")));
        Some(((id_of(person)?, id_of(skill)?), decided.or(for_all)))
    });
    Block {
        people: numbers("people"),
        skills: numbers("skills"),
        text: field("text").replace("\r\n", "\n"),
        seen: Seen::Versions(numbers("versions")),
        contested: contested.collect(),
    }
}

fn answered(cx: &Context, view: &View, outcome: Outcome) -> Response {
    match outcome {
        Outcome::Undecided(preview) => previewed(cx, view, &preview, StatusCode::UNPROCESSABLE_ENTITY),
        Outcome::Stale(preview) => previewed(cx, view, &preview, StatusCode::CONFLICT),
        Outcome::Written { cells, batch_id } => {
            let text = views::written_text(cells);
            match batch_id {
                Some(batch_id) if cx.is_partial() => cx.fragment(views::written(&text, batch_id, cx.csrf())),
                _ if cx.is_partial() => cx.fragment(views::unchanged(&text)),
                _ => cx.see_other_with(&view.address(), Tone::Success, &text),
            }
        }
    }
}

fn previewed(cx: &Context, view: &View, preview: &Preview, status: StatusCode) -> Response {
    let content = views::preview(cx, view, preview, status != StatusCode::OK);
    let mut response = cx.page("Paste", content);
    response.set_status(status);
    response
}

async fn text_page(cx: &Context, view: &View, form: &TextForm<'_>, invalid: Option<&Invalid>) -> Result<Response> {
    let starts = model::starts(&cx.app, cx.actor()?, &view.filter, MOST_STARTS).await?;
    let content = views::text_form(cx, view, form, starts.as_ref(), invalid);
    Ok(if invalid.is_some() { cx.invalid_page("Paste", content) } else { cx.page("Paste", content) })
}
