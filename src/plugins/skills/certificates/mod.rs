//! Certificates: ratings that hold until a day. A job marks what has expired or is suspended as days pass, and reminds the
//! person and those who lead them beforehand; a page lists what expires when.
//!
//! Table: skill_reminders. A level that has lapsed counts as a gap; the flag on the rating and the counters are moved
//! here when a day does it, and by every save when a person does.

pub mod handlers;
pub mod model;
pub mod rules;
pub mod views;

use crate::plugin::Job;
use std::time::Duration;

/// Every hour, so that a day begins soon after midnight, UTC. Whatever was done that day already is not done again.
pub const EXPIRE: Job =
    Job { name: "skills.expire", interval: Duration::from_secs(3600), run: |app| Box::pin(model::expire(app)) };
