//! Roles: the tree, the editor with its preview, and the deletion.

use super::super::frame;
use super::super::whom::{Who, whom};
use super::model::{self, permission_groups};
use super::views::{self, DeletionPage, EditorPage, Shown};
use crate::accounts::ROLES_READ;
use crate::accounts::access::RoleFacts;
use crate::accounts::roles::{self, Effect, RoleEdit};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/roles", ROLES_READ, index),
        Route::post("/admin/roles", Access::Administrators, create),
        Route::get("/admin/roles/new", Access::Administrators, new_form),
        Route::get("/admin/roles/:id", ROLES_READ, show),
        Route::post("/admin/roles/:id", Access::Administrators, update),
        Route::get("/admin/roles/:id/preview", ROLES_READ, back),
        Route::post("/admin/roles/:id/preview", Access::Administrators, preview),
        Route::post("/admin/roles/:id/people", Access::Administrators, give),
        Route::post("/admin/roles/:id/people/:person/removal", Access::Administrators, take),
        Route::get("/admin/roles/:id/deletion", Access::Administrators, deletion),
        Route::post("/admin/roles/:id/deletion", Access::Administrators, destroy),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let actor = cx.actor()?;
    let list = roles::list(&cx.app.access, actor).await?;
    let declared = cx.app.access.index().all().len();
    Ok(frame::page(&cx, "Roles", views::index(&list, declared, actor.is_administrator())))
}

/// The fields of a role as they were sent: the boxes that were ticked come as many of the same name.
struct RoleForm {
    edit: RoleEdit,
    version: i64,
}

impl RoleForm {
    fn of(fields: &[(String, String)]) -> Self {
        RoleForm {
            edit: RoleEdit {
                title: all_of(fields, "title").next().cloned().unwrap_or_default(),
                parents: all_of(fields, "parent").filter_map(|id| id_of(id)).collect(),
                permissions: all_of(fields, "permission").cloned().collect(),
                second_factor: all_of(fields, "second_factor").next().is_some(),
            },
            version: all_of(fields, "version").next().and_then(|version| number_of(version)).unwrap_or(0),
        }
    }
}

fn all_of<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a String> {
    fields.iter().filter(move |field| field.0 == name).map(|(_, value)| value)
}

#[handler]
async fn new_form(cx: Context) -> Result<Response> {
    editor(&cx, None, &RoleEdit::default(), Shown::Plain).await
}

