//! The heat map: a row for each team, a column for each category, the number of gaps in each cell, and a colour by the
//! share of what is required.

use super::super::geometry::{fitted, text_width};
use super::super::svg::{Picture, rect, text};
use super::model::{Count, Gaps, Line};
use maud::{Markup, html};

/// More than this nobody reads; the lines with the most gaps are drawn, and the page says so.
pub const MAX_TEAMS: usize = 40;
pub const MAX_CATEGORIES: usize = 24;

const CELL: (f64, f64) = (46.0, 26.0);
const FONT: f64 = 12.0;
const LONGEST_NAME: f64 = 190.0;
/// Column heads are turned by this, so that they are read without turning the head.
const HEAD_DEGREES: f64 = -50.0;
const LEGEND_HEIGHT: f64 = 46.0;

/// The lines that are drawn, in their order.
pub fn drawn(lines: &[Line], most: usize) -> Vec<&Line> {
    let mut by_gaps: Vec<&Line> = lines.iter().collect();
    by_gaps.sort_by_key(|line| (-line.count.gaps, line.id));
    by_gaps.truncate(most);
    lines.iter().filter(|line| by_gaps.iter().any(|kept| kept.id == line.id)).collect()
}

struct Layout {
    left: f64,
    top: f64,
    right: f64,
}

fn layout(teams: &[&Line], categories: &[&Line]) -> Layout {
    let width = |line: &&Line| text_width(&line.name, FONT).min(LONGEST_NAME);
    let longest = |lines: &[&Line]| lines.iter().map(width).fold(0.0, f64::max);
    let (up, aside) = (HEAD_DEGREES.to_radians().sin().abs(), HEAD_DEGREES.to_radians().cos());
    // How far a name reaches over the edge, which lies half a cell and the cells to its right away.
    let over = |(place, line): (usize, &&Line)| width(line) * aside - CELL.0 * (place as f64 + 0.5);
    let right = categories.iter().rev().enumerate().map(over).fold(0.0, f64::max) + 12.0;
    Layout { left: longest(teams) + 16.0, top: longest(categories) * up + 20.0, right }
}

/// The size of the picture, in pixels.
pub fn size(gaps: &Gaps) -> (f64, f64) {
    let (teams, categories) = (drawn(&gaps.teams, MAX_TEAMS), drawn(&gaps.categories, MAX_CATEGORIES));
    let layout = layout(&teams, &categories);
    let width = layout.left + CELL.0 * categories.len() as f64 + layout.right;
    (width.max(330.0), layout.top + CELL.1 * teams.len() as f64 + LEGEND_HEIGHT)
}

pub fn draw(gaps: &Gaps) -> Picture {
    let (teams, categories) = (drawn(&gaps.teams, MAX_TEAMS), drawn(&gaps.categories, MAX_CATEGORIES));
    let layout = layout(&teams, &categories);
    let (width, height) = size(gaps);
    let content = html! {
        @for (column, category) in categories.iter().enumerate() { (head(category, column, &layout)) }
        @for (row, team) in teams.iter().enumerate() {
            @let y = layout.top + CELL.1 * row as f64;
            (text(layout.left - 8.0, y + 17.0, "e", &fitted(&team.name, FONT, LONGEST_NAME)))
            @for (column, category) in categories.iter().enumerate() {
                (cell(gaps.cell(team, category), layout.left + CELL.0 * column as f64, y))
            }
        }
        (legend(layout.left, height - 26.0))
    };
    Picture { title: "Gaps by team and category".to_owned(), width, height, content }
}

fn head(category: &Line, column: usize, layout: &Layout) -> Markup {
    let x = layout.left + CELL.0 * column as f64 + CELL.0 / 2.0;
    let y = layout.top - 8.0;
    let name = fitted(&category.name, FONT, LONGEST_NAME);
    html! { text x=(x) y=(y) transform={ "rotate(" (HEAD_DEGREES) " " (x) " " (y) ")" } { (name) } }
}

fn cell(count: Count, x: f64, y: f64) -> Markup {
    let tone = tone(count);
    let class = if tone == 4 { "m on4" } else { "m" };
    html! {
        @if count.required > 0 {
            (rect((x + 1.0, y + 1.0), (CELL.0 - 2.0, CELL.1 - 2.0), &format!("g{tone}")))
            (text(x + CELL.0 / 2.0, y + 17.0, class, &count.gaps.to_string()))
        } @else {
            (text(x + CELL.0 / 2.0, y + 17.0, "m q", "·"))
        }
    }
}

/// 0 for no gap, 1 to 4 for each quarter of what is required.
pub fn tone(count: Count) -> u8 {
    match count.share() {
        share if share <= 0.0 => 0,
        share if share <= 0.25 => 1,
        share if share <= 0.5 => 2,
        share if share <= 0.75 => 3,
        _ => 4,
    }
}

fn legend(x: f64, y: f64) -> Markup {
    let labels = ["none", "to ¼", "to ½", "to ¾", "to all"];
    html! {
        @for (tone, label) in labels.iter().enumerate() {
            @let x = x.min(60.0) + 62.0 * tone as f64;
            (rect((x, y), (14.0, 14.0), &format!("g{tone}")))
            (text(x + 19.0, y + 11.0, "s q", label))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i64, gaps: i64) -> Line {
        Line { id, name: format!("Line {id}"), count: Count { required: 10, gaps } }
    }

    #[test]
    fn the_lines_with_the_most_gaps_are_drawn_in_their_order() {
        let lines = [line(1, 2), line(2, 9), line(3, 0), line(4, 5)];
        let drawn: Vec<i64> = drawn(&lines, 2).iter().map(|line| line.id).collect();
        assert_eq!(drawn, [2, 4]);
    }

    #[test]
    fn a_tone_for_each_quarter() {
        let tones = [0, 1, 25, 26, 50, 75, 76, 100].map(|gaps| tone(Count { required: 100, gaps }));
        assert_eq!(tones, [0, 1, 1, 2, 2, 3, 4, 4]);
        assert_eq!(tone(Count::default()), 0);
    }
}
