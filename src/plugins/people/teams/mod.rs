//! Teams: the list with its head counts, where they are added and renamed in place.

pub mod handlers;
mod views;
