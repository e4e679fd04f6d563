//! The due days of a person for their calendar program: an address with a secret in it, which anybody can read who has it.
//!
//! Table: task_feeds. The address is shown once, as it is made; the database holds its hash.

pub mod handlers;
pub mod model;
pub mod views;
