//! The time, injected: a test says what it is instead of waiting for it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time in UTC milliseconds since 1970.
#[derive(Clone)]
pub enum Clock {
    System,
    /// Stands still until it is set.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(now_ms: i64) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(now_ms)))
    }

    pub fn now_ms(&self) -> i64 {
        match self {
            Clock::System => {
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64)
            }
            Clock::Fixed(now) => now.load(Ordering::Relaxed),
        }
    }

    /// Moves a fixed clock; the system's cannot be moved.
    pub fn advance(&self, by_ms: i64) {
        if let Clock::Fixed(now) = self {
            now.fetch_add(by_ms, Ordering::Relaxed);
        }
    }
}

/// The UTC day on which a point in time lies.
pub fn day_of(ms: i64) -> Date {
    let timestamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned(TimeZone::UTC).date()
}

/// The last millisecond of a UTC day as it is written, `2026-01-31`; `None` for what is no day.
pub fn end_of_day_ms(day: &str) -> Option<i64> {
    let day: Date = day.parse().ok()?;
    Some(start_of(day.tomorrow().ok()?) - 1)
}

/// The first millisecond of a UTC day.
pub fn start_of(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(0, |midnight| midnight.timestamp().as_millisecond())
}
