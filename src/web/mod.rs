//! What stands between a socket and a handler: the accept loop with its limits, and the layers that every request
//! passes (address, request id, log, metrics, body limit, compression, security headers).
//! Each piece takes its own small options and knows nothing of the application, so that it can be tested by itself.

pub mod body_limit;
pub mod client_address;
pub mod compression;
pub mod metrics;
pub mod request_id;
pub mod request_log;
pub mod security_headers;
pub mod server;
pub mod assets;
pub mod components;
pub mod layout;
pub mod negotiation;
