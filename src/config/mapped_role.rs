//! What `[oidc]` says: a group of the issuer and the role that it gives here, and an issuer that can be believed.

use std::str::FromStr;

use serde::de::{self, Deserializer, Unexpected};
use serde::{Deserialize, Serialize, Serializer};

use super::values::list;

/// Written `group=role`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRole {
    pub group: String,
    pub role: String,
}

impl FromStr for MappedRole {
    type Err = ();

    /// The name of a group may hold an equals sign, that of a role holds none.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (group, role) = text.rsplit_once('=').ok_or(())?;
        let (group, role) = (group.trim().to_owned(), role.trim().to_owned());
        if group.is_empty() || role.is_empty() { Err(()) } else { Ok(MappedRole { group, role }) }
    }
}

impl Serialize for MappedRole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}={}", self.group, self.role))
    }
}

pub(super) fn mapped_roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<MappedRole>, D::Error> {
    let expected = "a group and a role, such as portal-admins=administrator";
    let parse = |text: &String| text.parse().map_err(|()| de::Error::invalid_value(Unexpected::Str(text), &expected));
    list(deserializer)?.iter().map(parse).collect()
}

/// Identities are believed because TLS says who tells them; on the same machine nobody can stand between.
pub(super) fn issuer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    let url: Option<hyper::Uri> = text.parse().ok();
    let host = url.as_ref().and_then(hyper::Uri::host).unwrap_or_default();
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let is_good = !host.is_empty() && (text.starts_with("https://") || text.starts_with("http://") && is_here);
    match is_good {
        true => Ok(Some(text)),
        false => Err(de::Error::invalid_value(Unexpected::Str(&text), &"an address that begins with https://")),
    }
}
