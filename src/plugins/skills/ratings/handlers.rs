//! A cell of the matrix: shown, edited in place, saved. Without scripts the person's own page does the same.

use super::super::levels::{Interest, Scale, Standing};
use super::super::matrix::filter::{View, ViewFields};
use super::super::{READ, levels, matrix};
use super::model::{self, Base, Cell, Origin, Outcome, RatingPatch};
use super::views::{self, Conflict, FormState};
use crate::accounts::Actor;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use maud::html;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/ratings/:person/:skill", READ, show),
        Route::get("/skills/ratings/:person/:skill/edit", READ, edit),
        // Who may rate whom depends on the person, so the model decides.
        Route::post("/skills/ratings/:person/:skill", READ, update),
    ]
}

/// What a cell's form, or a key pressed on a cell, sends. A field that is not there changes nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RatingForm {
    level: Option<String>,
    interest: Option<String>,
    note: Option<String>,
    /// The level is confirmed although it is the one that stands there.
    confirm: Option<String>,
    /// The version that the form was opened with.
    version: String,
    /// The cell as it was shown, where no form was opened.
    was: Option<String>,
}

#[handler]
async fn show(
    cx: Context,
    Path((person, skill)): Path<(i64, i64)>,
    Query(view): Query<ViewFields>,
) -> Result<Response> {
    let cell = model::get(&cx.app, cx.actor()?, person, skill).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&views::own_page(&cell)));
    }
    shown(&cx, &view.today(), (person, skill)).await
}

#[handler]
async fn edit(
    cx: Context,
    Path((person, skill)): Path<(i64, i64)>,
    Query(view): Query<ViewFields>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let cell = model::get(&cx.app, actor, person, skill).await?;
    if !cell.may_be_rated_by(actor) {
        return Err(Error::Forbidden);
    }
    if !cx.is_partial() {
        return Ok(cx.see_other(&views::own_page(&cell)));
    }
    Ok(cx.fragment(views::form(&cell, &FormState::of(&cell, actor), None, &view.today(), cx.csrf())))
}

#[handler]
async fn update(
    cx: Context,
    Path((person, skill)): Path<(i64, i64)>,
    Query(view): Query<ViewFields>,
    Form(form): Form<RatingForm>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let cell = model::get(&cx.app, actor, person, skill).await?;
    if !cell.may_be_rated_by(actor) {
        return Err(Error::Forbidden);
    }
    let saved = match form.patch(&cell.scale) {
        Ok((base, patch)) => model::save_cell(&cx.app, actor, cell.clone(), base, &patch, Origin::Cell).await,
        Err(error) => Err(error),
    };
    let view = view.today();
    match saved {
        Ok(Outcome::Saved(_)) if !cx.is_partial() => Ok(cx.see_other(&views::own_page(&cell))),
        Ok(Outcome::Saved(rating)) => saved_cell(&cx, &view, &Cell { rating, ..cell }).await,
        Ok(Outcome::Conflict(rating)) => {
            let theirs = Cell { rating, ..cell };
            let state = form.state(&theirs, actor, Conflict::WithOthers);
            Ok(cx.fragment_with(StatusCode::CONFLICT, views::form(&theirs, &state, None, &view, cx.csrf())))
        }
        Err(Error::Invalid(invalid)) => {
            let state = form.state(&cell, actor, Conflict::None);
            let form = views::form(&cell, &state, Some(&invalid), &view, cx.csrf());
            Ok(cx.fragment_with(StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(other) => Err(other),
    }
}

/// The cell as the matrix shows it, with the summaries of its row and its column.
async fn shown(cx: &Context, view: &View, cell: (i64, i64)) -> Result<Response> {
    let window = matrix::model::cell(&cx.app, cx.actor()?, view, cell).await?;
    Ok(cx.fragment(matrix::views::changed_cell(&window)))
}

/// As `shown`, and what has become of the level where it is not the one that is shown.
async fn saved_cell(cx: &Context, view: &View, cell: &Cell) -> Result<Response> {
    let actor = cx.actor()?;
    let place = (cell.rating.person_id, cell.rating.skill_id);
    let window = matrix::model::cell(&cx.app, actor, view, place).await?;
    Ok(cx.fragment(html! { (matrix::views::changed_cell(&window)) (views::kept_beside(cell, actor)) }))
}

impl RatingForm {
    /// What the form asks for, and what its sender had seen.
    fn patch(&self, scale: &Scale) -> Result<(Base, RatingPatch)> {
        let standing = |text: &str| scale.parse_standing(text).map_err(|problem| Error::invalid("level", problem));
        let base = match &self.was {
            Some(was) => Base::Seen(standing(was)?),
            None => Base::Version(number_of(&self.version).unwrap_or(0)),
        };
        let patch = RatingPatch {
            standing: self.level.as_deref().map(standing).transpose()?,
            interest: self.interest.as_deref().map(interest).transpose()?,
            note: self.note.clone(),
            // A key pressed on a cell means what it says, also where it says what stands there already.
            restated: self.was.is_some() || self.confirm.is_some(),
            ..RatingPatch::default()
        };
        Ok((base, patch))
    }

    /// The form once more, with what was typed and the version that stands there now. Where nothing was typed, a
    /// field shows what stands there.
    fn state(&self, cell: &Cell, actor: &Actor, conflict: Conflict) -> FormState {
        let now = FormState::of(cell, actor);
        FormState {
            level: self.level.clone().unwrap_or(now.level),
            interest: self.interest.clone().unwrap_or(now.interest),
            note: self.note.clone().unwrap_or(now.note),
            version: match conflict {
                Conflict::WithOthers => now.version,
                Conflict::None if self.was.is_some() => now.version,
                Conflict::None => number_of(&self.version).unwrap_or(0),
            },
            conflict,
            offers_to_confirm: now.offers_to_confirm,
        }
    }
}

/// An interest as a form or a file writes it; empty for none said.
pub fn interest(text: &str) -> Result<Option<Interest>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let highest = levels::Interest::NAMES.len() - 1;
    let found = number_of(text).and_then(Interest::new);
    found
        .map(Some)
        .ok_or_else(|| Error::invalid("interest", format!("An interest is a whole number from 0 to {highest}.")))
}

/// A standing as a form writes it.
pub fn standing_text(scale: &Scale, standing: Standing) -> String {
    match standing {
        Standing::Unset => String::new(),
        Standing::NotApplicable => "n/a".to_owned(),
        Standing::At(level) => scale.code(level),
    }
}
