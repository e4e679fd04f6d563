//! Sets up what `tracing` writes, and how: one JSON object a line for machines in production, readable lines for
//! people while developing. It goes to standard error, because commands such as `export` write to standard output.

use std::io::{IsTerminal, stderr};
use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Exchanges the filter of the log that was started.
static SET_FILTER: OnceLock<Box<dyn Fn(EnvFilter) + Send + Sync>> = OnceLock::new();

/// Starts logging for the whole process; call it once, right after the configuration is loaded.
pub fn start(log: &Log) {
    let builder = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&log.filter)).with_writer(stderr);
    match log.format {
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true).with_span_list(false).with_filter_reloading();
            let handle = builder.reload_handle();
            keep(move |filter| drop(handle.reload(filter)));
            builder.init();
        }
        LogFormat::Readable => {
            let builder = builder.with_ansi(colours_are_wanted()).with_filter_reloading();
            let handle = builder.reload_handle();
            keep(move |filter| drop(handle.reload(filter)));
            builder.init();
        }
    }
}

/// From now on writes what `filter` says, in a process whose log was started. The filter was checked when it was read.
pub fn set_filter(filter: &str) {
    if let Some(set) = SET_FILTER.get() {
        set(EnvFilter::new(filter));
    }
}

fn keep(set: impl Fn(EnvFilter) + Send + Sync + 'static) {
    // The log is started once.
    let _ = SET_FILTER.set(Box::new(set));
}

/// See https://no-color.org.
fn colours_are_wanted() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
