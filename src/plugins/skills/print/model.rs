//! Puts the windows of the matrix together as they go to paper.

use super::super::matrix::filter::View;
use super::super::matrix::model::{MAX_LINES, Mark, PersonRow, SkillColumn, Span, Window, window};
use super::super::scales::Scales;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use std::sync::Arc;

/// Some thirty pages; more is no use on paper, and would take a browser minutes to lay out.
pub const MAX_CELLS: i64 = 20_000;
/// Columns beside a name that fit the width of a landscape A4 page.
pub const COLUMNS: i64 = 28;

/// Everybody, with some of the skills.
pub struct Block {
    /// The place of its first skill among all, from 0 on.
    pub first: i64,
    pub skills: Vec<SkillColumn>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub person: PersonRow,
    pub marks: Vec<Mark>,
}

/// The whole matrix of a view, or how large it would be.
pub struct Sheets {
    pub people: i64,
    pub skills: i64,
    /// Empty where there is nothing, or too much.
    pub blocks: Vec<Block>,
    pub scales: Arc<Scales>,
}

impl Sheets {
    pub fn is_too_large(&self) -> bool {
        self.people * self.skills > MAX_CELLS
    }
}

pub async fn sheets(app: &App, actor: &Actor, view: &View) -> Result<Sheets> {
    let first = read(app, actor, view, 0, 0).await?;
    let (people, skills) = (first.extent.people, first.extent.skills);
    let mut sheets = Sheets { people, skills, blocks: Vec::new(), scales: first.scales.clone() };
    if people == 0 || skills == 0 || sheets.is_too_large() {
        return Ok(sheets);
    }
    for column in (0..skills).step_by(COLUMNS as usize) {
        sheets.blocks.push(block(app, actor, view, column, first.extent.lines).await?);
    }
    Ok(sheets)
}

async fn block(app: &App, actor: &Actor, view: &View, column: i64, lines: i64) -> Result<Block> {
    let mut block = Block { first: column, skills: Vec::new(), rows: Vec::new() };
    for line in (0..lines).step_by(MAX_LINES as usize) {
        let window = read(app, actor, view, line, column).await?;
        let marks: Vec<Vec<Mark>> = (0..window.people.len()).map(|index| window.row(index).to_vec()).collect();
        block.rows.extend(window.people.into_iter().zip(marks).map(|(person, marks)| Row { person, marks }));
        block.skills = window.skills;
    }
    Ok(block)
}

async fn read(app: &App, actor: &Actor, view: &View, line: i64, column: i64) -> Result<Window> {
    window(app, actor, view, Span { line, lines: MAX_LINES, column, columns: COLUMNS }).await
}
