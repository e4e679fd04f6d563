//! Coverage as bars: of each skill how many have it of those who are to, the lowest first.

use super::super::super::coverage::rule::CoverageStatus;
use super::super::geometry::{Axis, fitted, text_width};
use super::super::svg::{Picture, line, rect, text};
use super::model::{Bar, Coverage, Wanted};
use maud::{Markup, html};

/// The picture is about the skills that need attention; the table has more.
pub const MAX_BARS: usize = 25;

const ROW: f64 = 24.0;
const TOP: f64 = 26.0;
const BAR_WIDTH: f64 = 220.0;
const FONT: f64 = 12.0;
const LONGEST_NAME: f64 = 260.0;
const LEGEND_HEIGHT: f64 = 40.0;
/// Room for “25 of 40” behind a bar.
const BEHIND: f64 = 84.0;

fn left(bars: &[Bar]) -> f64 {
    let longest = bars.iter().map(|bar| text_width(&label(bar), FONT)).fold(60.0, f64::max);
    longest.min(LONGEST_NAME) + 16.0
}

fn drawn(coverage: &Coverage) -> &[Bar] {
    &coverage.bars[..coverage.bars.len().min(MAX_BARS)]
}

/// The size of the picture, in pixels.
pub fn size(coverage: &Coverage) -> (f64, f64) {
    let bars = drawn(coverage);
    (left(bars) + BAR_WIDTH + BEHIND, TOP + ROW * bars.len() as f64 + LEGEND_HEIGHT)
}

pub fn draw(coverage: &Coverage) -> Picture {
    let bars = drawn(coverage);
    let (width, height) = size(coverage);
    let left = left(bars);
    let axis = Axis { highest: 1.0, start: left, end: left + BAR_WIDTH };
    let content = html! {
        @for (share, label) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
            (line((axis.at(share), TOP - 6.0), (axis.at(share), height - LEGEND_HEIGHT + 4.0), "l"))
            (text(axis.at(share), TOP - 10.0, "m s q", label))
        }
        @for (row, bar) in bars.iter().enumerate() { (row_of(bar, TOP + ROW * row as f64, axis)) }
        (legend(height - 22.0))
    };
    Picture { title: "Coverage of skills".to_owned(), width, height, content }
}

fn legend(y: f64) -> Markup {
    html! {
        @for (x, class, label) in [(16.0, "ok", "half or more"), (126.0, "short", "less than half"), (246.0, "one", "one person alone")] {
            (rect((x, y), (14.0, 14.0), class))
            (text(x + 19.0, y + 11.0, "s q", label))
        }
    }
}

fn row_of(bar: &Bar, y: f64, axis: Axis) -> Markup {
    let full = axis.end - axis.start;
    html! {
        (text(axis.start - 8.0, y + 16.0, "e", &fitted(&label(bar), FONT, LONGEST_NAME)))
        (rect((axis.start, y + 5.0), (full, ROW - 10.0), "rest"))
        (rect((axis.start, y + 5.0), (axis.at(bar.share()) - axis.start, ROW - 10.0), class(bar)))
        (text(axis.end + 8.0, y + 16.0, "", &format!("{} of {}", bar.able, bar.needed)))
    }
}

/// The skill, and whom it is wanted of where that is not everybody of whom it is required.
fn label(bar: &Bar) -> String {
    match &bar.wanted {
        Wanted::OfAll => bar.skill.clone(),
        Wanted::OfAtLeast { of, .. } => format!("{} · {of}", bar.skill),
    }
}

/// One person alone is told apart: everything hangs on them.
fn class(bar: &Bar) -> &'static str {
    match bar.status() {
        CoverageStatus::SinglePoint => "one",
        CoverageStatus::Short | CoverageStatus::Nobody if bar.share() < 0.5 => "short",
        _ => "ok",
    }
}
