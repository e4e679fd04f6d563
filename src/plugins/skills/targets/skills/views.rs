//! The field of a level on the scale of the skill that is typed.

use super::super::super::levels::{Level, Scale};
use maud::{Markup, html};

/// Every level of a scale that can be asked for, as code and label; none where a scale has fractions and must be typed.
pub fn levels(scale: &Scale) -> Vec<(String, String)> {
    if scale.has_fractions() {
        return Vec::new();
    }
    let mut options = Vec::new();
    let mut at = scale.lowest.hundredths();
    while at <= scale.highest.hundredths() {
        let level = Level::from_hundredths(at);
        if level != Level::ZERO {
            options.push((scale.code(level), label(scale, level)));
        }
        at += scale.step.hundredths();
    }
    options
}

fn label(scale: &Scale, level: Level) -> String {
    let code = scale.code(level);
    let named = scale.levels.iter().find(|named| named.level == level && named.name != code);
    named.map_or_else(|| code.clone(), |named| format!("{code} – {}", named.name))
}

/// The control of a level: a choice once the scale is known, unless it has fractions or something was typed that it does
/// not hold.
pub struct LevelControl<'a> {
    pub id: &'a str,
    pub scale: Option<&'a Scale>,
    pub value: &'a str,
    pub error: Option<&'a str>,
}

impl LevelControl<'_> {
    pub fn markup(&self) -> Markup {
        let options = self.scale.map(levels).unwrap_or_default();
        let can_be_chosen = self.value.is_empty() || options.iter().any(|(code, _)| code == self.value);
        let described = self.error.map(|_| format!("{}-error", self.id));
        let invalid = self.error.map(|_| "true");
        if options.is_empty() || !can_be_chosen {
            let hint = self.scale.map_or_else(|| "of its scale".to_owned(), Scale::range);
            return html! {
                input.form-control.is-invalid[self.error.is_some()] id=(self.id) name="level" type="text" value=(self.value)
                    maxlength="80" placeholder=(hint) required aria-invalid=[invalid] aria-describedby=[described];
            };
        }
        html! {
            select.form-select.is-invalid[self.error.is_some()] id=(self.id) name="level" required aria-invalid=[invalid]
                aria-describedby=[described] {
                @if self.value.is_empty() { option value="" { "Choose a level" } }
                @for (code, label) in &options { option value=(code) selected[code == self.value] { (label) } }
            }
        }
    }
}
