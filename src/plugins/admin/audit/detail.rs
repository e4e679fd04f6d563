//! What an event tells, taken apart for people: fields before and after, or what there is now.

use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// What changed, field by field.
    pub changes: Vec<FieldChange>,
    /// What else there is to tell, as name and text.
    pub facts: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub field: String,
    pub before: String,
    pub after: String,
}

impl Detail {
    /// A text that is no JSON object is told as it is.
    pub fn of(json: &str) -> Detail {
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(json) else {
            return Detail { changes: Vec::new(), facts: vec![("detail".to_owned(), json.to_owned())] };
        };
        let mut detail = Detail::default();
        for (name, value) in fields {
            match value {
                Value::Object(changes) if name == "changes" => {
                    detail.changes = changes.into_iter().map(|(field, sides)| field_change(field, &sides)).collect();
                }
                other => detail.facts.push((words(&name), text(&other))),
            }
        }
        detail.facts.retain(|(_, text)| !text.is_empty());
        detail
    }
}

fn field_change(field: String, sides: &Value) -> FieldChange {
    FieldChange { field: words(&field), before: text(&sides["before"]), after: text(&sides["after"]) }
}

/// A name of the program's as people write it: `team_id` is “team id”.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The kind of an event in words: `skills.job_role_created` is “Skills: job role created”.
pub fn title(kind: &str) -> String {
    let Some((part, rest)) = kind.split_once('.') else { return words(kind) };
    let mut letters = part.chars();
    let part: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    format!("{part}: {}", words(&rest.replace('.', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_facts_are_told_apart() {
        let json = r#"{"changes":{"team_id":{"before":3,"after":null},"active":{"before":true,"after":false}},"reason":"left","empty":null}"#;
        let detail = Detail::of(json);
        let change = |field: &str, before: &str, after: &str| FieldChange {
            field: field.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        assert_eq!(detail.changes, [change("active", "yes", "no"), change("team id", "3", "")]);
        assert_eq!(detail.facts, [("reason".to_owned(), "left".to_owned())]);
    }

    #[test]
    fn what_is_no_object_is_told_as_it_is() {
        for json in ["", "[1]", "{", "plain words", "{\"a\":"] {
            assert_eq!(Detail::of(json).facts, [("detail".to_owned(), json.to_owned())]);
        }
        assert_eq!(Detail::of("{\"changes\":3}").facts, [("changes".to_owned(), "3".to_owned())]);
    }

    #[test]
    fn a_kind_reads_as_words() {
        assert_eq!(title("skills.job_role_created"), "Skills: job role created");
        assert_eq!(title("odd"), "odd");
        assert_eq!(title(""), "");
    }
}
