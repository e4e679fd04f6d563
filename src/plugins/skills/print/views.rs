//! The sheets, as they are seen before they are printed. What the paper looks like is said in `assets/css/8-print.css`.

use super::super::categories::category_title;
use super::super::levels::{Scale, Standing};
use super::super::matrix::choices::Choices;
use super::super::matrix::filter::{LevelRule, View};
use super::super::matrix::model::{Mark, SkillColumn, team_title};
use super::super::scales::Scales;
use super::model::{Block, MAX_CELLS, Row, Sheets};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Glyph, empty_state, level, page_head};
use jiff::civil::Date;
use maud::{Markup, html};

pub struct Page<'a> {
    pub view: &'a View,
    pub choices: &'a Choices,
    pub sheets: &'a Sheets,
    /// Whether teams follow each other on a page.
    pub flows: bool,
    /// The day that it shows.
    pub day: Date,
}

pub fn show(page: &Page) -> Markup {
    let about = "Landscape A4. Your browser's print dialog (Ctrl+P) prints it, or saves it as PDF.";
    let actions = html! {
        @if !page.sheets.blocks.is_empty() {
            (layout_switch(page))
            button.btn.btn-primary.needs-js type="button" data-print { (icon(Icon::Print)) "Print" }
        }
    };
    html! {
        div.print-hide { (page_head(&[("Skills matrix", &address("/skills", page.view, ""))], "Print the matrix", Some(about), actions)) }
        @if page.sheets.blocks.is_empty() { (nothing(page)) } @else { (sheets(page)) }
    }
}

