//! Routes: the list with its filters, and the mapping of one.

use super::super::frame;
use super::model::{self, Listed, MappingForm};
use super::pruning;
use super::views::{self, ListPage, MappingPage};
use crate::accounts::ROLES_READ;
use crate::accounts::access::Grantee;
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    let own = vec![
        Route::get("/admin/routes", ROLES_READ, index),
        Route::get("/admin/routes/mapping", Access::Administrators, edit),
        Route::post("/admin/routes/mapping", Access::Administrators, update),
        Route::post("/admin/routes/mapping/removal", Access::Administrators, remove),
    ];
    own.into_iter().chain(pruning::handlers::routes()).collect()
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    pub text: String,
    /// mapped, unmapped, dangling or unused.
    pub show: String,
}

impl ListQuery {
    fn includes(&self, listed: &Listed) -> bool {
        let is_of_state = match self.show.as_str() {
            "mapped" => listed.mapping.is_some(),
            "unmapped" => listed.mapping.is_none(),
            "dangling" => listed.is_dangling(),
            "unused" => listed.uses.is_none(),
            _ => true,
        };
        is_of_state && listed.route.name.to_lowercase().contains(&self.text.trim().to_lowercase())
    }
}

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let actor = cx.actor()?;
    let mut overview = model::overview(&cx.app, actor).await?;
    let total = overview.routes.len();
    overview.routes.retain(|listed| query.includes(listed));
    let page = ListPage {
        overview: &overview,
        total,
        query: &query,
        may_edit: actor.is_administrator(),
        now_ms: cx.app.now_ms(),
    };
    Ok(frame::page(&cx, "Routes", views::index(&page)))
}

#[derive(Deserialize)]
struct OfRoute {
    route: String,
}

#[handler]
async fn edit(cx: Context, Query(of): Query<OfRoute>) -> Result<Response> {
    let listed = model::mappable(&cx.app, cx.actor()?, &of.route).await?;
    let form = saved(&cx, &listed).await?;
    mapping_page(&cx, &listed, &form, None, false).await
}

/// The form as it is saved.
async fn saved(cx: &Context, listed: &Listed) -> Result<MappingForm> {
    let (mut roles, mut people) = (Vec::new(), Vec::new());
    for admitted in &listed.admitted {
        match admitted.grantee {
            Grantee::Role(id) if admitted.name.is_some() => roles.push(id),
            Grantee::Person(id) => people.extend(model::address(&cx.app, cx.actor()?, id).await?),
            Grantee::Role(_) => {}
        }
    }
    let mapping = listed.mapping.as_ref();
    Ok(MappingForm {
        route: listed.route.name.clone(),
        roles: roles.into_iter().collect(),
        people: people.join("\n"),
        reason: mapping.map(|mapping| mapping.reason.clone()).unwrap_or_default(),
        version: mapping.map_or(0, |mapping| mapping.version),
    })
}

fn form_of(fields: &[(String, String)]) -> MappingForm {
    let all = |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let one = |wanted| all(wanted).next().cloned().unwrap_or_default();
    MappingForm {
        route: one("route"),
        roles: all("role").filter_map(|id| id_of(id)).collect(),
        people: one("people"),
        reason: one("reason"),
        version: number_of(&one("version")).unwrap_or(0),
    }
}

#[handler]
async fn update(cx: Context, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = form_of(&fields);
    let error = match model::map(&cx.app, cx.actor()?, &form).await {
        Ok(()) => {
            let text = format!("{} admits others from now on.", form.route);
            return Ok(cx.see_other_with("/admin/routes?show=mapped", Tone::Success, &text));
        }
        Err(error) => error,
    };
    let listed = model::mappable(&cx.app, cx.actor()?, &form.route).await?;
    match error {
        Error::Invalid(invalid) => mapping_page(&cx, &listed, &form, Some(&invalid), false).await,
        Error::Conflict(_) => {
            let version = listed.mapping.as_ref().map_or(0, |mapping| mapping.version);
            mapping_page(&cx, &listed, &MappingForm { version, ..form }, None, true).await
        }
        other => Err(other),
    }
}

async fn mapping_page(
    cx: &Context,
    listed: &Listed,
    form: &MappingForm,
    invalid: Option<&Invalid>,
    is_conflict: bool,
) -> Result<Response> {
    let table = cx.app.access.table().await?;
    let page = MappingPage { listed, form, table: &table, invalid, is_conflict, csrf: cx.csrf() };
    let mut response = frame::page(cx, "Who may use a route", views::mapping(&page));
    match (invalid, is_conflict) {
        (Some(_), _) => response.set_status(StatusCode::UNPROCESSABLE_ENTITY),
        (None, true) => response.set_status(StatusCode::CONFLICT),
        (None, false) => {}
    }
    Ok(response)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Removal {
    route: String,
    version: String,
}

#[handler]
async fn remove(cx: Context, Form(form): Form<Removal>) -> Result<Response> {
    model::unmap(&cx.app, cx.actor()?, &form.route, number_of(&form.version).unwrap_or(0)).await?;
    let text = format!("{} needs its own permission again.", form.route);
    Ok(cx.see_other_with("/admin/routes", Tone::Success, &text))
}
