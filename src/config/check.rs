//! What must hold between options before anything starts. Single values were checked when they were read.

use super::layers::DEFAULT_SOURCE;
use super::options::DEVELOPMENT_SECRET;
use super::{ConfigError, Loaded, MailTransport, PublicUrl};

const SHORTEST_SECRET: usize = 32;
const HOW_TO_MAKE_ONE: &str = "set QUARTERDECK_SECRET to the output of: openssl rand -base64 48";

pub(super) fn ready_for(loaded: &Loaded) -> Result<(), ConfigError> {
    if loaded.mail.transport == MailTransport::Smtp && loaded.mail.url.is_none() {
        let problem = "is missing, and mail.transport = \"smtp\" needs it; set QUARTERDECK_MAIL__URL, for example to \
            smtps://USER:PASSWORD@mail.example.org";
        return Err(loaded.refuse("mail.url", problem));
    }
    if loaded.http.enforce_https && loaded.http.trusted_proxies.is_empty() {
        let problem = "needs http.trusted_proxies: without a proxy whose X-Forwarded-Proto is believed, every request looks \
            as if it came by http, and would be sent on for ever";
        return Err(loaded.refuse("http.enforce_https", problem));
    }
    if loaded.http.enforce_https && !loaded.http.public_url.as_ref().is_some_and(PublicUrl::is_https) {
        let problem = "needs an http.public_url that begins with https://, to send people there";
        return Err(loaded.refuse("http.enforce_https", problem));
    }
    if !loaded.profile.is_production() {
        return Ok(());
    }
    secret_is_good(loaded)?;
    if loaded.http.public_url.is_none() {
        let problem = "is missing, and production needs it for links and cookies; set QUARTERDECK_HTTP__PUBLIC_URL, for \
            example to https://deck.example.org";
        return Err(loaded.refuse("http.public_url", problem));
    }
    Ok(())
}

fn secret_is_good(loaded: &Loaded) -> Result<(), ConfigError> {
    let secret = loaded.secret.expose();
    let length = secret.chars().count();
    if secret.is_empty() || loaded.source("secret") == DEFAULT_SOURCE {
        return Err(loaded.refuse("secret", format!("is missing, and production needs one; {HOW_TO_MAKE_ONE}")));
    }
    if secret == DEVELOPMENT_SECRET {
        return Err(loaded.refuse("secret", format!("is the one for development; {HOW_TO_MAKE_ONE}")));
    }
    if length < SHORTEST_SECRET {
        let problem =
            format!("has {length} characters, and production needs {SHORTEST_SECRET} or more; {HOW_TO_MAKE_ONE}");
        return Err(loaded.refuse("secret", problem));
    }
    Ok(())
}
