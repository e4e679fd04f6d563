//! How far an import is: counted by who writes it, read by who waits for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A clone counts and shows the same.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    done: AtomicUsize,
    /// 0 until it is known.
    total: AtomicUsize,
}

impl Progress {
    pub fn expect(&self, total: usize) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub fn advance(&self, by: usize) {
        self.0.done.fetch_add(by, Ordering::Relaxed);
    }

    /// How many ratings of how many are written; none while the file is held against what is there.
    pub fn counts(&self) -> Option<(usize, usize)> {
        let total = self.0.total.load(Ordering::Relaxed);
        (total > 0).then(|| (self.0.done.load(Ordering::Relaxed), total))
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.counts() {
            None => f.write_str("The file is compared with what is there …"),
            Some((done, total)) if done < total => write!(f, "{done} of {total} ratings are written …"),
            Some((_, total)) => write!(f, "All {total} ratings are written; the sums are counted anew …"),
        }
    }
}
