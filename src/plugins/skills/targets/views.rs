//! The screen of one scope's targets: the table with its rows, edited in place, and the form that adds one.

use super::super::catalogue::lookup::model::Suggestion;
use super::super::catalogue::lookup::views::options;
use super::super::categories::category_title;
use super::super::coverage::views::status_badge;
use super::super::levels::Scale;
use super::super::scales::Scales;
use super::model::{Deleted, MOST_PEOPLE, Target};
use super::scope::{Demand, Scope};
use super::scopes::model::ScopeSummary;
use super::skills::views::LevelControl;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, level, page_head};
use maud::{Markup, html};
use std::sync::Arc;

/// What was typed into a form.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub skill: String,
    pub level: String,
    /// Empty for all of them.
    pub at_least: String,
}

/// The form that adds a target.
#[derive(Default)]
pub struct AddForm {
    pub typed: Typed,
    pub invalid: Option<Invalid>,
    /// Whether it comes back for another target, after one was added.
    pub again: bool,
}

/// A row whose form is open.
pub struct EditForm {
    /// As it is saved; its version is what the form is based on.
    pub target: Target,
    pub typed: Typed,
    pub invalid: Option<Invalid>,
    pub is_conflict: bool,
}

pub enum Line<'a> {
    Shown(&'a Target),
    Edited(&'a EditForm),
}

/// Everything that the screen shows.
pub struct Page {
    pub summary: ScopeSummary,
    pub targets: Vec<Target>,
    pub scales: Arc<Scales>,
    pub suggestions: Vec<Suggestion>,
    pub add: AddForm,
    pub edited: Option<EditForm>,
    pub deleted: Option<Deleted>,
    pub may_set: bool,
    pub csrf: String,
}

pub fn show(page: &Page) -> Markup {
    let summary = &page.summary;
    let people = people_counted(summary.people);
    let matrix = summary.scope.team_id().map(|id| format!("/skills?team={id}"));
    let actions = html! {
        @if let Some(href) = matrix { a.btn.btn-outline-secondary href=(href) { (icon(Icon::TableCells)) "Matrix" } }
        @if let Scope::JobRole(id) = summary.scope {
            a.btn.btn-outline-secondary href={ "/skills/job-roles/" (id) } { (icon(Icon::Users)) "People" }
            a.btn.btn-outline-secondary href={ "/skills/profiles?job_role=" (id) } { (icon(Icon::MagnifyingGlass)) "From a profile" }
        }
    };
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Targets", "/skills/targets")], &summary.title(), Some(&people), actions))
        @if let Some(deleted) = &page.deleted { (undo_notice(page, deleted)) }
        (section(page))
    }
}

fn people_counted(people: i64) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

pub fn section(page: &Page) -> Markup {
    let edited = |id: i64| page.edited.as_ref().filter(|form| form.target.id == id);
    html! {
        section id="targets" {
            @if page.targets.is_empty() {
                (empty_state(Icon::Bullseye, "No targets here yet", nothing_yet(page), html! {}))
            } @else {
                div.table-frame tabindex="0" role="region" aria-label={ "Targets of " (page.summary.title()) } { table.table.target-table {
                    thead { tr {
                        th scope="col" { "Skill" } th scope="col" { "Level" } th scope="col" { "Of" }
                        th scope="col" { "Now" }
                        @if page.may_set { th.number scope="col" { span.visually-hidden { "Actions" } } }
                    } }
                    tbody {
                        @for target in &page.targets {
                            (row(&edited(target.id).map_or(Line::Shown(target), Line::Edited), &page.scales, page.may_set, &page.csrf))
                        }
                    }
                } }
            }
            @if page.may_set { (add_form(page)) }
        }
    }
}

fn nothing_yet(page: &Page) -> &'static str {
    if page.may_set {
        "Choose a skill below, and the level that it is wanted at."
    } else {
        "Nobody has said yet which skills are wanted at which level."
    }
}

pub fn row(line: &Line, scales: &Scales, may_set: bool, csrf: &str) -> Markup {
    match line {
        Line::Shown(target) => shown_row(target, scales.get(target.scale_id), may_set, csrf),
        Line::Edited(form) => edit_row(form, scales.get(form.target.scale_id), csrf),
    }
}

fn skill_head(target: &Target) -> Markup {
    html! {
        (target.skill)
        @if target.is_archived { " " span.badge { "archived" } }
        small.quiet { (category_title(&target.category)) }
    }
}

