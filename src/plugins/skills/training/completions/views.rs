//! The form that completes a plan.

use super::super::super::ratings::handlers::standing_text;
use super::super::super::ratings::rules::MAX_EVIDENCE_CHARS;
use super::super::super::ratings::views::{level_options, standing};
use super::super::model::Plan;
use super::super::views::Attempt;
use crate::plugins::skills::levels::Standing;
use crate::web::components::{Field, Input, Tone, csrf_field, notice};
use crate::web::times;
use maud::{Markup, html};

pub fn form(plan: &Plan, attempt: Option<&Attempt>, csrf: &str, now_ms: i64) -> Markup {
    let error =
        |field: &str| attempt.and_then(|attempt| attempt.invalid.as_ref()).and_then(|invalid| invalid.of(field));
    let target = standing_text(&plan.scale, Standing::At(plan.level));
    let level = attempt.map_or(target.as_str(), |attempt| attempt.completion.level.as_str());
    let evidence = attempt.map_or("", |attempt| attempt.completion.evidence.as_str());
    let day = attempt.map_or("", |attempt| attempt.completion.valid_until.as_str());
    // After a conflict the form is based on what the other one saved, so that sending it again replaces that.
    let version = plan.rating.version;
    let options: Vec<(String, String)> = level_options(&plan.scale).into_iter().skip(2).collect();
    let options: Vec<(&str, &str)> = options.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let input = match plan.scale.has_fractions() {
        true => Input::Text { value: level, max_length: 20 },
        false => Input::Select { options: &options, selected: level },
    };
    html! {
        section.card.form-narrow { div.card-body {
            h2 { "Complete it" }
            @if let Some(theirs) = attempt.and_then(|attempt| attempt.theirs.as_ref()) {
                (notice(Tone::Warning, html! {
                    (theirs.updated_by.as_deref().unwrap_or("Somebody else")) " changed this rating meanwhile: "
                    (standing(&plan.scale, theirs.values.standing)) " Complete again to put yours in its place."
                }))
            }
            form method="post" action={ "/skills/training/" (plan.id) "/completion" } {
                (csrf_field(csrf))
                input type="hidden" name="version" value=(version);
                (Field { name: "level", label: "Level reached", input, hint: None, error: error("level"), required: true })
                (Field {
                    name: "evidence", label: "Evidence", input: Input::Text { value: evidence, max_length: MAX_EVIDENCE_CHARS },
                    hint: Some("A link that begins with https://, or the number of a certificate."), error: error("evidence"), required: true,
                })
                (valid_until(day, error("valid_until"), now_ms))
                button.btn.btn-primary type="submit" { "Complete" }
            }
        } }
    }
}

fn valid_until(value: &str, error: Option<&str>, now_ms: i64) -> Markup {
    html! {
        div.field {
            label.form-label for="field-valid-until" { "Valid until " span.quiet { "(optional)" } }
            input.form-control.is-invalid[error.is_some()] type="date" id="field-valid-until" name="valid_until" value=(value) min=(times::date(now_ms))
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "field-valid-until-error")];
            @if let Some(error) = error { div.invalid-feedback id="field-valid-until-error" { (error) } }
        }
    }
}
