//! A message for the next page, carried over a redirect in a cookie that lives for a minute.
//!
//! It is signed with the installation's secret, so that nobody can put words into the portal's mouth by planting a
//! cookie from a neighbouring host.

use super::components::Tone;
use super::cookies::{self, Life};
use super::layout::Flash;
use crate::accounts::secrets::same;
use crate::config::Config;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use poem::{Request, Response};
use sha2::Sha256;

const COOKIE: &str = "flash";
const LIFETIME_S: u64 = 60;
const MAX_CHARS: usize = 500;

pub fn set(response: &mut Response, config: &Config, tone: Tone, text: &str) {
    let text: String = text.chars().take(MAX_CHARS).collect();
    let content = format!("{}.{}", letter(tone), URL_SAFE_NO_PAD.encode(text));
    let value = format!("{content}.{}", signature(config, &content));
    cookies::set(response, COOKIE, &value, Life::Seconds(LIFETIME_S), config.session.cookie_secure);
}

pub fn clear(response: &mut Response, config: &Config) {
    cookies::set(response, COOKIE, "", Life::Seconds(0), config.session.cookie_secure);
}

/// The message, if there is one that this installation wrote.
pub fn read(request: &Request, config: &Config) -> Option<Flash> {
    let value = cookies::get(request, COOKIE)?;
    let (content, signed) = value.rsplit_once('.')?;
    if !same(signed, &signature(config, content)) {
        return None;
    }
    let (tone, encoded) = content.split_once('.')?;
    let tone =
        [Tone::Success, Tone::Info, Tone::Warning, Tone::Danger].into_iter().find(|known| letter(*known) == tone)?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
    Some(Flash { tone, text })
}

/// HMAC-SHA256 (RFC 2104). The purpose is part of what is signed, so that a signature made for another one says nothing here.
fn signature(config: &Config, content: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(config.secret.expose().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"flash:");
    mac.update(content.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

fn letter(tone: Tone) -> &'static str {
    match tone {
        Tone::Success => "s",
        Tone::Info => "i",
        Tone::Warning => "w",
        Tone::Danger => "d",
    }
}
