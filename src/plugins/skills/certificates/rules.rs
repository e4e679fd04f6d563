//! When to remind of a certificate: pure rules, no database.

use crate::error::{Checks, Result};
use jiff::civil::Date;

/// Days before the last day, unless a skill has its own.
pub const USUAL: [i64; 4] = [90, 30, 7, 0];
/// The earliest reminder that can be asked for.
pub const EARLIEST_DAYS: i64 = 730;
const MOST_REMINDERS: usize = 8;
/// What expired longer ago is history, and nobody is told of it any more.
pub const LATEST_DAYS: i64 = 30;

/// The days before a certificate's last day on which people are reminded, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminders(Vec<i64>);

impl Default for Reminders {
    fn default() -> Self {
        Reminders(USUAL.to_vec())
    }
}

impl Reminders {
    /// Reads `90, 30, 7, 0`; nothing means the usual days.
    pub fn parse(text: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let days: Vec<Option<i64>> = text.split([',', ';', ' ']).filter(|part| !part.is_empty()).map(days_of).collect();
        let mut checks = Checks::default();
        let range = format!("Write whole numbers of days from 0 to {EARLIEST_DAYS}, as in 90, 30, 7, 0.");
        checks.that(!days.is_empty() && days.iter().all(Option::is_some), "days", range);
        checks.that(days.len() <= MOST_REMINDERS, "days", format!("At most {MOST_REMINDERS} reminders."));
        checks.done()?;
        let mut days: Vec<i64> = days.into_iter().flatten().collect();
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        Ok(Reminders(days))
    }

    /// As the column keeps it, and a form shows it.
    pub fn text(&self) -> String {
        let days: Vec<String> = self.0.iter().map(i64::to_string).collect();
        days.join(", ")
    }

    /// The reminder that is due when so many days are left: the nearest one that has come. `None` before the first, and
    /// for what expired long ago.
    pub fn due(&self, days_left: i64) -> Option<i64> {
        if days_left < -LATEST_DAYS {
            return None;
        }
        self.0.iter().copied().filter(|day| days_left <= *day).min()
    }
}

fn days_of(text: &str) -> Option<i64> {
    text.parse().ok().filter(|days| (0..=EARLIEST_DAYS).contains(days))
}

/// How many days are left until that day; negative when it is past.
pub fn days_between(today: Date, day: Date) -> i64 {
    today.until(day).map_or(0, |span| i64::from(span.get_days()))
}

/// `expires today`, `expires in 7 days`, `expired 3 days ago`.
pub fn expiry_text(days_left: i64) -> String {
    match days_left {
        0 => "expires today".to_owned(),
        1 => "expires tomorrow".to_owned(),
        -1 => "expired yesterday".to_owned(),
        left if left > 0 => format!("expires in {left} days"),
        left => format!("expired {} days ago", -left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_nearest_reminder_that_has_come_is_due() {
        let usual = Reminders::default();
        let table = [
            (91, None),
            (90, Some(90)),
            (31, Some(90)),
            (30, Some(30)),
            (7, Some(7)),
            (1, Some(7)),
            (0, Some(0)),
            // The server was off on the day itself.
            (-2, Some(0)),
            (-31, None),
        ];
        for (left, due) in table {
            assert_eq!(usual.due(left), due, "{left}");
        }
        assert_eq!(Reminders::parse("14").unwrap().due(-1), Some(14));
    }

    #[test]
    fn days_are_read_in_any_order_and_told_from_the_earliest() {
        assert_eq!(Reminders::parse("7, 90 30;7").unwrap().text(), "90, 30, 7");
        assert_eq!(Reminders::parse(" ").unwrap(), Reminders::default());
        for text in ["x", "-1", "731", "7.5", "1,2,3,4,5,6,7,8,9", ","] {
            assert!(Reminders::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_the_ends_of_months() {
        assert_eq!(days_between(day("2026-11-20"), day("2027-02-18")), 90);
        assert_eq!(days_between(day("2026-11-20"), day("2026-11-19")), -1);
        assert_eq!(expiry_text(1), "expires tomorrow");
        assert_eq!(expiry_text(-3), "expired 3 days ago");
    }
}
