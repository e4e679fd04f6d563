//! Items of a handoff: the list, its forms, and the page of one with its way through many hands.

use super::super::model::{Handoff, State, path};
use super::handlers::ItemForm;
use super::model::{self, Hand, Item, MAX_DETAIL_CHARS, MAX_TITLE_CHARS, Need};
use crate::error::{Invalid, Result};
use crate::plugins::skills::known_skills;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use crate::web::times::{ago, moment};
use maud::{Markup, html};

/// A form that could not be taken: the one to add, or that of an item's skill.
pub struct Refused<'a> {
    pub item: Option<i64>,
    pub form: &'a ItemForm,
    pub invalid: &'a Invalid,
}

pub async fn all(cx: &Context, handoff: &Handoff, refused: Option<&Refused<'_>>) -> Result<Markup> {
    let items = model::list(&cx.app, handoff.id).await?;
    let needs = model::needs(&cx.app, cx.actor()?, handoff).await?;
    let skills = known_skills(&cx.app, cx.actor()?).await?;
    let none: &[Need] = &[];
    Ok(html! {
        section.handoff-items id="items" data-part {
            h2 { "To look after " span.quiet { (items.iter().filter(|item| item.closed_at.is_none()).count()) } }
            (warnings(&items, &needs))
            @if items.is_empty() { p.quiet { "Nothing is handed on." } }
            ol.items { @for item in &items { (row(cx, handoff, item, needs.get(&item.id).map_or(none, Vec::as_slice), refused)) } }
            @if handoff.may_write() {
                (new_form(cx, handoff, refused.filter(|refused| refused.item.is_none())))
                datalist id="known-skills" { @for skill in skills.iter() { option value=(skill.name) {} } }
            }
        }
    })
}

/// What nobody of the receivers can do, before it is too late.
fn warnings(items: &[Item], needs: &std::collections::BTreeMap<i64, Vec<Need>>) -> Markup {
    let title = |id: i64| items.iter().find(|item| item.id == id).map_or("", |item| item.title.as_str());
    let missing = needs.iter().flat_map(|(id, needs)| needs.iter().map(move |need| (*id, need)));
    let missing: Vec<(i64, &Need)> = missing.filter(|(_, need)| need.is_covered == Some(false)).collect();
    html! {
        @for (id, need) in missing {
            (notice(Tone::Warning, html! {
                "None of the receivers has " strong { (need.skill.name) } " at " (need.skill.scale.code(need.level)) ", which “" (title(id)) "” needs. "
                @if need.others.is_empty() { "Nobody else does either." } @else { (need.others.join(", ")) @if need.others.len() == 1 { " does." } @else { " do." } }
            }))
        }
    }
}

fn row(cx: &Context, handoff: &Handoff, item: &Item, needs: &[Need], refused: Option<&Refused>) -> Markup {
    let is_carried =
        item.opened_at.is_some_and(|at| handoff.state == State::Draft || handoff.sent_at.is_some_and(|sent| at < sent));
    html! {
        li.item.closed[item.closed_at.is_some()] id={ "item-" (item.id) } {
            div.item-head {
                strong { a href={ "/handoffs/items/" (item.id) } { (item.title) } }
                @if let Some(task) = item.task_id { a.badge href={ "/projects/tasks/" (task) } { "task" } }
                @if is_carried { span.badge.warn title=(moment(item.opened_at.unwrap_or(0))) { "open since " (ago(item.opened_at.unwrap_or(0), cx.app.now_ms())) } }
                @if item.hands > 1 { span.badge { (item.hands) " hands" } }
                @if let Some(at) = item.closed_at { span.badge.good { "closed by " (item.closer.as_deref().unwrap_or("somebody")) ", " (ago(at, cx.app.now_ms())) } }
            }
            @if !item.detail.is_empty() { div.prose { (markdown::render(&item.detail)) } }
            @if !needs.is_empty() { p.item-needs { "Needs " @for need in needs { span.badge.good[need.is_covered == Some(true)].bad[need.is_covered == Some(false)] { (need.skill.name) " " (need.skill.scale.code(need.level)) } " " } } }
            (actions(cx, handoff, item, refused.filter(|refused| refused.item == Some(item.id))))
        }
    }
}

/// Without scripts these are plain forms that lead back to the page.
fn actions(cx: &Context, handoff: &Handoff, item: &Item, refused: Option<&Refused>) -> Markup {
    let base = format!("{}/items/{}", handoff.path(), item.id);
    let button = |verb: &str, label: &str| {
        html! {
            form method="post" action={ (base) "/" (verb) } hx-post={ (base) "/" (verb) } hx-target="#items" hx-swap="outerHTML" {
                (csrf_field(cx.csrf()))
                button.btn.btn-link.btn-sm type="submit" { (label) }
            }
        }
    };
    html! {
        div.item-actions {
            @if handoff.may_write() {
                a.btn.btn-link.btn-sm href={ (base) "/edit" } hx-get={ (base) "/edit" } hx-target="closest .item" hx-swap="innerHTML" { "Edit" }
                @if item.opened_at.is_none() { (button("deletion", "Strike out")) }
                (skill_form(cx, &base, item, refused))
            }
            @if handoff.may_close_items() && item.opened_at.is_some() {
                @if item.closed_at.is_none() { (button("closure", "Close")) } @else { (button("reopening", "Open again")) }
            }
        }
    }
}

