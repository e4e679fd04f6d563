//! The rooms of the portal.

pub mod skills;
