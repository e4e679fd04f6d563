//! The radar's page: who and what to choose, the picture, and the table of its numbers.

use super::super::super::ratings::views::standing;
use super::super::frame;
use super::super::model::Choices;
use super::super::scope::{Parameters, Scope};
use super::super::svg::figure;
use super::model::{MAX_PEOPLE, MAX_SPOKES, MIN_SPOKES, Radar, Request, Shape, Value};
use super::picture;
use crate::error::Invalid;
use crate::web::assets::Icon;
use crate::web::components::empty_state;
use maud::{Markup, html};

pub const ADDRESS: &str = "/skills/insights/radar";

/// More names than this nobody looks through; whoever is in the address is shown anyway.
const MAX_TICKS: usize = 200;

/// What stands below the filters.
pub enum Content<'a> {
    Radar(&'a Radar),
    /// Nothing was recorded before this moment.
    Before(i64),
    Invalid(&'a Invalid),
}

pub fn index(parameters: &Parameters, request: &Request, choices: &Choices, content: &Content) -> Markup {
    let about = "What up to five people can do in a category, against the mean of their team.";
    let invalid = if let Content::Invalid(invalid) = content { Some(*invalid) } else { None };
    let radar = if let Content::Radar(radar) = content { Some(*radar) } else { None };
    let team = request.scope.team_id.or(radar.and_then(|radar| radar.team.as_ref()).map(|team| team.id));
    let fields = html! {
        (frame::category_field(choices, request.scope.category_id, None))
        (frame::team_field(choices, team, "Choose a team"))
        (frame::day_field(&parameters.as_of, invalid))
        @if let Some(radar) = radar { (people_field(request, radar)) }
    };
    let body = match content {
        Content::Radar(radar) => shown(request, radar),
        Content::Before(first) => frame::before_history(&request.scope, *first, ADDRESS),
        Content::Invalid(_) => html! {},
    };
    let content = html! { div id="insight" { (frame::filters(ADDRESS, fields)) (frame::problems(invalid)) (body) } };
    frame::page(ADDRESS, about, content)
}

/// The people of the team, and whoever else is in the picture, as boxes to tick.
fn people_field(request: &Request, radar: &Radar) -> Markup {
    let others = radar.shapes.iter().filter(|shape| !radar.candidates.iter().any(|one| one.id == shape.person_id));
    let full = request.people.len() >= MAX_PEOPLE;
    let tick = |id: i64, name: &str| {
        let chosen = request.people.contains(&id);
        html! {
            label.tick { input.form-check-input type="checkbox" name="person" value=(id) checked[chosen] disabled[full && !chosen]; (name) }
        }
    };
    html! {
        @if !radar.candidates.is_empty() || !radar.shapes.is_empty() {
            fieldset.ticks {
                legend { "People, at most " (MAX_PEOPLE) }
                @for shape in others { (tick(shape.person_id, &shape.name)) }
                @for one in radar.candidates.iter().take(MAX_TICKS) { (tick(one.id, &one.name)) }
                @if radar.candidates.len() > MAX_TICKS { span.quiet { "… of " (radar.candidates.len()) } }
            }
        }
    }
}

fn shown(request: &Request, radar: &Radar) -> Markup {
    if radar.spokes.is_empty() || (radar.team.is_none() && radar.shapes.is_empty()) {
        let text = "Choose a category and a team. Then tick the people who are to be compared with its mean.";
        return empty_state(Icon::Users, "Whom do you want to see?", text, html! {});
    }
    html! {
        @if radar.skills > MAX_SPOKES {
            p.quiet { "The category has " (radar.skills) " skills; the " (MAX_SPOKES) " that most people are rated on are shown." }
        }
        div.picture-beside {
            @if radar.spokes.len() >= MIN_SPOKES {
                (figure(&address(request), picture::size(radar), &alt(radar)))
            } @else {
                p.quiet { "A radar needs three skills at least. This category has " (radar.spokes.len()) "; the table says it all." }
            }
            (table(request, radar))
        }
    }
}

fn address(request: &Request) -> String {
    let people: Vec<(&str, String)> = request.people.iter().map(|id| ("person", id.to_string())).collect();
    format!("{ADDRESS}.svg?{}", request.scope.query_with(&people))
}

fn alt(radar: &Radar) -> String {
    let names: Vec<&str> = radar.shapes.iter().map(|shape| shape.name.as_str()).collect();
    let team = radar.team.as_ref().map(|team| format!("the mean of {}", team.name));
    let who: Vec<&str> = names.into_iter().chain(team.as_deref()).collect();
    format!("Radar of {} over {} skills. The table has the numbers.", who.join(", "), radar.spokes.len())
}

fn table(request: &Request, radar: &Radar) -> Markup {
    let scope: &Scope = &request.scope;
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Levels by skill" { table.table.numbers {
            thead { tr {
                th scope="col" { "Skill" }
                @for shape in &radar.shapes { th scope="col" { a href={ "/skills/people/" (shape.person_id) } { (shape.name) } } }
                @if let Some(team) = &radar.team { th.number scope="col" { "Mean of " (team.name) } }
            } }
            tbody { @for (index, spoke) in radar.spokes.iter().enumerate() { tr {
                th scope="row" { a href=(scope.matrix(&[("skill", spoke.skill.clone())])) { (spoke.skill) } }
                @for shape in &radar.shapes { td { (value(radar, shape, index)) } }
                @if radar.team.is_some() { td.number {
                    @let mean = radar.means[index];
                    @match mean.level {
                        Some(level) => { (format!("{:.1}", level / 100.0)) small.quiet { " of " (mean.people) } },
                        None => span.quiet { "–" },
                    }
                } }
            } } }
        } }
    }
}

fn value(radar: &Radar, shape: &Shape, index: usize) -> Markup {
    let Value { standing: held, lapsed } = shape.values[index];
    html! { (standing(&radar.spokes[index].scale, held)) @if lapsed { " " small.quiet { "lapsed" } } }
}
