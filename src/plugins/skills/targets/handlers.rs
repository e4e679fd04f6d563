//! Targets: the scopes, the targets of one, and a target that is added, edited in place, deleted and brought back.

use super::super::catalogue::lookup::model as lookup;
use super::super::levels::Scale;
use super::super::{READ, scales};
use super::model::{self, Ask, NewTarget, Target};
use super::scope::{Demand, Scope};
use super::views::{self, AddForm, EditForm, Line, Page, Typed};
use super::{scopes, skills};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// Who may set a target depends on whom it is for, so the model decides.
pub fn routes() -> Vec<Route> {
    let own = vec![
        Route::get("/skills/targets", READ, index),
        Route::get("/skills/targets/everybody", READ, show_everybody),
        Route::post("/skills/targets/everybody", READ, create_for_everybody),
        Route::get("/skills/targets/teams/:id", READ, show_team),
        Route::post("/skills/targets/teams/:id", READ, create_for_team),
        Route::get("/skills/targets/job-roles/:id", READ, show_job_role),
        Route::post("/skills/targets/job-roles/:id", READ, create_for_job_role),
        Route::get("/skills/targets/:id", READ, show),
        Route::get("/skills/targets/:id/edit", READ, edit),
        Route::post("/skills/targets/:id", READ, update),
        Route::post("/skills/targets/:id/deletion", READ, delete),
        Route::post("/skills/targets/:id/restoration", READ, restore),
    ];
    own.into_iter().chain(skills::handlers::routes()).collect()
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let scopes = scopes::model::list(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Targets", scopes::views::index(&scopes)))
}

/// What was deleted before the page was drawn.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Before {
    deleted: String,
}

#[handler]
async fn show_everybody(cx: Context, Query(before): Query<Before>) -> Result<Response> {
    show_scope(&cx, Scope::Everybody, &before).await
}

#[handler]
async fn show_team(cx: Context, Path(id): Path<i64>, Query(before): Query<Before>) -> Result<Response> {
    show_scope(&cx, Scope::Team(id), &before).await
}

#[handler]
async fn show_job_role(cx: Context, Path(id): Path<i64>, Query(before): Query<Before>) -> Result<Response> {
    show_scope(&cx, Scope::JobRole(id), &before).await
}

async fn show_scope(cx: &Context, scope: Scope, before: &Before) -> Result<Response> {
    let mut page = page(cx, scope).await?;
    if let Some(id) = id_of(&before.deleted) {
        page.deleted = match model::deleted(&cx.app, cx.actor()?, id).await {
            Ok(deleted) if deleted.scope == scope => Some(deleted),
            Ok(_) | Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        };
    }
    Ok(cx.page(&page.summary.title(), views::show(&page)))
}