fn shown_row(target: &Target, scale: Option<&Scale>, may_set: bool, csrf: &str) -> Markup {
    let address = format!("/skills/targets/{}", target.id);
    let deletion = format!("{address}/deletion");
    html! {
        tr {
            th scope="row" { (skill_head(target)) }
            td.target-level { @if let Some(scale) = scale { (level(scale.glyph(target.level), &scale.code(target.level))) } }
            td { (target.demand.text()) (more_than_there_are(target)) }
            td { (now(target)) }
            @if may_set {
                td.number.target-actions {
                    div.row-actions {
                        @if !target.is_archived {
                            a.btn.btn-sm.btn-outline-secondary href={ (address) "/edit" } hx-get={ (address) "/edit" } hx-target="closest tr"
                                hx-swap="outerHTML" aria-label={ "Edit the target for " (target.skill) } { (icon(Icon::Pen)) "Edit" }
                        }
                        form method="post" action=(deletion) hx-post=(deletion) hx-target="closest tr" hx-swap="outerHTML" {
                            (csrf_field(csrf))
                            input type="hidden" name="version" value=(target.version);
                            button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Delete the target for " (target.skill) } { (icon(Icon::Trash)) }
                        }
                    }
                }
            }
        }
    }
}

/// More people are wanted than there are: allowed, since people may come, but worth saying.
fn more_than_there_are(target: &Target) -> Markup {
    match target.demand {
        Demand::OfAtLeast(count) if count > target.members => {
            html! { small.quiet { " only " (people_counted(target.members)) " here" } }
        }
        _ => html! {},
    }
}

/// How many hold the level, which opens who they are, and what that means.
fn now(target: &Target) -> Markup {
    let coverage = target.coverage();
    let of = target.members - target.exempt;
    html! {
        a href={ "/skills/coverage/" (target.id) } { (target.able) " of " (of) } " "
        @match target.demand {
            Demand::OfAtLeast(_) => (status_badge(coverage.status())),
            Demand::OfAll if target.is_archived => {},
            Demand::OfAll if coverage.missing() == 0 => span.badge.good { "Met" },
            Demand::OfAll => span.badge.bad { (coverage.missing()) @if coverage.missing() == 1 { " gap" } @else { " gaps" } },
        }
    }
}

fn edit_row(form: &EditForm, scale: Option<&Scale>, csrf: &str) -> Markup {
    let target = &form.target;
    let address = format!("/skills/targets/{}", target.id);
    let error = |field: &str| form.invalid.as_ref().and_then(|invalid| invalid.of(field));
    let level_id = format!("level-{}", target.id);
    let count_id = format!("at-least-{}", target.id);
    let problem = error("skill").or(error(""));
    html! {
        tr.is-edited {
            td colspan="5" {
                form method="post" action=(address) hx-post=(address) hx-target="closest tr" hx-swap="outerHTML" {
                    (csrf_field(csrf))
                    input type="hidden" name="version" value=(target.version);
                    p.row-title { (target.skill) " " small.quiet { (category_title(&target.category)) } }
                    @if form.is_conflict { (both(form, scale)) }
                    div.target-fields {
                        (level_field(&LevelControl { id: &level_id, scale, value: &form.typed.level, error: error("level") }))
                        (count_field(&count_id, &form.typed.at_least, error("at_least")))
                        div.form-actions {
                            button.btn.btn-primary type="submit" { @if form.is_conflict { "Save mine" } @else { "Save" } }
                            a.btn.btn-outline-secondary href=(target.scope.address()) hx-get=(address) hx-target="closest tr" hx-swap="outerHTML" data-cancel {
                                @if form.is_conflict { "Keep theirs" } @else { "Cancel" }
                            }
                        }
                    }
                    @if let Some(problem) = problem { div.invalid-feedback role="alert" { (problem) } }
                }
            }
        }
    }
}

/// The saved target beside what was typed.
fn both(form: &EditForm, scale: Option<&Scale>) -> Markup {
    let saved = &form.target;
    let of = |at_least: &str| {
        if at_least.trim().is_empty() { "all".to_owned() } else { format!("at least {}", at_least.trim()) }
    };
    html! {
        div role="alert" {
            dl.both {
                div {
                    dt { "Somebody else saved meanwhile" }
                    dd { @if let Some(scale) = scale { (level(scale.glyph(saved.level), &scale.code(saved.level))) } " of " (saved.demand.text()) }
                }
                div {
                    dt { "You typed" }
                    dd {
                        @match scale.and_then(|scale| scale.parse(&form.typed.level).ok().map(|at| (scale, at))) {
                            Some((scale, at)) => (level(scale.glyph(at), &scale.code(at))),
                            None => (form.typed.level),
                        }
                        " of " (of(&form.typed.at_least))
                    }
                }
            }
        }
    }
}

