//! What the addresses and forms of the people's pages say.

use super::model::{Filter, StateFilter};
use crate::accounts::administration::{Change, Chosen};
use crate::error::{Error, Result};
use crate::web::form::id_of;
use serde::{Deserialize, Serialize};

/// The list as its address tells it. A form sends empty fields too, so that all of them are texts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListQuery {
    pub text: String,
    pub team: String,
    pub role: String,
    pub state: String,
    pub page: String,
    /// The batch that was just made, to offer its undo.
    pub done: String,
}

impl ListQuery {
    pub fn filter(&self) -> Filter {
        Filter {
            text: self.text.clone(),
            team_id: id_of(&self.team),
            role_id: id_of(&self.role),
            state: StateFilter::of(&self.state),
        }
    }

    /// Counted from 1. A number without any sense is the first page.
    pub fn page(&self) -> i64 {
        self.page.parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }

    /// The address of another page of the same list.
    pub fn at(&self, page: i64) -> String {
        self.address(&ListQuery { page: page.to_string(), done: String::new(), ..self.clone() })
    }

    /// The same page, with the undo of what was done.
    pub fn with_done(&self, batch_id: Option<i64>) -> String {
        let done = batch_id.map(|id| id.to_string()).unwrap_or_default();
        self.address(&ListQuery { done, ..self.clone() })
    }

    fn address(&self, query: &ListQuery) -> String {
        format!("/admin/people?{}", serde_urlencoded::to_string(query).unwrap_or_default())
    }

    pub fn is_filtered(&self) -> bool {
        [&self.text, &self.team, &self.role, &self.state].iter().any(|text| !text.trim().is_empty())
    }
}

/// A form about many people: those who are ticked, as `id:version`, and what is to be done with them.
pub struct BatchForm {
    pub chosen: Vec<Chosen>,
    pub change: Result<Change>,
    /// The list that it was sent from.
    pub query: ListQuery,
}

impl BatchForm {
    pub fn of(fields: &[(String, String)]) -> Self {
        let value = |name: &str| fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str());
        let people = fields.iter().filter(|(name, _)| name == "person").filter_map(|(_, value)| chosen(value));
        BatchForm {
            chosen: people.collect(),
            change: change(value("do"), value("role_id"), value("team_id")),
            query: serde_urlencoded::from_str(value("list")).unwrap_or_default(),
        }
    }
}

fn chosen(text: &str) -> Option<Chosen> {
    let (id, version) = text.split_once(':')?;
    Some(Chosen { id: id_of(id)?, version: version.parse().ok()? })
}

fn change(what: &str, role: &str, team: &str) -> Result<Change> {
    let role = || id_of(role).ok_or_else(|| Error::invalid("role", "Choose a role first."));
    match what {
        "deactivate" => Ok(Change::Deactivate),
        "reactivate" => Ok(Change::Reactivate),
        "give" => Ok(Change::GiveRole(role()?)),
        "take" => Ok(Change::TakeRole(role()?)),
        // “No team” is a choice of its own; nothing chosen is none.
        "move" if team == "none" => Ok(Change::Move(None)),
        "move" => match id_of(team) {
            Some(team) => Ok(Change::Move(Some(team))),
            None => Err(Error::invalid("team", "Choose a team first.")),
        },
        _ => Err(Error::invalid("", "Choose what is to be done.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_tells_who_and_what() {
        let fields = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        };
        let form = BatchForm::of(&fields(&[
            ("person", "3:1"),
            ("person", "4:7"),
            ("person", "x:1"),
            ("person", "5"),
            ("person", "-1:1"),
            ("do", "move"),
            ("team_id", "none"),
            ("list", "text=a%20b&page=2"),
        ]));
        assert_eq!(form.chosen, [Chosen { id: 3, version: 1 }, Chosen { id: 4, version: 7 }]);
        assert_eq!(form.change.unwrap(), Change::Move(None));
        assert_eq!((form.query.text.as_str(), form.query.page()), ("a b", 2));
        for pairs in [&[("do", "give")][..], &[("do", "move"), ("team_id", "")], &[("do", "drop")], &[]] {
            assert!(BatchForm::of(&fields(pairs)).change.is_err(), "{pairs:?}");
        }
    }
}
