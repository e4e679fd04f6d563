//! The table of a window, written into one buffer.
//!
//! Thousands of cells are drawn each time, so a cell carries neither an id nor an attribute beyond its class: a script
//! finds out from the row and the header which rating it is. Nothing personal is in here, so that everybody who looks at
//! the same window is sent the same bytes.

use super::super::categories::category_title;
use super::super::coverage::rule::CoverageStatus;
use super::super::coverage::shortages::model::Shortage;
use super::faces::Faces;
use super::model::{PersonRow, SkillColumn, Window, team_title};
use super::sums::model::Tally;
use maud::{Escaper, Markup, PreEscaped};
use std::fmt::Write;

/// Bytes that a cell takes about, to size the buffer.
const CELL_BYTES: usize = 28;

pub fn table(window: &Window) -> Markup {
    let cells = window.marks.len() + window.people.len() + window.skills.len() * 4;
    let mut out = String::with_capacity(2000 + cells * CELL_BYTES);
    let (lines, columns) = (window.extent.lines, window.extent.skills);
    let (top, left, width) = (window.part.top_line, window.column, window.skills.len());
    let _ = write!(
        out,
        "<table class=\"matrix-grid\" id=\"grid\" role=\"grid\" aria-multiselectable=\"true\" aria-label=\"Skills of people\" aria-rowcount=\"{}\" aria-colcount=\"{}\" \
         data-line=\"{top}\" data-column=\"{left}\" data-lines=\"{lines}\" data-columns=\"{columns}\">\
         <colgroup><col class=\"person\"><col class=\"sum\"><col span=\"{}\"></colgroup>",
        lines + 3,
        columns + 2,
        width.max(1)
    );
    head(&mut out, window);
    body(&mut out, window);
    out.push_str("</table>");
    PreEscaped(out)
}

fn head(out: &mut String, window: &Window) {
    let (row_title, row_meaning) = window.mode.row_title();
    let _ = write!(
        out,
        "<thead><tr class=\"categories\"><th class=\"person\" scope=\"col\" rowspan=\"2\">Person</th>\
         <th class=\"sum\" scope=\"col\" rowspan=\"2\" title=\"{row_meaning}\">{row_title}</th>"
    );
    for (name, width) in categories(&window.skills) {
        let _ = write!(out, "<th scope=\"colgroup\" colspan=\"{width}\"><span>");
        escape(out, category_title(name));
        out.push_str("</span></th>");
    }
    out.push_str("</tr><tr class=\"skills\">");
    for skill in &window.skills {
        let scale = window.scale_of(skill);
        let _ = write!(out, "<th scope=\"col\" data-s=\"{}\" data-highest=\"{}\"", skill.id, scale.highest);
        out.push_str(" title=\"");
        escape(out, &skill.name);
        out.push_str(" (");
        escape(out, &scale.name);
        out.push_str(")\"><span>");
        escape(out, &skill.name);
        out.push_str("</span></th>");
    }
    let title = window.mode.column_title();
    let _ =
        write!(out, "</tr><tr class=\"sums\"><th class=\"person\" scope=\"row\">{title}</th><td class=\"sum\"></td>");
    for (index, skill) in window.skills.iter().enumerate() {
        let _ = write!(out, "<td data-s=\"{}\">", skill.id);
        column_sum(out, window, index);
        out.push_str("</td>");
    }
    out.push_str("</tr></thead>");
}

/// What stands above a column: how many people are able and the mean of the levels, `12 · 2.4`, or what the mode counts.
pub fn column_sum(out: &mut String, window: &Window, index: usize) {
    let skill = &window.skills[index];
    if let Some(shortage) = window.shortages.get(&skill.id) {
        warning(out, shortage);
    }
    let _ = match &window.sums {
        Some(sums) => return tally(out, sums.columns[index]),
        None if skill.rated == 0 => write!(out, "–"),
        None => write!(out, "{} · {:.1}", skill.able, skill.level_sum as f64 / skill.rated as f64 / 100.0),
    };
}

/// Too few people have the skill. Its shape tells how bad that is, as the legend says.
fn warning(out: &mut String, shortage: &Shortage) {
    let (class, shape) = shortage_mark(shortage.status);
    let _ = write!(out, "<b class=\"short {class}\" title=\"");
    escape(out, &shortage.text);
    let _ = write!(out, "\">{shape}<span class=\"visually-hidden\"> ");
    escape(out, &shortage.text);
    out.push_str(", </span></b>");
}