async fn page(cx: &Context, scope: Scope) -> Result<Page> {
    let actor = cx.actor()?;
    Ok(Page {
        summary: scopes::model::get(&cx.app, actor, scope).await?,
        targets: model::list(&cx.app, actor, scope).await?,
        scales: scales::all(&cx.app).await?,
        suggestions: lookup::suggest(&cx.app, actor, "").await?,
        add: AddForm::default(),
        edited: None,
        deleted: None,
        may_set: model::may_set(actor, scope),
        csrf: cx.csrf().to_owned(),
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TargetForm {
    skill: String,
    level: String,
    at_least: String,
    version: String,
}

impl TargetForm {
    fn typed(&self) -> Typed {
        Typed { skill: self.skill.clone(), level: self.level.clone(), at_least: self.at_least.clone() }
    }

    /// What the form asks for, on the scale of the skill.
    fn ask(&self, scale: &Scale) -> Result<Ask> {
        let level = scale.parse(&self.level).map_err(|problem| Error::invalid("level", format!("{problem}.")))?;
        let demand = match self.at_least.trim() {
            "" => Demand::OfAll,
            // What is no number is told like a number that makes no sense.
            text => Demand::OfAtLeast(number_of(text).unwrap_or(0)),
        };
        let ask = Ask { level, demand };
        ask.check(scale)?;
        Ok(ask)
    }
}

#[handler]
async fn create_for_everybody(cx: Context, Form(form): Form<TargetForm>) -> Result<Response> {
    create(&cx, Scope::Everybody, &form).await
}

#[handler]
async fn create_for_team(cx: Context, Path(id): Path<i64>, Form(form): Form<TargetForm>) -> Result<Response> {
    create(&cx, Scope::Team(id), &form).await
}

#[handler]
async fn create_for_job_role(cx: Context, Path(id): Path<i64>, Form(form): Form<TargetForm>) -> Result<Response> {
    create(&cx, Scope::JobRole(id), &form).await
}

async fn create(cx: &Context, scope: Scope, form: &TargetForm) -> Result<Response> {
    if !model::may_set(cx.actor()?, scope) {
        return Err(Error::Forbidden);
    }
    let invalid = match add(cx, scope, form).await {
        Ok(target) if !cx.is_partial() => {
            let text = format!("“{}” is asked for now.", target.skill);
            return Ok(cx.see_other_with(&scope.address(), Tone::Success, &text));
        }
        Ok(_) => None,
        Err(Error::Invalid(invalid)) => Some(invalid),
        Err(other) => return Err(other),
    };
    let mut page = page(cx, scope).await?;
    let status = if invalid.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.add = match invalid {
        Some(invalid) => AddForm { typed: form.typed(), invalid: Some(invalid), again: false },
        None => AddForm { again: true, ..AddForm::default() },
    };
    let mut response = if cx.is_partial() {
        cx.fragment(views::section(&page))
    } else {
        cx.page(&page.summary.title(), views::show(&page))
    };
    response.set_status(status);
    Ok(response)
}

async fn add(cx: &Context, scope: Scope, form: &TargetForm) -> Result<Target> {
    let actor = cx.actor()?;
    let skill = lookup::find(&cx.app, actor, &form.skill).await?.map_err(|why| Error::invalid("skill", why))?;
    let scales = scales::all(&cx.app).await?;
    let ask = form.ask(scales.get(skill.scale_id).ok_or(Error::NotFound)?)?;
    model::create(&cx.app, actor, &NewTarget { scope, skill_id: skill.id, ask }).await
}

/// A row as it stands, which is what Cancel asks for. It has no page of its own.
#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let target = model::get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&target.scope.address()));
    }
    row(&cx, &Line::Shown(&target), StatusCode::OK).await
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let target = model::get(&cx.app, cx.actor()?, id).await?;
    if !model::may_set(cx.actor()?, target.scope) {
        return Err(Error::Forbidden);
    }
    let scales = scales::all(&cx.app).await?;
    let scale = scales.get(target.scale_id).ok_or(Error::NotFound)?;
    let at_least = target.demand.at_least().map(|count| count.to_string()).unwrap_or_default();
    let typed = Typed { skill: target.skill.clone(), level: scale.code(target.level), at_least };
    edit_form(&cx, EditForm { target, typed, invalid: None, is_conflict: false }).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<TargetForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let saved = model::get(&cx.app, actor, id).await?;
    if !model::may_set(actor, saved.scope) {
        return Err(Error::Forbidden);
    }
    let version = number_of(&form.version).unwrap_or(0);
    let changed = match form.ask(scales::all(&cx.app).await?.get(saved.scale_id).ok_or(Error::NotFound)?) {
        Ok(ask) => model::update(&cx.app, actor, id, version, ask).await,
        Err(error) => Err(error),
    };
    let typed = form.typed();
    match changed {
        Ok(target) if cx.is_partial() => row(&cx, &Line::Shown(&target), StatusCode::OK).await,
        Ok(target) => {
            let text = format!("The target for “{}” is changed.", target.skill);
            Ok(cx.see_other_with(&target.scope.address(), Tone::Success, &text))
        }
        Err(Error::Conflict(_)) => {
            let theirs = model::get(&cx.app, actor, id).await?;
            edit_form(&cx, EditForm { target: theirs, typed, invalid: None, is_conflict: true }).await
        }
        Err(Error::Invalid(invalid)) => {
            let based = Target { version, ..saved };
            edit_form(&cx, EditForm { target: based, typed, invalid: Some(invalid), is_conflict: false }).await
        }
        Err(other) => Err(other),
    }
}

/// The form in its row; without htmx the whole page, with that row open.
async fn edit_form(cx: &Context, form: EditForm) -> Result<Response> {
    let status = match (&form.invalid, form.is_conflict) {
        (_, true) => StatusCode::CONFLICT,
        (Some(_), false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, false) => StatusCode::OK,
    };
    if cx.is_partial() {
        return row(cx, &Line::Edited(&form), status).await;
    }
    let mut page = page(cx, form.target.scope).await?;
    page.edited = Some(form);
    let mut response = cx.page(&page.summary.title(), views::show(&page));
    response.set_status(status);
    Ok(response)
}

async fn row(cx: &Context, line: &Line<'_>, status: StatusCode) -> Result<Response> {
    let target = match line {
        Line::Shown(target) => target,
        Line::Edited(form) => &form.target,
    };
    let may_set = model::may_set(cx.actor()?, target.scope);
    let scales = scales::all(&cx.app).await?;
    Ok(cx.fragment_with(status, views::row(line, &scales, may_set, cx.csrf())))
}

/// Takes the target away at once; in its place stands the way back. One that somebody else changed stays, as it is now.
#[handler]
async fn delete(cx: Context, Path(id): Path<i64>, Form(form): Form<TargetForm>) -> Result<Response> {
    let actor = cx.actor()?;
    match model::delete(&cx.app, actor, id, number_of(&form.version).unwrap_or(0)).await {
        Ok(target) if !cx.is_partial() => Ok(cx.see_other(&format!("{}?deleted={id}", target.scope.address()))),
        Ok(_) => {
            let deleted = model::deleted(&cx.app, actor, id).await?;
            let scales = scales::all(&cx.app).await?;
            Ok(cx.fragment(views::deleted_row(&deleted, scales.get(deleted.skill.scale_id), cx.csrf())))
        }
        Err(Error::Conflict(_)) if cx.is_partial() => {
            let theirs = model::get(&cx.app, actor, id).await?;
            row(&cx, &Line::Shown(&theirs), StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn restore(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let target = model::restore(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        let text = format!("The target for “{}” is back.", target.skill);
        return Ok(cx.see_other_with(&target.scope.address(), Tone::Success, &text));
    }
    row(&cx, &Line::Shown(&target), StatusCode::OK).await
}
