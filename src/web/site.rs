//! Where people reach the portal, as their browsers see it.

use super::client_address::ClientAddress;
use crate::accounts::passkeys::Site;
use crate::app::App;
use crate::error::{Error, Result};
use poem::Request;
use poem::http::uri::{Authority, Scheme};

/// The configured address; without one, which only development may be, the address that was asked.
pub fn of(app: &App, request: &Request) -> Result<Site> {
    if let Some(url) = &app.config.http.public_url {
        return named(url.as_str());
    }
    // HTTP/2 has the host in the address instead of a header.
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = request.header("host").or(authority).unwrap_or("localhost");
    let is_https = request.data::<ClientAddress>().is_some_and(|address| address.scheme == Scheme::HTTPS);
    named(&format!("{}://{host}", if is_https { "https" } else { "http" }))
}

fn named(origin: &str) -> Result<Site> {
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let authority: Authority = authority.parse().map_err(|_| Error::NotFound)?;
    Ok(Site { host: authority.host().to_owned(), origin: origin.to_owned() })
}
