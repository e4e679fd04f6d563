//! Why a cell is met, near or a gap, in words: for a tooltip, the form of a cell, a person's page.

pub mod model;
mod words;
