//! The imports of late, whoever did them and by whatever means.

pub mod model;
