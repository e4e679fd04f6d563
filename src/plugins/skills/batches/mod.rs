//! Ratings that are changed together, by a paste or a file, and what was done last being taken back.
//!
//! Tables: rating_batches, and the column `batch_id` of rating_events. A batch is taken back by writing what the events
//! before it say, as a batch of its own: taking that one back does it again.

pub mod handlers;
pub mod model;
pub mod reversals;
pub mod traces;
