//! What becomes of a handoff: sent, accepted, declined, withdrawn, redirected, or taken by a lead.

pub mod handlers;
pub mod model;
pub mod views;
