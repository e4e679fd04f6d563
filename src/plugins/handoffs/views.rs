//! The list of handoffs, the page of one, its print, and the card of the start page.

use super::contingencies::model::Contingency;
use super::handlers::{IndexQuery, sees_all};
use super::items::model::Item;
use super::model::{Handoff, Receiver, Responsible, Severity, State, may_begin};
use super::outcomes::views::{Receivers, Refused, forms};
use super::sections::model::Section;
use super::sections::views as sections;
use super::teams::model::may_set;
use crate::accounts::teams::Team;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, empty_state, notice, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use crate::web::times::{ago, moment};
use maud::{Markup, html};

pub struct IndexPage<'a> {
    pub query: &'a IndexQuery,
    pub rows: &'a [Handoff],
    pub has_more: bool,
    /// Counted from 1.
    pub page: i64,
    /// Those that wait for the actor.
    pub waiting: &'a [Handoff],
    pub responsible: Option<Responsible>,
    pub teams: &'a [Team],
}

pub fn index(cx: &Context, page: &IndexPage) -> Markup {
    let own_team = cx.actor().ok().and_then(|actor| actor.team_id);
    let may_begin = cx.actor().is_ok_and(may_begin);
    let begin =
        html! { @if may_begin { a.btn.btn-primary href="/handoffs/new" { (icon(Icon::Handshake)) "Hand off" } } };
    let actions = html! {
        @if let Some(team) = own_team.filter(|team| cx.actor().is_ok_and(|actor| may_set(actor, *team))) {
            a.btn.btn-outline-secondary href={ "/handoffs/teams/" (team) "/edit" } { (icon(Icon::Gear)) "How we hand off" }
        }
        (begin)
    };
    let is_filtered = !(page.query.team.is_empty() && page.query.state.is_empty() && page.query.text.is_empty());
    html! {
        (page_head(&[], "Handoffs", Some("Responsibility moves when a handoff is accepted, not when it is sent."), actions))
        div id="handoffs" data-handoffs {
            (waiting(page.waiting, cx.app.now_ms()))
            @if let Some(now) = &page.responsible { (responsible(cx, now)) }
            (filters(cx, page))
            @if page.rows.is_empty() && !is_filtered && page.page == 1 {
                (empty_state(Icon::Handshake, "Nothing was handed off yet", "The first handoff is filled in from what changed in the last day.", begin))
            } @else if page.rows.is_empty() {
                (empty_state(Icon::MagnifyingGlass, "Nothing fits", "No handoff has all of that.", html! { a.btn.btn-outline-secondary href="/handoffs" { "Show all" } }))
            } @else { (table(cx, page)) }
        }
    }
}

fn waiting(waiting: &[Handoff], now: i64) -> Markup {
    html! { @for handoff in waiting {
        (notice(Tone::Warning, html! {
            strong { (handoff.author) } " hands off to you: " a href=(handoff.path()) { (handoff.title) } " "
            span.quiet { (ago(handoff.sent_at.unwrap_or(handoff.created_at), now)) }
        }))
    } }
}

fn responsible(cx: &Context, now: &Responsible) -> Markup {
    let is_own = cx.actor().is_ok_and(|actor| actor.is(now.person_id));
    html! {
        p.responsible { (icon(Icon::UserShield)) @if is_own { "You are responsible for your team" } @else { strong { (now.name) } " is responsible for your team" }
            " since " a href=(super::model::path(now.handoff_id)) { (moment(now.since)) } "." }
    }
}

