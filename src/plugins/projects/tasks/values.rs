//! The fields of a task, and what can stand in them: pure rules. As text they go through forms, the log and the API alike.

use super::super::labels::model::Label;
use super::super::members::model::Member;
use super::super::model::{MAX_TEXT_CHARS, Role};
use super::super::statuses::model::Status;
use crate::error::{Checks, Error, Result};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub const MAX_TITLE_CHARS: usize = 300;
/// A thousand hours: more than that is a project.
const LONGEST_ESTIMATE_MIN: i64 = 60_000;
const MOST_ASSIGNEES: usize = 20;
const MOST_LABELS: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Title,
    Description,
    Status,
    Priority,
    Assignees,
    Labels,
    Start,
    Due,
    Estimate,
}

impl Field {
    pub const ALL: [Field; 9] = [
        Field::Title,
        Field::Description,
        Field::Status,
        Field::Priority,
        Field::Assignees,
        Field::Labels,
        Field::Start,
        Field::Due,
        Field::Estimate,
    ];

    /// As addresses and the log know it.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Description => "description",
            Field::Status => "status",
            Field::Priority => "priority",
            Field::Assignees => "assignees",
            Field::Labels => "labels",
            Field::Start => "start",
            Field::Due => "due",
            Field::Estimate => "estimate",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Field::Title => "Title",
            Field::Description => "Description",
            Field::Status => "Status",
            Field::Priority => "Priority",
            Field::Assignees => "Assignees",
            Field::Labels => "Labels",
            Field::Start => "Start",
            Field::Due => "Due",
            Field::Estimate => "Estimate",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    #[default]
    None,
    Low,
    Medium,
    High,
    Urgent,
}

impl Priority {
    pub const ALL: [Priority; 5] = [Priority::None, Priority::Low, Priority::Medium, Priority::High, Priority::Urgent];

    pub fn of(number: i64) -> Self {
        usize::try_from(number).ok().and_then(|number| Self::ALL.get(number).copied()).unwrap_or_default()
    }

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn name(self) -> &'static str {
        match self {
            Priority::None => "none",
            Priority::Low => "low",
            Priority::Medium => "medium",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Priority::None => "No priority",
            Priority::Low => "Low",
            Priority::Medium => "Medium",
            Priority::High => "High",
            Priority::Urgent => "Urgent",
        }
    }

    /// By its name, or its number.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        let number = name.parse::<usize>().ok().and_then(|number| Self::ALL.get(number).copied());
        number.or_else(|| Self::ALL.into_iter().find(|priority| priority.name() == name))
    }
}

/// What is to stand in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Title(String),
    Description(String),
    Status(i64),
    Priority(Priority),
    /// In ascending order.
    Assignees(Vec<i64>),
    Labels(Vec<i64>),
    Start(Option<Date>),
    Due(Option<Date>),
    /// In minutes.
    Estimate(Option<i64>),
}

/// What a value may name.
pub struct Choices<'a> {
    pub statuses: &'a [Status],
    pub members: &'a [Member],
    pub labels: &'a [Label],
}

impl Value {
    pub fn field(&self) -> Field {
        match self {
            Value::Title(_) => Field::Title,
            Value::Description(_) => Field::Description,
            Value::Status(_) => Field::Status,
            Value::Priority(_) => Field::Priority,
            Value::Assignees(_) => Field::Assignees,
            Value::Labels(_) => Field::Labels,
            Value::Start(_) => Field::Start,
            Value::Due(_) => Field::Due,
            Value::Estimate(_) => Field::Estimate,
        }
    }

    /// As the log keeps it, and `parse` reads it.
    pub fn text(&self) -> String {
        let day = |day: &Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        match self {
            Value::Title(text) | Value::Description(text) => text.clone(),
            Value::Status(id) => id.to_string(),
            Value::Priority(priority) => priority.number().to_string(),
            Value::Assignees(ids) | Value::Labels(ids) => joined(ids),
            Value::Start(date) | Value::Due(date) => day(date),
            Value::Estimate(minutes) => minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        }
    }

    /// Reads what a form, the log or the API says.
    ///
    /// # Errors
    /// `Invalid` of the field's name.
    pub fn parse(field: Field, text: &str, choices: &Choices<'_>) -> Result<Value> {
        let invalid = |message: &str| Error::invalid(field.name(), message);
        match field {
            Field::Title => title(text).map(Value::Title),
            Field::Description => description(text).map(Value::Description),
            Field::Status => {
                let id = text.trim().parse().ok().filter(|id| choices.statuses.iter().any(|status| status.id == *id));
                id.map(Value::Status).ok_or_else(|| invalid("That status is not there any more. Choose another one."))
            }
            Field::Priority => {
                Priority::from_name(text).map(Value::Priority).ok_or_else(|| invalid("There is no such priority."))
            }
            Field::Assignees => assignees(text, choices.members).map(Value::Assignees),
            Field::Labels => labels(text, choices.labels).map(Value::Labels),
            Field::Start => day(field, text).map(Value::Start),
            Field::Due => day(field, text).map(Value::Due),
            Field::Estimate => estimate(text).map(Value::Estimate),
        }
    }
}

