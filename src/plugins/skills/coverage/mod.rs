//! Coverage: where at least so many people are wanted at a level, whether there are so many; and the people behind each
//! number.
//!
//! It owns no table. `rule` is pure: what others draw (columns of the matrix, pictures) is decided there too.

pub mod handlers;
pub mod model;
pub mod rule;
pub mod shortages;
pub mod views;

pub use model::{Filter, list};
pub use rule::{Coverage, CoverageStatus};
