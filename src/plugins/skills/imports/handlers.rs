//! The import in the browser: the form, the preview of what was uploaded, its acceptance or its end.

use bytes::Bytes;
use poem::http::{StatusCode, header};
use poem::web::{Multipart, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::acceptance::model::{Outcome, accept};
use super::views::{self, Choices, Shown};
use super::{Kind, Preview, Upload, model};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::plugins::skills::IMPORT;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/imports", IMPORT, index),
        Route::post("/skills/imports", IMPORT, create).with_uploads(),
        Route::get("/skills/imports/templates/:file", IMPORT, template),
        Route::get("/skills/imports/:id", IMPORT, show),
        Route::post("/skills/imports/:id/acceptance", IMPORT, acceptance),
        Route::post("/skills/imports/:id/withdrawal", IMPORT, discard),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let scales = model::scale_names(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Import", views::index(&Choices::new(scales), None, None)))
}

#[handler]
async fn create(cx: Context, multipart: Multipart) -> Result<Response> {
    let fields = Fields::read(multipart).await?;
    let mut choices = Choices::new(model::scale_names(&cx.app, cx.actor()?).await?);
    (choices.kind, choices.scale) = (fields.kind.clone(), fields.scale.clone());
    let previewed = match fields.upload() {
        Ok(upload) => model::preview(&cx.app, cx.actor()?, &upload).await.map(|preview| (upload, preview)),
        Err(error) => Err(error),
    };
    match previewed {
        Ok((upload, preview)) if !preview.is_refused() => {
            let id = model::keep(&cx.app, cx.actor()?, &upload).await?;
            Ok(cx.see_other(&format!("/skills/imports/{id}")))
        }
        Ok((upload, preview)) => {
            let refused = Some((upload.file_name.as_str(), &preview));
            Ok(cx.invalid_page("Import", views::index(&choices, None, refused)))
        }
        Err(Error::Invalid(invalid)) => Ok(cx.invalid_page("Import", views::index(&choices, Some(&invalid), None))),
        Err(other) => Err(other),
    }
}

#[handler]
async fn template(Path(file): Path<String>) -> Result<Response> {
    let text = views::TEMPLATES.iter().find(|(name, _)| *name == file).ok_or(Error::NotFound)?.1;
    let response = Response::builder().content_type("text/csv; charset=utf-8");
    Ok(response.header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")).body(text))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let upload = model::pending(&cx.app, cx.actor()?, id).await?;
    let preview = model::preview(&cx.app, cx.actor()?, &upload).await?;
    Ok(preview_page(&cx, id, &upload, &preview, StatusCode::OK))
}

#[derive(Deserialize)]
struct Accepted {
    #[serde(default)]
    fingerprint: String,
}

#[handler]
async fn acceptance(cx: Context, Path(id): Path<i64>, Form(form): Form<Accepted>) -> Result<Response> {
    let upload = model::pending(&cx.app, cx.actor()?, id).await?;
    match accept(&cx.app, cx.actor()?, &upload, Some(&form.fingerprint)).await? {
        Outcome::Imported(preview) => {
            model::discard(&cx.app, cx.actor()?, id).await?;
            let text = format!("{} is imported: {}.", upload.file_name, preview.summary());
            Ok(cx.see_other_with("/skills", Tone::Success, &text))
        }
        Outcome::Refused(preview) => Ok(preview_page(&cx, id, &upload, &preview, StatusCode::UNPROCESSABLE_ENTITY)),
        Outcome::Outdated(preview) => Ok(preview_page(&cx, id, &upload, &preview, StatusCode::CONFLICT)),
    }
}

#[handler]
async fn discard(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    model::discard(&cx.app, cx.actor()?, id).await?;
    Ok(cx.see_other_with("/skills/imports", Tone::Info, "The file was discarded. Nothing was imported."))
}

fn preview_page(cx: &Context, id: i64, upload: &Upload, preview: &Preview, status: StatusCode) -> Response {
    let is_outdated = status == StatusCode::CONFLICT;
    let shown = Shown { id, upload, preview, is_outdated, csrf: cx.csrf() };
    let mut response = cx.page("Import", views::show(&shown));
    response.set_status(status);
    response
}

/// The upload form as it was sent.
#[derive(Default)]
struct Fields {
    kind: String,
    scale: String,
    file_name: String,
    bytes: Bytes,
}

impl Fields {
    /// A body that is too long breaks off here; the layer that counts it then answers in our place.
    async fn read(mut multipart: Multipart) -> Result<Fields> {
        let broken = |error| Error::invalid("", format!("The upload could not be read: {error}."));
        let mut fields = Fields::default();
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            match field.name() {
                Some("kind") => fields.kind = field.text().await.map_err(broken)?,
                Some("scale") => fields.scale = field.text().await.map_err(broken)?,
                Some("file") => {
                    fields.file_name = field.file_name().unwrap_or_default().to_owned();
                    fields.bytes = field.bytes().await.map_err(broken)?.into();
                }
                _ => {}
            }
        }
        Ok(fields)
    }

    fn upload(self) -> Result<Upload> {
        let kind = Kind::from_name(&self.kind).ok_or_else(|| Error::invalid("kind", "Choose what the file holds."))?;
        if self.file_name.is_empty() && self.bytes.is_empty() {
            return Err(Error::invalid("file", "Choose a file."));
        }
        let scale = Some(self.scale).filter(|scale| !scale.is_empty());
        Ok(Upload { kind, file_name: self.file_name, scale, bytes: self.bytes })
    }
}