pub fn joined(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// The ids in a text as `joined` writes it, each once; `None` where something else stands in it.
pub fn ids_in(text: &str) -> Option<Vec<i64>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let ids: Option<BTreeSet<i64>> = parts.map(|part| part.parse().ok()).collect();
    ids.map(|ids| ids.into_iter().collect())
}

pub fn title(text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut checks = Checks::default();
    checks.that(!text.is_empty(), "title", "Say what is to be done.");
    checks.that(
        text.chars().count() <= MAX_TITLE_CHARS,
        "title",
        format!("At most {MAX_TITLE_CHARS} characters fit here."),
    );
    checks.that(!text.chars().any(char::is_control), "title", "Control characters are not allowed here.");
    checks.done()?;
    Ok(text)
}

pub fn description(text: &str) -> Result<String> {
    // Browsers send line ends of two characters.
    let text = text.replace("\r\n", "\n");
    let length = text.chars().count();
    let message = format!("At most {MAX_TEXT_CHARS} characters fit here; these are {length}.");
    Checks::only(length <= MAX_TEXT_CHARS, "description", message)?;
    Checks::only(!text.contains('\0'), "description", "Control characters are not allowed here.")?;
    Ok(text.trim_end().to_owned())
}

fn assignees(text: &str, members: &[Member]) -> Result<Vec<i64>> {
    let ids = ids_in(text).ok_or_else(|| Error::invalid("assignees", "Choose people from the list."))?;
    let may_work = |id: &i64| members.iter().any(|member| member.id == *id && member.role >= Role::Member);
    let mut checks = Checks::default();
    checks.that(ids.iter().all(may_work), "assignees", "Only who works in the project can be given its tasks.");
    checks.that(
        ids.len() <= MOST_ASSIGNEES,
        "assignees",
        format!("At most {MOST_ASSIGNEES} people can work on one task."),
    );
    checks.done()?;
    Ok(ids)
}

fn labels(text: &str, known: &[Label]) -> Result<Vec<i64>> {
    let ids = ids_in(text).ok_or_else(|| Error::invalid("labels", "Choose labels from the list."))?;
    let mut checks = Checks::default();
    let all_there = ids.iter().all(|id| known.iter().any(|label| label.id == *id));
    checks.that(all_there, "labels", "One of these labels is not there any more.");
    checks.that(ids.len() <= MOST_LABELS, "labels", format!("At most {MOST_LABELS} labels fit on one task."));
    checks.done()?;
    Ok(ids)
}

fn day(field: Field, text: &str) -> Result<Option<Date>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let date = text.parse::<Date>().ok().filter(|date| text.len() == 10 && (1970..=2200).contains(&date.year()));
    date.map(Some).ok_or_else(|| Error::invalid(field.name(), "Write a day as 2026-11-26."))
}

/// Reads `90`, `90m`, `1.5h`, `2h`, `1h 30m` or `2d`, a day being eight hours, into minutes.
pub fn minutes(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase().replace(' ', "");
    if let Ok(minutes) = text.parse::<i64>() {
        return Some(minutes);
    }
    let (mut total, mut number) = (0.0, String::new());
    for letter in text.chars() {
        let unit = match letter {
            '0'..='9' | '.' | ',' => {
                number.push(if letter == ',' { '.' } else { letter });
                continue;
            }
            'm' => 1.0,
            'h' => 60.0,
            'd' => 8.0 * 60.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * unit;
        number.clear();
    }
    (number.is_empty() && total > 0.0).then_some(total.round() as i64)
}

fn estimate(text: &str) -> Result<Option<i64>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = minutes(text).filter(|minutes| (1..=LONGEST_ESTIMATE_MIN).contains(minutes));
    let message = "Write a time as 90m, 1.5h or 2d; at most 1000h.";
    found.map(Some).ok_or_else(|| Error::invalid("estimate", message))
}

/// Minutes as people say them: `45m`, `2h`, `1h 30m`.
pub fn duration(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_said_in_many_ways() {
        for (text, expected) in [
            ("90", Some(90)),
            ("90m", Some(90)),
            ("1.5h", Some(90)),
            ("1,5 h", Some(90)),
            ("1h 30m", Some(90)),
            ("2d", Some(960)),
            ("", None),
            ("h", None),
            ("2x", None),
            ("1h30", None),
            ("..h", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
        assert_eq!([duration(45), duration(120), duration(90)], ["45m", "2h", "1h 30m"]);
    }

    proptest! {
        #[test]
        fn what_is_said_of_a_time_can_be_read_again(minutes_ in 1i64..60_000) {
            prop_assert_eq!(minutes(&duration(minutes_)), Some(minutes_));
        }

        #[test]
        fn ids_come_back_as_they_were(ids in proptest::collection::btree_set(1i64..1000, 0..20)) {
            let ids: Vec<i64> = ids.into_iter().collect();
            prop_assert_eq!(ids_in(&joined(&ids)), Some(ids));
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,60}") {
            let choices = Choices { statuses: &[], members: &[], labels: &[] };
            for field in Field::ALL {
                let _ = Value::parse(field, &text, &choices);
            }
        }
    }
}
