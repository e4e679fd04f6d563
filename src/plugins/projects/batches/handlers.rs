//! Changing the chosen tasks of a list, and taking that back.

use super::super::READ;
use super::super::model as projects;
use super::super::tasks::filter::{Filter, FilterFields};
use super::super::tasks::values::Field;
use super::model::{self, Bulk};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        // Who works in the project may; the model decides, and whose batch it is.
        Route::post("/projects/:code/batches", READ, create),
        Route::post("/projects/batches/:id/reversal", READ, create_reversal),
    ]
}

/// What was sent: `task` stands in it once for each that is chosen.
fn bulk_of(pairs: &[(String, String)]) -> (Vec<i64>, Bulk) {
    let last = |name: &str| {
        pairs
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    };
    let ids = pairs.iter().filter(|(name, _)| name == "task").filter_map(|(_, id)| id_of(id)).collect();
    let set = [Field::Status, Field::Priority, Field::Due];
    let bulk = Bulk {
        set: set.into_iter().filter_map(|field| last(field.name()).map(|text| (field, text.to_owned()))).collect(),
        assignee: last("assignee").and_then(id_of),
        label: last("label").and_then(id_of),
    };
    (ids, bulk)
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let (ids, bulk) = bulk_of(&pairs);
    let query = pairs.iter().find(|(name, _)| name == "query").map_or("", |(_, query)| query.as_str());
    let filter = Filter::from(&serde_urlencoded::from_str::<FilterFields>(query).unwrap_or_default());
    let to = filter.address(&project.path());
    match model::change(&cx.app, actor, &project, &ids, &bulk).await {
        Ok(count) => Ok(cx.see_other_with(
            &to,
            Tone::Success,
            &format!("{count} {} changed.", if count == 1 { "task was" } else { "tasks were" }),
        )),
        // Nothing was typed but choices, which the list still shows.
        Err(Error::Invalid(invalid)) => {
            let text = invalid.errors().first().map_or("That cannot be done.", |error| error.message.as_str());
            Ok(cx.see_other_with(&to, Tone::Warning, text))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn create_reversal(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let reversal = model::revert(&cx.app, cx.actor()?, id).await?;
    let text = match reversal.kept {
        0 => format!("Taken back, in {} tasks.", reversal.tasks),
        kept => format!("Taken back, but for {kept} values that were changed since or cannot stand there any more."),
    };
    let tone = if reversal.kept == 0 { Tone::Success } else { Tone::Warning };
    Ok(cx.see_other_with(&reversal.project.path(), tone, &text))
}
