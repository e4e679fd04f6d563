//! The skills that a file names, each once: a skill is its category and its name, to the letter.

use std::collections::HashMap;

use crate::tables::quoted;

use super::Findings;

/// A skill as a rating file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillRef {
    /// Where the skill was first named (1-based).
    pub row: u32,
    /// The header of the column in which it is named.
    pub column: String,
    /// None where the file has no such column; empty where the skill has no category.
    pub category: Option<String>,
    pub name: String,
    /// The scale that the file asks for, if it does.
    pub scale: Option<String>,
}

#[derive(Default)]
pub(super) struct Skills {
    pub list: Vec<SkillRef>,
    index: HashMap<(String, String), usize>,
    /// The first skill of each spelling without regard to case.
    spellings: Spellings,
}

impl Skills {
    pub fn find(&self, category: &str, name: &str) -> Option<usize> {
        self.index.get(&(category.to_owned(), name.to_owned())).copied()
    }

    pub fn add(&mut self, skill: SkillRef, findings: &mut Findings) -> usize {
        let category = skill.category.clone().unwrap_or_default();
        findings.check_name(skill.row, &skill.column, &skill.name);
        self.spellings.note(skill.row, &category, &skill.name, findings);
        self.index.insert((category, skill.name.clone()), self.list.len());
        self.list.push(skill);
        self.list.len() - 1
    }
}

/// Tells of names that differ only by case: they are different skills, but often they were not meant to be.
#[derive(Default)]
pub(super) struct Spellings {
    first: HashMap<(String, String), (String, String)>,
}

impl Spellings {
    /// Takes the name of a skill that the file has not named before.
    pub fn note(&mut self, row: u32, category: &str, name: &str, findings: &mut Findings) {
        let folded = (category.to_lowercase(), name.to_lowercase());
        match self.first.get(&folded) {
            None => {
                self.first.insert(folded, (category.to_owned(), name.to_owned()));
            }
            Some((_, first)) if first != name => {
                let notice = format!("row {row}: {} differs from {} only by case", quoted(name), quoted(first));
                findings.notices.push(notice);
            }
            Some((first, _)) => {
                let (category, first) = (quoted(category), quoted(first));
                findings.notices.push(format!("row {row}: the category {category} differs from {first} only by case"));
            }
        }
    }
}
