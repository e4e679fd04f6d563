//! How one wants to hear of each kind of notice: at the bell alone, by mail too, or not at all.

use super::super::components::{Tone, csrf_field, notice};
use super::super::context::Context;
use super::super::form::Form;
use crate::accounts;
use crate::error::{Error, Invalid, Result};
use crate::notices::{self, Channel, NoticeKind};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::{Response, handler};
use std::collections::HashMap;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/account/notices", Access::SignedIn, edit),
        Route::post("/account/notices", Access::SignedIn, update),
    ]
}

#[handler]
async fn edit(cx: Context) -> Result<Response> {
    let channels = notices::channels(&cx.app.db, cx.actor()?, &cx.app.notice_kinds()).await?;
    Ok(super::page(&cx, "Your notices", settings(&cx, &channels, None)))
}

#[handler]
async fn update(cx: Context, Form(chosen): Form<HashMap<String, String>>) -> Result<Response> {
    let (db, kinds) = (&cx.app.db, cx.app.notice_kinds());
    match notices::choose(db, cx.actor()?, &kinds, &chosen).await {
        Ok(()) => Ok(cx.see_other_with("/account/notices", Tone::Success, "From now on you hear of things like this.")),
        Err(Error::Invalid(invalid)) => {
            let channels = notices::channels(db, cx.actor()?, &kinds).await?;
            Ok(super::invalid_page(&cx, "Your notices", settings(&cx, &channels, Some(&invalid))))
        }
        Err(other) => Err(other),
    }
}

fn settings(cx: &Context, channels: &[Channel], invalid: Option<&Invalid>) -> Markup {
    let of_plugins = cx.app.plugins.iter().map(|plugin| (plugin.title, plugin.notices));
    let groups = std::iter::once(("Your account", accounts::NOTICES)).chain(of_plugins);
    let mut channels = channels.iter().copied();
    html! {
        @if !cx.app.outbox.is_on() {
            (notice(Tone::Info, "No mail is sent from here at the moment. Notices stand at the bell all the same."))
        }
        form.form-narrow method="post" action="/account/notices" {
            (csrf_field(cx.csrf()))
            @for (title, kinds) in groups.filter(|(_, kinds)| !kinds.is_empty()) {
                fieldset {
                    legend { (title) }
                    @for kind in kinds { (choice(kind, channels.next().unwrap_or(kind.default), invalid)) }
                }
            }
            div.form-actions { button.btn.btn-primary type="submit" { "Save" } }
        }
    }
}

fn choice(kind: &NoticeKind, chosen: Channel, invalid: Option<&Invalid>) -> Markup {
    let id = format!("notice-{}", kind.kind.replace('.', "-"));
    let error = invalid.and_then(|invalid| invalid.of(kind.kind));
    let error_id = error.map(|_| format!("{id}-error"));
    html! {
        div.field {
            label.form-label for=(id) { (kind.title) }
            select class={ "form-select" @if error.is_some() { " is-invalid" } } id=(id) name=(kind.kind)
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error_id.as_deref()] {
                @for channel in kind.channels() {
                    option value=(channel.name()) selected[channel == chosen] { (channel.title()) }
                }
            }
            @if let Some(error) = error { div.invalid-feedback id=[error_id] { (error) } }
        }
    }
}
