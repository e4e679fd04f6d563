//! The skills that are there, as a file may mean them: by name, or by an alias.

use std::collections::{HashMap, HashSet};

use super::skills::WantedSkill;
use crate::plugins::skills::catalogue::labels::model::Labels;
use crate::plugins::skills::categories::tree::Tree;
use crate::plugins::skills::levels::Scale;
use crate::plugins::skills::scales::Scales;
use crate::tables::quoted;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownSkill {
    pub id: i64,
    pub category: String,
    pub name: String,
    pub description: String,
    pub uri: String,
    pub scale_id: i64,
    pub owner_id: Option<i64>,
    pub owner: Option<String>,
    pub active: bool,
    pub version: i64,
}

/// Who looks after a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub id: i64,
    pub name: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    pub description: String,
    pub uri: String,
    pub aliases: Vec<String>,
    pub tags: Vec<String>,
    pub owner: Option<Owner>,
}

impl Details {
    /// The order of aliases and tags means nothing.
    pub fn is_same(&self, other: &Details) -> bool {
        let set = |list: &[String]| list.iter().cloned().collect::<HashSet<String>>();
        self.description == other.description
            && self.uri == other.uri
            && self.owner == other.owner
            && set(&self.aliases) == set(&other.aliases)
            && set(&self.tags) == set(&other.tags)
    }
}

/// Everything that planning holds a file of skills against.
pub struct Known {
    pub skills: Vec<KnownSkill>,
    /// By the id of the skill.
    pub labels: HashMap<i64, Labels>,
    /// By address and by name, in lower case: whoever the file may mean.
    pub people: HashMap<String, Vec<Owner>>,
    pub categories: Tree,
}

/// The skills that are there, and the scales for new ones.
pub struct Catalogue<'a> {
    known: &'a Known,
    by_name: HashMap<&'a str, Vec<&'a KnownSkill>>,
    /// In lower case, of skills that are not archived.
    by_alias: HashMap<String, Vec<&'a KnownSkill>>,
    pub categories: &'a Tree,
    pub scales: &'a Scales,
    /// None when no preset holds every level of the file.
    pub default_scale: Option<&'a Scale>,
}

impl<'a> Catalogue<'a> {
    pub fn new(known: &'a Known, scales: &'a Scales, default_scale: Option<&'a Scale>) -> Self {
        let mut by_name: HashMap<&str, Vec<&KnownSkill>> = HashMap::new();
        let mut by_alias: HashMap<String, Vec<&KnownSkill>> = HashMap::new();
        for skill in &known.skills {
            by_name.entry(&skill.name).or_default().push(skill);
            let labels = known.labels.get(&skill.id).filter(|_| skill.active);
            for alias in labels.map_or(&[][..], |labels| &labels.aliases) {
                by_alias.entry(alias.to_lowercase()).or_default().push(skill);
            }
        }
        Catalogue { known, by_name, by_alias, categories: &known.categories, scales, default_scale }
    }

    /// A name goes before an alias, unless it is the name of an archived skill: what was merged into another is meant there.
    pub fn find(&self, wanted: &WantedSkill<'_>) -> Result<Option<&'a KnownSkill>, String> {
        let is_there = |skill: &&KnownSkill| wanted.category.is_none_or(|category| skill.category == category);
        let fitting = |skills: Option<&Vec<&'a KnownSkill>>| -> Vec<&'a KnownSkill> {
            skills.into_iter().flatten().copied().filter(is_there).collect()
        };
        let namesakes = fitting(self.by_name.get(wanted.name));
        let aliases = match namesakes.iter().any(|skill| skill.active) {
            true => Vec::new(),
            false => fitting(self.by_alias.get(&wanted.name.to_lowercase())),
        };
        match (aliases.as_slice(), namesakes.as_slice()) {
            ([only], _) | ([], [only]) => Ok(Some(only)),
            ([], []) => Ok(None),
            ([], several) => {
                let (count, name) = (several.len(), quoted(wanted.name));
                Err(format!("{count} categories have a skill {name}; tell which one in a column “category”"))
            }
            (several, _) => {
                let mut names: Vec<String> = several.iter().map(|skill| quoted(&skill.name)).collect();
                names.sort();
                let alias = quoted(wanted.name);
                Err(format!(
                    "{alias} is an alias of {}; write the name of the one that is meant",
                    names.join(" and of ")
                ))
            }
        }
    }

    pub fn details(&self, known: &KnownSkill) -> Details {
        let labels = self.known.labels.get(&known.id).cloned().unwrap_or_default();
        Details {
            description: known.description.clone(),
            uri: known.uri.clone(),
            aliases: labels.aliases,
            tags: labels.tags,
            owner: known.owner_id.zip(known.owner.clone()).map(|(id, name)| Owner { id, name }),
        }
    }

    pub fn owner(&self, typed: &str) -> Result<Owner, String> {
        match self.known.people.get(&typed.to_lowercase()).map_or(&[][..], Vec::as_slice) {
            [] => Err(format!("there is nobody called {}", quoted(typed))),
            [only] => Ok(only.clone()),
            several => Err(format!("{} people are called {}; write the address", several.len(), quoted(typed))),
        }
    }
}
