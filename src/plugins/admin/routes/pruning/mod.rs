//! `/admin/routes/pruning`: what pruning would remove, done, and brought back within thirty days.

pub mod handlers;
mod views;
