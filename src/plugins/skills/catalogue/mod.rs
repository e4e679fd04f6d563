//! Skills: found, shown, made and changed. What is done to one skill beyond that has a folder of its own.

pub mod archival;
mod choices;
pub mod definition;
mod form;
pub mod handlers;
pub mod labels;
pub mod lookup;
mod mergers;
pub mod model;
pub mod names;
mod owners;
pub mod rescalings;
mod show;
pub mod views;

/// The routes of this folder and of those in it.
pub fn routes() -> Vec<crate::plugin::Route> {
    let parts = [
        handlers::routes(),
        names::handlers::routes(),
        owners::handlers::routes(),
        archival::handlers::routes(),
        definition::handlers::routes(),
        choices::handlers::routes(),
        mergers::handlers::routes(),
        rescalings::handlers::routes(),
    ];
    parts.into_iter().flatten().collect()
}
