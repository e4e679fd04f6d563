//! A person's page: the categories as tabs, and the skills of one as a form or, for those who may only look, a table.

use super::super::catalogue::model::category_title;
use super::super::levels::{Interest, Scale};
use super::super::matrix::views::interest_options;
use super::super::ratings::model::Rating;
use super::super::ratings::rules::MAX_NOTE_CHARS;
use super::super::ratings::views::{level_options, rating_text, standing};
use super::form::Typed;
use super::model::{Assessment, CategoryShare, RatedSkill};
use crate::error::Invalid;
use crate::web::assets::Icon;
use crate::web::components::{Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times::ago;
use maud::{Markup, html};
use std::collections::HashMap;

/// Why something that was typed is not saved yet.
pub enum Remark {
    Conflict { typed: Typed, theirs: Box<Rating> },
    Invalid { typed: Typed, invalid: Invalid },
}

impl Remark {
    fn typed(&self) -> &Typed {
        match self {
            Remark::Conflict { typed, .. } | Remark::Invalid { typed, .. } => typed,
        }
    }
}

/// The remarks by skill.
#[derive(Default)]
pub struct Remarks(HashMap<i64, Remark>);

impl Remarks {
    pub fn add(&mut self, skill_id: i64, remark: Remark) {
        self.0.insert(skill_id, remark);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has_conflict(&self) -> bool {
        self.0.values().any(|remark| matches!(remark, Remark::Conflict { .. }))
    }
}

pub fn edit(page: &Assessment, remarks: &Remarks, csrf: &str, now_ms: i64) -> Markup {
    let Some(category) = &page.category else { return frame(page, no_skills()) };
    let action = format!("/skills/people/{}/ratings?category={}", page.person.id, category.id);
    frame(
        page,
        html! {
            @if !remarks.is_empty() {
                (notice(Tone::Warning, "Some of it is not saved yet. What you typed stands in the marked rows."))
            }
            form method="post" action=(action) {
                (csrf_field(csrf))
                div.table-frame tabindex="0" role="region" aria-label="Ratings" { table.table.rating-table {
                    thead { tr {
                        th scope="col" { "Skill" } th scope="col" { "Level" } th scope="col" { "Interest" }
                        th scope="col" { "Note" } th scope="col" { "Last change" }
                    } }
                    tbody { @for skill in &page.skills { (edit_row(page, skill, remarks.0.get(&skill.id), now_ms)) } }
                } }
                div.form-actions { button.btn.btn-primary type="submit" { "Save this category" } }
            }
        },
    )
}

pub fn show(page: &Assessment, now_ms: i64) -> Markup {
    if page.category.is_none() {
        return frame(page, no_skills());
    }
    frame(
        page,
        html! {
            div.table-frame tabindex="0" role="region" aria-label="Ratings" { table.table.rating-table {
                thead { tr {
                    th scope="col" { "Skill" } th scope="col" { "Level" } th scope="col" { "Interest" }
                    th scope="col" { "Note" } th scope="col" { "Last change" }
                } }
                tbody { @for skill in &page.skills { (show_row(page, skill, now_ms)) } }
            } }
        },
    )
}

fn frame(page: &Assessment, content: Markup) -> Markup {
    let person = &page.person;
    let team = person.team.as_deref();
    let about: Vec<&str> = [person.title.as_str()].into_iter().chain(team).filter(|text| !text.is_empty()).collect();
    let about = about.join(" · ");
    html! {
        (page_head(&[("Skills matrix", "/skills")], &person.name, Some(&about).filter(|text| !text.is_empty()).map(String::as_str), html! {}))
        @if !page.categories.is_empty() { (tabs(page)) }
        (content)
    }
}

fn tabs(page: &Assessment) -> Markup {
    let current = page.category.as_ref().map(|category| category.id);
    let tab = |category: &CategoryShare| {
        html! {
            li.nav-item {
                a.nav-link.active[current == Some(category.id)] href={ "/skills/people/" (page.person.id) "?category=" (category.id) }
                    aria-current=[(current == Some(category.id)).then_some("true")] {
                    (category_title(&category.name)) " " span.quiet { (category.rated) "/" (category.skills) }
                }
            }
        }
    };
    html! { nav aria-label="Categories" { ul.nav.nav-tabs { @for category in &page.categories { (tab(category)) } } } }
}

fn no_skills() -> Markup {
    let text = "As soon as the catalogue has skills, they can be rated here.";
    empty_state(
        Icon::LayerGroup,
        "No skills yet",
        text,
        html! { a.btn.btn-primary href="/skills/catalogue" { "To the catalogue" } },
    )
}

fn edit_row(page: &Assessment, skill: &RatedSkill, remark: Option<&Remark>, now_ms: i64) -> Markup {
    let Some(scale) = page.scales.get(skill.scale_id) else { return html! {} };
    let shown = Typed::of(scale, &skill.values, page.voice);
    let typed = remark.map_or(&shown, Remark::typed);
    let id = skill.id;
    html! {
        tr.is-marked[remark.is_some()] {
            th scope="row" {
                (skill_name(skill))
                @if let Some(remark) = remark { (remark_text(scale, remark)) }
                input type="hidden" name={ "version-" (id) } value=(skill.version);
                input type="hidden" name={ "was-" (id) } value=(shown.fingerprint());
            }
            td { (level_control(scale, id, &typed.level, &skill.name)) }
            td { (interest_control(id, &typed.interest, &skill.name)) }
            td {
                textarea.form-control rows="1" name={ "note-" (id) } maxlength=(MAX_NOTE_CHARS) aria-label={ "Note on " (skill.name) } { "\n" (typed.note) }
            }
            td { (last_change(skill, now_ms)) }
        }
    }
}

fn show_row(page: &Assessment, skill: &RatedSkill, now_ms: i64) -> Markup {
    let Some(scale) = page.scales.get(skill.scale_id) else { return html! {} };
    html! {
        tr {
            th scope="row" { (skill_name(skill)) }
            td { (standing(scale, skill.values.standing)) }
            td { (interest_name(skill.values.interest)) }
            td { (skill.values.note) }
            td { (last_change(skill, now_ms)) }
        }
    }
}

fn skill_name(skill: &RatedSkill) -> Markup {
    html! {
        (skill.name)
        @if !skill.description.is_empty() { small.quiet { (skill.description) } }
    }
}

fn interest_name(interest: Option<Interest>) -> &'static str {
    interest.and_then(|interest| Interest::NAMES.get(interest.value() as usize)).copied().unwrap_or("")
}

fn last_change(skill: &RatedSkill, now_ms: i64) -> Markup {
    html! {
        @if skill.version > 0 {
            span.quiet { (ago(skill.updated_at, now_ms)) @if let Some(who) = &skill.updated_by { ", " (who) } }
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
