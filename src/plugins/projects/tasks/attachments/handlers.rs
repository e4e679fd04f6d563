//! Files of a task: sent, fetched, taken away.

use super::super::super::READ;
use super::super::parts::{Part, answer};
use super::model;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use bytes::Bytes;
use poem::http::header;
use poem::web::{Multipart, Path};
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        // Who works in the project may; the model decides.
        Route::post("/projects/tasks/:id/attachments", READ, create).with_uploads(),
        Route::get("/projects/attachments/:id", READ, show),
        Route::post("/projects/attachments/:id/deletion", READ, delete),
    ]
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, multipart: Multipart) -> Result<Response> {
    let (name, content) = file_in(multipart).await?;
    let added = model::add(&cx.app, cx.actor()?, id, &name, content).await;
    answer(&cx, id, Part::Attachments, added, "").await
}

/// A body that is too long breaks off here; the layer that counts it then answers in our place.
async fn file_in(mut multipart: Multipart) -> Result<(String, Bytes)> {
    let broken = |error| Error::invalid("file", format!("The upload could not be read: {error}."));
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok((name, field.bytes().await.map_err(broken)?.into()));
        }
    }
    Ok((String::new(), Bytes::new()))
}

/// Always to be saved, never to be shown: what people attach must not run as a page of the portal.
#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (attachment, content) = model::read(&cx.app, cx.actor()?, id).await?;
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(&attachment.name));
    let response = Response::builder().content_type("application/octet-stream");
    Ok(response
        .header(header::CONTENT_DISPOSITION, disposition)
        .header("x-content-type-options", "nosniff")
        .body(content))
}

/// A name as RFC 8187 writes it in a header.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let task = model::remove(&cx.app, cx.actor()?, id).await?;
    answer(&cx, task, Part::Attachments, Ok(()), "").await
}
