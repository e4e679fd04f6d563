//! How a preview words what is made and changed.

use super::super::plan::ratings::shown;
use super::super::plan::{Details, Post};
use crate::plugins::skills::levels::{Scale, Standing};
use crate::plugins::skills::ratings::model::{Suspension, Values};
use crate::tables::quoted;

pub fn of_new(email: &str, post: &Post) -> String {
    let post = of_post(post);
    if email.is_empty() { post } else { format!("{email}, {post}") }
}

pub fn of_post(post: &Post) -> String {
    let team = post.team.as_deref().unwrap_or("no team");
    if post.title.is_empty() { team.to_owned() } else { format!("{team}, {}", post.title) }
}

pub fn of_details(details: &Details) -> String {
    let texts = [&details.description, &details.uri].into_iter().filter(|text| !text.is_empty());
    let mut parts: Vec<String> = texts.map(|text| quoted(text)).collect();
    for (name, list) in [("aliases", &details.aliases), ("tags", &details.tags)] {
        if !list.is_empty() {
            parts.push(format!("{name} {}", list.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")));
        }
    }
    parts.extend(details.owner.as_ref().map(|owner| format!("owner {}", quoted(&owner.name))));
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// What counts first, then who says what, then what proves it and until when.
pub fn of_values(values: &Values, scale: Option<&Scale>) -> String {
    let code = |standing: Standing| match (standing, scale) {
        (Standing::At(level), None) => level.to_string(),
        (standing, Some(scale)) => shown(standing, scale),
        (Standing::NotApplicable, None) => "n/a".to_owned(),
        (Standing::Unset, None) => "no level".to_owned(),
    };
    let mut parts = vec![code(values.standing)];
    parts.extend(values.confirmed.map(|_| "confirmed".to_owned()));
    parts.extend(values.own.map(|own| format!("own {}", code(own.standing))));
    parts.extend(values.interest.map(|interest| format!("interest {}", interest.value())));
    let texts = [("note", &values.note), ("evidence", &values.evidence)];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    parts.extend(texts.map(|(name, text)| format!("{name} {}", quoted(text))));
    parts.extend(values.valid_until.map(|until| format!("valid until {until}")));
    parts.extend(values.suspension.as_ref().map(|suspension| {
        let Suspension { until, reason } = suspension;
        format!("suspended until {until}: {}", quoted(reason))
    }));
    parts.join(", ")
}
