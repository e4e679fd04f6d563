//! The categories of the catalogue: a tree, each branch of which can be shown by itself.
//!
//! Table: skill_categories. A category's `name` is its whole path, “Workshop › Welding”, so that whatever shows, exports
//! or looks up a category by its name needs to know nothing of the tree; `position` counts the tree depth-first. Skills
//! carry the position of their category, so that a branch is one range of positions (`model::range`).

pub mod handlers;
pub mod model;
pub mod tree;
mod views;

pub use tree::{Category, category_title};
