//! Which people and skills a filter leaves, where names, teams and categories alone do not say it.

pub mod model;
