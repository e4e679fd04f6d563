//! The trend's page, with the table of its months.

use super::super::frame;
use super::super::model::Choices;
use super::super::scope::{Parameters, Scope};
use super::super::svg::figure;
use super::model::Trend;
use super::picture;
use crate::error::Invalid;
use crate::web::assets::Icon;
use crate::web::components::empty_state;
use maud::{Markup, html};

pub const ADDRESS: &str = "/skills/insights/trend";

/// What stands below the filters.
pub enum Content<'a> {
    Trend(&'a Trend),
    /// No skill is chosen yet.
    Nothing,
    /// Nothing was recorded before this moment.
    Before(i64),
    Invalid(&'a Invalid),
}

pub fn index(parameters: &Parameters, skill: &str, scope: &Scope, choices: &Choices, content: &Content) -> Markup {
    let about = "How a skill came and went: the mean level and the number of people who are able, month by month.";
    let invalid = if let Content::Invalid(invalid) = content { Some(*invalid) } else { None };
    let shown_skill = if let Content::Trend(trend) = content { trend.skill.name.as_str() } else { skill };
    let fields = html! {
        (skill_field(shown_skill, invalid.and_then(|invalid| invalid.of("skill"))))
        (frame::team_field(choices, scope.team_id, "All teams"))
        (frame::day_field(&parameters.as_of, invalid))
    };
    let body = match content {
        Content::Trend(trend) => shown(scope, trend),
        Content::Nothing => empty_state(
            Icon::ChartColumn,
            "Which skill?",
            "Type the name of a skill to see how it developed.",
            html! {},
        ),
        Content::Before(first) => frame::before_history(scope, *first, ADDRESS),
        Content::Invalid(_) => html! {},
    };
    let content = html! { div id="insight" { (frame::filters(ADDRESS, fields)) (body) } };
    frame::page(ADDRESS, about, content)
}

fn skill_field(value: &str, error: Option<&str>) -> Markup {
    html! {
        div {
            label.visually-hidden for="insight-skill" { "Skill" }
            input.form-control.is-invalid[error.is_some()] id="insight-skill" name="skill" value=(value) list="insight-skills"
                placeholder="Type a skill" maxlength="400" autocomplete="off" aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| "insight-skill-error")]
                hx-get="/skills/finder/suggestions" hx-trigger="input delay:150ms" hx-target="#insight-skills"
                hx-swap="innerHTML" hx-sync="this:replace";
            datalist id="insight-skills" {}
            @if let Some(error) = error { div.invalid-feedback id="insight-skill-error" { (error) } }
        }
    }
}

fn shown(scope: &Scope, trend: &Trend) -> Markup {
    if trend.months.is_empty() {
        let text = "Nobody was ever rated on this skill here. Rate people in the matrix, or choose all teams.";
        let action = html! { a.btn.btn-primary href=(scope.matrix(&[("skill", trend.skill.name.clone())])) { "Open the matrix" } };
        return empty_state(Icon::ChartColumn, "No history yet", text, action);
    }
    let first = [("skill", trend.skill.id.to_string())];
    let address = format!("{ADDRESS}.svg?{}", scope.query_with(&first));
    html! {
        div.picture-beside {
            (figure(&address, picture::size(trend), &alt(trend)))
            (table(scope, trend))
        }
        p.quiet { "Of people who are active today. What has expired or is suspended at the end of a month does not count." }
    }
}

fn alt(trend: &Trend) -> String {
    let (Some(first), Some(last)) = (trend.months.first(), trend.months.last()) else { return String::new() };
    format!(
        "{} over {} months: {} able people at first, {} now; the mean level went from {} to {}. The table has the numbers.",
        trend.skill.name,
        trend.months.len(),
        first.able,
        last.able,
        mean(trend.mean(0)),
        mean(last.mean)
    )
}

fn mean(mean: Option<f64>) -> String {
    mean.map_or_else(|| "–".to_owned(), |mean| format!("{:.1}", mean / 100.0))
}

/// The latest month first; the numbers lead to the matrix of that day.
fn table(scope: &Scope, trend: &Trend) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="The skill month by month" { table.table.numbers {
            thead { tr {
                th scope="col" { "End of" } th.number scope="col" { "Mean level" } th.number scope="col" { "Able" }
                th.number scope="col" { "With a level" }
            } }
            tbody { @for (index, month) in trend.months.iter().enumerate().rev() { tr {
                th scope="row" { (month.last_day.strftime("%B %Y").to_string()) }
                td.number { (mean(month.mean)) @if let Some(scale) = other_scale(trend, index) { small.quiet { " on " (scale) } } }
                td.number { a href=(month_in_matrix(scope, trend, index)) { (month.able) } }
                td.number { (month.rated) }
            } } }
        } }
    }
}

/// The scale of a month, where it is not that of the last one.
fn other_scale(trend: &Trend, index: usize) -> Option<&str> {
    let (scale, last) = (trend.scales.get(index)?, trend.scales.last()?);
    (scale.id != last.id).then_some(scale.name.as_str())
}

/// The last month is the day that the picture is of, which may be today.
fn month_in_matrix(scope: &Scope, trend: &Trend, index: usize) -> String {
    let mut pairs = vec![("skill", trend.skill.name.clone())];
    if index + 1 < trend.months.len() {
        pairs.push(("as_of", trend.months[index].last_day.to_string()));
        let scope = Scope { as_of: Default::default(), ..*scope };
        return scope.matrix(&pairs);
    }
    scope.matrix(&pairs)
}
