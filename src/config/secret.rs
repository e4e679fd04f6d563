//! Values that must not appear in logs, errors or `config show`: they have no `Display`, and their `Debug` masks them.

use std::fmt;

use serde::{Deserialize, Serialize};

pub(super) const MASK: &str = "***";

/// Text that is a secret as a whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

/// An address that may hold a password, such as a database's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The secret itself: never to be logged or shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl SecretUrl {
    pub fn new(url: impl Into<String>) -> SecretUrl {
        SecretUrl(url.into())
    }

    /// The address with its password: never to be logged or shown.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address with its password masked, fit for people.
    pub fn masked(&self) -> String {
        mask_url(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.masked(), f)
    }
}

/// Whether an option's value is a secret as a whole, told by its name so that plugins' options count too.
pub(super) fn is_secret(option: &str) -> bool {
    let name = option.rsplit('.').next().unwrap_or(option);
    ["secret", "password", "token"].iter().any(|word| name.contains(word)) || name == "key" || name.ends_with("_key")
}

/// Masks what may be a password in an address: all between the user's name and the last `@` (a password with an
/// unescaped `/` or `@` must not slip through), and query parameters named like one. Other text stays as it is.
pub(super) fn mask_url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_string() };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) if !query.contains('@') => (rest, Some(query)),
        _ => (rest, None),
    };
    let mut masked = format!("{scheme}://{}", mask_userinfo(rest));
    if let Some(query) = query {
        let parameters: Vec<String> = query.split('&').map(mask_parameter).collect();
        masked = format!("{masked}?{}", parameters.join("&"));
    }
    masked
}

fn mask_userinfo(rest: &str) -> String {
    match rest.rsplit_once('@') {
        None => rest.to_string(),
        Some((userinfo, place)) => match userinfo.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@{place}"),
            None => format!("{userinfo}@{place}"),
        },
    }
}

fn mask_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={MASK}"),
        _ => parameter.to_string(),
    }
}
