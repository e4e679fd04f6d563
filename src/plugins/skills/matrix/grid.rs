//! The table of a window, written into one buffer.
//!
//! Thousands of cells are drawn each time, so a cell carries neither an id nor an attribute beyond its class: a script
//! finds out from the row and the header which rating it is. Nothing personal is in here, so that everybody who looks at
//! the same window is sent the same bytes.

use super::super::catalogue::model::category_title;
use super::super::levels::{Level, Scale, Standing};
use super::model::{Mark, PersonRow, SkillColumn, Window, team_title};
use maud::{Escaper, Markup, PreEscaped, Render};
use std::collections::HashMap;
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
        "<table class=\"matrix-grid\" id=\"grid\" role=\"grid\" aria-label=\"Skills of people\" aria-rowcount=\"{}\" aria-colcount=\"{}\" \
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
    out.push_str(
        "<thead><tr class=\"categories\"><th class=\"person\" scope=\"col\" rowspan=\"2\">Person</th>\
         <th class=\"sum\" scope=\"col\" rowspan=\"2\" title=\"Skills above level zero\">Skills</th>",
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
    out.push_str("</tr><tr class=\"sums\"><th class=\"person\" scope=\"row\">Able · mean</th><td class=\"sum\"></td>");
    for skill in &window.skills {
        let _ = write!(out, "<td data-s=\"{}\">", skill.id);
        column_summary(out, skill.able, skill.rated, skill.level_sum);
        out.push_str("</td>");
    }
    out.push_str("</tr></thead>");
}

/// How many people are able, and the mean of the levels: `12 · 2.4`.
pub fn column_summary(out: &mut String, able: i64, rated: i64, level_sum: i64) {
    let _ = match rated {
        0 => write!(out, "–"),
        _ => write!(out, "{able} · {:.1}", level_sum as f64 / rated as f64 / 100.0),
    };
}

/// The categories side by side, and how many columns each spans.
fn categories(skills: &[SkillColumn]) -> Vec<(&str, usize)> {
    let same = |a: &SkillColumn, b: &SkillColumn| a.category_id == b.category_id;
    skills.chunk_by(same).map(|chunk| (chunk[0].category.as_str(), chunk.len())).collect()
}

fn body(out: &mut String, window: &Window) {
    let texts = Texts::of(window);
    let same_team = |a: &PersonRow, b: &PersonRow| a.team_id == b.team_id;
    let mut line = window.part.top_line;
    let mut index = 0;
    for team in window.people.chunk_by(same_team) {
        heading(out, window, &team[0], line);
        for person in team {
            line += 1;
            row(out, window, &texts, index, person, line);
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

fn row(out: &mut String, window: &Window, texts: &Texts, index: usize, person: &PersonRow, line: i64) {
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
    let _ = write!(out, "</th><td class=\"sum\">{}</td>", person.able);
    for (skill, mark) in window.skills.iter().zip(window.row(index)) {
        texts.cell(out, skill.scale_id, *mark);
    }
    out.push_str("</tr>");
}

/// The three rows of the header come first, and ARIA counts from 1.
fn aria_row(line: i64) -> i64 {
    line + 4
}

/// What the cells of a window say: each level of each scale is written once and copied from then on.
struct Texts {
    levels: HashMap<(i64, Level), (&'static str, String)>,
}

impl Texts {
    fn of(window: &Window) -> Self {
        let mut levels = HashMap::new();
        for (place, mark) in window.marks.iter().enumerate() {
            let skill = &window.skills[place % window.skills.len()];
            if let Standing::At(level) = mark.standing {
                levels.entry((skill.scale_id, level)).or_insert_with(|| level_text(window.scale_of(skill), level));
            }
        }
        Texts { levels }
    }

    fn cell(&self, out: &mut String, scale_id: i64, mark: Mark) {
        let (class, text) = match mark.standing {
            Standing::Unset => ("", ""),
            Standing::NotApplicable => ("na", "n/a"),
            Standing::At(level) => {
                let (class, text) = &self.levels[&(scale_id, level)];
                (*class, text.as_str())
            }
        };
        out.push_str(opening(class, interest_class(mark)));
        out.push_str(text);
        out.push_str("</td>");
    }
}

fn level_text(scale: &Scale, level: Level) -> (&'static str, String) {
    let mut text = String::new();
    escape(&mut text, &scale.code(level));
    (scale.glyph(level).class(), text)
}

fn interest_class(mark: Mark) -> &'static str {
    match mark.interest.map(|interest| interest.value()) {
        Some(1) => "in1",
        Some(2) => "in2",
        Some(3) => "in3",
        _ => "",
    }
}

/// The opening tag of a cell: constants for all the classes that there are.
fn opening(level: &str, interest: &str) -> &'static str {
    macro_rules! with_interest {
        ($level:literal) => {
            match interest {
                "in1" => concat!("<td class=\"", $level, " in1\">"),
                "in2" => concat!("<td class=\"", $level, " in2\">"),
                "in3" => concat!("<td class=\"", $level, " in3\">"),
                _ => concat!("<td class=\"", $level, "\">"),
            }
        };
    }
    match level {
        "l0" => with_interest!("l0"),
        "lq1" => with_interest!("lq1"),
        "lq2" => with_interest!("lq2"),
        "lq3" => with_interest!("lq3"),
        "lq4" => with_interest!("lq4"),
        "na" => with_interest!("na"),
        _ if interest.is_empty() => "<td>",
        _ => with_interest!("unset"),
    }
}

/// One cell by itself, as a saved or changed one is answered.
pub struct Cell<'a> {
    pub scale: &'a Scale,
    pub mark: Mark,
    /// Draws attention to it for a moment.
    pub changed: bool,
}

impl Render for Cell<'_> {
    fn render_to(&self, out: &mut String) {
        let (class, text) = match self.mark.standing {
            Standing::Unset => ("unset", String::new()),
            Standing::NotApplicable => ("na", "n/a".to_owned()),
            Standing::At(level) => level_text(self.scale, level),
        };
        let changed = if self.changed { " flash-changed" } else { "" };
        let _ = write!(out, "<td class=\"{class} {}{changed}\">{text}</td>", interest_class(self.mark));
    }
}

fn escape(out: &mut String, text: &str) {
    let _ = Escaper::new(out).write_str(text);
}
