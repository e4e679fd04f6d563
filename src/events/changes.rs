//! What an event tells of a change: each field that is not what it was, before and after.

use serde_json::{Map, Value, json};

/// The name in `detail` under which the fields stand.
const CHANGES: &str = "changes";

/// The detail of an event about something that was one way before and is another way now. Both are objects; a field that is
/// missing on one side is null there. What did not change is left out.
pub fn changes(before: &Value, after: &Value) -> Value {
    let empty = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let side = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let changed = names.filter(|name| side(before, name) != side(after, name));
    let changed: Map<String, Value> = changed
        .map(|name| (name.clone(), json!({ "before": side(before, name), "after": side(after, name) })))
        .collect();
    json!({ CHANGES: changed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told_with_both_sides() {
        let before = json!({ "name": "Ann", "title": "Fitter", "team": 3 });
        let after = json!({ "name": "Ann", "title": "Welder", "email": "ann@example.org" });
        assert_eq!(
            changes(&before, &after),
            json!({ "changes": {
                "title": { "before": "Fitter", "after": "Welder" },
                "team": { "before": 3, "after": null },
                "email": { "before": null, "after": "ann@example.org" },
            } })
        );
        assert_eq!(changes(&before, &before), json!({ "changes": {} }));
        assert_eq!(
            changes(&json!(null), &json!({ "on": true })),
            json!({ "changes": { "on": { "before": null, "after": true } } })
        );
    }
}
