//! What a cell looks like in each mode: a class and a text, out of constants as far as they go.
//!
//! Number, shape and colour say the same thing, so that each can be left out: the shapes are drawn by the classes
//! (`assets/css/6-modes.css`). Level, gap and confirmation begin with the code of the level, which is what the script
//! copies and what a key overwrites; a second value stands behind it in `<small>`.

use super::super::levels::{Level, Scale, Standing};
use super::super::scales::Scales;
use super::super::targets::Fit;
use super::marks::model::{Mark, Regard};
use super::mode::{Age, Mode, Validation, days_between, short_age};
use maud::Escaper;
use std::collections::HashMap;
use std::fmt::Write;

const NO_SCALE: &str = "a foreign key keeps the scale of every skill";

/// What the cells of a window say: each level of each scale is written once and copied from then on.
pub struct Faces<'a> {
    mode: Mode,
    scales: &'a Scales,
    now_ms: i64,
    levels: HashMap<(i64, Level), (&'static str, String)>,
    ages: HashMap<i64, String>,
}

impl<'a> Faces<'a> {
    pub fn new(mode: Mode, scales: &'a Scales, now_ms: i64) -> Self {
        Faces { mode, scales, now_ms, levels: HashMap::new(), ages: HashMap::new() }
    }

    pub fn cell(&mut self, out: &mut String, scale_id: i64, mark: Mark) {
        match self.mode {
            Mode::Level => self.level(out, scale_id, mark),
            Mode::Interest => out.push_str(interest_cell(mark)),
            Mode::Gap => self.gap(out, scale_id, mark),
            Mode::Validation => self.validation(out, scale_id, mark),
            Mode::Age => self.age(out, mark),
        }
    }

    fn level(&mut self, out: &mut String, scale_id: i64, mark: Mark) {
        let class = match mark.standing {
            Standing::Unset => "",
            Standing::NotApplicable => "na",
            Standing::At(level) => self.text_of(scale_id, level).0,
        };
        out.push_str(opening(class, interest_class(mark), mark.lapsed));
        self.standing(out, scale_id, mark.standing);
        out.push_str("</td>");
    }

    fn gap(&mut self, out: &mut String, scale_id: i64, mark: Mark) {
        let Regard::Required(required) = mark.regard else { return self.plain(out, scale_id, mark) };
        let scale = self.scale(scale_id);
        out.push_str(match Fit::of(mark.standing, required, mark.lapsed, scale) {
            Fit::Met => "<td class=\"met\">",
            Fit::Near => "<td class=\"near\">",
            Fit::Gap if mark.lapsed => "<td class=\"gap lapsed\">",
            Fit::Gap => "<td class=\"gap\">",
        });
        self.standing(out, scale_id, mark.standing);
        out.push_str("<small>");
        self.standing(out, scale_id, Standing::At(required));
        out.push_str("</small></td>");
    }

    fn validation(&mut self, out: &mut String, scale_id: i64, mark: Mark) {
        let Regard::Voices(validation, own) = mark.regard else { return self.plain(out, scale_id, mark) };
        out.push_str(match validation {
            Validation::Unsaid => return out.push_str("<td></td>"),
            Validation::Own => "<td class=\"own\">",
            Validation::Confirmed => "<td class=\"confirmed\">",
            Validation::Differs => "<td class=\"differs\">",
            Validation::Unattributed => "<td class=\"unattributed\">",
        });
        self.standing(out, scale_id, mark.standing);
        if validation == Validation::Differs {
            out.push_str("<small>");
            self.standing(out, scale_id, own);
            out.push_str("</small>");
        }
        out.push_str("</td>");
    }

    fn age(&mut self, out: &mut String, mark: Mark) {
        let Regard::SaidAt(said_ms) = mark.regard else { return out.push_str("<td></td>") };
        let days = days_between(said_ms, self.now_ms);
        out.push_str(match Age::of_days(days) {
            Age::Quarter => "<td class=\"age1\">",
            Age::Year => "<td class=\"age2\">",
            Age::TwoYears => "<td class=\"age3\">",
            Age::Older => "<td class=\"age4\">",
        });
        out.push_str(self.ages.entry(days).or_insert_with(|| short_age(days)));
        out.push_str("</td>");
    }

    /// A level that the mode has nothing to say about.
    fn plain(&mut self, out: &mut String, scale_id: i64, mark: Mark) {
        if mark.standing == Standing::Unset {
            return out.push_str("<td></td>");
        }
        out.push_str("<td class=\"plain\">");
        self.standing(out, scale_id, mark.standing);
        out.push_str("</td>");
    }

    fn standing(&mut self, out: &mut String, scale_id: i64, standing: Standing) {
        match standing {
            Standing::Unset => {}
            Standing::NotApplicable => out.push_str("n/a"),
            Standing::At(level) => out.push_str(&self.text_of(scale_id, level).1),
        }
    }

    fn scale(&self, scale_id: i64) -> &'a Scale {
        self.scales.get(scale_id).expect(NO_SCALE)
    }

    fn text_of(&mut self, scale_id: i64, level: Level) -> &(&'static str, String) {
        let scales = self.scales;
        self.levels.entry((scale_id, level)).or_insert_with(|| {
            let scale = scales.get(scale_id).expect(NO_SCALE);
            level_text(scale, level)
        })
    }
}

fn level_text(scale: &Scale, level: Level) -> (&'static str, String) {
    let mut text = String::new();
    let _ = Escaper::new(&mut text).write_str(&scale.code(level));
    (scale.glyph(level).class(), text)
}

fn interest_cell(mark: Mark) -> &'static str {
    match mark.interest.map(|interest| interest.value()) {
        Some(0) => "<td class=\"keen0\">0</td>",
        Some(1) => "<td class=\"keen1\">1</td>",
        Some(2) => "<td class=\"keen2\">2</td>",
        Some(3) => "<td class=\"keen3\">3</td>",
        _ => "<td></td>",
    }
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
fn opening(level: &str, interest: &str, lapsed: bool) -> &'static str {
    macro_rules! with_interest {
        ($level:literal) => {
            match (interest, lapsed) {
                ("in1", false) => concat!("<td class=\"", $level, " in1\">"),
                ("in2", false) => concat!("<td class=\"", $level, " in2\">"),
                ("in3", false) => concat!("<td class=\"", $level, " in3\">"),
                (_, false) => concat!("<td class=\"", $level, "\">"),
                ("in1", true) => concat!("<td class=\"", $level, " in1 lapsed\">"),
                ("in2", true) => concat!("<td class=\"", $level, " in2 lapsed\">"),
                ("in3", true) => concat!("<td class=\"", $level, " in3 lapsed\">"),
                (_, true) => concat!("<td class=\"", $level, " lapsed\">"),
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
        _ if interest.is_empty() && !lapsed => "<td>",
        _ => with_interest!("unset"),
    }
}