/// The class and the shape of a shortage.
pub fn shortage_mark(status: CoverageStatus) -> (&'static str, &'static str) {
    match status {
        CoverageStatus::Nobody => ("none", "✕"),
        CoverageStatus::SinglePoint => ("one", "▲"),
        CoverageStatus::Short | CoverageStatus::Met => ("few", "△"),
    }
}

/// What stands beside a row.
pub fn row_sum(out: &mut String, window: &Window, index: usize) {
    match &window.sums {
        Some(sums) => tally(out, sums.rows[index]),
        None => {
            let _ = write!(out, "{}", window.people[index].able);
        }
    }
}

fn tally(out: &mut String, Tally { part, whole }: Tally) {
    let _ = if whole == 0 { write!(out, "–") } else { write!(out, "{part}/{whole}") };
}

/// The categories side by side, and how many columns each spans.
fn categories(skills: &[SkillColumn]) -> Vec<(&str, usize)> {
    let same = |a: &SkillColumn, b: &SkillColumn| a.category_id == b.category_id;
    skills.chunk_by(same).map(|chunk| (chunk[0].category.as_str(), chunk.len())).collect()
}

fn faces(window: &Window) -> Faces<'_> {
    Faces::new(window.mode, &window.scales, window.now_ms)
}

fn body(out: &mut String, window: &Window) {
    let mut faces = faces(window);
    let same_team = |a: &PersonRow, b: &PersonRow| a.team_id == b.team_id;
    let mut line = window.part.top_line;
    let mut index = 0;
    for team in window.people.chunk_by(same_team) {
        heading(out, window, &team[0], line);
        for person in team {
            line += 1;
            row(out, window, &mut faces, index, person, line);
            index += 1;
        }
        line += 1;
        out.push_str("</tbody>");
    }
}

fn heading(out: &mut String, window: &Window, first: &PersonRow, line: i64) {
    let people = window.extent.groups.iter().find(|group| group.id == first.team_id.unwrap_or(0));
    let people = people.map_or(0, |group| group.people);
    let _ = write!(
        out,
        "<tbody><tr class=\"team\" aria-rowindex=\"{}\"><th colspan=\"2\" scope=\"rowgroup\">",
        aria_row(line)
    );
    escape(out, team_title(first.team.as_deref()));
    let _ = write!(out, " <span class=\"quiet\">{people}</span></th>");
    if !window.skills.is_empty() {
        let _ = write!(out, "<td colspan=\"{}\"></td>", window.skills.len());
    }
    out.push_str("</tr>");
}

fn row(out: &mut String, window: &Window, faces: &mut Faces, index: usize, person: &PersonRow, line: i64) {
    let team = person.team_id.unwrap_or(0);
    let _ = write!(
        out,
        "<tr data-p=\"{0}\" data-t=\"{team}\" aria-rowindex=\"{1}\"><th class=\"person\" scope=\"row\"><a href=\"/skills/people/{0}\">",
        person.id,
        aria_row(line)
    );
    escape(out, &person.name);
    out.push_str("</a>");
    if !person.title.is_empty() {
        out.push_str("<small>");
        escape(out, &person.title);
        out.push_str("</small>");
    }
    out.push_str("</th><td class=\"sum\">");
    row_sum(out, window, index);
    out.push_str("</td>");
    for (skill, mark) in window.skills.iter().zip(window.row(index)) {
        faces.cell(out, skill.scale_id, *mark);
    }
    out.push_str("</tr>");
}

/// The three rows of the header come first, and ARIA counts from 1.
fn aria_row(line: i64) -> i64 {
    line + 4
}

/// One cell by itself, as a saved or changed one is answered. It draws attention to itself for a moment.
pub fn cell(window: &Window) -> Markup {
    let mut cell = String::new();
    faces(window).cell(&mut cell, window.skills[0].scale_id, window.marks[0]);
    let changed = match cell.strip_prefix("<td class=\"") {
        Some(rest) => format!("<td class=\"{}", rest.replacen("\">", " flash-changed\">", 1)),
        None => cell.replacen("<td>", "<td class=\"unset flash-changed\">", 1),
    };
    PreEscaped(changed)
}

fn escape(out: &mut String, text: &str) {
    let _ = Escaper::new(out).write_str(text);
}
