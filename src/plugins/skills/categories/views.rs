//! The tree of categories, with the forms that change it in place.

use super::super::catalogue::views::{Part, parts};
use super::model::{Branch, MAX_PATH_CHARS, NewCategory};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, notice};
use maud::{Markup, html};

const HERE: &str = "/skills/catalogue/categories";
/// Deeper ones are drawn no further to the right.
const DEEPEST: usize = 6;

pub struct List<'a> {
    pub branches: &'a [Branch],
    pub add: &'a AddForm,
    /// The line that is being changed.
    pub edited: Option<&'a EditForm>,
    pub may_edit: bool,
    pub csrf: &'a str,
}

/// The form that makes a category.
#[derive(Default)]
pub struct AddForm {
    pub new: NewCategory,
    pub invalid: Option<Invalid>,
}

/// The form that renames and moves a category, in its line.
pub struct EditForm {
    pub id: i64,
    pub version: i64,
    pub new: NewCategory,
    pub problem: Option<String>,
    pub is_conflict: bool,
}

pub fn index(list: &List) -> Markup {
    html! {
        (parts(Part::Categories, html! {}))
        (section(list))
    }
}

/// What htmx swaps: the list and both forms.
pub fn section(list: &List) -> Markup {
    html! {
        section id="categories" {
            @if list.may_edit { (add_form(list)) }
            div.table-frame tabindex="0" role="region" aria-label="Categories" { table.table.category-table {
                thead { tr {
                    th scope="col" { "Category" }
                    th.number scope="col" { "Skills" }
                    @if list.may_edit { th.actions scope="col" { span.visually-hidden { "Actions" } } }
                } }
                tbody {
                    @for branch in list.branches {
                        @match list.edited.filter(|form| form.id == branch.category.id) {
                            Some(form) => (edit_row(list, branch, form)),
                            None => (row(list, branch)),
                        }
                    }
                }
            } }
        }
    }
}

fn row(list: &List, branch: &Branch) -> Markup {
    let category = &branch.category;
    let edit = format!("{HERE}/{}/edit", category.id);
    let may_change = list.may_edit && !category.name.is_empty();
    html! {
        tr {
            th class={ "depth-" (branch.depth.min(DEEPEST)) } scope="row" hx-get=[may_change.then_some(&edit)] hx-trigger="dblclick" hx-target="#categories" hx-swap="outerHTML" {
                a href={ "/skills/catalogue?category=" (category.id) } title=[(branch.depth > 0).then_some(&category.name)] {
                    (if category.name.is_empty() { category.title() } else { &branch.part })
                }
            }
            td.number { (branch.skills) }
            @if list.may_edit { td.actions { @if may_change { (actions(list, branch, &edit)) } } }
        }
    }
}

fn actions(list: &List, branch: &Branch, edit: &str) -> Markup {
    let category = &branch.category;
    let deletion = format!("{HERE}/{}/deletion", category.id);
    html! {
        @if branch.is_empty {
            form method="post" action=(deletion) hx-post=(deletion) hx-target="#categories" hx-swap="outerHTML" {
                (csrf_field(list.csrf))
                button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Delete " (category.name) } { (icon(Icon::Trash)) "Delete" }
            }
        }
        a.btn.btn-sm.btn-outline-secondary href=(edit) hx-get=(edit) hx-target="#categories" hx-swap="outerHTML"
            aria-label={ "Edit " (category.name) } { (icon(Icon::Pen)) "Edit" }
    }
}

fn edit_row(list: &List, branch: &Branch, form: &EditForm) -> Markup {
    let address = format!("{HERE}/{}", form.id);
    let problem_id = "category-problem";
    let described = form.problem.as_ref().map(|_| problem_id);
    html! {
        tr {
            td colspan="3" {
                form.toolbar method="post" action=(address) hx-post=(address) hx-target="#categories" hx-swap="outerHTML" {
                    (csrf_field(list.csrf))
                    input type="hidden" name="version" value=(form.version);
                    input type="text" class={ "form-control" @if form.problem.is_some() { " is-invalid" } } name="name" value=(form.new.name)
                        maxlength=(MAX_PATH_CHARS) required autofocus aria-label="Name of the category"
                        aria-invalid=[form.problem.as_ref().map(|_| "true")] aria-describedby=[described];
                    label.visually-hidden for="category-parent" { "Below" }
                    (parent_choice("category-parent", list.branches, form.new.parent_id, Some(branch)))
                    button.btn.btn-sm.btn-primary type="submit" { @if form.is_conflict { "Save mine" } @else { "Save" } }
                    a.btn.btn-sm.btn-outline-secondary href=(HERE) hx-get=(HERE) hx-target="#categories" hx-swap="outerHTML" data-cancel {
                        @if form.is_conflict { "Keep theirs" } @else { "Cancel" }
                    }
                }
                @if let Some(problem) = &form.problem { div.invalid-feedback id=(problem_id) { (problem) } }
            }
        }
    }
}

fn add_form(list: &List) -> Markup {
    let AddForm { new, invalid } = list.add;
    let problem = invalid.as_ref().and_then(|invalid| invalid.of("name").or(invalid.of("parent")));
    html! {
        @if let Some(text) = invalid.as_ref().and_then(|invalid| invalid.of("")) { (notice(Tone::Warning, text)) }
        form method="post" action=(HERE) hx-post=(HERE) hx-target="#categories" hx-swap="outerHTML" {
            (csrf_field(list.csrf))
            div.toolbar {
                label.visually-hidden for="new-category" { "New category" }
                input id="new-category" type="text" class={ "form-control" @if problem.is_some() { " is-invalid" } } name="name" value=(new.name)
                    placeholder="New category" maxlength=(MAX_PATH_CHARS) required
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "new-category-problem")];
                label.visually-hidden for="new-parent" { "Below" }
                (parent_choice("new-parent", list.branches, new.parent_id, None))
                button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" }
            }
            @if let Some(problem) = problem { div.invalid-feedback id="new-category-problem" { (problem) } }
        }
    }
}

/// What a category may stand below: any other one that is not below it.
fn parent_choice(id: &str, branches: &[Branch], selected: Option<i64>, of: Option<&Branch>) -> Markup {
    let is_within = |branch: &Branch| {
        of.is_some_and(|of| {
            let rest = branch.category.name.strip_prefix(&of.category.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(super::tree::SEPARATOR))
        })
    };
    let offered = branches.iter().filter(|branch| !branch.category.name.is_empty() && !is_within(branch));
    html! {
        select.form-select id=(id) name="parent" {
            option value="" { "at the top" }
            @for branch in offered {
                option value=(branch.category.id) selected[selected == Some(branch.category.id)] { "below " (branch.category.name) }
            }
        }
    }
}
