//! Job roles of the organisation: what people do here. A person may have several; targets are set for them.
//!
//! Tables: job_roles, job_role_people. Who gets or loses a job role is asked for something else from then on, so each
//! change ends with `requirements`, in the same transaction.

pub mod api;
pub mod handlers;
pub mod model;
pub mod people;
mod views;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    handlers::routes().into_iter().chain(people::handlers::routes()).collect()
}
