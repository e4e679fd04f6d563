//! The answers of a person, each with what is confirmed or with the form that does.

use super::super::super::levels::Scale;
use super::super::super::ratings::handlers::standing_text;
use super::super::super::ratings::views::{level_options, standing};
use super::super::model::{Assessment, Confirmed, Item};
use super::super::rules::{MAX_NOTE_CHARS, State, lie_far_apart};
use super::super::views::{Remark, Remarks, by_category, state_badge};
use crate::accounts::Actor;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::times::ago;
use maud::{Markup, html};

pub struct Confirming<'a> {
    pub assessment: &'a Assessment,
    pub actor: &'a Actor,
    pub csrf: &'a str,
    pub now_ms: i64,
}

pub fn table(page: &Confirming, remarks: &Remarks) -> Markup {
    html! {
        @for (category, items) in by_category(page.assessment) {
            div.table-frame tabindex="0" role="region" aria-label=(category) { table.table.confirmations {
                thead { tr { th scope="col" { (category) } th scope="col" { "Own" } th scope="col" { "Counts now" } th scope="col" { "Confirmed" } } }
                tbody { @for item in items { (row(page, item, remarks)) } }
            } }
        }
    }
}

/// The row that was confirmed, and the state of the whole, which it may have changed.
pub fn row_and_state(page: &Confirming, item: &Item, remarks: &Remarks) -> Markup {
    html! {
        (row(page, item, remarks))
        hx-partial hx-target="#assessment-state" hx-swap="innerHTML" { (state_badge(page.assessment.state)) }
    }
}

fn row(page: &Confirming, item: &Item, remarks: &Remarks) -> Markup {
    let Some(scale) = page.assessment.scales.of_skill(item.skill_id, item.scale_id) else { return html! {} };
    let scale = &*scale;
    let remark = remarks.of(item.skill_id);
    html! {
        tr.is-marked[remark.is_some()] {
            th scope="row" {
                (item.skill)
                @if let Some(owner) = &item.owner { small.quiet { "Owner: " (owner) } }
                @if let Some(remark) = remark { div.row-remark role="alert" { (remark.text()) } }
            }
            td data-label="Own" { (own(page, scale, item)) }
            td data-label="Counts now" { (standing(scale, item.counts)) }
            td {
                @match &item.confirmed {
                    Some(confirmed) => (shown(scale, item, confirmed, page.now_ms)),
                    None if page.assessment.is_confirmed_by(page.actor, item) => (form(page, scale, item, remarks)),
                    None => span.quiet { (waiting(page.assessment, item)) },
                }
            }
        }
    }
}

/// Until it is handed in, what the person says may still change.
fn own(page: &Confirming, scale: &Scale, item: &Item) -> Markup {
    match page.assessment.state {
        State::Asked => html! { span.quiet { "not handed in" } },
        _ => html! {
            (standing(scale, item.own))
            @if item.confirmed.is_none() && lie_far_apart(scale, item.own, item.counts) { (far_apart()) }
        },
    }
}

fn far_apart() -> Markup {
    html! { " " span.badge.warn { (icon(Icon::TriangleExclamation)) " two levels or more apart" } }
}

fn waiting(assessment: &Assessment, item: &Item) -> String {
    match (assessment.state, &item.owner) {
        (State::Filled, Some(owner)) if item.owner_id != Some(assessment.person_id) => format!("waits for {owner}"),
        (State::Filled, _) => "waits for the lead".to_owned(),
        _ => String::new(),
    }
}

fn shown(scale: &Scale, item: &Item, confirmed: &Confirmed, now_ms: i64) -> Markup {
    html! {
        (standing(scale, confirmed.standing))
        @if lie_far_apart(scale, item.own, confirmed.standing) { (far_apart()) }
        div.quiet { (ago(confirmed.at, now_ms)) @if let Some(by) = &confirmed.by { ", " (by) } }
        @if !confirmed.note.is_empty() { div { (confirmed.note) } }
    }
}

fn form(page: &Confirming, scale: &Scale, item: &Item, remarks: &Remarks) -> Markup {
    let address = format!("/skills/assessments/{}/confirmations/{}", page.assessment.id, item.skill_id);
    let own = standing_text(scale, item.own);
    let remark = remarks.of(item.skill_id);
    let value = remark.map_or(own.as_str(), Remark::typed);
    let label = format!("Confirmed level of {}", item.skill);
    html! {
        form.confirmation method="post" action=(address) hx-post=(address) hx-target="closest tr" hx-swap="outerHTML" {
            (csrf_field(page.csrf))
            input type="hidden" name="version" value=(item.version);
            @if scale.has_fractions() {
                input.form-control type="text" inputmode="decimal" name="level" value=(value) maxlength="20" aria-label=(label) title={ (scale.range()) ", or n/a" };
            } @else {
                select.form-select name="level" aria-label=(label) {
                    @for (option, text) in level_options(scale) { option value=(option) selected[option == value] { (text) } }
                }
            }
            input.form-control type="text" name="note" maxlength=(MAX_NOTE_CHARS) placeholder="Why another level" value=(remarks.note_of(item.skill_id))
                aria-label={ "Why another level of " (item.skill) };
            button.btn.btn-sm.btn-primary type="submit" aria-label={ "Confirm " (item.skill) } { (icon(Icon::Check)) "Confirm" }
        }
    }
}