fn address(path: &str, view: &View, more: &str) -> String {
    let query =
        [view.query().as_str(), more].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn layout_switch(page: &Page) -> Markup {
    let (more, text) =
        if page.flows { ("", "Each team on its own page") } else { ("pages=flow", "Teams one below the other") };
    html! { a.btn.btn-outline-secondary href=(address("/skills/print", page.view, more)) { (text) } }
}

fn nothing(page: &Page) -> Markup {
    let Sheets { people, skills, .. } = page.sheets;
    let back = html! { a.btn.btn-primary href=(address("/skills", page.view, "")) { "Back to the matrix" } };
    if page.sheets.is_too_large() {
        let text = format!(
            "{people} people × {skills} skills are {} cells. Up to {MAX_CELLS} can be printed at once: filter by team or category first.",
            people * skills
        );
        return empty_state(Icon::Filter, "Too large for paper", &text, back);
    }
    empty_state(Icon::MagnifyingGlass, "Nothing to print", "No person or no skill fits these filters.", back)
}

fn sheets(page: &Page) -> Markup {
    html! {
        div.print-preview tabindex="0" role="region" aria-label="Sheets" {
            (legend(&page.sheets.scales, &page.sheets.blocks))
            @if page.flows {
                @for block in &page.sheets.blocks { (table(page, block, &block.rows.iter().collect::<Vec<_>>(), None)) }
            } @else {
                @for team in teams(&page.sheets.blocks[0].rows) {
                    @for block in &page.sheets.blocks {
                        @let rows: Vec<&Row> = block.rows.iter().filter(|row| row.person.team_id == team).collect();
                        (table(page, block, &rows, rows.first().map(|row| team_title(row.person.team.as_deref()))))
                    }
                }
            }
        }
    }
}

/// The teams in the order of the rows.
fn teams(rows: &[Row]) -> Vec<Option<i64>> {
    rows.chunk_by(|one, other| one.person.team_id == other.person.team_id)
        .map(|chunk| chunk[0].person.team_id)
        .collect()
}

/// `team` stands in the head when it is the only one, else above its people.
fn table(page: &Page, block: &Block, rows: &[&Row], team: Option<&str>) -> Markup {
    let same_team = |one: &&Row, other: &&Row| one.person.team_id == other.person.team_id;
    html! {
        table.print-grid {
            thead {
                tr.sheet { th colspan=(block.skills.len() + 1) { span { (sheet_title(page, block, team)) } span { (subject(page)) } } }
                tr.categories {
                    th.person scope="col" rowspan="2" { "Person" }
                    @for chunk in block.skills.chunk_by(|one, other| one.category_id == other.category_id) {
                        th scope="colgroup" colspan=(chunk.len()) { div { (category_title(&chunk[0].category)) } }
                    }
                }
                tr.skills { @for skill in &block.skills { th scope="col" { span { (skill.name) } } } }
            }
            @for people in rows.chunk_by(same_team) {
                tbody {
                    @if team.is_none() {
                        tr.team { th colspan=(block.skills.len() + 1) scope="rowgroup" { (team_title(people[0].person.team.as_deref())) } }
                    }
                    @for row in people { (person_row(&page.sheets.scales, block, row)) }
                }
            }
        }
    }
}

fn sheet_title(page: &Page, block: &Block, team: Option<&str>) -> String {
    let last = block.first + block.skills.len() as i64;
    let skills = match page.sheets.blocks.len() {
        1 => String::new(),
        _ => format!(" · skills {}–{last} of {}", block.first + 1, page.sheets.skills),
    };
    format!("{}{skills}", team.unwrap_or("Skills matrix"))
}

/// The day, and the filter in words.
fn subject(page: &Page) -> String {
    let filter = &page.view.filter;
    let choices = page.choices;
    let named = |what: &str, name: Option<String>| name.map(|name| format!("{what} {name}"));
    let quoted = |what: &str, text: &str| Some(format!("{what} “{text}”")).filter(|_| !text.is_empty());
    let parts = [
        Some(page.day.strftime("%-d %B %Y").to_string()),
        named("team", filter.team_id.and_then(|id| choices.team(id))),
        named("role", filter.job_role_id.and_then(|id| choices.job_role(id))),
        named("category", filter.category_id.and_then(|id| choices.category(id))),
        quoted("tag", &filter.tag),
        quoted("person", &filter.person),
        quoted("skill", &filter.skill),
        filter.level.map(level_rule),
        filter.gaps_only.then(|| "gaps only".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn level_rule(rule: LevelRule) -> String {
    match rule {
        LevelRule::AtLeast(level) => format!("level {level} or more"),
        LevelRule::Exactly(level) => format!("level {level}"),
    }
}

fn person_row(scales: &Scales, block: &Block, row: &Row) -> Markup {
    html! {
        tr {
            th.person scope="row" { (row.person.name) }
            @for (skill, mark) in block.skills.iter().zip(&row.marks) { (cell(scale_of(scales, skill), *mark)) }
        }
    }
}

fn scale_of<'a>(scales: &'a Scales, skill: &SkillColumn) -> &'a Scale {
    scales.get(skill.scale_id).expect("a foreign key keeps the scale of every skill")
}

fn cell(scale: &Scale, mark: Mark) -> Markup {
    let (class, text) = match mark.standing {
        Standing::Unset => ("", String::new()),
        Standing::NotApplicable => (Glyph::NotApplicable.class(), "n/a".to_owned()),
        Standing::At(at) => (scale.glyph(at).class(), scale.code(at)),
    };
    let interest = match mark.interest.map(|interest| interest.value()) {
        Some(1) => "in1",
        Some(2) => "in2",
        Some(3) => "in3",
        _ => "",
    };
    html! { td class={ (class) " " (interest) @if mark.lapsed { " lapsed" } } { (text) } }
}

/// What the marks mean, for each scale that is on the sheets.
fn legend(scales: &Scales, blocks: &[Block]) -> Markup {
    let used = |scale: &&Scale| blocks.iter().flat_map(|block| &block.skills).any(|skill| skill.scale_id == scale.id);
    html! {
        div.print-legend {
            @for scale in scales.all().iter().filter(used) {
                p {
                    strong { (scale.name) } " "
                    @for named in &scale.levels { span { (level(scale.glyph(named.level), &named.code)) " " (named.name) } " " }
                }
            }
            p {
                span { (level(Glyph::NotApplicable, "n/a")) " not applicable" } " "
                span { span.level { "\u{a0}" } " not rated yet" } " "
                span { span.level.in3 { "\u{a0}" } " interest: one to three dots" } " "
                span { span.level.lq3.lapsed { "3" } " expired or suspended: does not count" }
            }
        }
    }
}
