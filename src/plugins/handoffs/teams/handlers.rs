//! How a team hands off.

use super::super::LEAD;
use super::super::templates::Template;
use super::model::{self, TeamSettings};
use super::views::{self, Shown};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/handoffs/teams/:id/edit", LEAD, edit), Route::post("/handoffs/teams/:id", LEAD, update)]
}

#[derive(Clone, Debug, Deserialize, Default)]
#[serde(default)]
pub struct TeamForm {
    pub template: String,
    pub own_sections: String,
    pub remind_min: String,
    pub escalate_min: String,
    pub version: String,
}

impl TeamForm {
    fn of(settings: &TeamSettings) -> Self {
        TeamForm {
            template: settings.template.name().to_owned(),
            own_sections: settings.own_sections.clone(),
            remind_min: settings.remind_min.to_string(),
            escalate_min: settings.escalate_min.to_string(),
            version: settings.version.to_string(),
        }
    }

    fn settings(&self) -> TeamSettings {
        TeamSettings {
            template: Template::from_name(&self.template).unwrap_or(Template::Ipass),
            own_sections: self.own_sections.replace("\r\n", "\n"),
            // What is no number is out of the range, and told so.
            remind_min: number_of(&self.remind_min).unwrap_or(0),
            escalate_min: number_of(&self.escalate_min).unwrap_or(0),
            version: number_of(&self.version).unwrap_or(0),
        }
    }
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    model::settable(&cx.app, cx.actor()?, id).await?;
    let form = TeamForm::of(&model::of(&cx.app, id).await?);
    page(&cx, id, &form, Shown::Plain, StatusCode::OK).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<TeamForm>) -> Result<Response> {
    match model::save(&cx.app, cx.actor()?, id, &form.settings()).await {
        Ok(true) => Ok(cx.see_other_with("/handoffs", Tone::Success, "Saved. It counts for the next handoff.")),
        Ok(false) => {
            let theirs = model::of(&cx.app, id).await?;
            let form = TeamForm { version: theirs.version.to_string(), ..form };
            page(&cx, id, &form, Shown::Conflict(&theirs), StatusCode::CONFLICT).await
        }
        Err(Error::Invalid(invalid)) => refused(&cx, id, &form, &invalid).await,
        Err(other) => Err(other),
    }
}

async fn refused(cx: &Context, id: i64, form: &TeamForm, invalid: &Invalid) -> Result<Response> {
    page(cx, id, form, Shown::Invalid(invalid), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page(cx: &Context, id: i64, form: &TeamForm, shown: Shown<'_>, status: StatusCode) -> Result<Response> {
    let name = model::settable(&cx.app, cx.actor()?, id).await?;
    let mut response = cx.page("How a team hands off", views::edit(cx, (id, &name), form, shown));
    response.set_status(status);
    Ok(response)
}
