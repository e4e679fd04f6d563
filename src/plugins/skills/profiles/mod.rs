//! Role profiles: which skills an occupation asks for in general, how important each is and at which level, as O*NET
//! publishes it. A job role of the organisation can start from one.
//!
//! Tables: role_profiles, role_profile_skills. They come from a file (`imports`); `job_roles` makes a job role of one, with
//! its targets and the skills that the catalogue lacks, in one transaction.

pub mod handlers;
pub mod imports;
pub mod job_roles;
pub mod model;
mod views;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    handlers::routes().into_iter().chain(job_roles::handlers::routes()).collect()
}
