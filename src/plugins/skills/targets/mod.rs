//! Targets: the level that a skill is wanted at, of a team, of a job role or of everybody; by all of them, or by at least
//! so many.
//!
//! Table: targets. A target that is set goes `handlers::create` → `model::create`, which checks the permission and the
//! level, writes the target and its event, and has `requirements` work out anew what that asks of each person, all in one
//! transaction. `fit` is the rule that compares a person with what is asked; `reasons` says the same in words.

pub mod api;
pub mod fit;
pub mod handlers;
pub mod model;
pub mod reasons;
pub mod scope;
pub mod scopes;
mod skills;
mod views;

pub use fit::Fit;
pub use reasons::model::{Reason, reasons};
