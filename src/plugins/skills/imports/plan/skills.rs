//! The skills of a file: which are there already, which are new, and on which scale.

use std::collections::HashMap;

use super::super::file::{SkillRef, SkillRow};
use super::{Findings, New, Newcomers};
use crate::plugins::skills::categories::model::MAX_PATH_CHARS;
use crate::plugins::skills::categories::tree::Tree;
use crate::plugins::skills::levels::Scale;
use crate::plugins::skills::scales::Scales;
use crate::tables::quoted;

/// A skill as a file of either kind asks for it.
pub struct WantedSkill<'a> {
    pub row: u32,
    pub column: &'a str,
    /// None where the file has no such column: then the skill may stand in any category.
    pub category: Option<&'a str>,
    pub name: &'a str,
    pub scale: Option<&'a str>,
    pub description: Option<&'a str>,
    pub uri: Option<&'a str>,
}

impl<'a> From<&'a SkillRef> for WantedSkill<'a> {
    fn from(skill: &'a SkillRef) -> Self {
        WantedSkill {
            row: skill.row,
            column: &skill.column,
            category: skill.category.as_deref(),
            name: &skill.name,
            scale: skill.scale.as_deref(),
            description: None,
            uri: None,
        }
    }
}

impl<'a> From<&'a SkillRow> for WantedSkill<'a> {
    fn from(skill: &'a SkillRow) -> Self {
        WantedSkill {
            row: skill.row,
            column: "name",
            category: skill.category.as_deref(),
            name: &skill.name,
            scale: skill.scale.as_deref(),
            description: skill.description.as_deref(),
            uri: skill.uri.as_deref(),
        }
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownSkill {
    pub id: i64,
    pub category: String,
    pub name: String,
    pub description: String,
    pub uri: String,
    pub scale_id: i64,
    pub active: bool,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub description: String,
    pub uri: String,
}

#[derive(Debug)]
pub struct PlannedSkill {
    pub row: u32,
    pub column: String,
    pub category: String,
    pub name: String,
    /// None where no scale could be found.
    pub scale_id: Option<i64>,
    /// Takes no ratings.
    pub is_archived: bool,
    pub act: SkillAct,
}

#[derive(Debug)]
pub enum SkillAct {
    Create(Details),
    Keep {
        id: i64,
    },
    Change {
        id: i64,
        version: i64,
        before: Details,
        after: Details,
    },
    /// A problem says why.
    Refuse,
}

impl PlannedSkill {
    /// None for what is not there yet.
    pub fn id(&self) -> Option<i64> {
        match self.act {
            SkillAct::Keep { id } | SkillAct::Change { id, .. } => Some(id),
            SkillAct::Create(_) | SkillAct::Refuse => None,
        }
    }
}

/// The skills that are there, and the scales for new ones.
pub struct Catalogue<'a> {
    by_name: HashMap<&'a str, Vec<&'a KnownSkill>>,
    categories: &'a Tree,
    scales: &'a Scales,
    /// None when no preset holds every level of the file.
    default_scale: Option<&'a Scale>,
}

impl<'a> Catalogue<'a> {
    pub fn new(
        skills: &'a [KnownSkill],
        categories: &'a Tree,
        scales: &'a Scales,
        default_scale: Option<&'a Scale>,
    ) -> Self {
        let mut by_name: HashMap<&str, Vec<&KnownSkill>> = HashMap::new();
        for skill in skills {
            by_name.entry(&skill.name).or_default().push(skill);
        }
        Catalogue { by_name, categories, scales, default_scale }
    }

    fn find(&self, wanted: &WantedSkill<'_>) -> Result<Option<&'a KnownSkill>, String> {
        let namesakes = self.by_name.get(wanted.name).map_or(&[][..], Vec::as_slice);
        match (wanted.category, namesakes) {
            (Some(category), _) => Ok(namesakes.iter().copied().find(|skill| skill.category == category)),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some(only)),
            (None, several) => {
                let (count, name) = (several.len(), quoted(wanted.name));
                Err(format!("{count} categories have a skill {name}; tell which one in a column “category”"))
            }
        }
    }
}

