//! What a handoff is written into. Pure data: the parts of each template, with what belongs into them.
//!
//! I-PASS is that of Starmer et al., “I-PASS, a mnemonic to standardize verbal handoffs” (Pediatrics 129, 2012): the illness
//! severity is a field of the handoff, the action list its items, “if … then” its contingencies, and the synthesis is what
//! the receiver writes. SBAR is that of the Institute for Healthcare Improvement.

use crate::error::{Checks, Result};

pub const MAX_TITLE_CHARS: usize = 80;
pub const MAX_HINT_CHARS: usize = 190;
const MOST_SECTIONS: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    Ipass,
    Sbar,
    Short,
    /// The team's own.
    Own,
}

/// A part that is to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    pub title: String,
    pub hint: String,
}

impl Template {
    pub const ALL: [Template; 4] = [Template::Ipass, Template::Sbar, Template::Short, Template::Own];

    pub fn name(self) -> &'static str {
        match self {
            Template::Ipass => "ipass",
            Template::Sbar => "sbar",
            Template::Short => "short",
            Template::Own => "own",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Template::Ipass => "I-PASS",
            Template::Sbar => "SBAR",
            Template::Short => "Short",
            Template::Own => "The team's own",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }

    /// `own` are the lines of the team's own template.
    pub fn blanks(self, own: &str) -> Vec<Blank> {
        let blanks: &[(&str, &str)] = match self {
            Template::Ipass => &[
                ("Summary", "What led here, what happened, and what is planned"),
                ("Situation awareness", "What is going on around, and what could come of it"),
            ],
            Template::Sbar => &[
                ("Situation", "What is happening now"),
                ("Background", "What led to it"),
                ("Assessment", "What you think it is"),
                ("Recommendation", "What you would do, and by when"),
            ],
            Template::Short => &[("Notes", "What the next one must know")],
            Template::Own => return own_blanks(own),
        };
        blanks.iter().map(|(title, hint)| Blank { title: (*title).to_owned(), hint: (*hint).to_owned() }).collect()
    }
}

/// One part a line: its title, and after a colon what belongs into it.
fn own_blanks(lines: &str) -> Vec<Blank> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let blank = |line: &str| {
        let (title, hint) = line.split_once(':').unwrap_or((line, ""));
        Blank { title: title.trim().to_owned(), hint: hint.trim().to_owned() }
    };
    lines.map(blank).collect()
}

/// What is wrong with the lines of a team's own template.
pub fn check_own(lines: &str) -> Result<()> {
    let blanks = own_blanks(lines);
    let mut checks = Checks::default();
    checks.that(!blanks.is_empty(), "own_sections", "Write one part a line, such as “Summary: what stands now”.");
    checks.that(blanks.len() <= MOST_SECTIONS, "own_sections", format!("At most {MOST_SECTIONS} parts fit."));
    for (place, blank) in blanks.iter().enumerate() {
        let line = place + 1;
        checks.that(!blank.title.is_empty(), "own_sections", format!("Line {line} has no title."));
        let is_short = blank.title.chars().count() <= MAX_TITLE_CHARS && blank.hint.chars().count() <= MAX_HINT_CHARS;
        let long = format!(
            "Line {line} is too long: a title has at most {MAX_TITLE_CHARS} characters, a hint {MAX_HINT_CHARS}."
        );
        checks.that(is_short, "own_sections", long);
    }
    checks.that(!lines.contains('\0'), "own_sections", "Control characters are not allowed here.");
    checks.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_part() {
        let blanks = Template::Own.blanks("Cranes: which are down\n\n  Weather  \nA: b: c");
        let told: Vec<(&str, &str)> = blanks.iter().map(|blank| (blank.title.as_str(), blank.hint.as_str())).collect();
        assert_eq!(told, [("Cranes", "which are down"), ("Weather", ""), ("A", "b: c")]);
    }

    #[test]
    fn what_is_no_template_is_told_by_line() {
        assert!(check_own("Cranes: which are down").is_ok());
        for (lines, problem) in [
            ("", "one part a line"),
            ("Cranes\n: nothing", "Line 2 has no title"),
            (&"x\n".repeat(13), "At most 12"),
            (&"x".repeat(81), "Line 1 is too long"),
            ("a\0", "Control characters"),
        ] {
            let error = check_own(lines).unwrap_err();
            assert!(
                error.to_string().contains(problem) || format!("{error:?}").contains(problem),
                "{lines:?}: {error:?}"
            );
        }
    }

    #[test]
    fn each_template_has_parts_that_fit_the_columns() {
        for template in [Template::Ipass, Template::Sbar, Template::Short] {
            let blanks = template.blanks("");
            assert!(!blanks.is_empty() && Template::from_name(template.name()) == Some(template));
            assert!(
                blanks.iter().all(|blank| blank.title.len() <= MAX_TITLE_CHARS && blank.hint.len() <= MAX_HINT_CHARS)
            );
        }
    }
}
