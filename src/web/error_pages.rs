//! Errors become a page, a fragment or JSON here, and nowhere else.
//!
//! A page names what happened and what to do. A fragment is a toast, because htmx swaps no error into the page by
//! itself. The API answers problem details (RFC 9457). An internal error shows the number of the request, never its text.

use super::body_limit::BodyTooLarge;
use super::components::{self, Tone};
use super::context::{Context, SignedIn, html_response, vary_by_htmx};
use super::https::NotByHttps;
use super::request_id::RequestId;
use super::request_log::HandlerPanicked;
use super::session_cookies::CookieNews;
use super::sessions::{NotFromHere, SecondFactorNeeded};
use super::viewing::Refused;
use crate::error::{Error, FieldError};
use maud::Markup;
use poem::error::ResponseError;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, PathPattern, Request, Response};

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(Error::status(self)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

pub struct ErrorPages;

impl<E: Endpoint> Middleware<E> for ErrorPages {
    type Output = ErrorPagesEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        ErrorPagesEndpoint { inner }
    }
}

pub struct ErrorPagesEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for ErrorPagesEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let mut asked = Asked::of(&request);
        let error = match self.inner.call(request).await {
            Ok(response) => return Ok(response.into_response()),
            Err(error) => error,
        };
        // poem's OpenAPI part answers with whole responses of its own; they are JSON already.
        if asked.wants_json && error.is_from_response() {
            return Ok(error.into_response());
        }
        let pattern = error.data::<PathPattern>().cloned();
        let news = error.data::<CookieNews>().cloned().unwrap_or_default();
        asked.context.signed_in = error.data::<SignedIn>().cloned().unwrap_or_default();
        let mut response = match error.is::<SecondFactorNeeded>() && !asked.wants_json {
            true => asked.lead_to("/account/second-factor"),
            false => asked.answer(&Problem::of(&error)),
        };
        if let Some(pattern) = pattern {
            response.set_data(pattern);
        }
        news.tell(&asked.context.app, &mut response);
        Ok(response)
    }
}

/// An error in words for a person.
struct Problem {
    status: StatusCode,
    title: &'static str,
    text: String,
    fields: Vec<FieldError>,
    retry_after_s: Option<u32>,
}

