//! The summaries beside the cells: of a row, of a column, and what of them may be seen.

pub mod model;