/// Plans every skill of the file, and the categories that are not there yet.
pub fn plan<'w>(
    wanted: impl IntoIterator<Item = WantedSkill<'w>>,
    catalogue: &Catalogue<'_>,
    findings: &mut Findings,
) -> (Vec<PlannedSkill>, Vec<New>) {
    let mut first_rows = HashMap::new();
    let planned = wanted.into_iter().map(|wanted| {
        let path = wanted.category.map(|typed| path_of(typed, catalogue.categories)).transpose();
        let path = path.unwrap_or_else(|problem| {
            findings.refuse(wanted.row, "category", problem);
            wanted.category.map(str::to_owned)
        });
        let wanted = WantedSkill { category: path.as_deref(), ..wanted };
        note_same(&wanted, &mut first_rows, findings);
        plan_one(&wanted, catalogue, findings)
    });
    let planned: Vec<PlannedSkill> = planned.collect();
    let known = catalogue.categories.all().iter().map(|category| category.name.as_str());
    let mut newcomers = Newcomers::new(known, "category");
    for skill in planned.iter().filter(|skill| matches!(skill.act, SkillAct::Create(_))) {
        newcomers.name(skill.row, &skill.category);
    }
    let new = newcomers.new;
    (planned, new)
}

/// The whole path of a category as a file writes it.
fn path_of(typed: &str, categories: &Tree) -> Result<String, String> {
    let path = categories.path(&categories.parse(typed)?);
    match path.chars().count() {
        chars if chars > MAX_PATH_CHARS => {
            Err(format!("the path of this category has {chars} characters; at most {MAX_PATH_CHARS} are taken"))
        }
        _ => Ok(path),
    }
}

/// Two ways to write a category may mean the same one, and then two skills are one.
fn note_same(wanted: &WantedSkill<'_>, first_rows: &mut HashMap<(String, String), u32>, findings: &mut Findings) {
    let Some(category) = wanted.category else { return };
    let key = (category.to_owned(), wanted.name.to_owned());
    if let Some(first) = first_rows.get(&key) {
        let (name, path) = (quoted(wanted.name), quoted(category));
        let message =
            format!("{name} of {path} is meant in row {first} already, where the category is written otherwise");
        findings.refuse(wanted.row, wanted.column, message);
    }
    first_rows.entry(key).or_insert(wanted.row);
}

fn plan_one(wanted: &WantedSkill<'_>, catalogue: &Catalogue<'_>, findings: &mut Findings) -> PlannedSkill {
    let planned = |category: &str, scale_id, act| PlannedSkill {
        row: wanted.row,
        column: wanted.column.to_owned(),
        category: category.to_owned(),
        name: wanted.name.to_owned(),
        scale_id,
        is_archived: false,
        act,
    };
    let category = wanted.category.unwrap_or_default();
    match catalogue.find(wanted) {
        Ok(Some(known)) => {
            note_scale(wanted, known, catalogue.scales, findings);
            let planned = planned(&known.category, Some(known.scale_id), keep_or_change(wanted, known));
            PlannedSkill { is_archived: !known.active, ..planned }
        }
        Ok(None) => match scale_of(wanted, catalogue) {
            Ok(scale) => planned(category, scale.map(|scale| scale.id), SkillAct::Create(details(wanted))),
            Err(message) => {
                findings.refuse(wanted.row, "scale", message);
                planned(category, None, SkillAct::Refuse)
            }
        },
        Err(message) => {
            findings.refuse(wanted.row, wanted.column, message);
            planned(category, None, SkillAct::Refuse)
        }
    }
}

fn scale_of<'a>(wanted: &WantedSkill<'_>, catalogue: &Catalogue<'a>) -> Result<Option<&'a Scale>, String> {
    let Some(name) = wanted.scale else { return Ok(catalogue.default_scale) };
    let unknown = || format!("there is no scale {}; there are {}", quoted(name), catalogue.scales.names());
    catalogue.scales.named(name).map(Some).ok_or_else(unknown)
}

/// A skill that is there keeps its scale, because its levels would mean something else on another one.
fn note_scale(wanted: &WantedSkill<'_>, known: &KnownSkill, scales: &Scales, findings: &mut Findings) {
    let Some(name) = wanted.scale else { return };
    let kept = scales.get(known.scale_id);
    if scales.named(name).map(|scale| scale.id) != Some(known.scale_id)
        && let Some(kept) = kept
    {
        let (row, skill, kept, name) = (wanted.row, quoted(wanted.name), quoted(&kept.name), quoted(name));
        findings.notices.push(format!("row {row}: {skill} keeps its scale {kept}, although the file says {name}"));
    }
}

fn details(wanted: &WantedSkill<'_>) -> Details {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Details { description: text(wanted.description), uri: text(wanted.uri) }
}

fn keep_or_change(wanted: &WantedSkill<'_>, known: &KnownSkill) -> SkillAct {
    let before = Details { description: known.description.clone(), uri: known.uri.clone() };
    let after = Details {
        description: wanted.description.map_or_else(|| before.description.clone(), str::to_owned),
        uri: wanted.uri.map_or_else(|| before.uri.clone(), str::to_owned),
    };
    if before == after {
        return SkillAct::Keep { id: known.id };
    }
    SkillAct::Change { id: known.id, version: known.version, before, after }
}
