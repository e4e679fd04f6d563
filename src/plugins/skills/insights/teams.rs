//! What the pictures of teams and categories share: their filters, and how they are answered.

use super::super::requirements::past::{model as past, views::asked_since};
use super::frame;
use super::model::{Choices, begins_later};
use super::scope::{Parameters, Scope};
use crate::error::{Error, Invalid, Result};
use crate::web::context::Context;
use maud::{Markup, html};
use poem::Response;
use std::sync::Arc;

/// The part of such a page that is its own.
pub struct Page<T: 'static> {
    pub address: &'static str,
    pub about: &'static str,
    /// What stands below the filters.
    pub body: fn(&Scope, &T) -> Markup,
}

/// What there is to see.
pub enum Content<T> {
    Picture(Arc<T>),
    /// Nothing was recorded before this moment.
    Before(i64),
    Invalid(Invalid),
}

/// Which part is asked for, with what there is to see of it.
pub struct Asked<T> {
    scope: Scope,
    content: Content<T>,
    /// The past is shown, and what was asked for is recorded only since then.
    asked_since: Option<i64>,
}

impl<T> Asked<T> {
    pub async fn picture(cx: &Context, scope: Scope, picture: Arc<T>) -> Result<Self> {
        let content = match begins_later(&cx.app, cx.actor()?, &scope).await? {
            Some(first) => Content::Before(first),
            None => Content::Picture(picture),
        };
        let asked_since = past::begins_later(&cx.app, cx.actor()?, scope.as_of.before_ms()).await?;
        Ok(Asked { scope, content, asked_since })
    }

    /// What was typed is shown with its mistakes; any other error goes up.
    pub fn refused(error: Error) -> Result<Self> {
        let Error::Invalid(invalid) = error else { return Err(error) };
        Ok(Asked { scope: Scope::default(), content: Content::Invalid(invalid), asked_since: None })
    }
}

pub fn respond<T>(
    cx: &Context,
    page: &Page<T>,
    parameters: &Parameters,
    choices: &Choices,
    asked: &Asked<T>,
) -> Response {
    let shown = index(page, parameters, choices, asked);
    match asked.content {
        Content::Invalid(_) => cx.invalid_page("Insights", shown),
        Content::Picture(_) | Content::Before(_) => cx.page("Insights", shown),
    }
}

fn index<T>(page: &Page<T>, parameters: &Parameters, choices: &Choices, asked: &Asked<T>) -> Markup {
    let scope = &asked.scope;
    let invalid = if let Content::Invalid(invalid) = &asked.content { Some(invalid) } else { None };
    let fields = html! {
        (frame::team_field(choices, scope.team_id, "All teams"))
        (frame::category_field(choices, scope.category_id, Some("All categories")))
        (frame::day_field(&parameters.as_of, invalid))
    };
    let content = html! {
        div id="insight" {
            (frame::filters(page.address, fields)) (frame::problems(invalid))
            @match &asked.content {
                Content::Picture(picture) => { ((page.body)(scope, picture)) (measured(asked)) },
                Content::Before(first) => (frame::before_history(scope, *first, page.address)),
                Content::Invalid(_) => {},
            }
        }
    };
    frame::page(page.address, page.about, content)
}

/// What of a picture of the past is not of then.
fn measured<T>(asked: &Asked<T>) -> Markup {
    html! {
        @if asked.scope.as_of.day().is_some() {
            p.quiet { "Of the people and teams of today, by what was asked for then. " (asked_since(asked.asked_since)) }
        }
    }
}
