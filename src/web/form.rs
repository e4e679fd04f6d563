//! Reads forms. A form that cannot be read is told of like one that cannot be taken.

use super::body_limit::BodyTooLarge;
use crate::error::Error;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use serde::de::DeserializeOwned;

/// The fields of an urlencoded form.
pub struct Form<T>(pub T);

impl<'a, T: DeserializeOwned> FromRequest<'a> for Form<T> {
    async fn from_request(_request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body.take()?.into_bytes().await.map_err(unreadable)?;
        let fields = serde_urlencoded::from_bytes(&bytes);
        Ok(Form(fields.map_err(|error| Error::invalid("", format!("The form could not be read: {error}.")))?))
    }
}

/// The error of a body that broke off or is too long.
pub fn unreadable(error: poem::error::ReadBodyError) -> poem::Error {
    match BodyTooLarge::cause_of(&error) {
        Some(too_large) => (*too_large).into(),
        None => poem::Error::from_string("The request broke off.", StatusCode::BAD_REQUEST),
    }
}

/// The id in a parameter. A form sends the ones that nobody chose as empty text, which is no id, as is anything else.
pub fn id_of(text: &str) -> Option<i64> {
    number_of(text).filter(|id| *id > 0)
}

/// The whole number in a parameter.
pub fn number_of(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}
