//! Every plugin of the portal. This is the only file that names them all.


pub mod skills;

use crate::app::App;
use crate::plugin::Plugin;
use poem::Endpoint;

/// In this order: a plugin may call the facade of one that stands before it.
pub const ALL: &[&Plugin] = &[&skills::PLUGIN];

/// What lies at /api.
pub fn api(_app: &App) -> impl Endpoint + use<> {
    poem::Route::new()
}