impl Problem {
    fn of(error: &poem::Error) -> Self {
        if let Some(error) = error.downcast_ref::<Error>() {
            return Self::of_ours(error);
        }
        if let Some(too_large) = error.downcast_ref::<BodyTooLarge>() {
            return Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", capitalised(&format!("{too_large}.")));
        }
        if let Some(not_from_here) = error.downcast_ref::<NotFromHere>() {
            return Self::new(StatusCode::FORBIDDEN, "The page is out of date", not_from_here.to_string());
        }
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return Self::new(StatusCode::FORBIDDEN, "You only look", refused.to_string());
        }
        if let Some(needed) = error.downcast_ref::<SecondFactorNeeded>() {
            return Self::new(StatusCode::FORBIDDEN, "A second factor is needed", needed.to_string());
        }
        if let Some(not_by_https) = error.downcast_ref::<NotByHttps>() {
            return Self::new(StatusCode::FORBIDDEN, "Not over this connection", not_by_https.to_string());
        }
        if error.is::<HandlerPanicked>() {
            return Self::internal();
        }
        // No id in an address is what is no number, so there is nothing at that address.
        if error.is::<poem::error::ParsePathError>() || error.is::<poem_openapi::error::ParsePathError>() {
            return Self::not_found();
        }
        match error.status() {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "Not possible",
                "This address does not take that kind of request.",
            ),
            status if status.is_server_error() => {
                tracing::error!(%error, "a request failed");
                Self::internal()
            }
            status => Self::new(status, "That could not be understood", capitalised(&format!("{error}."))),
        }
    }

    fn of_ours(error: &Error) -> Self {
        let status = ResponseError::status(error);
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden => {
                Self::new(status, "Not allowed", "Your role does not allow this. An administrator can change that.")
            }
            Error::Unauthenticated => Self::new(status, "Please sign in", "You have to sign in for this."),
            Error::Invalid(invalid) => Problem {
                fields: invalid.errors().to_vec(),
                ..Self::new(status, "That cannot be taken", capitalised(&format!("{invalid}")))
            },
            Error::Conflict(text) => Self::new(status, "Somebody was quicker", text.clone()),
            Error::Unavailable { retry_after_s, why } => {
                Problem { retry_after_s: Some(*retry_after_s), ..Self::new(status, "Not at the moment", why.clone()) }
            }
            Error::Internal(cause) => {
                tracing::error!(%cause, "a request failed");
                Self::internal()
            }
        }
    }

    fn new(status: StatusCode, title: &'static str, text: impl Into<String>) -> Self {
        Problem { status, title, text: text.into(), fields: Vec::new(), retry_after_s: None }
    }

    fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "There is nothing at this address, or not for you.")
    }

    fn internal() -> Self {
        let text = "Something is wrong on our side, and it was written down. Nothing that you saved before is lost.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "That went wrong", text)
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What kind of answer the request wants.
struct Asked {
    context: Context,
    request_id: String,
    wants_json: bool,
    /// Where to come back to after signing in.
    come_back_to: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let context = Context::of(request);
        let came_from = request.header("hx-current-url").or_else(|| request.header("referer")).and_then(path_and_query);
        let is_page = *request.method() == Method::GET && !context.is_htmx();
        let come_back_to = if is_page { context.here.clone() } else { came_from.unwrap_or_else(|| "/".to_owned()) };
        Asked {
            wants_json: request.uri().path().starts_with("/api/"),
            request_id: request.data::<RequestId>().map(ToString::to_string).unwrap_or_default(),
            come_back_to,
            context,
        }
    }

    fn answer(&self, problem: &Problem) -> Response {
        let mut response = if self.wants_json {
            self.json(problem)
        } else if problem.status == StatusCode::UNAUTHORIZED {
            self.sign_in()
        } else if self.context.is_partial() {
            let mut response = html_response(problem.status, self.toast(problem));
            vary_by_htmx(&mut response);
            response
        } else {
            html_response(problem.status, self.page(problem))
        };
        if let Some(retry_after_s) = problem.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }

    /// A page leads to the log-in and back. htmx is told to go there; what was typed is kept by app.js meanwhile.
    fn sign_in(&self) -> Response {
        let next = serde_urlencoded::to_string([("next", &self.come_back_to)]).unwrap_or_default();
        self.lead_to(&format!("/login?{next}"))
    }

    fn lead_to(&self, address: &str) -> Response {
        if !self.context.is_htmx() {
            return super::context::see_other(address);
        }
        let mut response: Response = StatusCode::UNAUTHORIZED.into();
        if let Ok(value) = HeaderValue::from_str(address) {
            response.headers_mut().insert("hx-redirect", value);
        }
        response
    }

    fn page(&self, problem: &Problem) -> Markup {
        let id = problem.status.is_server_error().then_some(self.request_id.as_str());
        let content = components::error_page(problem.status.as_u16(), problem.title, &problem.text, id);
        self.context.shell(problem.title, None, content)
    }

    fn toast(&self, problem: &Problem) -> Markup {
        let mut text = problem.text.clone();
        if problem.status == StatusCode::INTERNAL_SERVER_ERROR {
            text.push_str(&format!(" Its number is {}.", self.request_id));
        }
        components::toast(Tone::Danger, &text)
    }

    fn json(&self, problem: &Problem) -> Response {
        let errors: Vec<_> = problem
            .fields
            .iter()
            .map(|error| serde_json::json!({ "field": error.field, "message": error.message }))
            .collect();
        let body = serde_json::json!({
            "title": problem.title,
            "status": problem.status.as_u16(),
            "detail": problem.text,
            "errors": errors,
            "request_id": self.request_id,
        });
        Response::builder().status(problem.status).content_type("application/problem+json").body(body.to_string())
    }
}

/// The part of an absolute address that can be come back to.
fn path_and_query(url: &str) -> Option<String> {
    let uri: poem::http::Uri = url.parse().ok()?;
    uri.path_and_query().map(ToString::to_string)
}
