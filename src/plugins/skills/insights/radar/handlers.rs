//! The radar as a page and as a picture.

use super::super::super::READ;
use super::super::model::{Choices, begins_later, choices};
use super::super::scope::Parameters;
use super::model::Request;
use super::views::{self, Content};
use super::{model, picture};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::id_of;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/insights/radar", READ, index),
        Route::get("/skills/insights/radar.svg", READ, show_picture),
    ]
}

/// `person` stands there once for each of them.
type Pairs = Vec<(String, String)>;

fn parameters(pairs: &Pairs) -> Parameters {
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let value = |name: &str| value(name).unwrap_or_default();
    Parameters { team: value("team"), category: value("category"), as_of: value("as_of") }
}

fn request(cx: &Context, pairs: &Pairs) -> Result<Request> {
    let mut people: Vec<i64> = Vec::new();
    for id in pairs.iter().filter(|(name, _)| name == "person").filter_map(|(_, value)| id_of(value)) {
        if !people.contains(&id) {
            people.push(id);
        }
    }
    Ok(Request { scope: parameters(pairs).scope(&cx.app)?, people })
}

#[handler]
async fn index(cx: Context, Query(pairs): Query<Pairs>) -> Result<Response> {
    let choices = choices(&cx.app, cx.actor()?).await?;
    match page(&cx, &pairs, &choices).await {
        Err(Error::Invalid(invalid)) => Ok(refused(&cx, &pairs, &choices, &invalid)),
        answered => answered,
    }
}

async fn page(cx: &Context, pairs: &Pairs, choices: &Choices) -> Result<Response> {
    let actor = cx.actor()?;
    let mut request = request(cx, pairs)?;
    // The first category is as good as any to begin with.
    request.scope.category_id = request.scope.category_id.or(choices.categories.first().map(|category| category.id));
    let radar = model::radar(&cx.app, actor, &request).await?;
    let content = match begins_later(&cx.app, actor, &request.scope).await? {
        Some(first) => Content::Before(first),
        None => Content::Radar(&radar),
    };
    Ok(cx.page("Insights", views::index(&parameters(pairs), &request, choices, &content)))
}

fn refused(cx: &Context, pairs: &Pairs, choices: &Choices, invalid: &Invalid) -> Response {
    let content = Content::Invalid(invalid);
    cx.invalid_page("Insights", views::index(&parameters(pairs), &Request::default(), choices, &content))
}

#[handler]
async fn show_picture(cx: Context, Query(pairs): Query<Pairs>) -> Result<Response> {
    let radar = model::radar(&cx.app, cx.actor()?, &request(&cx, &pairs)?).await?;
    if radar.spokes.len() < model::MIN_SPOKES {
        return Err(Error::NotFound);
    }
    Ok(picture::draw(&radar).response())
}
