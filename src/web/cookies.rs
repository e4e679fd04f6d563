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

/// Sets a cookie for the whole site. `value` must hold no blanks, quotes, commas or semicolons; 0 seconds remove it.
pub fn set(response: &mut Response, name: &str, value: &str, max_age_s: u64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    if let Ok(header_value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, header_value);
    }
}
