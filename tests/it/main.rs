//! One test binary for everything that needs a server or a database.

mod api;
mod architecture;
mod assets;
mod body_limit;
mod client_address;
mod command_line;
mod compression;
mod config;
mod db;
mod demo;
mod exports;
mod faults;
mod import_files;
mod imports;
mod jobs;
mod metrics;
mod people;
mod raw_http;
mod request_id;
mod request_log;
mod security_headers;
mod server;
mod sessions;
mod skills;
mod support;
mod tables;
