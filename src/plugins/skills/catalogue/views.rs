//! The list of skills, and the form of one.

use super::super::scales::Scales;
use super::model::{Category, NewSkill, Skill, SkillFilter, category_title};
use crate::error::Error;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Pager, Tone, csrf_field, empty_state, notice, page_head, pager};
use maud::{Markup, html};
use std::sync::Arc;

pub struct List {
    pub filter: SkillFilter,
    pub categories: Vec<Category>,
    pub skills: Vec<Skill>,
    pub scales: Arc<Scales>,
    pub total: i64,
    pub offset: i64,
    /// Skills on a page.
    pub page: i64,
    pub may_edit: bool,
}

/// A skill in its form.
pub struct Editing {
    /// `None` for a new one.
    pub id: Option<i64>,
    pub version: i64,
    pub skill: NewSkill,
    pub problem: Option<Error>,
}

pub fn index(list: &List) -> Markup {
    let new = list.filter.category_id.map_or_else(String::new, |id| format!("?category={id}"));
    let actions = html! {
        @if list.may_edit { a.btn.btn-primary href={ "/skills/catalogue/new" (new) } { (icon(Icon::Plus)) "New skill" } }
    };
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Catalogue", Some("What people can be rated on, and on which scale."), actions))
        (filters(list))
        div id="catalogue" { (body(list)) }
    }
}

fn filters(list: &List) -> Markup {
    html! {
        form.toolbar method="get" action="/skills/catalogue" role="search" aria-label="Filter the catalogue"
            hx-get="/skills/catalogue" hx-target="#catalogue" hx-select="#catalogue" hx-swap="outerHTML" hx-push-url="true"
            hx-trigger="submit, change, input delay:350ms" {
            label.visually-hidden for="filter-category" { "Category" }
            select.form-select id="filter-category" name="category" {
                option value="" { "All categories" }
                @for category in &list.categories {
                    option value=(category.id) selected[list.filter.category_id == Some(category.id)] { (category.title()) }
                }
            }
            label.visually-hidden for="filter-skill" { "Skill" }
            input.form-control id="filter-skill" name="skill" type="search" placeholder="Skill" value=(list.filter.text) maxlength="190";
            noscript { button.btn.btn-primary type="submit" { "Filter" } }
        }
    }
}

fn body(list: &List) -> Markup {
    if list.skills.is_empty() {
        let action = html! { @if list.may_edit { a.btn.btn-primary href="/skills/catalogue/new" { "Add a skill" } } };
        return empty_state(Icon::LayerGroup, "No skills here", "Add one by hand, or import a list.", action);
    }
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Skills" { table.table {
            thead { tr {
                th scope="col" { "Skill" } th scope="col" { "Category" } th scope="col" { "Scale" }
                @if list.may_edit { th scope="col" { span.visually-hidden { "Actions" } } }
            } }
            tbody { @for skill in &list.skills { (row(list, skill)) } }
        } }
        (pages(list))
    }
}

fn row(list: &List, skill: &Skill) -> Markup {
    let scale = list.scales.get(skill.scale_id).map_or("", |scale| scale.name.as_str());
    html! {
        tr {
            th scope="row" {
                (skill.name)
                @if !skill.description.is_empty() { small.quiet { (skill.description) } }
            }
            td { (category_title(&skill.category)) }
            td { (scale) }
            @if list.may_edit {
                td { a.btn.btn-sm.btn-outline-secondary href={ "/skills/catalogue/" (skill.id) "/edit" } aria-label={ "Edit " (skill.name) } { (icon(Icon::Pen)) "Edit" } }
            }
        }
    }
}

fn pages(list: &List) -> Markup {
    if list.total <= list.page {
        return html! {};
    }
    let at = |offset: i64| {
        let category = list.filter.category_id.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [("category", category), ("skill", list.filter.text.clone()), ("offset", offset.to_string())];
        format!("/skills/catalogue?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    };
    let previous = (list.offset > 0).then(|| at((list.offset - list.page).max(0)));
    let next = (list.offset + list.page < list.total).then(|| at(list.offset + list.page));
    let last = list.offset + list.skills.len() as i64;
    pager(&Pager {
        first: list.offset as u64 + 1,
        last: last as u64,
        total: list.total as u64,
        previous: previous.as_deref(),
        next: next.as_deref(),
    })
}

pub fn form(editing: &Editing, theirs: Option<&Skill>, categories: &[Category], scales: &Scales, csrf: &str) -> Markup {
    let title = if editing.id.is_some() { "Edit the skill" } else { "New skill" };
    let action = editing.id.map_or_else(|| "/skills/catalogue".to_owned(), |id| format!("/skills/catalogue/{id}"));
    let skill = &editing.skill;
    let error = |field: &str| match &editing.problem {
        Some(Error::Invalid(invalid)) => invalid.of(field).map(str::to_owned),
        _ => None,
    };
    let names: Vec<&str> = scales.all().iter().map(|scale| scale.name.as_str()).collect();
    let options: Vec<(&str, &str)> = names.iter().map(|name| (*name, *name)).collect();
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")], title, None, html! {}))
        @if let Some(Error::Conflict(text)) = &editing.problem { (notice(Tone::Warning, conflict(text, theirs))) }
        form.narrow method="post" action=(action) {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(editing.version);
            (Field { name: "name", label: "Name", input: Input::Text { value: &skill.name, max_length: 190 }, hint: None, error: error("name").as_deref(), required: true })
            (Field { name: "category", label: "Category", input: Input::Text { value: &skill.category, max_length: 190 }, hint: Some(&known(categories)), error: error("category").as_deref(), required: false })
            (Field { name: "scale", label: "Scale", input: Input::Select { options: &options, selected: &skill.scale }, hint: Some("It cannot be changed once there are ratings."), error: error("scale").as_deref(), required: true })
            (Field { name: "description", label: "Description", input: Input::TextArea { value: &skill.description, rows: 3, max_length: 10_000 }, hint: None, error: error("description").as_deref(), required: false })
            (Field { name: "uri", label: "Defined at", input: Input::Text { value: &skill.uri, max_length: 500 }, hint: Some("The address of its definition, for example an ESCO concept."), error: error("uri").as_deref(), required: false })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href="/skills/catalogue" { "Cancel" }
            }
        }
    }
}

fn conflict(text: &str, theirs: Option<&Skill>) -> Markup {
    html! {
        (text)
        @if let Some(theirs) = theirs {
            " It now reads “" (theirs.name) "” in " (category_title(&theirs.category)) ". Save again to put yours in its place."
        }
    }
}

/// What can be typed as a category: one that is there, or a new one.
fn known(categories: &[Category]) -> String {
    let names: Vec<&str> =
        categories.iter().map(|category| category.name.as_str()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return "A new one is made by typing its name.".to_owned();
    }
    let shown = names[..names.len().min(8)].join(", ");
    format!("One of {shown}{}, or a new one.", if names.len() > 8 { " …" } else { "" })
}
