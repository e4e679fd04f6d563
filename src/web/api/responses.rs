//! What the API answers.

use crate::error::Error;
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiResponse, Object};

/// A part of a list.
#[derive(Object)]
pub struct Page<T: ParseFromJSON + ToJSON> {
    pub items: Vec<T>,
    /// How many there are in all, on every page.
    pub total: i64,
    pub limit: i64,
    /// How many stand before the first one of this page.
    pub offset: i64,
}

#[derive(ApiResponse)]
pub enum Created<T: ParseFromJSON + ToJSON> {
    /// It was made, and can be found at the address in `Location`.
    #[oai(status = 201)]
    Made(Json<T>, #[oai(header = "Location")] String),
}

#[derive(ApiResponse)]
pub enum Saved<T: ParseFromJSON + ToJSON> {
    /// As it is now.
    #[oai(status = 200)]
    Saved(Json<T>),
    /// Somebody else changed it since that version. Nothing was written.
    #[oai(status = 409, content_type = "application/problem+json")]
    Conflict(Json<Conflict<T>>),
}

/// Problem details with what stands there now.
#[derive(Object)]
pub struct Conflict<T: ParseFromJSON + ToJSON> {
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// As it is now, with the version that the next attempt is to name.
    pub current: T,
}

#[derive(ApiResponse)]
pub enum Deleted<T: ParseFromJSON + ToJSON> {
    /// It is gone.
    #[oai(status = 204)]
    Gone,
    /// Somebody else changed it since that version. Nothing was deleted.
    #[oai(status = 409, content_type = "application/problem+json")]
    Conflict(Json<Conflict<T>>),
}

impl<T: ParseFromJSON + ToJSON> Deleted<T> {
    pub fn conflict(detail: String, current: T) -> Self {
        Deleted::Conflict(Json(Conflict::of(detail, current)))
    }
}

impl<T: ParseFromJSON + ToJSON> Conflict<T> {
    fn of(detail: String, current: T) -> Self {
        Conflict { title: "Somebody was quicker".to_owned(), status: 409, detail, current }
    }
}

impl<T: ParseFromJSON + ToJSON> Saved<T> {
    pub fn conflict(detail: String, current: T) -> Self {
        Saved::Conflict(Json(Conflict::of(detail, current)))
    }
}

/// What is wrong, as RFC 9457 has it.
#[derive(Object)]
struct Problem {
    title: String,
    status: u16,
    detail: String,
    /// The fields that cannot be taken.
    errors: Vec<ProblemField>,
    /// Finds the request in the log.
    request_id: String,
}

#[derive(Object)]
struct ProblemField {
    /// Empty when the whole input is meant.
    field: String,
    message: String,
}

/// Tells the document which errors there are; `error_pages` writes them.
impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let response = |(status, description)| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/problem+json", schema: Problem::schema_ref() }],
            headers: Vec::new(),
        };
        let told = [
            (400, "The request could not be read."),
            (401, "The token is missing or opens nothing."),
            (403, "The person, or the scopes of the token, may not do this."),
            (404, "There is no such thing, or not for this person."),
            (422, "What was sent cannot be taken; `errors` says why."),
            (503, "Not at the moment; `Retry-After` says when."),
        ];
        MetaResponses { responses: told.into_iter().map(response).collect() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
