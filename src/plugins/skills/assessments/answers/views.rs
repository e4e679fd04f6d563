//! The form in which a person answers.

use super::super::super::ratings::handlers::standing_text;
use super::super::super::ratings::views::level_options;
use super::super::model::{Assessment, Item};
use super::super::views::{Remark, Remarks, by_category};
use crate::web::components::csrf_field;
use maud::{Markup, html};

pub fn form(assessment: &Assessment, remarks: &Remarks, csrf: &str) -> Markup {
    let answered = assessment.items.iter().filter(|item| item.own_now.is_some()).count();
    html! {
        form method="post" action={ "/skills/assessments/" (assessment.id) "/answers" } {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(assessment.version);
            p.quiet { (answered) " of " (assessment.items.len()) " answered." }
            @for (category, items) in by_category(assessment) {
                div.table-frame tabindex="0" role="region" aria-label=(category) { table.table.answers {
                    thead { tr { th scope="col" { (category) } th scope="col" { "Your own level" } } }
                    tbody { @for item in items { (row(assessment, item, remarks.of(item.skill_id))) } }
                } }
            }
            div.form-actions {
                button.btn.btn-outline-secondary type="submit" name="step" value="save" { "Save for now" }
                button.btn.btn-primary type="submit" name="step" value="hand_in" { "Save and hand in" }
            }
        }
    }
}

fn row(assessment: &Assessment, item: &Item, remark: Option<&Remark>) -> Markup {
    let Some(scale) = assessment.scales.of_skill(item.skill_id, item.scale_id) else { return html! {} };
    let scale = &*scale;
    let said = item.own_now.map(|standing| standing_text(scale, standing)).unwrap_or_default();
    let value = remark.map_or(said.as_str(), Remark::typed);
    let (id, label) = (item.skill_id, format!("Your own level of {}", item.skill));
    html! {
        tr.is-marked[remark.is_some()] {
            th scope="row" {
                (item.skill)
                @if let Some(remark) = remark { div.row-remark role="alert" { (remark.text()) } }
                input type="hidden" name={ "version-" (id) } value=(item.version);
            }
            td {
                @if scale.has_fractions() {
                    input.form-control type="text" inputmode="decimal" name={ "level-" (id) } value=(value) maxlength="20" aria-label=(label)
                        title={ (scale.range()) ", or n/a" } aria-invalid=[remark.map(|_| "true")];
                } @else {
                    select.form-select name={ "level-" (id) } aria-label=(label) {
                        @for (option, text) in level_options(scale) {
                            option value=(option) selected[option == value] { @if option.is_empty() { "no answer yet" } @else { (text) } }
                        }
                    }
                }
            }
        }
    }
}
