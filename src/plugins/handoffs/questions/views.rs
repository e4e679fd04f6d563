//! Questions with their answers, and the forms to ask and to answer.

use super::super::items::model as items;
use super::super::model::{Handoff, State};
use super::handlers::QuestionForm;
use super::model::{self, MAX_CHARS, Question};
use crate::error::{Invalid, Result};
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::components::submission_field;
use crate::web::context::Context;
use crate::web::times::ago;
use maud::{Markup, html};

/// A form that could not be taken: that of a question's answer, or the one to ask.
pub struct Refused<'a> {
    pub question: Option<i64>,
    pub form: &'a QuestionForm,
    pub invalid: &'a Invalid,
}

/// Nothing for a draft, of which nobody can have asked anything.
pub async fn all(cx: &Context, handoff: &Handoff, refused: Option<&Refused<'_>>) -> Result<Markup> {
    let questions = model::list(&cx.app, handoff.id).await?;
    if handoff.state == State::Draft || (questions.is_empty() && !handoff.may_ask()) {
        return Ok(html! {});
    }
    let items = items::list(&cx.app, handoff.id).await?;
    Ok(html! {
        section.handoff-questions id="questions" data-part {
            h2 { "Questions" }
            @if questions.is_empty() { p.quiet { "Nobody has asked anything yet." } }
            ol.questions { @for question in &questions { (one(cx, handoff, question, refused)) } }
            @if handoff.may_ask() { (ask_form(cx, handoff, &items, refused.filter(|refused| refused.question.is_none()))) }
        }
    })
}

fn one(cx: &Context, handoff: &Handoff, question: &Question, refused: Option<&Refused>) -> Markup {
    let now = cx.app.now_ms();
    let refused = refused.filter(|refused| refused.question == Some(question.id));
    html! {
        li {
            p.who { strong { (question.asker.as_deref().unwrap_or("Somebody")) } " " time.quiet { (ago(question.asked_at, now)) }
                @if let Some(item) = &question.item { span.quiet { " about " (item) } } }
            p { (question.question) }
            @if let Some(at) = question.answered_at {
                div.answer {
                    p.who { strong { (question.answerer.as_deref().unwrap_or("Somebody")) } " " time.quiet { (ago(at, now)) } }
                    p { (question.answer) }
                }
            } @else if handoff.may_ask() && cx.actor().is_ok_and(|actor| question.asked_by.is_none_or(|asker| !actor.is(asker))) {
                (answer_form(cx, question, refused))
            }
        }
    }
}

fn answer_form(cx: &Context, question: &Question, refused: Option<&Refused>) -> Markup {
    let action = format!("/handoffs/{}/questions/{}/answer", question.handoff_id, question.id);
    let field = format!("answer-{}", question.id);
    let error = refused.and_then(|refused| refused.invalid.of("answer"));
    html! {
        form.item-form method="post" action=(action) hx-post=(action) hx-target="#questions" hx-swap="outerHTML" hx-status:422="target:#questions swap:outerHTML" {
            (csrf_field(cx.csrf()))
            label.visually-hidden for=(field) { "Answer" }
            textarea.form-control.is-invalid[error.is_some()] id=(field) name="answer" rows="2" maxlength=(MAX_CHARS) required placeholder="Answer"
                aria-describedby=[error.map(|_| format!("{field}-error"))] { "\n" (refused.map_or("", |refused| refused.form.answer.as_str())) }
            button.btn.btn-sm.btn-outline-secondary type="submit" { "Answer" }
            @if let Some(error) = error { div.invalid-feedback id={ (field) "-error" } { (error) } }
        }
    }
}

fn ask_form(cx: &Context, handoff: &Handoff, items: &[items::Item], refused: Option<&Refused>) -> Markup {
    let action = format!("{}/questions", handoff.path());
    let error = refused.and_then(|refused| refused.invalid.of("question"));
    let chosen = refused.map_or("", |refused| refused.form.item.as_str());
    html! {
        form.item-form method="post" action=(action) hx-post=(action) hx-target="#questions" hx-swap="outerHTML" hx-status:422="target:#questions swap:outerHTML" {
            (csrf_field(cx.csrf()))
            (submission_field())
            label.visually-hidden for="question" { "Question" }
            textarea.form-control.is-invalid[error.is_some()] id="question" name="question" rows="2" maxlength=(MAX_CHARS) required placeholder="What do you want to know before it is accepted?"
                aria-describedby=[error.map(|_| "question-error")] { "\n" (refused.map_or("", |refused| refused.form.question.as_str())) }
            label.visually-hidden for="question-item" { "What it is about" }
            select.form-select id="question-item" name="item" {
                option value="" { "About the whole" }
                @for item in items { @let id = item.id.to_string(); option value=(id) selected[id == chosen] { (item.title) } }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::CircleQuestion)) "Ask" }
            @if let Some(error) = error { div.invalid-feedback id="question-error" { (error) } }
        }
    }
}
