//! The page of a merge: which skill it goes into, and what that would do.

use super::super::model::{MAX_NAME_CHARS, Skill};
use super::model::{Merge, Preview};
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use crate::web::times::ago;
use maud::{Markup, html};

pub struct Page<'a> {
    pub merged: &'a Skill,
    /// As it was typed.
    pub into: &'a str,
    pub choices: &'a [(String, String)],
    pub problem: Option<&'a str>,
    pub preview: Option<&'a Preview>,
    pub is_outdated: bool,
    pub csrf: &'a str,
}

pub fn show(page: &Page) -> Markup {
    let address = format!("/skills/catalogue/{}", page.merged.id);
    let trail =
        [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue"), (page.merged.name.as_str(), &address)];
    let about = "Two skills that mean the same become one. Of each person the newer rating wins; both stay in the history. It can be undone.";
    let input = Input::Suggested {
        value: page.into,
        max_length: MAX_NAME_CHARS * 2,
        choices: page.choices,
        href: Some("/skills/catalogue/choices"),
    };
    let hint = format!("The skill that stays. “{}” becomes one of its other names.", page.merged.name);
    html! {
        (page_head(&trail, "Merge into another skill", Some(about), html! {}))
        form.narrow method="get" action={ (address) "/merger" } {
            (Field { name: "into", label: "Merge into", input, hint: Some(&hint), error: page.problem, required: true })
            div.form-actions {
                button class={ "btn " (if page.preview.is_some() { "btn-outline-secondary" } else { "btn-primary" }) } type="submit" { "Preview" }
                a.btn.btn-outline-secondary href=(address) { "Cancel" }
            }
        }
        @if let Some(preview) = page.preview { (told(page, preview, &address)) }
    }
}

fn told(page: &Page, preview: &Preview, address: &str) -> Markup {
    let Preview { kept, merged, moves, replaces, yields, targets, raised } = preview;
    html! {
        @if page.is_outdated { (notice(Tone::Warning, "Somebody changed one of the two in the meantime. Nothing was merged; look again at what it would do now.")) }
        h2 { (merged.path()) " → " (kept.path()) }
        dl.facts {
            dt { "Ratings that move" } dd { (moves) " – “" (kept.name) "” has none for these people" }
            dt { "Ratings that collide" } dd { (replaces + yields) " – " (replaces) " of “" (merged.name) "” are newer and win, " (yields) " of “" (kept.name) "” are newer and stay" }
            dt { "Targets that move" } dd { (targets) @if *raised > 0 { ", and " (raised) " of “" (kept.name) "” are raised to the higher level" } }
            dt { "Afterwards" } dd { "“" (merged.name) "” is archived with its ratings, and found under “" (kept.name) "”" }
        }
        form method="post" action={ (address) "/merger" } {
            (csrf_field(page.csrf))
            input type="hidden" name="into" value=(kept.id);
            input type="hidden" name="seen" value=(preview.fingerprint());
            div.form-actions { button.btn.btn-primary type="submit" { "Merge" } }
        }
    }
}

/// The merges of a skill on its own page, with the way to undo them.
pub fn list(merges: &[Merge], skill_id: i64, may_edit: bool, csrf: &str, now_ms: i64) -> Markup {
    html! {
        @for merge in merges {
            div.undoable {
                p {
                    @if merge.kept_id == skill_id {
                        a href={ "/skills/catalogue/" (merge.merged_id) } { "“" (merge.merged) "”" } " was merged into this skill"
                    } @else {
                        "This skill was merged into " a href={ "/skills/catalogue/" (merge.kept_id) } { "“" (merge.kept) "”" }
                    }
                    span.quiet { " · " (ago(merge.at, now_ms)) @if let Some(by) = &merge.by_name { ", " (by) } " · " (merge.ratings) " ratings taken over" }
                }
                @if may_edit {
                    form method="post" action={ "/skills/catalogue/mergers/" (merge.id) "/reversal" } {
                        (csrf_field(csrf))
                        button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Undo the merge of " (merge.merged) } { "Undo" }
                    }
                }
            }
        }
    }
}
