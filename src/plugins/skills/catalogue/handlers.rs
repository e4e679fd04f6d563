//! The catalogue: find, show, add and change skills.

use super::super::categories::model as categories;
use super::super::concepts::model as concepts;
use super::super::{EDIT, IMPORT, READ, scales};
use super::definition::model::may_define;
use super::form::{Editing, Offers, form};
use super::labels::model::{self as labels, Labels};
use super::mergers::model as mergers;
use super::model::{self, NewSkill, Owner, Skill, SkillFilter};
use super::owners::model as owners;
use super::rescalings::model as rescalings;
use super::show::{Page, page};
use super::views::{self, List};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// Skills on a page of the catalogue.
const PAGE: i64 = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/catalogue", READ, index),
        Route::get("/skills/catalogue/new", EDIT, new_form),
        Route::post("/skills/catalogue", EDIT, create),
        Route::get("/skills/catalogue/:id", READ, show),
        Route::get("/skills/catalogue/:id/edit", EDIT, edit),
        Route::post("/skills/catalogue/:id", EDIT, update),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    category: String,
    tag: String,
    skill: String,
    state: String,
    offset: String,
}

impl Parameters {
    fn filter(&self) -> SkillFilter {
        SkillFilter {
            category_id: id_of(&self.category),
            text: self.skill.trim().to_owned(),
            tag: self.tag.trim().to_owned(),
            archived: self.state == "archived",
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SkillForm {
    name: String,
    category: String,
    description: String,
    uri: String,
    scale: String,
    aliases: String,
    tags: String,
    owner: String,
    version: String,
}

impl From<&SkillForm> for NewSkill {
    fn from(form: &SkillForm) -> Self {
        NewSkill {
            name: form.name.clone(),
            category: form.category.clone(),
            description: form.description.clone(),
            uri: form.uri.clone(),
            scale: form.scale.clone(),
            labels: Labels::typed(&form.aliases, &form.tags),
            owner: Owner::Typed(form.owner.clone()),
        }
    }
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let actor = cx.actor()?;
    let filter = parameters.filter();
    let offset = number_of(&parameters.offset).unwrap_or(0).max(0);
    let (skills, total) = model::list(&cx.app, actor, &filter, PAGE, offset).await?;
    let categories = categories::tree(&cx.app, actor).await?;
    let tags = labels::tags(&cx.app, actor).await?;
    let scales = scales::all(&cx.app).await?;
    let (may_edit, may_import) = (cx.may(EDIT), cx.may(IMPORT));
    let list = List { filter, categories, tags, skills, scales, total, offset, page: PAGE, may_edit, may_import };
    Ok(cx.page("Catalogue", views::index(&list)))
}

#[handler]
async fn new_form(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let categories = categories::tree(&cx.app, cx.actor()?).await?;
    let chosen = id_of(&parameters.category).and_then(|id| categories.get(id));
    let skill = NewSkill {
        category: chosen.map(|category| category.name.clone()).unwrap_or_default(),
        scale: "0–4".to_owned(),
        ..NewSkill::default()
    };
    let editing = Editing { id: None, version: 0, skill, problem: None };
    Ok(cx.page("New skill", form_of(&cx, &editing).await?))
}

#[handler]
async fn create(cx: Context, Form(form_data): Form<SkillForm>) -> Result<Response> {
    let mut skill = NewSkill::from(&form_data);
    if skill.uri.trim().is_empty() {
        // A name that was picked from the suggestions brings its concept's address along.
        skill.uri = concepts::uri_of(&cx.app, cx.actor()?, &skill.name).await?;
    }
    match model::create(&cx.app, cx.actor()?, &skill).await {
        Ok(made) => done(&cx, &made, "added").await,
        Err(problem) => retry(&cx, Editing { id: None, version: 0, skill, problem: Some(problem) }).await,
    }
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let actor = cx.actor()?;
    let skill = model::get(&cx.app, actor, id).await?;
    let scales = scales::all(&cx.app).await?;
    let scale = scales.of_skill(id, skill.scale_id).ok_or(Error::NotFound)?;
    let (rated, able) = model::counts(&cx.app, actor, id).await?;
    let merges = mergers::of_skill(&cx.app, actor, id).await?;
    let rescaling = rescalings::last_of(&cx.app, actor, id).await?;
    let shown = Page {
        merges: &merges,
        rescaling: rescaling.as_ref(),
        now_ms: cx.app.now_ms(),
        skill: &skill,
        scale: &scale,
        rated,
        able,
        may_edit: cx.may(EDIT),
        may_define: may_define(actor, &skill),
        csrf: cx.csrf(),
    };
    Ok(cx.page(&skill.name, page(&shown)))
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = model::get(&cx.app, cx.actor()?, id).await?;
    let editing = Editing { id: Some(id), version: skill.version, skill: as_new(&cx, &skill).await?, problem: None };
    Ok(cx.page(&skill.name, form_of(&cx, &editing).await?))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form_data): Form<SkillForm>) -> Result<Response> {
    let skill = NewSkill::from(&form_data);
    let version = number_of(&form_data.version).unwrap_or(0);
    match model::update(&cx.app, cx.actor()?, id, version, &skill).await {
        Ok(changed) => done(&cx, &changed, "saved").await,
        Err(problem) => {
            // After a conflict the form holds the version that stands there now, so that saving again means it.
            let version = match &problem {
                Error::Conflict(_) => model::get(&cx.app, cx.actor()?, id).await?.version,
                _ => version,
            };
            retry(&cx, Editing { id: Some(id), version, skill, problem: Some(problem) }).await
        }
    }
}

/// Leads to the skill, and says when one of its aliases names another skill as well.
async fn done(cx: &Context, skill: &Skill, what: &str) -> Result<Response> {
    let back = format!("/skills/catalogue/{}", skill.id);
    let namesakes = labels::namesakes(&cx.app, cx.actor()?, skill.id, &skill.labels.aliases).await?;
    if namesakes.is_empty() {
        return Ok(cx.see_other_with(&back, Tone::Success, &format!("“{}” is {what}.", skill.name)));
    }
    let text = format!("“{}” is {what}. One of its other names is also that of {}.", skill.name, namesakes.join(", "));
    Ok(cx.see_other_with(&back, Tone::Warning, &text))
}

/// The form with what was typed, and why it could not be taken.
async fn retry(cx: &Context, editing: Editing) -> Result<Response> {
    let status = match &editing.problem {
        Some(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Error::Conflict(_)) => StatusCode::CONFLICT,
        _ => return Err(editing.problem.unwrap_or(Error::NotFound)),
    };
    let mut response = cx.page("Skill", form_of(cx, &editing).await?);
    response.set_status(status);
    Ok(response)
}

async fn form_of(cx: &Context, editing: &Editing) -> Result<maud::Markup> {
    let (app, actor) = (&cx.app, cx.actor()?);
    let categories = categories::tree(app, actor).await?;
    let scales = scales::all(app).await?;
    let theirs = match (editing.id, &editing.problem) {
        (Some(id), Some(Error::Conflict(_))) => Some(model::get(app, actor, id).await?),
        _ => None,
    };
    let is_rated = match editing.id {
        Some(id) => model::has_levels(&app.db, id).await?,
        None => false,
    };
    let typed = match &editing.skill.owner {
        Owner::Typed(typed) => typed.as_str(),
        Owner::Nobody | Owner::Person(_) => "",
    };
    let people = owners::suggest(app, actor, typed).await?;
    let tags = labels::tags(app, actor).await?.into_iter().map(|tag| tag.name).collect();
    let offers = Offers { categories: &categories, scales: &scales, tags, people, is_rated };
    Ok(form(editing, theirs.as_ref(), &offers, cx.csrf()))
}

async fn as_new(cx: &Context, skill: &Skill) -> Result<NewSkill> {
    let scales = scales::all(&cx.app).await?;
    let owner = match skill.owner_id {
        Some(id) => owners::typed(&cx.app, id).await?,
        None => String::new(),
    };
    Ok(NewSkill {
        name: skill.name.clone(),
        category: skill.category.clone(),
        description: skill.description.clone(),
        uri: skill.uri.clone(),
        scale: scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default(),
        labels: skill.labels.clone(),
        owner: Owner::Typed(owner),
    })
}
