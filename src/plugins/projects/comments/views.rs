//! Comments, their forms, and the question about people who were named and take no part.

use super::super::members::views::disc;
use super::super::model::MAX_TEXT_CHARS;
use super::super::outline::Outline;
use super::super::tasks::model::{Details, path};
use super::mentions::word_for;
use super::model::Comment;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::submission_field;
use crate::web::components::{Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use crate::web::times::{ago, moment};
use maud::{Markup, html};

/// All of them. Asked for again when somebody says something.
pub fn list(cx: &Context, details: &Details, comments: &[Comment]) -> Markup {
    html! {
        ol.comments id="comments" {
            @for said in comments { (comment(cx, details, said)) }
            @if comments.is_empty() { li.quiet { "Nobody has said anything yet." } }
        }
    }
}

pub fn comment(cx: &Context, details: &Details, comment: &Comment) -> Markup {
    let name = comment.author.as_deref().unwrap_or("Somebody who is gone");
    html! {
        li.comment id={ "comment-" (comment.id) } {
            (disc(comment.author_id.unwrap_or(0), name))
            div {
                header {
                    strong { (name) } " "
                    time.quiet title=(moment(comment.created_at)) { (ago(comment.created_at, cx.app.now_ms())) }
                    @if comment.edited_at.is_some() { span.quiet { " · changed" } }
                    (actions(cx, details, comment))
                }
                div.prose { (markdown::render(&comment.body)) }
            }
        }
    }
}

fn actions(cx: &Context, details: &Details, comment: &Comment) -> Markup {
    let is_own = cx.actor().is_ok_and(|actor| comment.may_be_changed_by(actor));
    let path = format!("/projects/comments/{}", comment.id);
    html! {
        @if details.project.may_write() {
            span.comment-actions {
                @if is_own { a href={ (path) "/edit" } hx-get={ (path) "/edit" } hx-target="closest .comment" hx-swap="outerHTML" { "Edit" } }
                @if is_own || details.project.may_lead() {
                    form method="post" action={ (path) "/deletion" } hx-post={ (path) "/deletion" } hx-target="#comments" hx-swap="outerHTML" {
                        (csrf_field(cx.csrf()))
                        button.btn.btn-link.btn-sm type="submit" { "Delete" }
                    }
                }
            }
        }
    }
}

pub fn new_form(cx: &Context, details: &Details, outline: &Outline, body: &str, invalid: Option<&Invalid>) -> Markup {
    let action = format!("{}/comments", path(details.task.id));
    let error = invalid.and_then(|invalid| invalid.of("body"));
    html! {
        form.comment-form id="comment-form" method="post" action=(action) hx-post=(action) hx-target="this" hx-swap="outerHTML" {
            (csrf_field(cx.csrf()))
            (submission_field())
            label.visually-hidden for="comment-body" { "Comment" }
            textarea.form-control.is-invalid[error.is_some()] id="comment-body" name="body" rows="3" required maxlength=(MAX_TEXT_CHARS)
                placeholder="Say something. Markdown, and @name for those who should know." aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| "comment-body-error")] { "\n" (body) }
            @if let Some(error) = error { div.invalid-feedback id="comment-body-error" { (error) } }
            div.form-actions {
                button.btn.btn-primary.btn-sm type="submit" { (icon(Icon::Comment)) "Comment" }
                (names(outline))
            }
        }
    }
}

/// What to type to name somebody.
fn names(outline: &Outline) -> Markup {
    html! {
        details.mention-names {
            summary { "Who can be named" }
            ul { @for member in &outline.members { li { code { "@" (word_for(member)) } " " (member.name) } } }
        }
    }
}

/// After a comment: a form to say more, and the comments as they are now.
pub fn after_saying(cx: &Context, details: &Details, outline: &Outline, comments: &[Comment], asked: Markup) -> Markup {
    html! {
        (new_form(cx, details, outline, "", None))
        hx-partial hx-target="#comments" hx-swap="outerHTML" { (asked) (list(cx, details, comments)) }
    }
}

/// Whether those who were named should be let in. They were told nothing.
pub fn asked(cx: &Context, details: &Details, outsiders: &[(i64, String)]) -> Markup {
    html! { @for (id, name) in outsiders { (notice(Tone::Warning, question(cx, details, *id, name))) } }
}

fn question(cx: &Context, details: &Details, id: i64, name: &str) -> Markup {
    let project = &details.project;
    html! {
        p { (name) " takes no part in " (project.name) ", and was told nothing." }
        @if project.may_lead() {
            form.inline-form method="post" action={ (project.path()) "/members" } {
                (csrf_field(cx.csrf()))
                input type="hidden" name="person" value=(id);
                input type="hidden" name="role" value="viewer";
                input type="hidden" name="task" value=(details.task.id);
                button.btn.btn-outline-secondary.btn-sm type="submit" { (icon(Icon::UserPlus)) "Let " (name) " look on" }
            }
        } @else { p.quiet { "Ask somebody who leads the project to take " (name) " in." } }
    }
}

/// A comment that is being changed.
pub struct Editing<'a> {
    pub id: i64,
    pub body: String,
    pub version: i64,
    /// What it says now, where somebody changed it meanwhile.
    pub now: Option<Comment>,
    pub comment: &'a Comment,
}

impl<'a> Editing<'a> {
    pub fn of(comment: &'a Comment) -> Self {
        Editing { id: comment.id, body: comment.body.clone(), version: comment.version, now: None, comment }
    }
}

pub fn edit_form(cx: &Context, editing: &Editing<'_>, invalid: Option<&Invalid>) -> Markup {
    let action = format!("/projects/comments/{}", editing.id);
    let error = invalid.and_then(|invalid| invalid.of("body"));
    html! {
        form.comment-form method="post" action=(action) hx-post=(action) hx-target="closest .comment" hx-swap="outerHTML" {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(editing.version);
            @if let Some(now) = &editing.now {
                div role="alert" { dl.both {
                    div { dt { "It says now" } dd { (markdown::render(&now.body)) } }
                    div { dt { "You typed" } dd { (markdown::render(&editing.body)) } }
                } }
            }
            textarea.form-control.is-invalid[error.is_some()] name="body" rows="4" required maxlength=(MAX_TEXT_CHARS) aria-label="Comment" autofocus
                aria-invalid=[error.map(|_| "true")] { "\n" (editing.body) }
            @if let Some(error) = error { div.invalid-feedback { (error) } }
            div.form-actions {
                button.btn.btn-primary.btn-sm type="submit" { @if editing.now.is_some() { "Save mine" } @else { "Save" } }
                a.btn.btn-outline-secondary.btn-sm href=(path(editing.comment.task_id)) hx-get=(action) hx-target="closest .comment" hx-swap="outerHTML" data-cancel { "Cancel" }
            }
        }
    }
}

/// The form in the place of its comment.
pub fn editing(cx: &Context, editing: &Editing<'_>, invalid: Option<&Invalid>) -> Markup {
    html! { li.comment id={ "comment-" (editing.id) } { (edit_form(cx, editing, invalid)) } }
}

pub fn form_page(details: &Details, form: Markup) -> Markup {
    let (project, task) = (details.project.path(), path(details.task.id));
    let name = details.task.name();
    let trail =
        [("Projects", "/projects"), (details.project.name.as_str(), project.as_str()), (name.as_str(), task.as_str())];
    html! { (page_head(&trail, "Comment", None, html! {})) div.card { div.card-body { (form) } } }
}
