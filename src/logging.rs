//! Sets up what `tracing` writes, and how: one JSON object a line for machines in production, readable lines for
//! people while developing. It goes to standard error, because commands such as `export` write to standard output.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging for the whole process; call it once, right after the configuration is loaded.
pub fn start(log: &Log) {
    let builder = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&log.filter)).with_writer(stderr);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).init(),
        LogFormat::Readable => builder.with_ansi(colours_are_wanted()).init(),
    }
}

/// See https://no-color.org.
fn colours_are_wanted() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
