//! Skills that too few people have, as the columns of the matrix tell them.

pub mod model;
