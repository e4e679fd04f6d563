//! Why a cell looks as it does, told when somebody rests on it.

mod handlers;
mod views;

pub use handlers::routes;
