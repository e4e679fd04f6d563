//! A job role that starts from a profile: looked at before it is made, and then made in one transaction.

pub mod handlers;
pub mod model;
mod views;
