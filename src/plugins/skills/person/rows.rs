//! One skill of a person: what they say and what is confirmed side by side, what is required, the certificate.

use super::super::as_of::AsOf;
use super::super::certificates::views::{evidence, valid_until};
use super::super::levels::{Interest, Scale, Standing};
use super::super::matrix::views::interest_options;
use super::super::ratings::model::Voice;
use super::super::ratings::rules::{MAX_EVIDENCE_CHARS, MAX_NOTE_CHARS};
use super::super::ratings::views::{level_options, rating_text, standing};
use super::super::targets::fit::Fit;
use super::form::{Certificate, Typed, TypedSuspension};
use super::model::{Assessment, RatedSkill};
use super::views::{Page, Remark};
use crate::clock::day_of;
use crate::web::times::ago;
use maud::{Markup, html};

pub fn row(page: &Page, skill: &RatedSkill) -> Markup {
    let Assessment { scales, as_of, .. } = page.assessment;
    let Some(scale) = scales.of_skill_on(skill.id, skill.scale_id, *as_of) else { return html! {} };
    let scale = &*scale;
    if skill.may_rate { edit_row(page, scale, skill) } else { show_row(page, scale, skill) }
}

fn show_row(page: &Page, scale: &Scale, skill: &RatedSkill) -> Markup {
    let values = &skill.values;
    html! {
        tr {
            th scope="row" { (skill_name(skill)) }
            td data-label="Own" { (own(scale, skill)) }
            td data-label="Confirmed" { (confirmed(scale, skill)) }
            td data-label="Required" { (required(page, scale, skill)) }
            td data-label="Interest" { (interest_name(values.interest)) }
            td data-label="Note" { (values.note) }
            td data-label="Certificate" { (certificate(page, skill)) }
            td { (last_change(page, skill)) }
        }
    }
}

fn edit_row(page: &Page, scale: &Scale, skill: &RatedSkill) -> Markup {
    let voice = page.assessment.voice;
    let shown = Typed::of(scale, &skill.values, voice);
    let remark = page.remarks.of(skill.id);
    let typed = remark.map_or(&shown, Remark::typed);
    let id = skill.id;
    let level = level_control(scale, id, &typed.level, &skill.name);
    html! {
        tr.is-marked[remark.is_some()] {
            th scope="row" {
                (skill_name(skill))
                @if let Some(remark) = remark { (remark_text(scale, remark)) }
                input type="hidden" name={ "version-" (id) } value=(skill.version);
                input type="hidden" name={ "was-" (id) } value=(shown.fingerprint());
                input type="hidden" name={ "further-" (id) } value=(shown_further(&shown, voice));
            }
            @if voice == Voice::Own {
                td data-label="Own" { (level) }
                td data-label="Confirmed" { (confirmed(scale, skill)) }
            } @else {
                td data-label="Own" { (own(scale, skill)) }
                td data-label="Confirmed" { (level) (confirm_box(skill)) }
            }
            td data-label="Required" { (required(page, scale, skill)) }
            td data-label="Interest" { (interest_control(id, &typed.interest, &skill.name)) }
            td data-label="Note" {
                textarea.form-control rows="1" name={ "note-" (id) } maxlength=(MAX_NOTE_CHARS) aria-label={ "Note on " (skill.name) } { "\n" (typed.note) }
            }
            td data-label="Certificate" { (certificate_controls(page, skill, typed, remark.is_some())) }
            td { (last_change(page, skill)) }
        }
    }
}

/// Whoever edits their own page is shown no suspension to edit, so that none comes back.
fn shown_further(shown: &Typed, voice: Voice) -> String {
    let suspension = shown.suspension.clone().filter(|_| voice != Voice::Own);
    Typed { suspension, ..shown.clone() }.further_fingerprint()
}

fn skill_name(skill: &RatedSkill) -> Markup {
    html! {
        (skill.name)
        @if !skill.description.is_empty() { small.quiet { (skill.description) } }
    }
}

fn own(scale: &Scale, skill: &RatedSkill) -> Markup {
    match skill.values.own {
        Some(own) => standing(scale, own.standing),
        None => html! { span.quiet { "–" } },
    }
}

/// Where nobody has said or confirmed anything, what a file said is what counts.
fn confirmed(scale: &Scale, skill: &RatedSkill) -> Markup {
    let values = &skill.values;
    match (values.confirmed, values.own) {
        (Some(confirmed), _) => html! {
            (standing(scale, confirmed.standing))
            @if let Some(by) = &skill.confirmed_by { small.quiet.block { (by) } }
        },
        (None, None) if values.standing != Standing::Unset => html! {
            (standing(scale, values.standing)) small.quiet.block { "not confirmed" }
        },
        _ => html! { span.quiet { "–" } },
    }
}

fn confirm_box(skill: &RatedSkill) -> Markup {
    let is_open = skill.values.confirmed.is_none() && skill.values.standing != Standing::Unset;
    html! {
        @if is_open {
            label.form-check.confirm {
                input.form-check-input type="checkbox" name={ "confirm-" (skill.id) } value="1";
                span.form-check-label { "confirm" span.visually-hidden { " " (skill.name) } }
            }
        }
    }
}

