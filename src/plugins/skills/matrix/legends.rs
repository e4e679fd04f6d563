//! What the cells of each mode mean.

use super::super::coverage::rule::CoverageStatus;
use super::super::levels::{Interest, Scale};
use super::grid::shortage_mark;
use super::mode::{Age, Mode};
use super::model::Window;
use crate::web::assets::{Icon, icon};
use crate::web::components::level;
use maud::{Markup, PreEscaped, html};

/// The levels are told of the scales that the window shows.
pub fn legend(window: &Window) -> Markup {
    html! {
        details.legend {
            summary.btn.btn-outline-secondary { (icon(Icon::CircleInfo)) "Legend" }
            ul {
                @match window.mode {
                    Mode::Level => (levels(window)),
                    Mode::Interest => (interests()),
                    Mode::Gap => (gaps()),
                    Mode::Validation => (validations()),
                    Mode::Age => (ages()),
                }
            }
        }
    }
}

/// A cell as the grid draws it, and what it says.
fn entry(class: &str, text: &str, second: &str, meaning: &str) -> Markup {
    html! {
        li {
            span class={ "level " (class) } {
                @if text.is_empty() { (PreEscaped("&nbsp;")) } @else { (text) }
                @if !second.is_empty() { small { (second) } }
            }
            " " (meaning)
        }
    }
}

/// More scales than these would hide the matrix.
const MOST_SCALES: usize = 3;

fn levels(window: &Window) -> Markup {
    let is_used = |scale: &&Scale| window.skills.iter().any(|skill| skill.scale_id == scale.id);
    let used: Vec<&Scale> = window.scales.all().iter().filter(is_used).take(MOST_SCALES).collect();
    html! {
        @for scale in &used {
            @if used.len() > 1 { li.of-scale { strong { (scale.name) } } }
            @for named in &scale.levels { li { (level(scale.glyph(named.level), &named.code)) " " (named.name) } }
        }
        (entry("", "", "", "not rated yet"))
        (entry("na", "n/a", "", "not applicable"))
        (entry("in3", "", "", "interest: one to three dots"))
        (entry("lq3 lapsed", "3", "", "expired or suspended: does not count"))
    }
}

fn interests() -> Markup {
    html! {
        @for (value, name) in Interest::NAMES.iter().enumerate() {
            (entry(&format!("keen{value}"), &value.to_string(), "", &format!("interest: {name}")))
        }
        (entry("", "", "", "nothing said"))
    }
}

fn gaps() -> Markup {
    html! {
        (entry("met", "3", "3", "met: the level, and what is asked for"))
        (entry("near", "2", "3", "near: one level short"))
        (entry("gap", "1", "3", "gap: two levels or more short, or not rated"))
        (entry("gap lapsed", "3", "3", "gap: expired or suspended"))
        (entry("plain", "2", "", "nothing is asked for"))
        @for (status, meaning) in [
            (CoverageStatus::SinglePoint, "above a column: a single point of failure"),
            (CoverageStatus::Nobody, "above a column: nobody has what is wanted of some"),
            (CoverageStatus::Short, "above a column: fewer have it than are wanted"),
        ] {
            @let (class, shape) = shortage_mark(status);
            li { span.level { b class={ "short " (class) } { (shape) } } " " (meaning) }
        }
    }
}

fn validations() -> Markup {
    html! {
        (entry("confirmed", "3", "", "confirmed by somebody else"))
        (entry("own", "3", "", "said by the person alone"))
        (entry("differs", "2", "4", "confirmed, but the person says another thing: two levels away or more"))
        (entry("unattributed", "3", "", "from a file, without a name"))
        (entry("", "", "", "not rated yet"))
    }
}

fn ages() -> Markup {
    html! {
        @for (class, text, age) in [("age1", "3w", Age::Quarter), ("age2", "9m", Age::Year), ("age3", "18m", Age::TwoYears), ("age4", "3y", Age::Older)] {
            (entry(class, text, "", &format!("said {}", age.title())))
        }
        (entry("", "", "", "not rated yet"))
    }
}
