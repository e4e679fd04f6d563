//! The radar: a spoke for each skill, a closed line for each person, and the team's mean as a filled shape behind them.

use super::super::super::levels::Level;
use super::super::geometry::{Point, fitted, on_spoke, points};
use super::super::svg::{Picture, line, mark, one_decimal, text};
use super::model::{Mean, Radar, Shape, Spoke, Value};
use maud::{Markup, html};

const RADIUS: f64 = 140.0;
/// Room for the names of the skills, at the sides and above.
const ASIDE: f64 = 135.0;
const ABOVE: f64 = 44.0;
const ROW: f64 = 20.0;
const FONT: f64 = 12.0;
const RINGS: usize = 4;

/// The size of the picture, in pixels.
pub fn size(radar: &Radar) -> (f64, f64) {
    let legend = radar.shapes.len() + usize::from(radar.team.is_some());
    (2.0 * (RADIUS + ASIDE), 2.0 * (RADIUS + ABOVE) + ROW * legend as f64 + 8.0)
}

pub fn draw(radar: &Radar) -> Picture {
    let (width, height) = size(radar);
    let centre = Point { x: width / 2.0, y: RADIUS + ABOVE };
    let count = radar.spokes.len();
    let content = html! {
        @for ring in 1..=RINGS { (polygon("l", ring_points(centre, ring as f64 / RINGS as f64, count))) }
        @for (index, spoke) in radar.spokes.iter().enumerate() { (spoke_line(centre, spoke, index, count)) }
        @if radar.team.is_some() { (polygon("mean", mean_points(centre, &radar.spokes, &radar.means))) }
        @for (index, shape) in radar.shapes.iter().enumerate() { (shape_line(centre, &radar.spokes, shape, index)) }
        (legend(radar, 2.0 * (RADIUS + ABOVE)))
    };
    Picture { title: "People against the mean of their team".to_owned(), width, height, content }
}

fn polygon(class: &str, corners: Vec<Point>) -> Markup {
    html! { polygon class=(class) points=(points(corners)) {} }
}

fn ring_points(centre: Point, share: f64, count: usize) -> Vec<Point> {
    (0..count).map(|index| on_spoke(centre, RADIUS * share, index, count)).collect()
}

fn spoke_line(centre: Point, spoke: &Spoke, index: usize, count: usize) -> Markup {
    let end = on_spoke(centre, RADIUS, index, count);
    let label = on_spoke(centre, RADIUS + 14.0, index, count);
    let aside = end.x - centre.x;
    let class = match aside {
        aside if aside.abs() < RADIUS * 0.1 => "m",
        aside if aside > 0.0 => "",
        _ => "e",
    };
    let width = if class == "m" { 2.0 * ASIDE } else { RADIUS + ASIDE - aside.abs() - 18.0 };
    html! {
        (line((centre.x, centre.y), (end.x, end.y), "l"))
        (text(label.x, label.y + 4.0, class, &fitted(&spoke.skill, FONT, width)))
    }
}

/// How far out a value stands: its share of the skill's scale, so that different scales can be compared.
pub fn share(spoke: &Spoke, value: Value) -> f64 {
    value.counting().map_or(0.0, |level| spoke.scale.share(level).clamp(0.0, 1.0))
}

fn mean_share(spoke: &Spoke, mean: &Mean) -> f64 {
    let level = mean.level.map(|level| Level::from_hundredths(level.round() as i64));
    level.map_or(0.0, |level| spoke.scale.share(level).clamp(0.0, 1.0))
}

fn mean_points(centre: Point, spokes: &[Spoke], means: &[Mean]) -> Vec<Point> {
    let shares = spokes.iter().zip(means).map(|(spoke, mean)| mean_share(spoke, mean));
    shares.enumerate().map(|(index, share)| on_spoke(centre, RADIUS * share, index, spokes.len())).collect()
}

fn shape_line(centre: Point, spokes: &[Spoke], shape: &Shape, index: usize) -> Markup {
    let shares = spokes.iter().zip(&shape.values).map(|(spoke, value)| share(spoke, *value));
    let corners: Vec<Point> =
        shares.enumerate().map(|(spoke, share)| on_spoke(centre, RADIUS * share, spoke, spokes.len())).collect();
    html! {
        (polygon(&format!("c c{}", index % 5 + 1), corners.clone()))
        @for corner in corners { (mark(index, corner.x, corner.y)) }
    }
}

fn legend(radar: &Radar, top: f64) -> Markup {
    html! {
        @for (index, shape) in radar.shapes.iter().enumerate() {
            @let y = top + ROW * index as f64;
            (line((20.0, y), (44.0, y), &format!("c c{}", index % 5 + 1)))
            (mark(index, 32.0, y))
            (text(54.0, y + 4.0, "", &fitted(&shape.name, FONT, RADIUS * 2.0)))
        }
        @if let Some(team) = &radar.team {
            @let y = top + ROW * radar.shapes.len() as f64;
            rect.mean x="20" y=(one_decimal(y - 6.0)) width="24" height="12" {}
            (text(54.0, y + 4.0, "", &format!("Mean of {}", fitted(&team.name, FONT, RADIUS * 2.0))))
        }
    }
}
