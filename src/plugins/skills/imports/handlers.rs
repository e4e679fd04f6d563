//! The import in the browser: the form, the preview of what was uploaded, its acceptance, its progress and its end.

use bytes::Bytes;
use maud::html;
use poem::http::{StatusCode, header};
use poem::web::{Multipart, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::acceptance::model::Outcome;
use super::runs::model::State;
use super::runs::views as past_views;
use super::views::{self, Choices, Shown};
use super::{Kind, Upload, model, recent, runs};
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

/// What a link to the form has chosen already.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    kind: String,
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let mut choices = Choices::new(model::scale_names(&cx.app, cx.actor()?).await?);
    if let Some(kind) = Kind::from_name(&parameters.kind) {
        choices.kind = kind.name().to_owned();
    }
    let open = runs::model::open(&cx.app, cx.actor()?).await?;
    let recent = recent::model::list(&cx.app, cx.actor()?).await?;
    let past = past_views::Past { open: &open, recent: &recent, now_ms: cx.app.now_ms(), csrf: cx.csrf() };
    Ok(cx.page("Import", views::index(&choices, None, None, past_views::past(&past))))
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
            let id = model::keep(&cx.app, cx.actor()?, &upload, &preview).await?;
            Ok(cx.see_other(&format!("/skills/imports/{id}")))
        }
        Ok((upload, preview)) => {
            let refused = Some((upload.file_name.as_str(), &preview));
            Ok(cx.invalid_page("Import", views::index(&choices, None, refused, html! {})))
        }
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("Import", views::index(&choices, Some(&invalid), None, html! {})))
        }
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
    let actor = cx.actor()?;
    let import = runs::model::get(&cx.app, actor, id).await?;
    let why = match &import.state {
        State::Running => {
            return Ok(cx.page("Import", past_views::running(&import, runs::progress(&cx.app, id).as_ref())));
        }
        State::Done(report) => {
            let stands = match report.batch_id {
                Some(batch_id) => recent::model::stands(&cx.app, actor, batch_id).await?,
                None => false,
            };
            return Ok(cx.page("Import", past_views::done(&import, report, stands, cx.csrf())));
        }
        State::Waiting { is_outdated } => is_outdated.then(|| views::OUTDATED.to_owned()),
        State::Failed(why) => Some(format!("{why} Nothing was written. Try again.")),
    };
    let upload = model::pending(&cx.app, actor, id).await?;
    let preview = model::preview(&cx.app, actor, &upload).await?;
    let shown = Shown { id, upload: &upload, preview: &preview, warning: why.as_deref(), csrf: cx.csrf() };
    Ok(cx.page("Import", views::show(&shown)))
}

#[derive(Deserialize)]
struct Accepted {
    #[serde(default)]
    fingerprint: String,
}

#[handler]
async fn acceptance(cx: Context, Path(id): Path<i64>, Form(form): Form<Accepted>) -> Result<Response> {
    let actor = cx.actor()?;
    let (preview, status) = match runs::start(&cx.app, actor, id, &form.fingerprint).await? {
        // The page of the import tells how far it is, and how it ended.
        None | Some(Outcome::Imported(_)) => return Ok(cx.see_other(&format!("/skills/imports/{id}"))),
        Some(Outcome::Refused(preview)) => (preview, StatusCode::UNPROCESSABLE_ENTITY),
        Some(Outcome::Outdated(preview)) => (preview, StatusCode::CONFLICT),
    };
    let upload = model::pending(&cx.app, actor, id).await?;
    let warning = (status == StatusCode::CONFLICT).then_some(views::OUTDATED);
    let shown = Shown { id, upload: &upload, preview: &preview, warning, csrf: cx.csrf() };
    let mut response = cx.page("Import", views::show(&shown));
    response.set_status(status);
    Ok(response)
}

#[handler]
async fn discard(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    model::discard(&cx.app, cx.actor()?, id).await?;
    Ok(cx.see_other_with("/skills/imports", Tone::Info, "The file was discarded. Nothing was imported."))
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