fn skill_form(cx: &Context, base: &str, item: &Item, refused: Option<&Refused>) -> Markup {
    let id = format!("skill-of-{}", item.id);
    let error = refused.and_then(|refused| refused.invalid.of("skill"));
    html! {
        details open[error.is_some()] {
            summary.btn.btn-link.btn-sm { "Needs a skill" }
            form.inline-form method="post" action={ (base) "/skills" } hx-post={ (base) "/skills" } hx-target="#items" hx-swap="outerHTML"
                hx-status:422="target:#items swap:outerHTML" {
                (csrf_field(cx.csrf()))
                label.visually-hidden for=(id) { "Skill" }
                input.form-control.is-invalid[error.is_some()] type="text" id=(id) name="skill" list="known-skills" placeholder="Skill" required
                    value=(refused.map_or("", |refused| refused.form.skill.as_str())) aria-describedby=[error.map(|_| format!("{id}-error"))];
                input.form-control.short type="text" name="level" placeholder="Level" aria-label="Level, the highest where none is given"
                    value=(refused.map_or("", |refused| refused.form.level.as_str()));
                button.btn.btn-sm.btn-outline-secondary type="submit" { "Add" }
                @if let Some(error) = error { div.invalid-feedback id={ (id) "-error" } { (error) } }
            }
        }
    }
}

fn new_form(cx: &Context, handoff: &Handoff, refused: Option<&Refused>) -> Markup {
    let action = format!("{}/items", handoff.path());
    let error = refused.and_then(|refused| refused.invalid.of("title").or(refused.invalid.of("detail")));
    let typed = |of: fn(&ItemForm) -> &str| refused.map_or("", |refused| of(refused.form));
    html! {
        form.item-form method="post" action=(action) hx-post=(action) hx-target="#items" hx-swap="outerHTML" hx-status:422="target:#items swap:outerHTML" {
            (csrf_field(cx.csrf()))
            input.form-control.is-invalid[error.is_some()] type="text" name="title" maxlength=(MAX_TITLE_CHARS) required placeholder="What else is to be looked after"
                aria-label="What is to be looked after" value=(typed(|form| &form.title)) aria-describedby=[error.map(|_| "new-item-error")];
            textarea.form-control name="detail" rows="1" maxlength=(MAX_DETAIL_CHARS) placeholder="More about it" aria-label="More about it" { "\n" (typed(|form| &form.detail)) }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Plus)) "Add" }
            @if let Some(error) = error { div.invalid-feedback id="new-item-error" { (error) } }
        }
    }
}

/// In the place of the item. After a conflict it shows what stands there now as well.
pub fn edit_form(
    cx: &Context,
    id: i64,
    item: &Item,
    form: &ItemForm,
    invalid: Option<&Invalid>,
    is_conflict: bool,
) -> Markup {
    let action = format!("{}/items/{}", path(id), item.id);
    let error = invalid.and_then(|invalid| invalid.of("title").or(invalid.of("detail")));
    let field = format!("item-{}", item.id);
    html! {
        form.item-form method="post" action=(action) hx-post=(action) hx-target="#items" hx-swap="outerHTML"
            hx-status:422={ "target:#item-" (item.id) " swap:innerHTML" } hx-status:409={ "target:#item-" (item.id) " swap:innerHTML" } {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(item.version);
            @if is_conflict {
                (notice(Tone::Warning, "Somebody else changed this item meanwhile. Yours is below and not saved."))
                div.theirs { strong { (item.title) } div.prose { (markdown::render(&item.detail)) } }
            }
            label.visually-hidden for=(field) { "What is to be looked after" }
            input.form-control.is-invalid[error.is_some()] type="text" id=(field) name="title" maxlength=(MAX_TITLE_CHARS) required value=(form.title)
                aria-describedby=[error.map(|_| format!("{field}-error"))];
            textarea.form-control name="detail" rows="3" maxlength=(MAX_DETAIL_CHARS) aria-label="More about it" { "\n" (form.detail) }
            @if let Some(error) = error { div.invalid-feedback id={ (field) "-error" } { (error) } }
            div.form-actions {
                button.btn.btn-primary.btn-sm type="submit" { @if is_conflict { "Save mine" } @else { "Save" } }
                a.btn.btn-link.btn-sm href={ (path(id)) "#items" } { "Cancel" }
            }
        }
    }
}

pub fn history(item: &Item, hands: &[Hand], now_ms: i64) -> Markup {
    let accepted = hands.iter().filter(|hand| hand.accepter.is_some()).count();
    let about = match accepted {
        0 => "Nobody has taken it over yet.".to_owned(),
        1 => "It went through one handoff.".to_owned(),
        _ => format!("It went through {accepted} handoffs."),
    };
    html! {
        (page_head(&[("Handoffs", "/handoffs")], &item.title, Some(&about), html! {
            @if let Some(task) = item.task_id { a.btn.btn-outline-secondary href={ "/projects/tasks/" (task) } { "To the task" } }
        }))
        @if !item.detail.is_empty() { div.prose { (markdown::render(&item.detail)) } }
        div.table-frame { table.table {
            thead { tr { th scope="col" { "Handoff" } th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "When" } } }
            tbody { @for hand in hands { tr {
                th scope="row" { a href=(path(hand.handoff_id)) { (hand.title) } }
                td { (hand.author) }
                td { @if let Some(name) = &hand.accepter { (name) } @else { span.quiet { (State::from_name(&hand.state).map_or("", State::title)) } } }
                td { (ago(hand.at, now_ms)) }
            } } }
        } }
    }
}
