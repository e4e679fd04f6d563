mod body_limit;
mod client_address;
mod compression;
mod metrics;
mod raw_http;
mod request_id;
mod request_log;
mod security_headers;
mod server;
//! One test binary for everything that needs a server or a database.

mod config;
mod assets;
