//! The administration: its pages, who may see them, and what they change.

mod audit;
mod overview;
