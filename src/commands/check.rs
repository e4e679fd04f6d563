//! `check`: whether the configuration is understood, and with `--deploy` what of it is unsafe for production.

use super::{Failure, load, output, with_app};
use crate::accounts::second_factor;
use crate::app::App;
use crate::config::{Flags, Loaded, MailTransport, PublicUrl, SqliteSynchronous};
use crate::demo;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(clap::Args)]
pub struct Check {
    /// List what is unsafe for production; the database is asked too
    #[arg(long)]
    deploy: bool,
}

/// Something that is unsafe, and what to do about it.
struct Unsafe {
    option: &'static str,
    text: String,
}

pub async fn run(flags: &Flags, check: Check) -> Result<(), Failure> {
    let config = load(flags)?;
    if !check.deploy {
        return output::line("The configuration is understood; `quarterdeck config show` prints it.");
    }
    let mut found = of_configuration(&config);
    with_app(flags, async |app| {
        found.extend(of_database(app).await?);
        for Unsafe { option, text } in &found {
            output::line(&format!("unsafe  {option:<24}  {text}"))?;
        }
        match found.len() {
            0 => output::line("Nothing here is unsafe for production."),
            1 => Err(Failure::new("1 thing is unsafe for production")),
            count => Err(Failure::new(format!("{count} things are unsafe for production"))),
        }
    })
    .await
}

/// In the order in which they are printed: whether it is unsafe, where, and what to do.
fn of_configuration(config: &Loaded) -> Vec<Unsafe> {
    let (http, database) = (&config.http, &config.database);
    let https = http.public_url.as_ref().is_some_and(PublicUrl::is_https);
    let several = database.processes > 1;
    let sqlite = database.url.expose().starts_with("sqlite:");
    let verbose = ["debug", "trace"].iter().any(|level| config.log.filter.contains(level));
    let checks = [
        (!config.profile.is_production(), "profile", "is not production; set QUARTERDECK_PROFILE=production"),
        (
            config.has_development_secret(),
            "secret",
            "is the one that everybody knows; set QUARTERDECK_SECRET to the output of: openssl rand -base64 48",
        ),
        (!https, "http.public_url", "does not begin with https://, so that sessions travel in the clear"),
        (
            http.trusted_proxies.is_empty(),
            "http.trusted_proxies",
            "is empty, so that nobody can tell https from http, and every client has the proxy's address; name the proxy that ends TLS",
        ),
        (
            trusts_everybody(config),
            "http.trusted_proxies",
            "covers every address, so that anybody can claim to be anybody; name the proxies alone",
        ),
        (!http.enforce_https, "http.enforce_https", "is off, so that pages are served and forms are taken over http"),
        (!http.hsts, "http.hsts", "is off, so that browsers come by http again"),
        (
            !config.session.cookie_secure,
            "session.cookie_secure",
            "is off, so that the session's cookie travels over http too",
        ),
        (
            sqlite && several,
            "database.processes",
            "is more than one on SQLite, which belongs to one machine and one server; use MariaDB or PostgreSQL",
        ),
        (
            several && config.redis.url.is_none(),
            "redis.url",
            "is not set although several processes serve, so that they hear of changes late",
        ),
        (
            sqlite && database.sqlite_synchronous == SqliteSynchronous::Normal,
            "database.sqlite_synchronous",
            "is NORMAL, so that a power cut may lose the last saves",
        ),
        (
            config.mail.transport != MailTransport::Smtp,
            "mail.transport",
            "is not smtp, so that nobody gets a link for a new password, and nobody hears of a log-in that was copied",
        ),
        (verbose, "log.filter", "writes details that may be personal; info is enough"),
    ];
    let found = checks.into_iter().filter(|(is_unsafe, ..)| *is_unsafe);
    found.map(|(_, option, text)| Unsafe { option, text: text.to_owned() }).collect()
}

fn trusts_everybody(config: &Loaded) -> bool {
    // No proxy has these addresses, which are kept for documentation (RFC 5737, RFC 3849).
    let nobodys = [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))];
    let trusted = &config.http.trusted_proxies;
    nobodys.iter().any(|address| trusted.iter().any(|network| network.contains(*address)))
}

async fn of_database(app: &App) -> Result<Vec<Unsafe>, Failure> {
    let mut found = Vec::new();
    let demo = demo::open_log_ins(app).await?;
    if demo > 0 {
        let text = format!(
            "{demo} log-ins of the demo are open, and everybody knows their password; start the server without --demo, which shuts them out"
        );
        found.push(Unsafe { option: "people", text });
    }
    let unguarded = second_factor::administrators_without(&app.access).await?;
    if !unguarded.is_empty() {
        let text = format!(
            "{} may do everything and log in with a password alone; have the role require a second factor",
            unguarded.join(", ")
        );
        found.push(Unsafe { option: "roles", text });
    }
    Ok(found)
}
