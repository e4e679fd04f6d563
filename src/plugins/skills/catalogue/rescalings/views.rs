//! The page on which a skill is given another scale.

use super::super::super::levels::Scale;
use super::super::super::scales::Scales;
use super::super::model::Skill;
use super::mapping::{Occurring, field_of};
use super::model::{Plan, Rescaling};
use crate::error::Invalid;
use crate::web::components::{Field, Input, Tone, csrf_field, level, notice, page_head};
use crate::web::times::ago;
use maud::{Markup, html};
use std::collections::BTreeMap;

pub struct Page<'a> {
    pub skill: &'a Skill,
    pub scales: &'a Scales,
    /// The name of the new scale, as it was chosen.
    pub chosen: &'a str,
    pub plan: Option<&'a Plan>,
    /// What each level becomes: suggested, or as it was typed.
    pub typed: &'a BTreeMap<i64, String>,
    pub invalid: Option<&'a Invalid>,
    pub conflict: Option<&'a str>,
    pub csrf: &'a str,
}

pub fn show(page: &Page) -> Markup {
    let skill = page.skill;
    let address = format!("/skills/catalogue/{}", skill.id);
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue"), (skill.name.as_str(), &address)];
    let own = page.scales.get(skill.scale_id).map_or("", |scale| scale.name.as_str());
    let about =
        format!("“{}” stands on the scale {own}. Say what each of its levels becomes on another one.", skill.name);
    let others = page.scales.all().iter().filter(|scale| scale.id != skill.scale_id);
    let options: Vec<(&str, &str)> = others.map(|scale| (scale.name.as_str(), scale.name.as_str())).collect();
    let error = page.invalid.and_then(|invalid| invalid.of("scale"));
    let input = Input::Select { options: &options, selected: page.chosen };
    let class = if page.plan.is_some() { "btn-outline-secondary" } else { "btn-primary" };
    html! {
        (page_head(&trail, "Change the scale", Some(&about), html! {}))
        @if let Some(text) = page.conflict { (notice(Tone::Warning, text)) }
        form.narrow method="get" action={ (address) "/rescaling" } {
            (Field { name: "scale", label: "New scale", input, hint: None, error, required: true })
            div.form-actions {
                button class={ "btn " (class) } type="submit" { "Next" }
                a.btn.btn-outline-secondary href=(address) { "Cancel" }
            }
        }
        @if let Some(plan) = page.plan { (mapping(page, plan, &address)) }
    }
}

fn mapping(page: &Page, plan: &Plan, address: &str) -> Markup {
    html! {
        h2 { (plan.from.name) " → " (plan.to.name) }
        @if plan.occurring.is_empty() {
            p { "Nobody is rated yet and no target is set, so there is nothing to map." }
        } @else {
            p.quiet { "Suggested by the place on the scale. Check each one." }
        }
        form.medium method="post" action={ (address) "/rescaling" } {
            (csrf_field(page.csrf))
            input type="hidden" name="version" value=(plan.skill.version);
            input type="hidden" name="scale" value=(plan.to.name);
            @if !plan.occurring.is_empty() { (table(page, plan)) }
            p.quiet { "Each rating is written anew with an entry in its history. The skill's own texts for its levels are dropped. It can be undone until somebody rates again." }
            div.form-actions { button.btn.btn-primary type="submit" { "Change the scale" } }
        }
    }
}

fn table(page: &Page, plan: &Plan) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Levels" { table.table {
            thead { tr { th scope="col" { "Level on " (plan.from.name) } th.number scope="col" { "Ratings" } th scope="col" { "Becomes on " (plan.to.name) } } }
            tbody { @for occurring in &plan.occurring { (row(page, plan, occurring)) } }
        } }
    }
}

fn row(page: &Page, plan: &Plan, occurring: &Occurring) -> Markup {
    let at = occurring.level;
    let (field, code) = (field_of(at), plan.from.code(at));
    let name = plan.from.levels.iter().find(|named| named.level == at).map_or("", |named| named.name.as_str());
    let value = page.typed.get(&at.hundredths()).map_or("", String::as_str);
    let error = page.invalid.and_then(|invalid| invalid.of(&field));
    html! {
        tr {
            th scope="row" { (level(plan.from.glyph(at), &code)) @if name != code { " " (name) } }
            td.number { (occurring.ratings) }
            td {
                (control(&plan.to, &field, value, &code, error.is_some()))
                @if let Some(error) = error { div.invalid-feedback id={ (field) "-error" } { (error) } }
            }
        }
    }
}

fn control(to: &Scale, field: &str, value: &str, code: &str, is_wrong: bool) -> Markup {
    let label = format!("Level {code} becomes");
    let (invalid, described) = (is_wrong.then_some("true"), is_wrong.then(|| format!("{field}-error")));
    if to.has_fractions() {
        return html! {
            input.form-control.is-invalid[is_wrong] type="text" inputmode="decimal" name=(field) value=(value) maxlength="20" aria-label=(label) aria-invalid=[invalid] aria-describedby=[described];
        };
    }
    html! {
        select.form-select.is-invalid[is_wrong] name=(field) aria-label=(label) aria-invalid=[invalid] aria-describedby=[described] {
            option value="" { "choose …" }
            @for named in to.all_levels() {
                option value=(named.code) selected[named.code == value] { (named.code) @if !named.name.is_empty() && named.name != named.code { " – " (named.name) } }
            }
        }
    }
}

/// The last change on the page of the skill, with the way to undo it.
pub fn last(rescaling: &Rescaling, may_edit: bool, csrf: &str, now_ms: i64) -> Markup {
    html! {
        div.undoable {
            p {
                "The scale was changed from " (rescaling.from_scale) " to " (rescaling.to_scale)
                span.quiet { " · " (ago(rescaling.at, now_ms)) @if let Some(by) = &rescaling.by_name { ", " (by) } " · " (rescaling.ratings) " ratings" }
            }
            @if may_edit {
                form method="post" action={ "/skills/catalogue/rescalings/" (rescaling.id) "/reversal" } {
                    (csrf_field(csrf))
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label="Undo the change of scale" { "Undo" }
                }
            }
        }
    }
}
