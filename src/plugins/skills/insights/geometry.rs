//! Where things stand in a picture: pure arithmetic in pixels of the picture, y downwards.

use std::f64::consts::TAU;
use std::fmt::Write;

/// The width of a letter as a share of the font's size: of a usual sans-serif, a little wider than most text needs.
const LETTER: f64 = 0.56;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Values along one direction of a picture. `start` may lie behind `end`, as upwards.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub highest: f64,
    pub start: f64,
    pub end: f64,
}

impl Axis {
    /// Where a value stands; those beyond the ends stand at the ends.
    pub fn at(&self, value: f64) -> f64 {
        let share = if self.highest > 0.0 { (value / self.highest).clamp(0.0, 1.0) } else { 0.0 };
        self.start + (self.end - self.start) * share
    }
}

/// Round numbers from zero up to the first one that is not below `highest`: at most `most` steps of 1, 2 or 5 times a
/// power of ten, and none smaller than `smallest`.
pub fn ticks(highest: f64, most: usize, smallest: f64) -> Vec<f64> {
    let highest = highest.max(smallest);
    let rough = (highest / most.max(1) as f64).max(smallest);
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough - 1e-9);
    let step = step.unwrap_or(10.0 * power);
    let count = (highest / step - 1e-9).ceil() as usize;
    (0..=count.max(1)).map(|n| n as f64 * step).collect()
}

/// The point of a radar on spoke `index` of `count`, the first one straight up, then clockwise.
pub fn on_spoke(centre: Point, radius: f64, index: usize, count: usize) -> Point {
    let angle = TAU * index as f64 / count as f64;
    Point { x: centre.x + radius * angle.sin(), y: centre.y - radius * angle.cos() }
}

/// Points as SVG writes them, with one decimal: that is finer than any screen.
pub fn points(points: impl IntoIterator<Item = Point>) -> String {
    let mut text = String::new();
    for point in points {
        let _ = write!(text, "{:.1},{:.1} ", point.x, point.y);
    }
    text.truncate(text.trim_end().len());
    text
}

/// About how wide a text is drawn.
pub fn text_width(text: &str, font_size: f64) -> f64 {
    text.chars().count() as f64 * LETTER * font_size
}

/// The text, or as much of it as fits, with an ellipsis.
pub fn fitted(text: &str, font_size: f64, width: f64) -> String {
    let most = (width / (LETTER * font_size)).floor().max(1.0) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(4.0, 5, 1.0), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(ticks(23.0, 5, 1.0), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks(0.0, 5, 1.0), [0.0, 1.0]);
        assert_eq!(ticks(3.0, 10, 1.0), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn spokes_begin_at_the_top_and_go_clockwise() {
        let centre = Point { x: 100.0, y: 100.0 };
        let texts: Vec<String> = (0..4).map(|index| points([on_spoke(centre, 50.0, index, 4)])).collect();
        assert_eq!(texts, ["100.0,50.0", "150.0,100.0", "100.0,150.0", "50.0,100.0"]);
    }

    #[test]
    fn an_axis_may_go_upwards() {
        let axis = Axis { highest: 4.0, start: 200.0, end: 0.0 };
        assert_eq!([0.0, 1.0, 4.0, 9.0].map(|value| axis.at(value)), [200.0, 150.0, 0.0, 0.0]);
        assert_eq!(Axis { highest: 0.0, start: 7.0, end: 0.0 }.at(3.0), 7.0);
    }

    proptest! {
        #[test]
        fn ticks_cover_every_value_in_few_steps(highest in 0.0f64..1e6, most in 1usize..12) {
            let ticks = ticks(highest, most, 1.0);
            prop_assert!(*ticks.last().unwrap() >= highest - 1e-6);
            prop_assert!(ticks.len() <= most.max(1) + 2, "{ticks:?}");
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]));
        }

        #[test]
        fn what_is_fitted_fits(text in "\\PC{0,60}", size in 8.0f64..20.0, width in 20.0f64..400.0) {
            let fitted = fitted(&text, size, width);
            prop_assert!(fitted == text || text_width(&fitted, size) <= width + 1e-9);
            prop_assert!(fitted.chars().count() <= text.chars().count());
        }

        #[test]
        fn every_spoke_is_as_long_as_its_radius(index in 0usize..20, count in 3usize..20, radius in 0.0f64..500.0) {
            let point = on_spoke(Point { x: 0.0, y: 0.0 }, radius, index % count, count);
            prop_assert!((point.x.hypot(point.y) - radius).abs() < 1e-6);
        }
    }
}
