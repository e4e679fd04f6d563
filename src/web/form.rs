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
        if !is_utf8(&bytes) {
            return Err(Error::invalid("", "The form could not be read: its text is not UTF-8.").into());
        }
        let fields = serde_urlencoded::from_bytes(&bytes);
        Ok(Form(fields.map_err(|error| Error::invalid("", format!("The form could not be read: {error}.")))?))
    }
}

/// Whether the text of an urlencoded form is UTF-8 once it is decoded. The parser would replace what is not, and a
/// question mark would be saved in the place of a letter.
fn is_utf8(form: &[u8]) -> bool {
    let mut text = Vec::with_capacity(form.len());
    let mut rest = form;
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let encoded = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        text.push(encoded.unwrap_or(*first));
        rest = if encoded.is_some() { &after[2..] } else { after };
    }
    std::str::from_utf8(&text).is_ok()
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
