//! The day that a view is asked for: `?as_of=2026-06-01` shows what was said by the end of that day, in UTC.

use crate::clock;
use crate::error::{Error, Result};
use jiff::ToSpan;
use jiff::civil::Date;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AsOf {
    #[default]
    Now,
    /// A day before today.
    Day(Date),
}

impl AsOf {
    /// Reads the parameter; empty, and today, mean now.
    ///
    /// # Errors
    /// Invalid, field `as_of`, for what is no date, and for days that are still to come.
    pub fn parse(text: &str, now_ms: i64) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(AsOf::Now);
        }
        let Ok(day) = text.parse::<Date>() else {
            return Err(Error::invalid("as_of", format!("“{text}” is no date. Write it as 2026-06-01.")));
        };
        let today = clock::day_of(now_ms);
        if day > today {
            return Err(Error::invalid("as_of", format!("{day} is still to come. Choose a day up to today.")));
        }
        Ok(if day == today { AsOf::Now } else { AsOf::Day(day) })
    }

    pub fn day(self) -> Option<Date> {
        match self {
            AsOf::Now => None,
            AsOf::Day(day) => Some(day),
        }
    }

    /// The first moment that is too late, in UTC milliseconds: an event counts if its `at` is less. `None` for now.
    pub fn before_ms(self) -> Option<i64> {
        let next = self.day()?.checked_add(1.day()).ok()?;
        Some(clock::start_of(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Friday 20 November 2026, 12:00 UTC.
    const NOW_MS: i64 = 1_795_176_000_000;

    #[test]
    fn a_day_ends_with_its_last_millisecond() {
        let day = AsOf::parse("2026-11-19", NOW_MS).unwrap();
        assert_eq!(day.before_ms(), Some(1_795_132_800_000));
        assert_eq!(AsOf::parse(" ", NOW_MS).unwrap(), AsOf::Now);
        assert_eq!(AsOf::parse("2026-11-20", NOW_MS).unwrap(), AsOf::Now, "today is not over");
    }

    #[test]
    fn what_is_no_past_day_is_refused_with_the_reason() {
        let problem = |text: &str| AsOf::parse(text, NOW_MS).unwrap_err().to_string();
        assert!(problem("2026-11-21").contains("still to come"));
        assert!(problem("2026-02-30").contains("no date"));
        assert!(problem("yesterday").contains("no date"));
    }
}