#[handler]
async fn create(cx: Context, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = RoleForm::of(&fields);
    match model::create(&cx.app, cx.actor()?, &form.edit).await {
        Ok(id) => {
            let text = format!("The role “{}” was made. Nobody has it yet.", form.edit.title.trim());
            Ok(cx.see_other_with(&format!("/admin/roles/{id}"), Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => editor(&cx, None, &form.edit, Shown::Invalid(&invalid)).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let saved = saved(&cx, id).await?;
    editor(&cx, Some((id, saved.version)), &RoleEdit::of(&saved), Shown::Plain).await
}

/// Where a preview is loaded anew, there is nothing left to show it of.
#[handler]
async fn back(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    Ok(cx.see_other(&format!("/admin/roles/{id}")))
}

#[handler]
async fn preview(cx: Context, Path(id): Path<i64>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = RoleForm::of(&fields);
    match roles::effects_of_edit(&cx.app.access, cx.actor()?, Some(id), &form.edit).await {
        Ok(effects) => editor(&cx, Some((id, form.version)), &form.edit, Shown::Preview(&effects)).await,
        Err(Error::Invalid(invalid)) => {
            editor(&cx, Some((id, form.version)), &form.edit, Shown::Invalid(&invalid)).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = RoleForm::of(&fields);
    match model::save(&cx.app, cx.actor()?, id, form.version, &form.edit).await {
        Ok(()) => {
            let text = format!("“{}” was saved, and counts from now on.", form.edit.title.trim());
            Ok(cx.see_other_with(&format!("/admin/roles/{id}"), Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => {
            editor(&cx, Some((id, form.version)), &form.edit, Shown::Invalid(&invalid)).await
        }
        Err(Error::Conflict(_)) => {
            let theirs = saved(&cx, id).await?;
            editor(&cx, Some((id, theirs.version)), &form.edit, Shown::Conflict(&theirs)).await
        }
        Err(other) => Err(other),
    }
}

async fn saved(cx: &Context, id: i64) -> Result<RoleFacts> {
    roles::get(&cx.app.access, cx.actor()?, id).await
}

async fn editor(cx: &Context, saved: Option<(i64, i64)>, edit: &RoleEdit, shown: Shown<'_>) -> Result<Response> {
    let (actor, access) = (cx.actor()?, &cx.app.access);
    let details = match saved {
        Some((id, _)) => Some(roles::details(access, actor, id).await?),
        None => None,
    };
    let table = access.table().await?;
    let page = EditorPage {
        details: details.as_ref(),
        version: saved.map_or(0, |(_, version)| version),
        edit,
        shown,
        table: &table,
        groups: &permission_groups(&cx.app),
        may_edit: actor.is_administrator(),
        csrf: cx.csrf(),
    };
    let mut response = frame::page(cx, page.title(), views::editor(&page));
    response.set_status(shown.status());
    Ok(response)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GivingForm {
    person: String,
}

#[handler]
async fn give(cx: Context, Path(id): Path<i64>, Form(form): Form<GivingForm>) -> Result<Response> {
    let person = match whom(&cx.app, cx.actor()?, form.person.trim()).await? {
        Who::One(person) => person,
        Who::Several(_) => return not_given(&cx, id, &form.person, "Several people match; give the address.").await,
        Who::Nobody | Who::Unknown => return not_given(&cx, id, &form.person, "Nobody matches.").await,
    };
    let text = match model::give(&cx.app, cx.actor()?, id, person.id).await? {
        true => format!("{} has this role from now on.", person.name),
        false => format!("{} has this role already.", person.name),
    };
    Ok(cx.see_other_with(&format!("/admin/roles/{id}"), Tone::Success, &text))
}

async fn not_given(cx: &Context, id: i64, typed: &str, problem: &str) -> Result<Response> {
    let saved = saved(cx, id).await?;
    editor(cx, Some((id, saved.version)), &RoleEdit::of(&saved), Shown::NotGiven { typed, problem }).await
}

#[handler]
async fn take(cx: Context, Path((id, person)): Path<(i64, i64)>) -> Result<Response> {
    match model::take(&cx.app, cx.actor()?, id, person).await {
        Ok(_) => {
            Ok(cx.see_other_with(&format!("/admin/roles/{id}"), Tone::Success, "The role was taken away, as of now."))
        }
        Err(Error::Invalid(invalid)) => {
            let saved = saved(&cx, id).await?;
            editor(&cx, Some((id, saved.version)), &RoleEdit::of(&saved), Shown::Invalid(&invalid)).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DeletionForm {
    replacement: String,
    version: String,
}

#[handler]
async fn deletion(cx: Context, Path(id): Path<i64>, Query(form): Query<DeletionForm>) -> Result<Response> {
    deletion_page(&cx, id, &form.replacement, None).await
}

#[handler]
async fn destroy(cx: Context, Path(id): Path<i64>, Form(form): Form<DeletionForm>) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let title = saved(&cx, id).await?.title;
    match model::delete(&cx.app, cx.actor()?, id, version, id_of(&form.replacement)).await {
        Ok(()) => Ok(cx.see_other_with("/admin/roles", Tone::Success, &format!("The role “{title}” is gone."))),
        Err(Error::Invalid(invalid)) => deletion_page(&cx, id, &form.replacement, Some(&invalid)).await,
        Err(other) => Err(other),
    }
}

async fn deletion_page(cx: &Context, id: i64, replacement: &str, invalid: Option<&Invalid>) -> Result<Response> {
    let (actor, access) = (cx.actor()?, &cx.app.access);
    let effects: Vec<Effect> = roles::effects_of_deletion(access, actor, id, id_of(replacement)).await?;
    let table = access.table().await?;
    let page = DeletionPage {
        details: &roles::details(access, actor, id).await?,
        table: &table,
        replacement,
        effects: &effects,
        groups: &permission_groups(&cx.app),
        invalid,
        csrf: cx.csrf(),
    };
    let mut response = frame::page(cx, "Delete a role", views::deletion(&page));
    if invalid.is_some() {
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(response)
}
