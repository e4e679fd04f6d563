//! Points in time, as people read them.

use crate::clock::day_of;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long ago something was, both in UTC milliseconds.
pub fn ago(then_ms: i64, now_ms: i64) -> String {
    let passed = now_ms - then_ms;
    match passed {
        ..MINUTE_MS => "just now".to_owned(),
        MINUTE_MS..HOUR_MS => counted(passed / MINUTE_MS, "minute"),
        HOUR_MS..DAY_MS => counted(passed / HOUR_MS, "hour"),
        _ if passed < 30 * DAY_MS => counted(passed / DAY_MS, "day"),
        _ => date(then_ms),
    }
}

/// The UTC date, `2026-11-20`.
pub fn date(ms: i64) -> String {
    day_of(ms).to_string()
}

/// The UTC date as it is written in a sentence, `2 May 2026`.
pub fn day(ms: i64) -> String {
    day_in_words(&date(ms))
}

/// As `day`, of a date as the database holds it, `2026-05-02`. Anything else stays as it is.
pub fn day_in_words(date: &str) -> String {
    date.parse::<jiff::civil::Date>().map_or_else(|_| date.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}

/// The UTC date and time, `20 Nov 2026, 12:00`.
pub fn moment(ms: i64) -> String {
    let timestamp = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    timestamp.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %b %Y, %H:%M").to_string()
}

fn counted(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}
