//! New tasks: by a line of text above the list, or by the form with every field.

use super::super::super::READ;
use super::super::super::outline::Outline;
use super::super::filter::{Filter, FilterFields};
use super::super::list;
use super::super::model::path;
use super::super::quick_add;
use super::super::values::{Choices, Field, Value, ids_in};
use super::model::{self, NewTask};
use super::views::{self, Full, QuickAdd};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/:code/tasks/new", READ, new_form),
        // Who works in the project may; the model decides.
        Route::post("/projects/:code/tasks", READ, create),
        Route::post("/projects/:code/lines", READ, create_by_line),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LineForm {
    text: String,
    submission: String,
    /// The filter of the list that is to be shown again.
    query: String,
    /// Where a task goes that says nothing else, as on a column of the board.
    status: String,
    /// `board` to go back there.
    from: String,
}

#[handler]
async fn create_by_line(cx: Context, Path(code): Path<String>, Form(form): Form<LineForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    outline.project.require_member()?;
    let filter = Filter::from(&serde_urlencoded::from_str::<FilterFields>(&form.query).unwrap_or_default());
    let made = match quick_add::read(&form.text, &outline.members, outline.today) {
        Ok(new) => {
            let new = NewTask { submission: form.submission.clone(), status_id: id_of(&form.status), ..new };
            model::create(&cx.app, actor, &outline.project, new).await
        }
        Err(error) => Err(error),
    };
    let page = if form.from == "board" { format!("{}/board", outline.project.path()) } else { outline.project.path() };
    match made {
        Ok(made) => {
            Ok(cx.see_other_with(&filter.address(&page), Tone::Success, &format!("{} is there.", made.task.name())))
        }
        Err(Error::Invalid(invalid)) => {
            let problem = invalid.errors().first().map_or(String::new(), |error| error.message.clone());
            let refused = QuickAdd { text: form.text, problem };
            let listed = list::model::list(&cx.app, actor, &outline.project, &filter, outline.today).await?;
            let beside = list::views::Beside { refused: Some(refused), ..list::views::Beside::default() };
            let content = list::views::index(&cx, &outline, &filter, &listed, &beside);
            Ok(cx.invalid_page(&outline.project.name, content))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn new_form(cx: Context, Path(code): Path<String>, Query(full): Query<Full>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    outline.project.require_member()?;
    Ok(cx.page("New task", views::full_page(&cx, &outline, &full, None)))
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let full = Full::of(&pairs);
    let made = match new_task(&outline, &full) {
        Ok(new) => model::create(&cx.app, actor, &outline.project, new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            Ok(cx.see_other_with(&path(made.task.id), Tone::Success, &format!("{} is there.", made.task.name())))
        }
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("New task", views::full_page(&cx, &outline, &full, Some(&invalid))))
        }
        Err(other) => Err(other),
    }
}

/// What the form says, each field read like the same one of a task that is there.
fn new_task(outline: &Outline, full: &Full) -> Result<NewTask> {
    let choices = Choices { statuses: &outline.statuses, members: &outline.members, labels: &outline.labels };
    let mut new =
        NewTask { description: full.description.clone(), submission: full.submission.clone(), ..NewTask::default() };
    for (field, text) in full.fields().into_iter().filter(|(field, text)| *field == Field::Title || !text.is_empty()) {
        match Value::parse(field, text, &choices)? {
            Value::Title(text) => new.title = text,
            Value::Status(id) => new.status_id = Some(id),
            Value::Priority(priority) => new.priority = priority,
            Value::Assignees(ids) => new.assignees = ids,
            Value::Start(day) => new.starts_on = day,
            Value::Due(day) => new.due_on = day,
            Value::Estimate(minutes) => new.estimate_min = minutes,
            Value::Description(_) | Value::Labels(_) => {}
        }
    }
    let chosen = ids_in(&full.labels).unwrap_or_default();
    new.labels =
        outline.labels.iter().filter(|label| chosen.contains(&label.id)).map(|label| label.name.clone()).collect();
    new.labels.extend(Some(full.new_label.trim().to_owned()).filter(|name| !name.is_empty()));
    Ok(new)
}
