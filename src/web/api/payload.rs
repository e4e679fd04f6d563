//! Reads bodies in JSON. poem-openapi's own payload does not say which field is missing or wrong, and passes over
//! fields that it does not know.

use crate::web::form::unreadable;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::{impl_apirequest_for_payload, types::Type};
use serde::de::DeserializeOwned;

/// What was sent. Its schema comes from `Object`, its reading from serde.
pub struct Body<T>(pub T);

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = Json::<T>::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body.take()?.into_bytes().await.map_err(unreadable)?;
        let read = serde_json::from_slice(&bytes);
        Ok(Body(read.map_err(|error| {
            poem::Error::from_string(format!("The body could not be read: {error}"), StatusCode::BAD_REQUEST)
        })?))
    }
}

impl_apirequest_for_payload!(Body<T>, T: Type + DeserializeOwned);
