//! The cookies of a session: its own, and that of "stay logged in"; and what a browser is told about them.

use super::cookies::{self, Life};
use crate::app::App;
use poem::Response;
use poem::http::header;

/// What the browser is to be told about its cookies. No `Debug`: it holds what opens a session.
#[derive(Clone, Default)]
pub enum CookieNews {
    #[default]
    Nothing,
    /// The session has ended, and nothing opens it again.
    Ended,
    Renewed {
        token: String,
        remember: Option<String>,
    },
}

impl CookieNews {
    /// Sets the cookies, unless the handler has set them already: a log-in or a log-out knows more.
    pub fn tell(&self, app: &App, response: &mut Response) {
        let own = format!("{}=", session_cookie(app));
        let set = response.headers().get_all(header::SET_COOKIE);
        if set.iter().any(|cookie| cookie.as_bytes().starts_with(own.as_bytes())) {
            return;
        }
        match self {
            CookieNews::Nothing => {}
            CookieNews::Ended => clear_cookies(app, response),
            CookieNews::Renewed { token, remember } => {
                set_cookie(app, response, session_cookie(app), token, Life::Window);
                let days = app.config.session.remember_days;
                match remember {
                    Some(remember) => set_remember(app, response, remember, Life::Seconds(days * 24 * 3600)),
                    None => set_remember(app, response, "", Life::Seconds(0)),
                }
            }
        }
    }
}

/// `__Host-` binds a cookie to this host and to HTTPS (RFC 6265bis, 4.1.3.2).
pub fn session_cookie(app: &App) -> &'static str {
    if app.config.session.cookie_secure { "__Host-session" } else { "session" }
}

pub fn remember_cookie(app: &App) -> &'static str {
    if app.config.session.cookie_secure { "__Host-remember" } else { "remember" }
}

fn set_cookie(app: &App, response: &mut Response, name: &str, value: &str, life: Life) {
    cookies::set(response, name, value, life, app.config.session.cookie_secure);
}

fn set_remember(app: &App, response: &mut Response, value: &str, life: Life) {
    set_cookie(app, response, remember_cookie(app), value, life);
}

/// Of a session that has ended.
pub fn clear_cookies(app: &App, response: &mut Response) {
    set_cookie(app, response, session_cookie(app), "", Life::Seconds(0));
    set_remember(app, response, "", Life::Seconds(0));
}
