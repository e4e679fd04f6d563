//! The wide form: one row for each person, one column for each skill.

use crate::tables::{Problem, Row, Table, quoted};

use super::people::{Found, People, PersonColumns};
use super::skills::{SkillRef, Skills};
use super::{Findings, LevelText, Rating, RatingDetails, RatingFile};

pub(super) fn read(table: &Table) -> Result<RatingFile, Vec<Problem>> {
    let mut findings = Findings::new(table);
    let Some(columns) = PersonColumns::find(table, &mut findings) else {
        return Err(findings.problems.into_problems());
    };
    let mut people = People::new(columns);
    let (first, skills) = skills(table, &mut findings);
    let mut ratings = Vec::new();
    for row in table.rows() {
        if let Some(person) = person(&mut people, row, &mut findings) {
            read_levels(row, person, first, &skills, &mut ratings, &mut findings);
        }
    }
    let people = people.into_people(&mut findings);
    if !findings.problems.is_empty() {
        return Err(findings.problems.into_problems());
    }
    let notices = findings.notices.into_notices();
    Ok(RatingFile { people, skills: skills.list, ratings, notices, level_column: None })
}

/// The skills and the column of the first one. They come after the person's details; among them a detail's name would
/// be ambiguous.
fn skills(table: &Table, findings: &mut Findings) -> (usize, Skills) {
    let is_detail = |header: &String| PersonColumns::NAMES.contains(&header.to_lowercase().as_str());
    let first = table.header.iter().position(|header| !is_detail(header)).unwrap_or(table.header.len());
    let mut skills = Skills::default();
    for header in &table.header[first..] {
        if is_detail(header) {
            let message =
                format!("the column stands among the skills; move it before {}", quoted(&table.header[first]));
            findings.problems.push(Problem::cell(table.header_row, header.clone(), message));
        }
        let (row, column, name) = (table.header_row, header.clone(), header.clone());
        skills.add(SkillRef { row, column, category: None, name, scale: None }, findings);
    }
    if skills.list.is_empty() {
        let message =
            "the header names no skill: neither a column “skill” (long form) nor columns of skills (wide form)";
        findings.problems.push(Problem::row(table.header_row, message));
    }
    (first, skills)
}

fn person(people: &mut People, row: Row<'_>, findings: &mut Findings) -> Option<usize> {
    match people.take(row, findings)? {
        Found::New(person) => Some(person),
        Found::Known(person) => {
            let first = people.get(person);
            let name = quoted(first.name.as_ref().or(first.email.as_ref()).map_or("", String::as_str));
            let message = format!("{name} stands in row {} already; one row holds all ratings of a person", first.row);
            findings.problems.push(Problem::row(row.number, message));
            None
        }
    }
}

fn read_levels(
    row: Row<'_>,
    person: usize,
    first: usize,
    skills: &Skills,
    ratings: &mut Vec<Rating>,
    findings: &mut Findings,
) {
    for (skill, named) in skills.list.iter().enumerate() {
        let cell = row.cell(first + skill);
        if !cell.is_empty() {
            findings.check_name(row.number, &named.column, cell);
            let level = LevelText::of(cell);
            let details = RatingDetails::default();
            ratings.push(Rating { row: row.number, person, skill, level, interest: None, note: None, details });
        }
    }
}
