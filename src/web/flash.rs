//! A message for the next page, carried over a redirect in a cookie that lives for a minute.

use super::components::Tone;
use super::cookies::{self, Life};
use super::layout::Flash;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::{Request, Response};

const COOKIE: &str = "flash";
const LIFETIME_S: u64 = 60;

pub fn set(response: &mut Response, tone: Tone, text: &str, secure: bool) {
    let text: String = text.chars().take(500).collect();
    cookies::set(
        response,
        COOKIE,
        &format!("{}.{}", letter(tone), URL_SAFE_NO_PAD.encode(text)),
        Life::Seconds(LIFETIME_S),
        secure,
    );
}

pub fn clear(response: &mut Response, secure: bool) {
    cookies::set(response, COOKIE, "", Life::Seconds(0), secure);
}

/// What stands in the cookie is shown as text, so a forged one can say nothing but words.
pub fn read(request: &Request) -> Option<Flash> {
    let value = cookies::get(request, COOKIE)?;
    let (letter, encoded) = value.split_once('.')?;
    let tone = [Tone::Success, Tone::Info, Tone::Warning, Tone::Danger]
        .into_iter()
        .find(|tone| self::letter(*tone) == letter)?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
    Some(Flash { tone, text })
}

fn letter(tone: Tone) -> &'static str {
    match tone {
        Tone::Success => "s",
        Tone::Info => "i",
        Tone::Warning => "w",
        Tone::Danger => "d",
    }
}