fn filters(cx: &Context, page: &IndexPage) -> Markup {
    let query = page.query;
    html! {
        form.handoff-filters method="get" action="/handoffs" role="search" {
            label.visually-hidden for="handoff-text" { "Words" }
            input.form-control type="search" id="handoff-text" name="text" value=(query.text) placeholder="Words in titles, parts and items";
            @if sees_all(cx) || page.teams.len() > 1 {
                label.visually-hidden for="handoff-team" { "Team" }
                select.form-select id="handoff-team" name="team" {
                    option value="" { "All teams" }
                    @for team in page.teams { @let id = team.id.to_string(); option value=(id) selected[id == query.team] { (team.name) } }
                }
            }
            label.visually-hidden for="handoff-state" { "State" }
            select.form-select id="handoff-state" name="state" {
                option value="" { "All states" }
                @for state in State::ALL { option value=(state.name()) selected[state.name() == query.state] { (state.title()) } }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
        }
    }
}

fn table(cx: &Context, page: &IndexPage) -> Markup {
    let step = |number: i64| {
        let IndexQuery { team, state, text, .. } = page.query;
        let query = serde_urlencoded::to_string([
            ("team", team),
            ("state", state),
            ("text", text),
            ("page", &number.to_string()),
        ]);
        format!("/handoffs?{}", query.unwrap_or_default())
    };
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Handoffs" { table.table.handoffs-table {
            thead { tr { th scope="col" { "Handoff" } th.wide-only scope="col" { "From" } th scope="col" { "To" } th scope="col" { "State" } th.wide-only scope="col" { "When" } } }
            tbody { @for handoff in page.rows { (row(cx, handoff)) } }
        } }
        @if page.page > 1 || page.has_more {
            nav.pager aria-label="Pages" {
                @if page.page > 1 { a.btn.btn-outline-secondary href=(step(page.page - 1)) { "Later" } }
                @if page.has_more { a.btn.btn-outline-secondary href=(step(page.page + 1)) { "Earlier" } }
            }
        }
    }
}

fn row(cx: &Context, handoff: &Handoff) -> Markup {
    let at = handoff.ended_at.or(handoff.sent_at).unwrap_or(handoff.created_at);
    html! {
        tr {
            th scope="row" { (severity(handoff.severity)) " " a href=(handoff.path()) { (handoff.title) } }
            td.wide-only { (handoff.author) }
            td { (to(handoff)) }
            td { (state(handoff)) }
            td.wide-only { time title=(moment(at)) { (ago(at, cx.app.now_ms())) } }
        }
    }
}

fn to(handoff: &Handoff) -> Markup {
    html! { @match &handoff.receiver { Some(receiver) => (receiver.name()), None => span.quiet { "nobody yet" } } }
}

fn severity(severity: Severity) -> Markup {
    html! { span class={ "severity-mark " (severity.name()) } { (severity.title()) } }
}

fn state(handoff: &Handoff) -> Markup {
    html! {
        span.badge.good[handoff.state == State::Accepted].warn[handoff.state == State::Sent].bad[handoff.state == State::Declined] { (handoff.state.title()) }
        @if handoff.state == State::Sent && handoff.escalated_at.is_some() { " " span.badge.bad { "the leads know" } }
    }
}

pub fn show(
    cx: &Context,
    handoff: &Handoff,
    written: &[Section],
    parts: &[Markup],
    receivers: &Receivers,
    refused: Option<&Refused>,
) -> Markup {
    html! {
        article.handoff id="handoff" data-h=(handoff.id) {
            div.handoff-main {
                (head(handoff))
                @for section in written {
                    @if handoff.may_write() { (sections::editable(cx, handoff.id, section)) } @else { (sections::shown(section)) }
                }
                @for part in parts { (part) }
            }
            aside.handoff-side id="handoff-side" data-part {
                (standing(handoff))
                @if let Some(problem) = refused.and_then(|refused| refused.invalid.of("")) { (notice(Tone::Danger, problem)) }
                (forms(cx, handoff, receivers, refused))
            }
        }
    }
}

fn head(handoff: &Handoff) -> Markup {
    let about = format!("{}, from {}", handoff.team, handoff.author);
    let print =
        html! { a.btn.btn-outline-secondary href={ (handoff.path()) "/print" } { (icon(Icon::Print)) "Print" } };
    html! {
        div.handoff-head id="handoff-head" data-part {
            (page_head(&[("Handoffs", "/handoffs")], &handoff.title, Some(&about), print))
            p { (severity(handoff.severity)) " " (state(handoff)) }
        }
    }
}

