//! A preview as a terminal shows it: all that is wrong, and the first new and changed things of each kind.

use std::fmt;

use super::{Line, Listing, Preview};
use crate::tables::quoted;

/// How many things of each kind are listed.
const LISTED: usize = 20;

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_refused(), self.is_done) {
            (true, _) => writeln!(f, "Refused, nothing was written:")?,
            (false, true) => writeln!(f, "Imported: {}.", self.summary())?,
            (false, false) => writeln!(f, "Preview, nothing was written: {}.", self.summary())?,
        }
        if self.batch_id.is_some() {
            writeln!(f, "It can be taken back on the page /skills/imports.")?;
        }
        self.refused.iter().try_for_each(|problem| writeln!(f, "  {problem}"))?;
        if !self.notices.is_empty() {
            writeln!(f, "Notices:")?;
        }
        self.notices.iter().try_for_each(|notice| writeln!(f, "  {notice}"))?;
        for list in &self.created {
            write_listing(f, "New", list)?;
        }
        for list in &self.changed {
            write_listing(f, "Changed", list)?;
        }
        Ok(())
    }
}

fn write_listing(f: &mut fmt::Formatter<'_>, verb: &str, list: &Listing) -> fmt::Result {
    writeln!(f, "{verb}: {}", list.title())?;
    for line in list.lines.iter().take(LISTED) {
        let arrow = if line.before.is_empty() { "" } else { " → " };
        let colon = if line.after.is_empty() { "" } else { ": " };
        let Line { row, column, what, before, after } = line;
        writeln!(f, "  row {row}, column {}: {what}{colon}{before}{arrow}{after}", quoted(column))?;
    }
    let more = list.total - list.lines.len().min(LISTED);
    if more > 0 { writeln!(f, "  and {more} more") } else { Ok(()) }
}
