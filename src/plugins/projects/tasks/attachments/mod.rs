//! Files that belong to a task.
//!
//! Table: task_attachments. Their contents lie in `crate::blobs`; what no row names any more is taken away by a job.

pub mod handlers;
pub mod model;
pub mod views;

use crate::plugin::Job;
use std::time::Duration;

/// Takes away contents that no attachment names any more.
pub const PURGE: Job = Job {
    name: "projects.purge_attachments",
    interval: Duration::from_secs(24 * 3600),
    run: |app| Box::pin(model::purge(app)),
};
