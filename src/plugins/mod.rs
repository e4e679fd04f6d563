//! Every plugin of the portal. This is the only file that names them all.


pub mod skills;

use crate::plugin::Plugin;

/// In this order: a plugin may call the facade of one that stands before it.
pub const ALL: &[&Plugin] = &[&skills::PLUGIN];
