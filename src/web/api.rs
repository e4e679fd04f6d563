//! What the plugins' parts of the JSON API have in common: who calls, how bodies are read, how lists are handed out in
//! pages, how a change answers, and which errors the document tells of.
//!
//! The session layer has found out who calls, by a bearer token or by the session of a browser; `Caller` hands that on.
//! Errors are `crate::error::Error`; `error_pages` makes problem details (RFC 9457) of them.

mod caller;
mod document;
mod explorer;
mod payload;
mod responses;

pub use caller::Caller;
pub use document::{Switched, serve};
pub use payload::Body;
pub use responses::{Conflict, Created, Deleted, Page, Saved};

/// How many a list hands out at once when nobody says; 500 is the most, as each list declares.
pub fn default_limit() -> i64 {
    100
}
