//! A skill month by month, out of the events of its ratings: pure rules, no database.

use super::super::super::levels::{Level, Standing};
use crate::clock::{day_of, start_of};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;

/// What was said of somebody at a moment.
#[derive(Clone, Debug)]
pub struct Change {
    pub person_id: i64,
    /// In UTC milliseconds.
    pub at: i64,
    pub standing: Standing,
    /// Days, as 2026-06-01, which compare as text.
    pub valid_until: Option<String>,
    pub suspended_until: Option<String>,
}

impl Change {
    /// The level that counts on a day.
    fn counting_on(&self, day: &str) -> Option<Level> {
        let is_expired = self.valid_until.as_deref().is_some_and(|until| until < day);
        let is_suspended = self.suspended_until.as_deref().is_some_and(|until| until >= day);
        self.standing.level().filter(|_| !is_expired && !is_suspended)
    }
}

/// How a skill stood at the end of a month, or of the last day that is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    pub last_day: Date,
    /// People with a level that counts.
    pub rated: i64,
    /// Those above level zero.
    pub able: i64,
    /// Of those with a level, in hundredths; `None` when there is nobody.
    pub mean: Option<f64>,
}

/// One for each month from that of the first change to that of `last_day`, at most the latest `most`. The changes stand in
/// the order in which they were made.
pub fn months(changes: &[Change], last_day: Date, most: usize) -> Vec<Month> {
    let Some(first) = changes.iter().map(|change| change.at).min() else { return Vec::new() };
    let mut ends = month_ends(day_of(first), last_day);
    ends.drain(..ends.len().saturating_sub(most));
    ends.into_iter().map(|day| month(changes, day)).collect()
}

fn month_ends(first: Date, last_day: Date) -> Vec<Date> {
    let mut ends = Vec::new();
    let mut day = first.last_of_month();
    while day < last_day {
        ends.push(day);
        let Ok(next) = day.checked_add(1.day()) else { break };
        day = next.last_of_month();
    }
    ends.push(last_day);
    ends
}

fn month(changes: &[Change], last_day: Date) -> Month {
    let day = last_day.to_string();
    let mut last: HashMap<i64, &Change> = HashMap::new();
    let end = last_day.tomorrow().map_or(i64::MAX, start_of);
    for change in changes.iter().filter(|change| change.at < end) {
        last.insert(change.person_id, change);
    }
    let levels: Vec<Level> = last.into_values().filter_map(|change| change.counting_on(&day)).collect();
    let rated = levels.len() as i64;
    let able = levels.iter().filter(|level| **level > Level::ZERO).count() as i64;
    let sum: i64 = levels.iter().map(|level| level.hundredths()).sum();
    Month { last_day, rated, able, mean: (rated > 0).then(|| sum as f64 / rated as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: &str) -> i64 {
        start_of(date(day)) + 12 * 3_600_000
    }

    fn change(person_id: i64, day: &str, level: i64) -> Change {
        let standing = Standing::At(Level::from_hundredths(level * 100));
        Change { person_id, at: at(day), standing, valid_until: None, suspended_until: None }
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_knows_what_was_said_by_its_end() {
        let changes = [
            change(1, "2026-01-31", 2),
            change(2, "2026-02-01", 4),
            change(1, "2026-03-05", 3),
            Change { standing: Standing::Unset, ..change(2, "2026-03-06", 0) },
        ];
        let months = months(&changes, date("2026-03-20"), 24);
        let row = |day: &str, rated, able, mean| Month { last_day: date(day), rated, able, mean: Some(mean) };
        assert_eq!(
            months,
            [row("2026-01-31", 1, 1, 200.0), row("2026-02-28", 2, 2, 300.0), row("2026-03-20", 1, 1, 300.0)]
        );
    }

    #[test]
    fn what_has_lapsed_counts_no_more() {
        let expiring = Change { valid_until: Some("2026-02-10".into()), ..change(1, "2026-01-10", 4) };
        let suspended = Change { suspended_until: Some("2026-01-31".into()), ..change(2, "2026-01-10", 2) };
        let able: Vec<i64> = months(&[expiring, suspended], date("2026-02-28"), 24).iter().map(|m| m.able).collect();
        assert_eq!(able, [1, 1], "in January the second is suspended, in February the first has expired");
    }

    #[test]
    fn without_a_change_there_is_nothing_and_long_histories_are_cut() {
        assert_eq!(months(&[], date("2026-03-20"), 24), []);
        let months = months(&[change(1, "2020-01-10", 0)], date("2026-03-20"), 24);
        assert_eq!((months.len(), months[0].last_day, months[0].able), (24, date("2024-04-30"), 0));
    }

    proptest! {
        #[test]
        fn months_follow_each_other_and_end_with_the_last_day(days in prop::collection::vec((0i64..900, 1i64..5, 0i64..5), 1..30)) {
            let start = at("2024-01-01");
            let mut changes: Vec<Change> = days.iter().map(|(day, person, level)| Change {
                at: start + day * 86_400_000,
                ..change(*person, "2024-01-01", *level)
            }).collect();
            changes.sort_by_key(|change| change.at);
            let last_day = date("2026-07-15");
            let months = months(&changes, last_day, 100);
            prop_assert_eq!(months.last().unwrap().last_day, last_day);
            prop_assert!(months.windows(2).all(|pair| pair[0].last_day < pair[1].last_day));
            prop_assert!(months.windows(2).all(|pair| pair[0].rated <= pair[1].rated), "nothing here takes a level away");
            for month in months {
                prop_assert!(month.able <= month.rated);
                prop_assert!(month.mean.is_none_or(|mean| (0.0..=400.0).contains(&mean)));
            }
        }
    }
}
