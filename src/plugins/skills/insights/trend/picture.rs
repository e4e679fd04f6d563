//! The trend: above, the mean level as a line; below, the number of able people as bars.

use super::super::geometry::{Axis, Point, points, text_width, ticks};
use super::super::svg::{Picture, line, mark, one_decimal, rect, text};
use super::model::Trend;
use maud::{Markup, html};

const LEFT: f64 = 44.0;
const RIGHT: f64 = 16.0;
const PANEL: f64 = 130.0;
const TOP: f64 = 30.0;
/// Between the panels, with the heading of the lower one.
const BETWEEN: f64 = 44.0;
const BOTTOM: f64 = 30.0;
/// A month is at least so wide, and the picture never narrower than its headings.
const MONTH: f64 = 30.0;
const LEAST: f64 = 360.0;

/// The size of the picture, in pixels.
pub fn size(trend: &Trend) -> (f64, f64) {
    let width = (MONTH * trend.months.len() as f64).max(LEAST);
    (LEFT + width + RIGHT, TOP + PANEL + BETWEEN + PANEL + BOTTOM)
}

pub fn draw(trend: &Trend) -> Picture {
    let (width, height) = size(trend);
    let lower = TOP + PANEL + BETWEEN;
    let scale = trend.scales.last().unwrap_or(&trend.skill.scale);
    let highest = scale.highest.hundredths() as f64 / 100.0;
    let able = trend.months.iter().map(|month| month.able).max().unwrap_or(0) as f64;
    let (levels, people) = (ticks(highest, 5, 1.0), ticks(able, 5, 1.0));
    let axis = |ticks: &[f64], top: f64| Axis { highest: ticks[ticks.len() - 1], start: top + PANEL, end: top };
    let (level_axis, people_axis) = (axis(&levels, TOP), axis(&people, lower));
    let content = html! {
        (text(LEFT, TOP - 12.0, "b", "Mean level"))
        (text(LEFT, lower - 12.0, "b", "Able people"))
        (grid(&levels, level_axis, width)) (grid(&people, people_axis, width))
        (mean_line(trend, level_axis, width))
        @for (index, month) in trend.months.iter().enumerate() {
            @let x = middle(index, trend.months.len(), width);
            @let top = people_axis.at(month.able as f64);
            (rect((x - 8.0, top), (16.0, people_axis.start - top), "ok"))
            @if is_labelled(index, trend.months.len(), width) {
                (text(x, height - 10.0, "m s q", &month.last_day.strftime("%b %y").to_string()))
            }
        }
    };
    Picture { title: format!("{} over time", trend.skill.name), width, height, content }
}

/// The middle of a month's room.
fn middle(index: usize, count: usize, width: f64) -> f64 {
    let room = (width - LEFT - RIGHT) / count as f64;
    LEFT + room * (index as f64 + 0.5)
}

/// As many months have their name as have room for it, the last one always.
fn is_labelled(index: usize, count: usize, width: f64) -> bool {
    let room = (width - LEFT - RIGHT) / count as f64;
    let every = ((text_width("Mmm 00", 11.0) + 10.0) / room).ceil().max(1.0) as usize;
    (count - 1 - index).is_multiple_of(every)
}

fn grid(ticks: &[f64], axis: Axis, width: f64) -> Markup {
    html! {
        @for tick in ticks {
            @let y = axis.at(*tick);
            (line((LEFT, y), (width - RIGHT, y), "l"))
            (text(LEFT - 8.0, y + 4.0, "e s q", &one_decimal(*tick)))
        }
    }
}

/// Broken where nobody had a level.
fn mean_line(trend: &Trend, axis: Axis, width: f64) -> Markup {
    let count = trend.months.len();
    let point = |index: usize| Some(Point { x: middle(index, count, width), y: axis.at(trend.mean(index)? / 100.0) });
    let places: Vec<Option<Point>> = (0..count).map(point).collect();
    html! {
        @for part in places.split(Option::is_none).filter(|part| !part.is_empty()) {
            polyline class="c c1" points=(points(part.iter().copied().flatten())) {}
        }
        @for place in places.iter().flatten() { (mark(0, place.x, place.y)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_month_is_labelled_and_labels_do_not_touch() {
        for count in [1, 2, 12, 36] {
            let width = (MONTH * count as f64).max(LEAST) + LEFT + RIGHT;
            assert!(is_labelled(count - 1, count, width));
            let labelled: Vec<f64> =
                (0..count).filter(|i| is_labelled(*i, count, width)).map(|i| middle(i, count, width)).collect();
            let room = text_width("Mmm 00", 11.0);
            assert!(labelled.windows(2).all(|pair| pair[1] - pair[0] >= room), "{count}: {labelled:?}");
        }
    }
}
