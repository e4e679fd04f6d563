//! Pictures of the skills: gaps by team and category, coverage, a radar of a few people, a skill over time.
//!
//! Each picture is a page and an SVG file (`/skills/insights/radar` and `/skills/insights/radar.svg`) over the same model
//! function, whose answer is cached until a rating, a skill or a person changes; beside it stands the table of the same
//! numbers. `geometry` says where things stand, `svg` writes and sends them.

pub mod coverage;
pub mod frame;
pub mod gaps;
pub mod geometry;
pub mod model;
pub mod radar;
pub mod scope;
pub mod svg;
pub mod teams;
pub mod trend;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    [gaps::handlers::routes(), coverage::handlers::routes(), radar::handlers::routes(), trend::handlers::routes()]
        .into_iter()
        .flatten()
        .collect()
}
