//! Types of single values that only sensible text can become. What is refused here ends up in the one line that
//! stops the start, so each refusal reads on after "is not".

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::de::{self, Deserializer, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use tracing_subscriber::EnvFilter;

use super::secret::SecretUrl;

/// In characters.
const LONGEST_LINE: usize = 40;

/// Where people reach this installation: scheme and host (and port), no path, no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PublicUrl(String);

/// An IP address or a network, such as `10.0.0.0/8`, `::1` or `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in this network. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let host_bits = 32 - u32::from(self.prefix);
                (network.to_bits() ^ address.to_bits()).checked_shr(host_bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let host_bits = 128 - u32::from(self.prefix);
                (network.to_bits() ^ address.to_bits()).checked_shr(host_bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| invalid()))?;
        if prefix > bits {
            return Err(invalid());
        }
        Ok(Self { address, prefix })
    }
}

/// What was written is neither an address nor a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidNetwork(String);

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is neither an IP address nor a network such as 10.0.0.0/8", self.0)
    }
}

impl std::error::Error for InvalidNetwork {}

/// Which plugins run: `all`, or a list of their ids. Whether each id exists is for the reader to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnabledPlugins {
    All,
    Only(Vec<String>),
}

impl PublicUrl {
    /// For example `https://deck.example.org`; a path is appended as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    fn parse(text: &str) -> Option<PublicUrl> {
        let url = text.trim_end_matches('/');
        let address: hyper::Uri = url.parse().ok()?;
        let http = matches!(address.scheme_str(), Some("http" | "https"));
        let bare = matches!(address.path(), "" | "/") && address.query().is_none();
        let anonymous = !address.authority()?.as_str().contains('@');
        (http && bare && anonymous).then(|| PublicUrl(url.to_string()))
    }
}

impl EnabledPlugins {
    pub fn contains(&self, id: &str) -> bool {
        match self {
            EnabledPlugins::All => true,
            EnabledPlugins::Only(ids) => ids.iter().any(|enabled| enabled == id),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for EnabledPlugins {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            EnabledPlugins::All => serializer.serialize_str("all"),
            EnabledPlugins::Only(ids) => ids.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for EnabledPlugins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ids = list(deserializer)?;
        Ok(if ids == ["all"] { EnabledPlugins::All } else { EnabledPlugins::Only(ids) })
    }
}

/// A list of texts. The environment and the command line have no lists, so there it is `a, b` or `[a, b]`.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(ListVisitor)
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
        let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        let items = inner.split(',').map(|item| item.trim().trim_matches('"').to_string());
        Ok(items.filter(|item| !item.is_empty()).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<String>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(list)
    }
}

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| invalid(&text, "an IP address"))
}

pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Network>, D::Error> {
    let expected = "an address or a network, such as 10.0.0.0/8";
    let parse = |text: &String| Network::from_str(text).map_err(|_| invalid(text, expected));
    list(deserializer)?.iter().map(parse).collect()
}

/// A whole number from 1: none of these options makes sense at 0.
pub(super) fn positive<'de, D, N>(deserializer: D) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: Deserialize<'de> + PartialEq + From<u8>,
{
    let number = N::deserialize(deserializer)?;
    if number == N::from(0) {
        return Err(de::Error::invalid_value(Unexpected::Unsigned(0), &"a whole number from 1"));
    }
    Ok(number)
}

pub(super) fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PublicUrl>, D::Error> {
    let expected = "an address such as https://deck.example.org (http or https, a host, no path)";
    let Some(text) = optional_text(deserializer)? else { return Ok(None) };
    PublicUrl::parse(&text).map(Some).ok_or_else(|| invalid(&text, expected))
}

pub(super) fn database_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretUrl, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = ["sqlite:", "mysql://", "mariadb://", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        return Ok(SecretUrl::new(text));
    }
    Err(invalid(&text, "an address that begins with sqlite://, mysql://, mariadb:// or postgres://"))
}

pub(super) fn redis_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretUrl>, D::Error> {
    let Some(text) = optional_text(deserializer)? else { return Ok(None) };
    if text.starts_with("redis://") || text.starts_with("rediss://") {
        return Ok(Some(SecretUrl::new(text)));
    }
    Err(invalid(&text, "an address that begins with redis:// or rediss://"))
}

/// Port, user and password are optional; `?tls=required` encrypts by STARTTLS.
pub(super) fn smtp_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretUrl>, D::Error> {
    let Some(text) = optional_text(deserializer)? else { return Ok(None) };
    let is_smtp = text.starts_with("smtp://") || text.starts_with("smtps://");
    if is_smtp && AsyncSmtpTransport::<Tokio1Executor>::from_url(&text).is_ok() {
        return Ok(Some(SecretUrl::new(text)));
    }
    Err(invalid(&text, "an address such as smtps://USER:PASSWORD@mail.example.org (smtp or smtps, a host)"))
}

pub(super) fn mailbox<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse::<Mailbox>() {
        Ok(_) => Ok(text),
        Err(_) => Err(invalid(&text, "an e-mail address, such as Quarterdeck <deck@example.org>")),
    }
}

pub(super) fn hour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let hour = i64::deserialize(deserializer)?;
    if (0..=23).contains(&hour) {
        return Ok(hour);
    }
    Err(de::Error::invalid_value(Unexpected::Signed(hour), &"an hour from 0 to 23"))
}

pub(super) fn log_filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match EnvFilter::builder().parse(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(invalid(&text, "a log filter such as info,sqlx=warn")),
    }
}

/// A short line of text that says something.
pub(super) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_LINE || text.chars().any(char::is_control) {
        return Err(invalid(text, "a line of 1 to 40 characters"));
    }
    Ok(text.to_owned())
}

/// Empty text counts as none, so that a variable can take back what a file sets.
fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

fn invalid<E: de::Error>(text: &str, expected: &str) -> E {
    E::invalid_value(Unexpected::Str(text), &expected)
}
