//! The screen of the settings: a form for each option.

use super::model::Line;
use crate::settings::SettingInput;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, csrf_field, page_head};
use maud::{Markup, html};

pub const CONFLICT: &str =
    "Somebody else set this in the meantime. Below it stands what is saved; yours is in the field and not saved.";

/// What could not be saved, and why.
pub struct Refused<'a> {
    pub option: &'a str,
    pub typed: &'a str,
    pub version: i64,
    pub problem: &'a str,
    pub is_conflict: bool,
}

pub fn index(lines: &[Line], refused: Option<&Refused>, csrf: &str) -> Markup {
    let about = "What may be changed while the portal runs. It holds in every process from the next request on, and wins over \
                 the configuration.";
    html! {
        (page_head(&[], "Settings", Some(about), html! {}))
        div.settings { @for line in lines { (form(line, refused.filter(|refused| refused.option == line.setting.option), csrf)) } }
    }
}

fn form(line: &Line, refused: Option<&Refused>, csrf: &str) -> Markup {
    let setting = line.setting;
    let path = format!("/admin/settings/{}", setting.option);
    // After a conflict the form is based on what is saved, so that saving again replaces it.
    let version = refused.filter(|refused| !refused.is_conflict).map_or(line.version, |refused| refused.version);
    html! {
        section.setting id={ "setting-" (setting.option.replace('.', "-")) } {
            form method="post" action=(path) {
                (csrf_field(csrf))
                input type="hidden" name="version" value=(version);
                (field(line, refused))
                button.btn.btn-primary type="submit" aria-label={ "Save: " (setting.title) } { "Save" }
            }
            div.setting-source {
                code { (setting.option) } " is " (quoted(value_of(line))) ", from " (line.shown.source) "."
                @if let Some(configured) = &line.configured {
                    form method="post" action={ (path) "/reset" } {
                        (csrf_field(csrf))
                        input type="hidden" name="version" value=(line.version);
                        button.btn.btn-sm.btn-outline-secondary type="submit" {
                            (icon(Icon::RotateLeft)) "Back to " (quoted(&configured.value)) " (" (configured.source) ")"
                        }
                    }
                }
            }
        }
    }
}

fn field(line: &Line, refused: Option<&Refused>) -> Markup {
    let setting = line.setting;
    let value = refused.map_or(value_of(line), |refused| refused.typed);
    let input = match setting.input {
        SettingInput::Text { max_length } => Input::Text { value, max_length },
        SettingInput::Choice(options) => Input::Select { options, selected: value },
    };
    let id = format!("field-{}", setting.option.replace('.', "-"));
    let error = refused.map(|refused| refused.problem);
    let field = Field {
        name: "value",
        label: setting.title,
        input,
        hint: Some(setting.hint),
        error,
        required: !setting.may_be_empty,
    };
    field.identified(&id)
}

/// The value in force. An option of a plugin that nobody has set stands in no layer of the configuration.
fn value_of(line: &Line) -> &str {
    match (line.shown.value.as_str(), line.setting.input) {
        ("", SettingInput::Choice(options)) => options.first().map_or("", |(value, _)| *value),
        ("(not set)", _) => "",
        (value, _) => value,
    }
}

fn quoted(value: &str) -> Markup {
    html! { @if matches!(value, "" | "(not set)") { "empty" } @else { "“" (value) "”" } }
}
