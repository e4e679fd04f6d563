//! Assessments: a lead asks somebody where they stand, the person answers, and whoever looks after the skill confirms.
//!
//! Tables: assessments, assessment_items. asked → filled → validated, or withdrawn on the way. The levels themselves are
//! ratings, saved as everywhere else (`ratings/model.rs`), so that permissions and history are the same; an assessment
//! keeps what was said and confirmed when it was.

pub mod answers;
pub mod confirmations;
pub mod handlers;
pub mod model;
pub mod requests;
pub mod rules;
pub mod views;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    [handlers::routes(), requests::handlers::routes(), answers::handlers::routes(), confirmations::handlers::routes()]
        .into_iter()
        .flatten()
        .collect()
}
