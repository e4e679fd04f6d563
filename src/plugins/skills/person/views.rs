//! A person's page: the categories as tabs, and the skills of one, each as a row to edit or to read.

use super::super::as_of::AsOf;
use super::super::assessments::rules::leads;
use super::super::categories::category_title;
use super::super::job_roles::people::model::{Held, may_assign};
use super::super::job_roles::people::views::held;
use super::super::ratings::model::Rating;
use super::super::training::model::Row as PlanRow;
use super::super::training::views::list as plan_list;
use super::form::Typed;
use super::model::{Assessment, CategoryShare};
use super::rows;
use crate::accounts::Actor;
use crate::clock::day_of;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times;
use maud::{Markup, html};
use std::collections::HashMap;

/// Why something that was typed is not saved yet.
pub enum Remark {
    Conflict { typed: Typed, theirs: Box<Rating> },
    Invalid { typed: Typed, invalid: Invalid },
}

impl Remark {
    pub fn typed(&self) -> &Typed {
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

    pub fn of(&self, skill_id: i64) -> Option<&Remark> {
        self.0.get(&skill_id)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has_conflict(&self) -> bool {
        self.0.values().any(|remark| matches!(remark, Remark::Conflict { .. }))
    }
}

/// Everything that the page shows, and who looks at it.
pub struct Page<'a> {
    pub assessment: &'a Assessment,
    /// The training that is under way.
    pub plans: &'a [PlanRow],
    /// All job roles, and which of them the person has.
    pub job_roles: &'a [Held],
    pub remarks: &'a Remarks,
    pub actor: &'a Actor,
    pub csrf: &'a str,
    pub now_ms: i64,
}

impl Page<'_> {
    /// `/skills/people/7`, with a question after it where there is one.
    fn address(&self, query: &str) -> String {
        format!("/skills/people/{}{query}", self.assessment.person.id)
    }

    pub fn leads(&self) -> bool {
        let person = &self.assessment.person;
        leads(self.actor, person.id, person.team_id)
    }
}

pub fn page(page: &Page) -> Markup {
    let person = &page.assessment.person;
    let about = [person.title.as_str(), person.team.as_deref().unwrap_or_default()];
    let about: Vec<&str> = about.into_iter().filter(|text| !text.is_empty()).collect();
    let about = Some(about.join(" · ")).filter(|text| !text.is_empty());
    html! {
        (page_head(&[("Skills matrix", "/skills")], &person.name, about.as_deref(), actions(page)))
        (held(person.id, page.job_roles, may_assign(page.actor, person.team_id)))
        @if let AsOf::Day(day) = page.assessment.as_of {
            (notice(Tone::Info, html! { "As it was at the end of " (day) ". " a href=(page.address("")) { "Back to today" } }))
        }
        @if !page.assessment.categories.is_empty() { (tabs(page)) }
        @if page.assessment.category.is_none() { (no_skills()) } @else { (ratings(page)) }
        @if !page.plans.is_empty() {
            h2 { "Training" }
            (plan_list("Training", page.plans, &page.assessment.scales, day_of(page.now_ms)))
        }
    }
}

fn actions(page: &Page) -> Markup {
    let id = page.assessment.person.id;
    let category = page.assessment.category.as_ref().map(|category| category.id).unwrap_or_default();
    html! {
        (day_chooser(page, category))
        a.btn.btn-outline-secondary href=(page.address("/history")) { (icon(Icon::ClockRotateLeft)) "History" }
        @if page.actor.is(id) { a.btn.btn-outline-secondary href="/skills/sight" { (icon(Icon::Eye)) "Who sees this" } }
        @if page.leads() {
            a.btn.btn-outline-secondary href={ "/skills/assessments/new?person=" (id) "&category=" (category) } { (icon(Icon::ClipboardCheck)) "Ask for an assessment" }
        }
    }
}

fn day_chooser(page: &Page, category: i64) -> Markup {
    let day = page.assessment.as_of.day().map(|day| day.to_string());
    html! {
        form.day-chooser method="get" action=(page.address("")) {
            input type="hidden" name="category" value=(category);
            label.visually-hidden for="as-of" { "As it was on" }
            input.form-control type="date" id="as-of" name="as_of" value=[day] max=(times::date(page.now_ms));
            button.btn.btn-outline-secondary type="submit" { "Show this day" }
        }
    }
}

fn tabs(page: &Page) -> Markup {
    let current = page.assessment.category.as_ref().map(|category| category.id);
    let day = page.assessment.as_of.day().map(|day| format!("&as_of={day}")).unwrap_or_default();
    let tab = |category: &CategoryShare| {
        let is_current = current == Some(category.id);
        html! {
            li.nav-item {
                a.nav-link.active[is_current] href=(page.address(&format!("?category={}{day}", category.id))) aria-current=[is_current.then_some("true")] {
                    (category_title(&category.name)) " " span.quiet { (category.rated) "/" (category.skills) }
                    @if category.gaps > 0 { " " span.badge.bad { (category.gaps) @if category.gaps == 1 { " gap" } @else { " gaps" } } }
                }
            }
        }
    };
    html! { nav aria-label="Categories" { ul.nav.nav-tabs { @for category in &page.assessment.categories { (tab(category)) } } } }
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

fn ratings(page: &Page) -> Markup {
    let assessment = page.assessment;
    let category = assessment.category.as_ref().map(|category| category.id).unwrap_or_default();
    if !assessment.may_rate_some() {
        return table(page);
    }
    html! {
        @if !page.remarks.is_empty() {
            (notice(Tone::Warning, "Some of it is not saved yet. What you typed stands in the marked rows."))
        }
        form method="post" action=(page.address(&format!("/ratings?category={category}"))) {
            (csrf_field(page.csrf))
            (table(page))
            div.form-actions { button.btn.btn-primary type="submit" { "Save this category" } }
        }
    }
}

fn table(page: &Page) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Ratings" { table.table.rating-table.person-table {
            thead { tr {
                th scope="col" { "Skill" } th scope="col" { "Own" } th scope="col" { "Confirmed" } th scope="col" { "Required" }
                th scope="col" { "Interest" } th scope="col" { "Note" } th scope="col" { "Certificate" } th scope="col" { "Last change" }
            } }
            tbody { @for skill in &page.assessment.skills { (rows::row(page, skill)) } }
        } }
    }
}
