//! What happens by itself: people are told of due days, and stalled tasks are postponed where their project wants that.

pub mod model;

use crate::plugin::Job;
use std::time::Duration;

/// Once an hour, because a day begins at another hour elsewhere. Each thing is told once.
pub const TELL_DUE: Job =
    Job { name: "projects.tell_due", interval: Duration::from_secs(3600), run: |app| Box::pin(model::tell_due(app)) };

pub const POSTPONE_STALLED: Job = Job {
    name: "projects.postpone_stalled",
    interval: Duration::from_secs(6 * 3600),
    run: |app| Box::pin(model::postpone_stalled(app)),
};