fn level_field(control: &LevelControl) -> Markup {
    html! {
        div.field {
            label.form-label for=(control.id) { "Level" }
            (control.markup())
            @if let Some(error) = control.error { div.invalid-feedback id={ (control.id) "-error" } { (error) } }
        }
    }
}

fn count_field(id: &str, value: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            label.form-label for=(id) { "Of at least" }
            input.form-control.is-invalid[error.is_some()] id=(id) name="at_least" type="number" min="1" max=(MOST_PEOPLE) step="1"
                inputmode="numeric" value=(value) placeholder="all" aria-invalid=[error.map(|_| "true")]
                aria-describedby={ (id) "-hint" @if error.is_some() { " " (id) "-error" } };
            @if let Some(error) = error { div.invalid-feedback id={ (id) "-error" } { (error) } }
            div.form-text id={ (id) "-hint" } { "Empty: all of them." }
        }
    }
}

fn add_form(page: &Page) -> Markup {
    let address = page.summary.scope.address();
    let add = &page.add;
    let error = |field: &str| add.invalid.as_ref().and_then(|invalid| invalid.of(field));
    let problem = error("skill").or(error(""));
    let scale = page
        .suggestions
        .iter()
        .find(|suggestion| suggestion.label() == add.typed.skill)
        .and_then(|suggestion| page.scales.get(suggestion.skill.scale_id));
    html! {
        form.add-target method="post" action=(address) hx-post=(address) hx-target="#targets" hx-swap="outerHTML" {
            (csrf_field(&page.csrf))
            h2 { "New target" }
            div.target-fields {
                div.field.grow {
                    label.form-label for="new-skill" { "Skill" }
                    input.form-control.is-invalid[problem.is_some()] id="new-skill" name="skill" type="text" value=(add.typed.skill)
                        maxlength="400" required autocomplete="off" list="new-skill-options" autofocus[add.again]
                        aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "new-skill-error")]
                        hx-get="/skills/targets/skills" hx-trigger="input changed delay:200ms" hx-include="closest form"
                        hx-target="#new-skill-options" hx-swap="innerHTML";
                    datalist id="new-skill-options" { (options(&page.suggestions)) }
                    @if let Some(problem) = problem { div.invalid-feedback id="new-skill-error" { (problem) } }
                }
                (level_field(&LevelControl { id: "new-level", scale, value: &add.typed.level, error: error("level") }))
                (count_field("new-at-least", &add.typed.at_least, error("at_least")))
                div.form-actions { button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" } }
            }
        }
    }
}

/// The row of a target that was deleted, until the page is left.
pub fn deleted_row(deleted: &Deleted, scale: Option<&Scale>, csrf: &str) -> Markup {
    let address = restoration(deleted);
    html! {
        tr.is-deleted {
            td colspan="5" {
                form.undo method="post" action=(address) hx-post=(address) hx-target="closest tr" hx-swap="outerHTML" {
                    (csrf_field(csrf))
                    span role="status" { (what_was_deleted(deleted, scale)) }
                    button.btn.btn-sm.btn-outline-secondary type="submit" autofocus { (icon(Icon::RotateLeft)) "Undo" }
                }
            }
        }
    }
}

/// The same, at the head of the page, where there are no scripts.
fn undo_notice(page: &Page, deleted: &Deleted) -> Markup {
    html! {
        div.alert.alert-info role="status" {
            (icon(Icon::CircleInfo))
            form.undo method="post" action=(restoration(deleted)) {
                (csrf_field(&page.csrf))
                span { (what_was_deleted(deleted, page.scales.get(deleted.skill.scale_id))) }
                button.btn.btn-sm.btn-outline-secondary type="submit" { (icon(Icon::RotateLeft)) "Undo" }
            }
        }
    }
}

fn restoration(deleted: &Deleted) -> String {
    format!("/skills/targets/{}/restoration", deleted.id)
}

fn what_was_deleted(deleted: &Deleted, scale: Option<&Scale>) -> String {
    let at = scale.map_or_else(|| deleted.ask.level.to_string(), |scale| scale.code(deleted.ask.level));
    format!("The target for {} (level {at} of {}) was deleted.", deleted.skill.name, deleted.ask.demand.text())
}
