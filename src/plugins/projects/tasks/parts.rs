//! The parts of a task's page that are changed by themselves: each is a section that is drawn for the page, after a change in
//! it, and when somebody else changed it.

use super::super::READ;
use super::super::outline::Outline;
use super::model::{self as tasks, Details, path};
use super::views::part_page;
use super::{attachments, blockers, checks, skills, subtasks, watchers};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use maud::Markup;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/tasks/:id/parts/:part", READ, show)]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Checks,
    Subtasks,
    Blockers,
    Skills,
    Attachments,
    Watchers,
}

impl Part {
    /// Those beside the text of a task, in their order.
    pub const IN_MAIN: [Part; 5] = [Part::Checks, Part::Subtasks, Part::Blockers, Part::Skills, Part::Attachments];

    pub fn name(self) -> &'static str {
        match self {
            Part::Checks => "checks",
            Part::Subtasks => "subtasks",
            Part::Blockers => "blockers",
            Part::Skills => "skills",
            Part::Attachments => "attachments",
            Part::Watchers => "watchers",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::IN_MAIN.into_iter().chain([Part::Watchers]).find(|part| part.name() == name)
    }
}

/// What was typed and could not be taken.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    pub text: String,
    pub problem: String,
}

pub async fn draw(cx: &Context, details: &Details, part: Part, refused: Option<&Refused>) -> Result<Markup> {
    let id = details.task.id;
    Ok(match part {
        Part::Checks => checks::views::section(cx, details, &checks::model::list(&cx.app, id).await?, refused),
        Part::Subtasks => {
            let outline = Outline::around(&cx.app, details.project.clone()).await?;
            subtasks::views::section(
                cx,
                details,
                &subtasks::model::list(&cx.app, details).await?,
                outline.today,
                refused,
            )
        }
        Part::Blockers => blockers::views::section(cx, details, &blockers::model::list(&cx.app, id).await?, refused),
        Part::Skills => {
            skills::views::section(cx, details, &skills::model::needs(&cx.app, cx.actor()?, details).await?, refused)
        }
        Part::Attachments => {
            attachments::views::section(cx, details, &attachments::model::list(&cx.app, id).await?, refused)
        }
        Part::Watchers => watchers::views::section(cx, details, &watchers::model::list(&cx.app, id).await?),
    })
}

#[handler]
async fn show(cx: Context, Path((id, part)): Path<(i64, String)>) -> Result<Response> {
    let part = Part::from_name(&part).ok_or(Error::NotFound)?;
    let details = tasks::get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    Ok(cx.fragment(draw(&cx, &details, part, None).await?))
}

/// The answer to a change of a part: the part as it is now, or with what is wrong and what was typed.
pub async fn answer(cx: &Context, id: i64, part: Part, done: Result<()>, typed: &str) -> Result<Response> {
    let refused = match done {
        Ok(()) => None,
        Err(Error::Invalid(invalid)) => {
            let problem = invalid.errors().first().map_or(String::new(), |error| error.message.clone());
            Some(Refused { text: typed.to_owned(), problem })
        }
        Err(other) => return Err(other),
    };
    if refused.is_none() && !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    let details = tasks::get(&cx.app, cx.actor()?, id).await?;
    let section = draw(cx, &details, part, refused.as_ref()).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match cx.is_partial() {
        true => Ok(cx.fragment_with(status, section)),
        false => Ok(cx.invalid_page(&details.task.title, part_page(&details, section))),
    }
}
