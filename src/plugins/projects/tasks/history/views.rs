//! The log of a task in words.

use super::super::super::outline::Outline;
use super::super::model::{Details, path};
use super::super::values::{Field, Priority, duration, ids_in};
use super::model::Entry;
use crate::web::components::page_head;
use crate::web::times::{ago, moment};
use maud::{Markup, html};

pub fn list(entries: &[Entry], outline: &Outline, now_ms: i64) -> Markup {
    html! {
        ol.entries { @for entry in entries {
            li {
                strong { (entry.who.as_deref().unwrap_or("Quarterdeck")) } " " (what(entry, outline)) " "
                time.quiet title=(moment(entry.at)) { (ago(entry.at, now_ms)) }
            }
        } }
    }
}

fn what(entry: &Entry, outline: &Outline) -> Markup {
    let Some(field) = Field::from_name(&entry.field) else { return other(entry) };
    let (old, new) = (text(field, &entry.old_value, outline), text(field, &entry.new_value, outline));
    match field {
        Field::Description => html! { "changed the description" },
        _ if old.is_empty() => html! { "set " (field.title().to_lowercase()) " to " b { (new) } },
        _ if new.is_empty() => html! { "removed " (field.title().to_lowercase()) " " s { (old) } },
        _ => html! { "changed " (field.title().to_lowercase()) " from " s { (old) } " to " b { (new) } },
    }
}

/// What was changed beside the fields: added, or taken away.
fn other(entry: &Entry) -> Markup {
    match (entry.field.as_str(), entry.old_value.as_str(), entry.new_value.as_str()) {
        ("created", ..) => html! { "added the task" },
        (what, "", new) => html! { "added the " (what) " " b { (new) } },
        (what, old, _) => html! { "took away the " (what) " " s { (old) } },
    }
}

/// A value as people read it. Of what is not there any more only the number is known, which says nothing.
fn text(field: Field, value: &str, outline: &Outline) -> String {
    let ids = || ids_in(value).unwrap_or_default();
    let names = |known: Vec<(i64, &str)>| {
        let found: Vec<&str> =
            ids().iter().filter_map(|id| known.iter().find(|(known, _)| known == id)).map(|(_, name)| *name).collect();
        if found.is_empty() && !value.is_empty() { "something that is gone".to_owned() } else { found.join(", ") }
    };
    match field {
        Field::Status => names(outline.statuses.iter().map(|status| (status.id, status.name.as_str())).collect()),
        Field::Assignees => names(outline.members.iter().map(|member| (member.id, member.name.as_str())).collect()),
        Field::Labels => names(outline.labels.iter().map(|label| (label.id, label.name.as_str())).collect()),
        Field::Priority => Priority::from_name(value).map_or(String::new(), |priority| priority.title().to_owned()),
        Field::Estimate => value.parse().map(duration).unwrap_or_default(),
        _ => value.to_owned(),
    }
}

pub fn page(details: &Details, list: Markup) -> Markup {
    let (project, task) = (details.project.path(), path(details.task.id));
    let trail = [
        ("Projects", "/projects"),
        (details.project.name.as_str(), project.as_str()),
        (details.task.title.as_str(), task.as_str()),
    ];
    html! { (page_head(&trail, "History", None, html! {})) (list) }
}
