//! The page of a skill.

use super::super::categories::category_title;
use super::super::levels::{NamedLevel, Scale};
use super::definition::model::described_levels;
use super::mergers::{model::Merge, views as mergers};
use super::model::Skill;
use super::rescalings::{model::Rescaling, views as rescalings};
use super::views::tags;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, level, notice, page_head};
use maud::{Markup, html};

/// What the page shows, and what its reader may do.
pub struct Page<'a> {
    pub skill: &'a Skill,
    /// The scale with the skill's own texts.
    pub scale: &'a Scale,
    /// People with a level, and those above zero.
    pub rated: i64,
    pub able: i64,
    pub may_edit: bool,
    pub may_define: bool,
    pub merges: &'a [Merge],
    pub rescaling: Option<&'a Rescaling>,
    pub now_ms: i64,
    pub csrf: &'a str,
}

pub fn page(page: &Page) -> Markup {
    let skill = page.skill;
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")];
    html! {
        (page_head(&trail, &skill.name, None, actions(page)))
        (mergers::list(page.merges, skill.id, page.may_edit, page.csrf, page.now_ms))
        @if let Some(rescaling) = page.rescaling { (rescalings::last(rescaling, page.may_edit, page.csrf, page.now_ms)) }
        @if !skill.active { (notice(Tone::Info, "This skill is archived: it is left out of the matrix and of every choice. Its ratings stay.")) }
        @for paragraph in skill.description.lines().filter(|line| !line.trim().is_empty()) { p.prose { (paragraph) } }
        (facts(page))
        h2 { "Levels" }
        (levels(page.scale))
    }
}

fn actions(page: &Page) -> Markup {
    let address = format!("/skills/catalogue/{}", page.skill.id);
    html! {
        @if page.may_define {
            a.btn.btn-outline-secondary href={ (address) "/definition/edit" } { "Describe the levels" }
        }
        @if page.may_edit {
            (more(page, &address))
            a.btn.btn-primary href={ (address) "/edit" } { (icon(Icon::Pen)) "Edit" }
        }
    }
}

fn more(page: &Page, address: &str) -> Markup {
    let (verb, label) = if page.skill.active { ("archival", "Archive") } else { ("reactivation", "Use it again") };
    html! {
        @if page.skill.active {
            a.btn.btn-outline-secondary href={ (address) "/merger" } { "Merge" }
            a.btn.btn-outline-secondary href={ (address) "/rescaling" } { "Change the scale" }
        }
        form method="post" action={ (address) "/" (verb) } {
            (csrf_field(page.csrf))
            button.btn.btn-outline-secondary type="submit" { (label) }
        }
    }
}

fn facts(page: &Page) -> Markup {
    let skill = page.skill;
    let matrix = serde_urlencoded::to_string([("skill", skill.name.as_str())]).unwrap_or_default();
    html! {
        dl.facts {
            dt { "Category" }
            dd { a href={ "/skills/catalogue?category=" (skill.category_id) } { (category_title(&skill.category)) } }
            @if !skill.labels.aliases.is_empty() { dt { "Also called" } dd { (skill.labels.aliases.join(", ")) } }
            @if !skill.labels.tags.is_empty() { dt { "Tags" } dd { (tags(&skill.labels.tags)) } }
            dt { "Owner" }
            dd {
                @match (&skill.owner, skill.owner_id) {
                    (Some(owner), Some(id)) => a href={ "/skills/people/" (id) } { (owner) },
                    _ => span.quiet { "nobody yet" },
                }
            }
            dt { "Scale" } dd { (page.scale.name) }
            dt { "Ratings" }
            dd {
                (page.rated) " with a level, " (page.able) " above zero"
                @if skill.active { " · " a href={ "/skills?" (matrix) } { "in the matrix" } }
            }
            @if !skill.uri.is_empty() { dt { "Defined at" } dd.breaking { (link(&skill.uri)) } }
        }
    }
}

/// Only what is an address of the web becomes a link.
fn link(uri: &str) -> Markup {
    let is_web = uri.starts_with("https://") || uri.starts_with("http://");
    if is_web {
        html! { a href=(uri) rel="noreferrer" { (uri) } }
    } else {
        html! { (uri) }
    }
}

fn levels(scale: &Scale) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Levels" { table.table.level-table {
            thead { tr { th scope="col" { "Level" } th scope="col" { "Name" } th scope="col" { "What somebody at this level does" } } }
            tbody { @for named in described_levels(scale) { (level_row(scale, &named)) } }
        } }
    }
}

fn level_row(scale: &Scale, named: &NamedLevel) -> Markup {
    html! {
        tr {
            th scope="row" { (level(scale.glyph(named.level), &scale.code(named.level))) }
            td.nowrap { (named.name) }
            td { (named.description) }
        }
    }
}
