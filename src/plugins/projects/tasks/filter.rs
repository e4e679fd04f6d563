//! Which tasks are shown, and in which order: it lives in the address, so that every view of it can be linked and saved.

use super::values::Priority;
use crate::clock::start_of;
use crate::db::{Query, contains};
use crate::web::form::id_of;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// A task that nobody touched for so long is stalled.
pub const STALLED_MS: i64 = 14 * 24 * 3_600_000;

/// The parameters as they stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FilterFields {
    /// A part of the title, or a number.
    pub q: String,
    /// `open` if it is left out, `stalled`, `done`, `all`, or the id of a status.
    pub status: String,
    /// `me`, `nobody`, or an id.
    pub assignee: String,
    pub label: String,
    /// A name, or `none`.
    pub priority: String,
    /// `overdue`, `week` or `none`.
    pub due: String,
    pub sort: String,
    /// How many stand before the first one that is shown.
    pub offset: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Open,
    /// Open, and touched by nobody for two weeks.
    Stalled,
    Done,
    All,
    In(i64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assigned {
    #[default]
    Anyhow,
    Me,
    Nobody,
    To(i64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    #[default]
    Anytime,
    Overdue,
    /// Until a week from today, what is overdue included.
    Week,
    Never,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    Updated,
    Priority,
    Due,
}

impl Sort {
    pub const ALL: [(Sort, &'static str, &'static str); 4] = [
        (Sort::Newest, "newest", "Newest first"),
        (Sort::Updated, "updated", "Last changed first"),
        (Sort::Priority, "priority", "By priority"),
        (Sort::Due, "due", "By due day"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(sort, _, _)| *sort == self).map_or("newest", |(_, name, _)| name)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub stage: Stage,
    pub assigned: Assigned,
    pub label: Option<i64>,
    pub priority: Option<Priority>,
    pub due: Due,
    pub sort: Sort,
    pub offset: i64,
}

impl From<&FilterFields> for Filter {
    /// What cannot be read filters nothing: an old link then still shows something.
    fn from(fields: &FilterFields) -> Self {
        Filter {
            text: fields.q.trim().chars().take(100).collect(),
            stage: match fields.status.as_str() {
                "stalled" => Stage::Stalled,
                "done" => Stage::Done,
                "all" => Stage::All,
                other => id_of(other).map_or(Stage::Open, Stage::In),
            },
            assigned: match fields.assignee.as_str() {
                "me" => Assigned::Me,
                "nobody" => Assigned::Nobody,
                other => id_of(other).map_or(Assigned::Anyhow, Assigned::To),
            },
            label: id_of(&fields.label),
            priority: Some(fields.priority.as_str()).filter(|name| !name.is_empty()).and_then(Priority::from_name),
            due: match fields.due.as_str() {
                "overdue" => Due::Overdue,
                "week" => Due::Week,
                "none" => Due::Never,
                _ => Due::Anytime,
            },
            sort: Sort::ALL
                .into_iter()
                .find(|(_, name, _)| *name == fields.sort)
                .map_or(Sort::Newest, |(sort, _, _)| sort),
            offset: id_of(&fields.offset).unwrap_or(0).min(1_000_000),
        }
    }
}

impl Filter {
    /// Whether anything is left out beside what is done.
    pub fn is_narrow(&self) -> bool {
        let plain = Filter { stage: Stage::Open, sort: self.sort, offset: 0, ..Filter::default() };
        Filter { offset: 0, ..self.clone() } != plain
    }

    /// The parameters that are not at their default, in one order, as `serde_urlencoded` writes them.
    pub fn query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", Some(self.text.clone()).filter(|text| !text.is_empty()));
        add("status", self.stage_text());
        add("assignee", self.assigned_text());
        add("label", self.label.map(|id| id.to_string()));
        add("priority", self.priority.map(|priority| priority.name().to_owned()));
        add("due", self.due_text().map(str::to_owned));
        add("sort", Some(self.sort).filter(|sort| *sort != Sort::Newest).map(|sort| sort.name().to_owned()));
        add("offset", Some(self.offset).filter(|offset| *offset > 0).map(|offset| offset.to_string()));
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    /// A page with this filter.
    pub fn address(&self, path: &str) -> String {
        match self.query() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    pub fn stage_text(&self) -> Option<String> {
        match self.stage {
            Stage::Open => None,
            Stage::Stalled => Some("stalled".to_owned()),
            Stage::Done => Some("done".to_owned()),
            Stage::All => Some("all".to_owned()),
            Stage::In(id) => Some(id.to_string()),
        }
    }

    pub fn assigned_text(&self) -> Option<String> {
        match self.assigned {
            Assigned::Anyhow => None,
            Assigned::Me => Some("me".to_owned()),
            Assigned::Nobody => Some("nobody".to_owned()),
            Assigned::To(id) => Some(id.to_string()),
        }
    }

    pub fn due_text(&self) -> Option<&'static str> {
        match self.due {
            Due::Anytime => None,
            Due::Overdue => Some("overdue"),
            Due::Week => Some("week"),
            Due::Never => Some("none"),
        }
    }

    /// Binds the parameters of `task_filter!`, in its order. `me` is 0 for who is no person.
    pub fn bind<'e>(&self, query: Query<'e>, me: i64, today: Date) -> Query<'e> {
        let number = self.text.rsplit('-').next().and_then(id_of).unwrap_or(0);
        let query = query.bind(i64::from(!self.text.is_empty())).bind(contains(&self.text)).bind(number);
        let status = if let Stage::In(id) = self.stage { id } else { 0 };
        let query = query.bind(status).bind(status);
        let (how, whom) = match self.assigned {
            Assigned::Anyhow => (0, 0),
            Assigned::Nobody => (1, 0),
            Assigned::Me => (2, me),
            Assigned::To(id) => (2, id),
        };
        let query = query.bind(how).bind(how).bind(whom);
        let label = self.label.unwrap_or(0);
        let query = query.bind(label).bind(label);
        let query =
            query.bind(self.priority.map_or(-1, Priority::number)).bind(self.priority.map_or(-1, Priority::number));
        let last = match self.due {
            Due::Overdue => today.checked_sub(1.day()).unwrap_or(today),
            _ => today.checked_add(7.days()).unwrap_or(today),
        };
        let query = query.bind(i64::from(matches!(self.due, Due::Overdue | Due::Week))).bind(last.to_string());
        let query = query.bind(i64::from(self.due == Due::Never));
        query.bind(i64::from(self.stage == Stage::Stalled)).bind(start_of(today) - STALLED_MS)
    }
}

/// The condition of a filter on the task `t`, but for what is done: which of the two that is decides over the index.
macro_rules! task_filter {
    () => {
        "(? = 0 OR t.title_key LIKE ? ESCAPE '!' OR t.number = ?)
         AND (? = 0 OR t.status_id = ?)
         AND (? = 0 OR (? = 1 AND NOT EXISTS (SELECT 1 FROM task_assignees a WHERE a.task_id = t.id))
              OR EXISTS (SELECT 1 FROM task_assignees a WHERE a.task_id = t.id AND a.person_id = ?))
         AND (? = 0 OR EXISTS (SELECT 1 FROM task_labels tl WHERE tl.task_id = t.id AND tl.label_id = ?))
         AND (? < 0 OR t.priority = ?)
         AND (? = 0 OR t.due_on <= ?)
         AND (? = 0 OR t.due_on IS NULL)
         AND (? = 0 OR t.touched_at < ?)"
    };
}

pub(in super::super) use task_filter;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Filter {
        Filter::from(&serde_urlencoded::from_str::<FilterFields>(query).unwrap())
    }

    #[test]
    fn an_address_says_which_tasks_are_shown() {
        let filter = read("q=pump&status=done&assignee=me&label=3&priority=high&due=week&sort=due&offset=100");
        assert_eq!(filter.stage, Stage::Done);
        assert_eq!(filter.assigned, Assigned::Me);
        assert_eq!(filter.priority, Some(Priority::High));
        assert_eq!(filter.query(), "q=pump&status=done&assignee=me&label=3&priority=high&due=week&sort=due&offset=100");
        assert_eq!(read("status=&assignee=&label=x&priority=&due=never&sort=odd&offset=-4"), Filter::default());
        assert_eq!(Filter::default().address("/projects/QD"), "/projects/QD");
        assert!(!read("sort=due&offset=50").is_narrow() && read("due=none").is_narrow());
    }

    proptest! {
        #[test]
        fn an_address_leads_to_itself(q in "[a-z0-9 %&=-]{0,20}", status in "(|stalled|done|all|7)", assignee in "(|me|nobody|9)", due in "(|overdue|week|none)") {
            let fields = FilterFields { q, status, assignee, due, ..FilterFields::default() };
            let filter = Filter::from(&fields);
            prop_assert_eq!(read(&filter.query()), filter);
        }
    }
}
