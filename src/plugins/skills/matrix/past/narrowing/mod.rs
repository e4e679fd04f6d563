//! Who had a level, and who a gap, by the end of a day.

pub mod model;
