//! The files of a task.

use super::super::model::Details;
use super::super::parts::{Part, Refused};
use super::super::views::part;
use super::model::Attachment;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use crate::web::times::ago;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, files: &[Attachment], refused: Option<&Refused>) -> Markup {
    let title = if files.is_empty() { "Files".to_owned() } else { format!("Files · {}", files.len()) };
    let action = format!("{}/attachments", details.task.path());
    part(
        details,
        Part::Attachments,
        &title,
        files.is_empty() && refused.is_none(),
        html! {
            ul.related { @for file in files { (line(cx, details, file)) } }
            @if details.project.may_write() {
                // A file is sent by the browser itself, which shows how far it is.
                form.line-form method="post" action=(action) enctype="multipart/form-data" hx-boost="false" {
                    input.form-control.is-invalid[refused.is_some()] type="file" name="file" required aria-label="File" aria-invalid=[refused.map(|_| "true")];
                    button.btn.btn-outline-secondary.btn-sm type="submit" { (icon(Icon::Paperclip)) "Attach" }
                    @if let Some(refused) = refused { div.invalid-feedback { (refused.problem) } }
                }
            }
        },
    )
}

fn line(cx: &Context, details: &Details, file: &Attachment) -> Markup {
    let path = format!("/projects/attachments/{}", file.id);
    html! {
        li {
            (icon(Icon::Paperclip))
            a href=(path) hx-boost="false" { (file.name) }
            span.quiet { (size(file.bytes)) " · " (ago(file.created_at, cx.app.now_ms())) @if let Some(who) = &file.who { " by " (who) } }
            @if details.project.may_write() {
                form.remove method="post" action={ (path) "/deletion" } hx-post={ (path) "/deletion" } hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button type="submit" aria-label={ "Take " (file.name) " away" } { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}
