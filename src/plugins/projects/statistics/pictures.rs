//! Pictures of numbers, as SVG that follows the theme: columns for each week, two lines that rise, bars for people.

use super::model::{Week, Workload};
use maud::{Markup, html};

const WIDTH: i64 = 560;
const HEIGHT: i64 = 160;
const LEFT: i64 = 32;
const BOTTOM: i64 = 22;

/// Scales a number to the height that is left above the axis.
fn height_of(number: i64, most: i64) -> i64 {
    (HEIGHT - BOTTOM - 10) * number / most.max(1)
}

fn frame(label: &str, most: i64, weeks: &[Week], content: Markup) -> Markup {
    html! {
        svg.picture viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            line.axis x1=(LEFT) y1=(HEIGHT - BOTTOM) x2=(WIDTH) y2=(HEIGHT - BOTTOM) {}
            text.tick x=(LEFT - 6) y=(HEIGHT - BOTTOM) text-anchor="end" { "0" }
            text.tick x=(LEFT - 6) y="16" text-anchor="end" { (most) }
            @for (place, week) in weeks.iter().enumerate().step_by(3) {
                text.tick x=(x_of(place, weeks.len())) y=(HEIGHT - 6) { (week.monday.strftime("%-d %b").to_string()) }
            }
            (content)
        }
    }
}

fn x_of(place: usize, count: usize) -> i64 {
    LEFT + 4 + (WIDTH - LEFT - 8) * place as i64 / count.max(1) as i64
}

/// How many tasks were done in each week.
pub fn throughput(weeks: &[Week]) -> Markup {
    let most = weeks.iter().map(|week| week.done).max().unwrap_or(0);
    frame(
        "Tasks done in each week; the table below says the same",
        most,
        weeks,
        html! {
            @for (place, week) in weeks.iter().enumerate() {
                @let height = height_of(week.done, most);
                rect.column-done x=(x_of(place, weeks.len())) y=(HEIGHT - BOTTOM - height) width="30" height=(height) rx="2" {}
            }
        },
    )
}

/// All tasks there are, and those that are done.
pub fn burn_up(weeks: &[Week]) -> Markup {
    let most = weeks.iter().map(|week| week.total_added).max().unwrap_or(0);
    let line = |number: fn(&Week) -> i64| {
        let point = |(place, week): (usize, &Week)| {
            format!("{},{}", x_of(place, weeks.len()) + 15, HEIGHT - BOTTOM - height_of(number(week), most))
        };
        weeks.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
    };
    frame(
        "Tasks added and done in all; the table below says the same",
        most,
        weeks,
        html! {
            polyline.line-added points=(line(|week| week.total_added)) {}
            polyline.line-done points=(line(|week| week.total_done)) {}
        },
    )
}

/// Open tasks of each person.
pub fn workload(people: &[Workload]) -> Markup {
    let most = people.iter().map(|person| person.open).max().unwrap_or(0);
    let height = 26 * people.len() as i64;
    html! {
        svg.picture viewBox={ "0 0 " (WIDTH) " " (height.max(1)) } role="img" aria-label="Open tasks of each person; the table below says the same" {
            @for (place, person) in people.iter().enumerate() {
                @let y = 26 * place as i64;
                text.tick.person x="150" y=(y + 17) text-anchor="end" { (person.name) }
                rect.column-open x="158" y=(y + 5) width=((WIDTH - 200) * person.open / most.max(1)) height="16" rx="2" {}
                text.tick x=(164 + (WIDTH - 200) * person.open / most.max(1)) y=(y + 17) { (person.open) }
            }
        }
    }
}
