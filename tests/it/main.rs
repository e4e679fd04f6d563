//! One test binary for everything that needs a server or a database.

mod config;
