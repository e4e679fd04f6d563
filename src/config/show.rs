//! Every option with its value and its origin, for `quarterdeck config show`. Secrets are masked.

use figment::value::{Dict, Num, Value};

use super::Loaded;
use super::layers::{names, source};
use super::secret::{MASK, is_secret, mask_url};

/// One option as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Dotted name, for example `http.port`.
    pub option: String,
    /// Masked where it is a secret; `(not set)` where there is none.
    pub value: String,
    /// For example `default`, `config.toml [production]`, `DATABASE_URL`, `--port`.
    pub source: String,
}

/// All options in the order of their names, those of plugins' sections included where somebody set them.
pub fn show(loaded: &Loaded) -> Vec<Shown> {
    let all: Dict = loaded.layers.extract().unwrap_or_default();
    let options = names(&all).into_iter();
    options.map(|option| one(loaded, &option)).collect()
}

pub(super) fn one(loaded: &Loaded, option: &str) -> Shown {
    let value = loaded.layers.find_value(option).map_or_else(|_| String::new(), |value| shown(option, &value));
    Shown { value, source: source(&loaded.layers, option), option: option.to_owned() }
}

fn shown(option: &str, value: &Value) -> String {
    match value {
        Value::Empty(..) => "(not set)".to_string(),
        _ if is_secret(option) => MASK.to_string(),
        Value::String(_, text) if text.is_empty() => "(not set)".to_string(),
        Value::String(_, text) => mask_url(text),
        Value::Char(_, letter) => letter.to_string(),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Num(_, number) => number_text(*number),
        Value::Array(_, items) => {
            let items: Vec<String> = items.iter().map(|item| shown(option, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Dict(..) => String::new(),
    }
}

fn number_text(number: Num) -> String {
    let whole = number.to_i128().map(|n| n.to_string()).or_else(|| number.to_u128().map(|n| n.to_string()));
    whole.or_else(|| number.to_f64().map(|n| n.to_string())).unwrap_or_default()
}
