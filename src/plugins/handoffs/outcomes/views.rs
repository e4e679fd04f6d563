//! The forms of the steps that are open to the actor, beside the handoff.

use super::super::composition::views::{receiver_field, severity_field};
use super::super::model::{Handoff, Receiver};
use super::handlers::OutcomeForm;
use super::model::MAX_CHARS;
use crate::accounts::teams::Team;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, csrf_field};
use crate::web::context::Context;
use maud::{Markup, html};

/// To whom it could go.
pub struct Receivers {
    pub teams: Vec<Team>,
    pub people: Vec<(i64, String)>,
}

/// A form that could not be taken.
pub struct Refused<'a> {
    pub form: &'a OutcomeForm,
    pub invalid: &'a Invalid,
}

pub fn forms(cx: &Context, handoff: &Handoff, receivers: &Receivers, refused: Option<&Refused>) -> Markup {
    html! {
        @if handoff.may_send() { (sending(cx, handoff, receivers, refused)) }
        @if handoff.may_answer() { (acceptance(cx, handoff, "Accept", refused)) (refusal(cx, handoff, refused)) }
        @if handoff.may_redirect() {
            @if !handoff.may_answer() && !handoff.standing.is_author { (folded("Take it yourself", acceptance(cx, handoff, "Take it", refused), refused.is_some_and(|refused| refused.invalid.of("synthesis").is_some()))) }
            (folded("Send it to somebody else", redirection(cx, handoff, receivers, refused), refused.is_some_and(|refused| refused.invalid.of("receiver").is_some())))
        }
        @if handoff.may_withdraw() { (withdrawal(cx, handoff)) }
    }
}

fn folded(title: &str, content: Markup, open: bool) -> Markup {
    html! { details open[open] { summary { (title) } (content) } }
}

fn choice(handoff: &Handoff, receivers: &Receivers, refused: Option<&Refused>) -> Markup {
    let current = handoff.receiver.as_ref().map(Receiver::key).unwrap_or_default();
    let selected = refused.map_or(current.as_str(), |refused| refused.form.receiver.as_str());
    let people: Vec<(i64, &str)> = receivers
        .people
        .iter()
        .filter(|(id, _)| *id != handoff.author_id)
        .map(|(id, name)| (*id, name.as_str()))
        .collect();
    receiver_field(selected, &receivers.teams, &people, refused.and_then(|refused| refused.invalid.of("receiver")))
}

fn sending(cx: &Context, handoff: &Handoff, receivers: &Receivers, refused: Option<&Refused>) -> Markup {
    let severity = refused.map_or(handoff.severity.name(), |refused| refused.form.severity.as_str());
    html! {
        form method="post" action={ (handoff.path()) "/sending" } {
            (csrf_field(cx.csrf()))
            (choice(handoff, receivers, refused))
            (severity_field(severity))
            button.btn.btn-primary type="submit" { (icon(Icon::PaperPlane)) "Send" }
        }
    }
}

fn acceptance(cx: &Context, handoff: &Handoff, label: &str, refused: Option<&Refused>) -> Markup {
    let field = Field {
        name: "synthesis",
        label: "What you take over",
        input: Input::TextArea {
            value: refused.map_or("", |refused| refused.form.synthesis.as_str()),
            rows: 4,
            max_length: MAX_CHARS,
        },
        hint: Some("In your own words: how things stand, and what you will do first."),
        error: refused.and_then(|refused| refused.invalid.of("synthesis")),
        required: true,
    };
    html! {
        form method="post" action={ (handoff.path()) "/acceptance" } {
            (csrf_field(cx.csrf()))
            (field)
            button.btn.btn-primary type="submit" { (icon(Icon::Handshake)) (label) }
        }
    }
}

fn refusal(cx: &Context, handoff: &Handoff, refused: Option<&Refused>) -> Markup {
    let error = refused.and_then(|refused| refused.invalid.of("reason"));
    let field = Field {
        name: "reason",
        label: "Why",
        input: Input::TextArea {
            value: refused.map_or("", |refused| refused.form.reason.as_str()),
            rows: 2,
            max_length: MAX_CHARS,
        },
        hint: None,
        error,
        required: true,
    };
    let form = html! {
        form method="post" action={ (handoff.path()) "/refusal" } {
            (csrf_field(cx.csrf()))
            (field)
            button.btn.btn-outline-danger type="submit" { "Decline" }
        }
    };
    folded("Decline", form, error.is_some())
}

fn redirection(cx: &Context, handoff: &Handoff, receivers: &Receivers, refused: Option<&Refused>) -> Markup {
    html! {
        form method="post" action={ (handoff.path()) "/redirection" } {
            (csrf_field(cx.csrf()))
            (choice(handoff, receivers, refused))
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::PaperPlane)) "Send there" }
        }
    }
}

fn withdrawal(cx: &Context, handoff: &Handoff) -> Markup {
    html! {
        form method="post" action={ (handoff.path()) "/withdrawal" } {
            (csrf_field(cx.csrf()))
            button.btn.btn-link.btn-sm type="submit" { @if handoff.sent_at.is_none() { "Throw the draft away" } @else { "Withdraw" } }
        }
    }
}
