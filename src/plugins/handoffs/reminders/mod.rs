//! What waits for too long is brought to mind once, and then told to the leads once.

pub mod model;

use crate::plugin::Job;
use std::time::Duration;

pub const REMIND: Job =
    Job { name: "handoffs.remind", interval: Duration::from_secs(60), run: |app| Box::pin(model::remind(app)) };
