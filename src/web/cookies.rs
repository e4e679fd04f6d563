//! Cookies: the few that the portal sets, all of them out of reach for scripts.

use poem::http::{HeaderValue, header};
use poem::{Request, Response};

/// The value of a cookie, as it was sent.
pub fn get(request: &Request, name: &str) -> Option<String> {
    let headers = request.headers().get_all(header::COOKIE);
    let pairs = headers.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(found, _)| *found == name);
    named.next().map(|(_, value)| value.to_owned())
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy)]
pub enum Life {
    /// Until its window is closed.
    Window,
    /// 0 removes the cookie.
    Seconds(u64),
}

/// Sets a cookie for the whole site. `value` must hold no blanks, quotes, commas or semicolons.
pub fn set(response: &mut Response, name: &str, value: &str, life: Life, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let max_age = match life {
        Life::Window => String::new(),
        Life::Seconds(seconds) => format!("; Max-Age={seconds}"),
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}");
    if let Ok(header_value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, header_value);
    }
}