/// Who is responsible now, and what happened so far.
fn standing(handoff: &Handoff) -> Markup {
    let waits = matches!(handoff.state, State::Sent);
    html! {
        p.responsible { (icon(Icon::UserShield)) span { strong { (handoff.responsible()) } " is responsible" @if waits { " until it is accepted" } "." } }
        dl.facts {
            dt { "To" } dd { (to(handoff)) @if let Some(Receiver::Team { .. }) = handoff.receiver { span.quiet { " (whoever takes it)" } } }
            dt { "Begun" } dd { (moment(handoff.created_at)) }
            dt { "Tells of" } dd { "what changed since " (moment(handoff.since_at)) }
            @if let Some(at) = handoff.sent_at { dt { "Sent" } dd { (moment(at)) } }
            @if let Some(((_, who), at)) = handoff.ended_by.as_ref().zip(handoff.ended_at) { dt { (handoff.state.title()) } dd { "by " (who) ", " (moment(at)) } }
        }
        @if !handoff.synthesis.is_empty() { h2 { "What was understood" } blockquote.synthesis { (markdown::render(&handoff.synthesis)) } }
        @if !handoff.reason.is_empty() { h2 { "Why it was declined" } blockquote.synthesis { (markdown::render(&handoff.reason)) } }
    }
}

/// A form that came back, for who has no scripts.
pub fn again(handoff: &Handoff, content: Markup) -> Markup {
    html! {
        (page_head(&[("Handoffs", "/handoffs"), (&handoff.title, &handoff.path())], &handoff.title, None, html! {}))
        (content)
    }
}

/// All of it on paper, without anything to press.
pub fn print(handoff: &Handoff, written: &[Section], items: &[Item], foreseen: &[Contingency]) -> Markup {
    let actions = html! {
        a.btn.btn-outline-secondary href=(handoff.path()) { "Back" }
        button.btn.btn-primary.needs-js type="button" data-print { (icon(Icon::Print)) "Print" }
    };
    html! {
        div.print-hide { (page_head(&[("Handoffs", "/handoffs"), (&handoff.title, &handoff.path())], "Print", None, actions)) }
        article.handoff-sheet {
            h1 { (handoff.title) }
            p { (severity(handoff.severity)) " " (handoff.team) ", from " (handoff.author) " to " (to(handoff)) ". " (handoff.responsible()) " is responsible." }
            @for section in written { (sections::shown(section)) }
            h2 { "To look after" }
            ol { @for item in items.iter().filter(|item| item.closed_at.is_none()) { li { strong { (item.title) } @if !item.detail.is_empty() { (markdown::render(&item.detail)) } } } }
            @if !foreseen.is_empty() { h2 { "If … then …" } ul { @for each in foreseen { li { strong { "If " } (each.happening) strong { " then " } (each.action) } } } }
            @if !handoff.synthesis.is_empty() { h2 { "What was understood" } (markdown::render(&handoff.synthesis)) }
        }
    }
}

pub fn card(waiting: &[Handoff], mine: &[Handoff], now: i64) -> Markup {
    html! {
        section.card { div.card-body {
            h2 { (icon(Icon::Handshake)) "Handoffs" }
            @if waiting.is_empty() && mine.is_empty() { p.quiet { "Nothing waits for you." } }
            ul.ahead {
                @for handoff in waiting { li { span.badge.warn { "for you" } " " a href=(handoff.path()) { (handoff.title) } " " span.quiet { (ago(handoff.sent_at.unwrap_or(0), now)) } } }
                @for handoff in mine { li { span.badge { "not accepted yet" } " " a href=(handoff.path()) { (handoff.title) } } }
            }
            a.btn.btn-outline-secondary href="/handoffs" { "To the handoffs" }
        } }
    }
}
