//! The finder as a page, and the names that its fields suggest.

use super::super::READ;
use super::super::catalogue::lookup;
use super::model::{self, Found, PAGE};
use super::terms::Terms;
use super::terms::model::{self as terms, Reading};
use super::views::{self, Page};
use crate::accounts::{Actor, teams};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::http::HeaderValue;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/finder", READ, index), Route::get("/skills/finder/suggestions", READ, suggestions)]
}

/// Tells htmx which address to show for what it was sent.
const SHOWN_ADDRESS: &str = "hx-push-url";

#[handler]
async fn index(cx: Context, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let actor = cx.actor()?;
    let terms = Terms::read(&pairs);
    let reading = terms::read(&cx.app, actor, &terms).await?;
    let found = match &reading.search {
        Ok(search) => model::find(&cx.app, actor, search, PAGE, terms.offset).await?,
        Err(_) => Found::default(),
    };
    // Who may see the matrix sees the teams that it is grouped by.
    let teams = teams::all(&cx.app.db, &Actor::system()).await?;
    let page = Page { terms: &terms, reading: &reading, found: &found, teams: &teams };
    let content = views::index(&page);
    if reading.search.is_err() {
        return Ok(cx.invalid_page("Finder", content));
    }
    Ok(at_address(cx.page("Finder", content), &address(&terms, &reading)))
}

fn at_address(mut response: Response, address: &str) -> Response {
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(SHOWN_ADDRESS, address);
    }
    response
}

/// The address to share: with ids in the place of names, and without empty fields.
fn address(terms: &Terms, reading: &Reading) -> String {
    let query = terms.query(&reading.skill_ids(), terms.offset);
    if query.is_empty() { "/skills/finder".to_owned() } else { format!("/skills/finder?{query}") }
}

/// The options below the field that is being filled in. It sends its own text, as any field does.
#[handler]
async fn suggestions(cx: Context, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let text = pairs.iter().find(|(name, _)| name == "skill").map_or("", |(_, text)| text.as_str());
    let suggestions = lookup::model::suggest(&cx.app, cx.actor()?, text).await?;
    Ok(cx.fragment(lookup::views::options(&suggestions)))
}
