//! The list of skills, and what the pages of the catalogue have in common.

use super::super::categories::category_title;
use super::super::categories::tree::Tree;
use super::super::scales::Scales;
use super::labels::model::Tag;
use super::model::{Skill, SkillFilter};
use super::names::views as names;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Pager, empty_state, page_head, pager};
use maud::{Markup, html};
use std::sync::Arc;

pub struct List {
    pub filter: SkillFilter,
    pub categories: Arc<Tree>,
    pub tags: Vec<Tag>,
    pub skills: Vec<Skill>,
    pub scales: Arc<Scales>,
    pub total: i64,
    pub offset: i64,
    /// Skills on a page.
    pub page: i64,
    pub may_edit: bool,
    pub may_import: bool,
}

/// The pages that the catalogue has beside each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Skills,
    Categories,
    Scales,
}

/// The head of each of those pages, with the way to the others.
pub fn parts(current: Part, actions: Markup) -> Markup {
    let all = [
        (Part::Skills, "Skills", "/skills/catalogue"),
        (Part::Categories, "Categories", "/skills/catalogue/categories"),
        (Part::Scales, "Scales", "/skills/scales"),
    ];
    let about = "What people can be rated on, and on which scale.";
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Catalogue", Some(about), actions))
        nav aria-label="Parts of the catalogue" { ul.nav.nav-tabs {
            @for (part, title, href) in all {
                li.nav-item {
                    a.nav-link.active[part == current] href=(href) aria-current=[(part == current).then_some("page")] { (title) }
                }
            }
        } }
    }
}

pub fn index(list: &List) -> Markup {
    let new = list.filter.category_id.map_or_else(String::new, |id| format!("?category={id}"));
    let actions = html! {
        @if list.may_import { a.btn.btn-outline-secondary href="/skills/concepts" { "Concepts" } }
        @if list.may_edit { a.btn.btn-primary href={ "/skills/catalogue/new" (new) } { (icon(Icon::Plus)) "New skill" } }
    };
    html! {
        (parts(Part::Skills, actions))
        (filters(list))
        div id="catalogue" { (body(list)) }
    }
}

fn filters(list: &List) -> Markup {
    let filter = &list.filter;
    html! {
        form.toolbar method="get" action="/skills/catalogue" role="search" aria-label="Filter the catalogue"
            hx-get="/skills/catalogue" hx-target="#catalogue" hx-select="#catalogue" hx-swap="outerHTML" hx-push-url="true"
            hx-trigger="submit, change, input delay:350ms" {
            label.visually-hidden for="filter-category" { "Category" }
            select.form-select id="filter-category" name="category" {
                option value="" { "All categories" }
                @for category in list.categories.all() {
                    option value=(category.id) selected[filter.category_id == Some(category.id)] { (category.title()) }
                }
            }
            label.visually-hidden for="filter-tag" { "Tag" }
            select.form-select id="filter-tag" name="tag" {
                option value="" { "All tags" }
                @for tag in &list.tags {
                    option value=(tag.tag_key) selected[filter.tag.to_lowercase() == tag.tag_key] { (tag.name) " (" (tag.skills) ")" }
                }
            }
            label.visually-hidden for="filter-skill" { "Skill" }
            input.form-control id="filter-skill" name="skill" type="search" placeholder="Name or alias" value=(filter.text) maxlength="190";
            label.visually-hidden for="filter-state" { "State" }
            select.form-select id="filter-state" name="state" {
                option value="" { "In use" }
                option value="archived" selected[filter.archived] { "Archived" }
            }
            noscript { button.btn.btn-primary type="submit" { "Filter" } }
        }
    }
}

fn body(list: &List) -> Markup {
    if list.skills.is_empty() {
        return nothing(list);
    }
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Skills" { table.table {
            thead { tr {
                th scope="col" { "Skill" }
                th scope="col" { "Category" }
                th scope="col" { "Tags" }
                th scope="col" { "Scale" }
                th scope="col" { "Owner" }
                @if list.may_edit { th.actions scope="col" { span.visually-hidden { "Actions" } } }
            } }
            tbody { @for skill in &list.skills { (row(list, skill)) } }
        } }
        (pages(list))
    }
}

fn nothing(list: &List) -> Markup {
    if list.filter != SkillFilter::default() {
        let text = "No skill fits these filters.";
        let action = html! { a.btn.btn-primary href="/skills/catalogue" { "Show all" } };
        return empty_state(Icon::MagnifyingGlass, "Nothing fits", text, action);
    }
    let action = html! { @if list.may_edit { a.btn.btn-primary href="/skills/catalogue/new" { "Add a skill" } } };
    empty_state(Icon::LayerGroup, "No skills here", "Add one by hand, or import a list.", action)
}

fn row(list: &List, skill: &Skill) -> Markup {
    let scale = list.scales.get(skill.scale_id).map_or("", |scale| scale.name.as_str());
    html! {
        tr {
            (names::shown(skill, list.may_edit))
            td { (category_title(&skill.category)) }
            td { (tags(&skill.labels.tags)) }
            td.nowrap { (scale) }
            td { (skill.owner.as_deref().unwrap_or_default()) }
            @if list.may_edit {
                td.actions {
                    a.btn.btn-sm.btn-outline-secondary href={ "/skills/catalogue/" (skill.id) "/edit" } aria-label={ "Edit " (skill.name) } { (icon(Icon::Pen)) "Edit" }
                }
            }
        }
    }
}

/// Tags as links to the skills that have them.
pub fn tags(tags: &[String]) -> Markup {
    let address = |tag: &str| {
        let query = serde_urlencoded::to_string([("tag", tag.to_lowercase())]).unwrap_or_default();
        format!("/skills/catalogue?{query}")
    };
    html! { @for tag in tags { a.badge href=(address(tag)) { (tag) } " " } }
}

fn pages(list: &List) -> Markup {
    if list.total <= list.page {
        return html! {};
    }
    let filter = &list.filter;
    let at = |offset: i64| {
        let category = filter.category_id.map(|id| id.to_string()).unwrap_or_default();
        let state = if filter.archived { "archived" } else { "" }.to_owned();
        let mut pairs = vec![
            ("category", category),
            ("tag", filter.tag.clone()),
            ("skill", filter.text.clone()),
            ("state", state),
            ("offset", offset.to_string()),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
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
