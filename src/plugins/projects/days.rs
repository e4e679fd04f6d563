//! Days as people say them: `friday`, `tomorrow`, `12 dec`, `in 3 days`. Pure rules; what day it is today is handed in.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Nobody plans for later, and a number that is typed wrong shall not become a year of its own.
const LONGEST: i64 = 3660;

/// Reads a day at the beginning of `words`, and says how many of them it took. A weekday is the next one to come, today left
/// out; a day of the year without its year is the next one, today included.
pub fn read(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let first = words.first()?.to_lowercase();
    let second = words.get(1).map(|word| word.to_lowercase());
    let third = words.get(2).map(|word| word.to_lowercase());
    if let Some(day) = single(&first, today) {
        return Some((day, 1));
    }
    match (first.as_str(), second.as_deref(), third.as_deref()) {
        ("next", Some("week"), _) => Some((next(Weekday::Monday, today)?, 2)),
        ("next", Some(name), _) => Some((next(weekday(name)?, today)?, 2)),
        ("in", Some(count), Some(unit)) => Some((after(count, unit, today)?, 3)),
        (a, Some(b), _) => day_of_year(a, b, today).map(|day| (day, 2)),
        _ => None,
    }
}

fn single(word: &str, today: Date) -> Option<Date> {
    match word {
        "yesterday" => today.yesterday().ok(),
        "today" => Some(today),
        "tomorrow" => today.tomorrow().ok(),
        _ => match weekday(word) {
            Some(weekday) => next(weekday, today),
            None => iso(word),
        },
    }
}

/// `2026-12-01`, and nothing shorter: jiff alone would take other forms, too.
fn iso(word: &str) -> Option<Date> {
    if word.len() != 10 {
        return None;
    }
    word.parse::<Date>().ok().filter(|day| (1970..=2200).contains(&day.year()))
}

/// By its name, or at least the first three letters of it.
fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| word.len() >= 3 && name.starts_with(word)).map(|(_, weekday)| *weekday)
}

fn next(weekday: Weekday, today: Date) -> Option<Date> {
    let ahead = (weekday.to_monday_zero_offset() - today.weekday().to_monday_zero_offset()).rem_euclid(7);
    let ahead = if ahead == 0 { 7 } else { ahead };
    today.checked_add(i64::from(ahead).days()).ok()
}

fn after(count: &str, unit: &str, today: Date) -> Option<Date> {
    let count: i64 = count.parse().ok().filter(|count| (0..=LONGEST).contains(count))?;
    match unit {
        "day" | "days" => today.checked_add(count.days()).ok(),
        "week" | "weeks" => today.checked_add((count * 7).days()).ok(),
        "month" | "months" => today.checked_add(count.min(LONGEST / 30).months()).ok(),
        _ => None,
    }
}

fn day_of_year(a: &str, b: &str, today: Date) -> Option<Date> {
    let (day, month) = match (number(a), month(b), month(a), number(b)) {
        (Some(day), Some(month), _, _) => (day, month),
        (_, _, Some(month), Some(day)) => (day, month),
        _ => return None,
    };
    let this_year = Date::new(today.year(), month, day).ok();
    match this_year {
        Some(date) if date >= today => Some(date),
        _ => Date::new(today.year() + 1, month, day).ok(),
    }
}

fn number(word: &str) -> Option<i8> {
    word.trim_end_matches('.').parse().ok()
}

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let place = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    i8::try_from(place + 1).ok()
}

/// How a due day stands to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    Overdue,
    Today,
    /// Within the next two days.
    Soon,
    Later,
}

pub fn nearness(day: Date, today: Date) -> Nearness {
    match days_between(today, day) {
        ..0 => Nearness::Overdue,
        0 => Nearness::Today,
        1..=2 => Nearness::Soon,
        _ => Nearness::Later,
    }
}

pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// As short as one can say it: `today`, `Fri`, `4 Dec`, `4 Dec 2027`.
pub fn short(day: Date, today: Date) -> String {
    match days_between(today, day) {
        -1 => "yesterday".to_owned(),
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=6 => day.strftime("%a").to_string(),
        _ if day.year() == today.year() => day.strftime("%-d %b").to_string(),
        _ => day.strftime("%-d %b %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str, today: Date) -> Option<Date> {
        let words: Vec<&str> = text.split_whitespace().collect();
        read(&words, today).filter(|(_, used)| *used == words.len()).map(|(day, _)| day)
    }

    fn on(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn people_say_days_in_many_ways() {
        // A Friday.
        let today = on("2026-11-20");
        for (text, expected) in [
            ("yesterday", "2026-11-19"),
            ("today", "2026-11-20"),
            ("Tomorrow", "2026-11-21"),
            ("friday", "2026-11-27"),
            ("fri", "2026-11-27"),
            ("sat", "2026-11-21"),
            ("thu", "2026-11-26"),
            ("next week", "2026-11-23"),
            ("next tuesday", "2026-11-24"),
            ("in 3 days", "2026-11-23"),
            ("in 2 weeks", "2026-12-04"),
            ("in 1 month", "2026-12-20"),
            ("12 dec", "2026-12-12"),
            ("dec 12", "2026-12-12"),
            ("3. january", "2027-01-03"),
            ("20 nov", "2026-11-20"),
            ("19 nov", "2027-11-19"),
            ("2027-02-28", "2027-02-28"),
        ] {
            assert_eq!(parse(text, today), Some(on(expected)), "{text}");
        }
        for text in ["", "sometime", "31 feb", "2026-02-30", "in many days", "fr", "next", "2026-1-1", "in 99999 days"]
        {
            assert_eq!(parse(text, today), None, "{text}");
        }
        assert_eq!(read(&["fri", "with", "Ben"], today), Some((on("2026-11-27"), 1)));
    }

    #[test]
    fn near_days_are_told_by_their_names() {
        let today = on("2026-11-20");
        for (day, text, near) in [
            ("2026-11-18", "18 Nov", Nearness::Overdue),
            ("2026-11-19", "yesterday", Nearness::Overdue),
            ("2026-11-20", "today", Nearness::Today),
            ("2026-11-22", "Sun", Nearness::Soon),
            ("2026-11-27", "27 Nov", Nearness::Later),
            ("2027-01-03", "3 Jan 2027", Nearness::Later),
        ] {
            assert_eq!((short(on(day), today).as_str(), nearness(on(day), today)), (text, near), "{day}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,40}") {
            let _ = parse(&text, on("2026-11-20"));
        }

        #[test]
        fn a_weekday_lies_within_the_next_week(offset in 0i64..3000, weekday in 0usize..7) {
            let today = on("2026-01-01").checked_add(offset.days()).unwrap();
            let day = parse(WEEKDAYS[weekday].0, today).unwrap();
            prop_assert!((1..=7).contains(&days_between(today, day)));
            prop_assert_eq!(day.weekday(), WEEKDAYS[weekday].1);
        }
    }
}
