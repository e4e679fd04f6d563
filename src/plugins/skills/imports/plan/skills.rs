//! The skills of a file: which are there already, which are new, and on which scale.

use std::collections::HashMap;

use super::super::file::{SkillRef, SkillRow};
use super::catalogue::{Catalogue, Details, KnownSkill, Owner};
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
    pub aliases: Option<&'a [String]>,
    pub tags: Option<&'a [String]>,
    pub owner: Option<&'a str>,
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
            aliases: None,
            tags: None,
            owner: None,
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
            aliases: skill.aliases.as_deref(),
            tags: skill.tags.as_deref(),
            owner: skill.owner.as_deref(),
        }
    }
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
    refuse_twice(&planned, findings);
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

/// By its name and by an alias a file may mean one skill twice.
fn refuse_twice(planned: &[PlannedSkill], findings: &mut Findings) {
    let mut first: HashMap<i64, &PlannedSkill> = HashMap::new();
    for skill in planned {
        let Some(id) = skill.id() else { continue };
        if let Some(first) = first.get(&id) {
            let message = format!("this means the skill {}, as row {} does", quoted(&skill.name), first.row);
            findings.refuse(skill.row, &skill.column, message);
        }
        first.entry(id).or_insert(skill);
    }
}

fn plan_one(wanted: &WantedSkill<'_>, catalogue: &Catalogue<'_>, findings: &mut Findings) -> PlannedSkill {
    let planned = |category: &str, name: &str, scale_id, act| PlannedSkill {
        row: wanted.row,
        column: wanted.column.to_owned(),
        category: category.to_owned(),
        name: name.to_owned(),
        scale_id,
        is_archived: false,
        act,
    };
    let category = wanted.category.unwrap_or_default();
    let owner = wanted.owner.map(|typed| catalogue.owner(typed)).transpose().unwrap_or_else(|message| {
        findings.refuse(wanted.row, "owner", message);
        None
    });
    match catalogue.find(wanted) {
        Ok(Some(known)) => {
            note_alias(wanted, known, findings);
            note_scale(wanted, known, catalogue.scales, findings);
            let act = keep_or_change(wanted, known, owner, catalogue);
            let planned = planned(&known.category, &known.name, Some(known.scale_id), act);
            PlannedSkill { is_archived: !known.active, ..planned }
        }
        Ok(None) => match scale_of(wanted, catalogue) {
            Ok(scale) => {
                let create = SkillAct::Create(details(wanted, owner, Details::default()));
                planned(category, wanted.name, scale.map(|scale| scale.id), create)
            }
            Err(message) => {
                findings.refuse(wanted.row, "scale", message);
                planned(category, wanted.name, None, SkillAct::Refuse)
            }
        },
        Err(message) => {
            findings.refuse(wanted.row, wanted.column, message);
            planned(category, wanted.name, None, SkillAct::Refuse)
        }
    }
}

/// Nobody should look for a skill in vain that was taken for another one.
fn note_alias(wanted: &WantedSkill<'_>, known: &KnownSkill, findings: &mut Findings) {
    if wanted.name != known.name {
        let (row, alias, name) = (wanted.row, quoted(wanted.name), quoted(&known.name));
        findings.notices.push(format!("row {row}: {alias} is an alias of {name}, and is taken for it"));
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

/// What the file says in place of what is there.
fn details(wanted: &WantedSkill<'_>, owner: Option<Owner>, before: Details) -> Details {
    let text = |text: Option<&str>, before: String| text.map_or(before, str::to_owned);
    let list = |list: Option<&[String]>, before: Vec<String>| list.map_or(before, <[String]>::to_vec);
    Details {
        description: text(wanted.description, before.description),
        uri: text(wanted.uri, before.uri),
        aliases: list(wanted.aliases, before.aliases),
        tags: list(wanted.tags, before.tags),
        owner: owner.or(before.owner),
    }
}

fn keep_or_change(
    wanted: &WantedSkill<'_>,
    known: &KnownSkill,
    owner: Option<Owner>,
    catalogue: &Catalogue<'_>,
) -> SkillAct {
    let before = catalogue.details(known);
    let mut after = details(wanted, owner, before.clone());
    // The name by which the file means the skill may be one of them.
    after.aliases.retain(|alias| alias.to_lowercase() != known.name.to_lowercase());
    if before.is_same(&after) {
        return SkillAct::Keep { id: known.id };
    }
    SkillAct::Change { id: known.id, version: known.version, before, after }
}