/// The level that is asked for, and whether it is there; a gap leads to training.
fn required(page: &Page, scale: &Scale, skill: &RatedSkill) -> Markup {
    let Some(level) = skill.required else { return html! {} };
    let fit = Fit::of(skill.values.standing, level, skill.lapsed, scale);
    let is_today = page.assessment.as_of == AsOf::Now;
    let may_plan = is_today && (page.leads() || (skill.may_rate && page.assessment.voice != Voice::Own));
    html! {
        (standing(scale, Standing::At(level))) " " (fit_badge(fit))
        @if fit != Fit::Met && may_plan {
            a.block href={ "/skills/training/new?person=" (page.assessment.person.id) "&skill=" (skill.id) } {
                "Plan training" span.visually-hidden { " in " (skill.name) }
            }
        }
    }
}

fn fit_badge(fit: Fit) -> Markup {
    let tone = match fit {
        Fit::Met => "good",
        Fit::Near => "warn",
        Fit::Gap => "bad",
    };
    html! { span class={ "badge " (tone) } { (fit.name()) } }
}

fn certificate(page: &Page, skill: &RatedSkill) -> Markup {
    let values = &skill.values;
    let today = page.assessment.as_of.day().unwrap_or_else(|| day_of(page.now_ms));
    html! {
        @if values.valid_until.is_some() { div { "until " (valid_until(values.valid_until, today)) } }
        @if !values.evidence.is_empty() { div { (evidence(&values.evidence)) } }
        @if let Some(suspension) = values.suspension.as_ref().filter(|suspension| suspension.until >= today) {
            div { span.badge.bad { "suspended until " (suspension.until) } small.quiet.block { (suspension.reason) } }
        }
    }
}

/// Folded, because few skills have one; opened where something in it is to be mended.
fn certificate_controls(page: &Page, skill: &RatedSkill, typed: &Typed, is_open: bool) -> Markup {
    let id = skill.id;
    let Certificate { evidence, valid_until } = typed.certificate.clone().unwrap_or_default();
    let TypedSuspension { until, reason } = typed.suspension.clone().unwrap_or_default();
    let has_one =
        !skill.values.evidence.is_empty() || skill.values.valid_until.is_some() || skill.values.suspension.is_some();
    html! {
        (certificate(page, skill))
        details.certificate open[is_open] {
            summary { @if has_one { "Change" } @else { "Add" } span.visually-hidden { " the certificate of " (skill.name) } }
            (labelled(&format!("evidence-{id}"), "Evidence", html! {
                input.form-control type="text" id={ "evidence-" (id) } name={ "evidence-" (id) } value=(evidence) maxlength=(MAX_EVIDENCE_CHARS) placeholder="https://… or a number";
            }))
            (labelled(&format!("valid_until-{id}"), "Valid until", html! {
                input.form-control type="date" id={ "valid_until-" (id) } name={ "valid_until-" (id) } value=(valid_until);
            }))
            @if page.assessment.voice != Voice::Own {
                (labelled(&format!("suspended_until-{id}"), "Suspended until", html! {
                    input.form-control type="date" id={ "suspended_until-" (id) } name={ "suspended_until-" (id) } value=(until);
                }))
                (labelled(&format!("suspension_reason-{id}"), "Why suspended", html! {
                    input.form-control type="text" id={ "suspension_reason-" (id) } name={ "suspension_reason-" (id) } value=(reason) maxlength=(MAX_EVIDENCE_CHARS);
                }))
            }
        }
    }
}

fn labelled(id: &str, label: &str, control: Markup) -> Markup {
    html! { div.field { label.form-label for=(id) { (label) } (control) } }
}

fn interest_name(interest: Option<Interest>) -> &'static str {
    interest.and_then(|interest| Interest::NAMES.get(interest.value() as usize)).copied().unwrap_or("")
}

fn last_change(page: &Page, skill: &RatedSkill) -> Markup {
    let address = format!("/skills/people/{}/skills/{}/history", page.assessment.person.id, skill.id);
    html! {
        @if skill.version > 0 {
            a.quiet href=(address) title={ "History of " (skill.name) } {
                (ago(skill.updated_at, page.now_ms)) @if let Some(who) = &skill.updated_by { ", " (who) }
                span.visually-hidden { ": history of " (skill.name) }
            }
        }
    }
}

fn remark_text(scale: &Scale, remark: &Remark) -> Markup {
    match remark {
        Remark::Conflict { theirs, .. } => html! {
            div.row-remark role="alert" {
                (theirs.updated_by.as_deref().unwrap_or("Somebody else")) " saved meanwhile: " (rating_text(scale, theirs))
                " Save again to put yours in its place."
            }
        },
        Remark::Invalid { invalid, .. } => html! { div.row-remark role="alert" { (invalid.to_string()) } },
    }
}

fn level_control(scale: &Scale, id: i64, value: &str, skill: &str) -> Markup {
    let label = format!("Level of {skill}");
    if scale.has_fractions() {
        let hint = format!("{}, or n/a", scale.range());
        return html! {
            input.form-control type="text" inputmode="decimal" name={ "level-" (id) } value=(value) maxlength="20" aria-label=(label) title=(hint);
        };
    }
    html! {
        select.form-select name={ "level-" (id) } aria-label=(label) {
            @for (option, text) in level_options(scale) { option value=(option) selected[option == value] { (text) } }
        }
    }
}

fn interest_control(id: i64, value: &str, skill: &str) -> Markup {
    html! {
        select.form-select name={ "interest-" (id) } aria-label={ "Interest in " (skill) } {
            @for (option, text) in interest_options() { option value=(option) selected[option == value] { (text) } }
        }
    }
}
