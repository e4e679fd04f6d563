//! Training plans: how somebody is to reach a level, with whom and until when.
//!
//! Table: training_plans. planned → done, or dropped. Whoever leads the person or looks after the skill plans; the
//! trainer, or one of those, completes, which confirms the level and writes the evidence as a rating
//! (`ratings/model.rs`), so that history is the same.

pub mod completions;
pub mod handlers;
pub mod model;
pub mod plans;
pub mod views;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    [handlers::routes(), plans::handlers::routes(), completions::handlers::routes()].into_iter().flatten().collect()
}
