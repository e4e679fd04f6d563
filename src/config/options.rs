//! Every option of Quarterdeck itself, with its type and its default. config.toml explains them to people; a default
//! changed here must be changed there.

use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

use super::Profile;
use super::mapped_role::{self, MappedRole};
use super::secret::{Secret, SecretUrl};
use super::values::{self, EnabledPlugins, Network, PublicUrl};

const DEFAULT_DATABASE: &str = "sqlite://quarterdeck.db";
const DEFAULT_MAIL_FOLDER: &str = "mail";
const DEFAULT_BLOBS_FOLDER: &str = "blobs";
/// What stands in for a secret while developing. It is public, so production refuses it.
pub(super) const DEVELOPMENT_SECRET: &str = "for development only, everybody knows this one";

/// No `deny_unknown_fields` here: beside these stand the plugins' sections. Names were checked when collected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// Keys what the server signs or derives; all processes of one installation share it.
    pub secret: Secret,
    pub portal: Portal,
    pub http: Http,
    pub database: Database,
    pub redis: Redis,
    pub session: Session,
    pub oidc: Oidc,
    pub passwords: Passwords,
    pub log: Log,
    pub cache: Cache,
    pub jobs: Jobs,
    pub mail: Mail,
    pub blobs: Blobs,
    pub plugins: Plugins,
}

/// What the portal is called, and says to everybody.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    #[serde(deserialize_with = "values::line")]
    pub name: String,
    /// Empty: nothing is announced.
    pub announcement: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    #[serde(deserialize_with = "values::address")]
    pub bind: IpAddr,
    /// 0 takes any free port.
    pub port: u16,
    #[serde(deserialize_with = "values::public_url")]
    pub public_url: Option<PublicUrl>,
    #[serde(deserialize_with = "values::positive")]
    pub max_connections: usize,
    #[serde(deserialize_with = "values::positive")]
    pub header_timeout_s: u64,
    #[serde(deserialize_with = "values::positive")]
    pub idle_timeout_s: u64,
    pub drain_s: u64,
    #[serde(deserialize_with = "values::positive")]
    pub max_body_bytes: usize,
    #[serde(deserialize_with = "values::positive")]
    pub max_upload_bytes: usize,
    #[serde(deserialize_with = "values::networks")]
    pub trusted_proxies: Vec<Network>,
    /// Sends people to https and refuses what they send otherwise. Decided by what a trusted proxy says.
    pub enforce_https: bool,
    pub hsts: bool,
    pub xss_protection: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(deserialize_with = "values::database_url")]
    pub url: SecretUrl,
    #[serde(deserialize_with = "values::positive")]
    pub pool_size: u32,
    #[serde(deserialize_with = "values::positive")]
    pub recycle_s: u64,
    #[serde(deserialize_with = "values::positive")]
    pub acquire_timeout_s: u64,
    /// A connection idle for longer is pinged before use; 0 pings each time.
    pub idle_ping_s: u64,
    pub sqlite_synchronous: SqliteSynchronous,
    #[serde(deserialize_with = "values::positive")]
    pub sqlite_readers: u32,
    pub migrate_on_start: bool,
    /// Processes that share the database, each with a pool of its own; only for the warning at the start.
    #[serde(deserialize_with = "values::positive")]
    pub processes: u32,
}

/// How SQLite writes to disk: `Full` survives a power cut, `Normal` may lose the last transactions then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SqliteSynchronous {
    #[serde(rename = "FULL", alias = "full")]
    Full,
    #[serde(rename = "NORMAL", alias = "normal")]
    Normal,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// None: one process alone, everything that would be shared stays in it.
    #[serde(deserialize_with = "values::redis_url")]
    pub url: Option<SecretUrl>,
    pub prefix: String,
    #[serde(deserialize_with = "values::positive")]
    pub timeout_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    #[serde(deserialize_with = "values::positive")]
    pub idle_minutes: u64,
    #[serde(deserialize_with = "values::positive")]
    pub remember_days: u64,
    pub cookie_secure: bool,
}

/// Log-in by OpenID Connect; without an issuer there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    #[serde(deserialize_with = "mapped_role::issuer")]
    pub issuer: Option<String>,
    /// What the button says after “Log in with”.
    pub title: String,
    pub client_id: String,
    pub client_secret: Secret,
    #[serde(deserialize_with = "values::list")]
    pub scopes: Vec<String>,
    pub groups_claim: String,
    #[serde(deserialize_with = "mapped_role::mapped_roles")]
    pub roles: Vec<MappedRole>,
    pub create_people: bool,
    pub default_role: String,
    /// The issuer sees to a second factor, so that none is asked for here.
    pub second_factor_by_issuer: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// How many passwords are hashed at once; each takes one core and 19 MiB.
    #[serde(deserialize_with = "values::positive")]
    pub concurrency: usize,
    /// How many more may wait; log-ins beyond that are answered 503.
    pub queue: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    /// Directives of tracing's `EnvFilter`, for example `info,sqlx=warn`.
    #[serde(deserialize_with = "values::log_filter")]
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Readable,
    Json,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    #[serde(deserialize_with = "values::positive")]
    pub max_entries: usize,
    #[serde(deserialize_with = "values::positive")]
    pub ttl_s: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Whether `server` runs the background jobs too, so that no `worker` is needed.
    pub in_server: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: MailTransport,
    /// The SMTP server, with the name and the password for it.
    #[serde(deserialize_with = "values::smtp_url")]
    pub url: Option<SecretUrl>,
    /// `Name <address>`, or an address alone.
    #[serde(deserialize_with = "values::mailbox")]
    pub from: String,
    /// Where .eml files go, below the working directory unless it is absolute.
    pub folder: String,
    /// The hour of the day, in UTC, at which daily digests leave.
    #[serde(deserialize_with = "values::hour")]
    pub digest_hour: i64,
}

/// Where files are kept that people attach.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blobs {
    /// Below the working directory unless it is absolute. All processes of one installation share it.
    pub folder: String,
}

impl Blobs {
    pub fn is_at_its_default(&self) -> bool {
        self.folder == DEFAULT_BLOBS_FOLDER
    }
}

/// Where mails go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    Smtp,
    /// Into files, to be read while developing.
    Folder,
    Off,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugins {
    pub enabled: EnabledPlugins,
}

impl Config {
    /// What holds where nobody says otherwise.
    pub(super) fn defaults(profile: Profile) -> Config {
        let production = profile.is_production();
        Config {
            secret: Secret::new(DEVELOPMENT_SECRET),
            portal: Portal { name: "Quarterdeck".into(), announcement: String::new() },
            http: Http::defaults(production),
            database: Database::defaults(production),
            redis: Redis { url: None, prefix: "quarterdeck:".into(), timeout_ms: 500 },
            session: Session { idle_minutes: 120, remember_days: 31, cookie_secure: production },
            oidc: Oidc::defaults(),
            passwords: Passwords { concurrency: cores(), queue: 32 },
            log: Log {
                format: if production { LogFormat::Json } else { LogFormat::Readable },
                filter: "info,sqlx=warn".into(),
            },
            cache: Cache { max_entries: 2000, ttl_s: 300 },
            jobs: Jobs { in_server: true },
            mail: Mail::defaults(production),
            blobs: Blobs { folder: DEFAULT_BLOBS_FOLDER.to_owned() },
            plugins: Plugins { enabled: EnabledPlugins::All },
        }
    }
}

impl Oidc {
    fn defaults() -> Oidc {
        Oidc {
            issuer: None,
            title: "OpenID Connect".into(),
            client_id: "quarterdeck".into(),
            client_secret: Secret::new(""),
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            groups_claim: "groups".into(),
            roles: Vec::new(),
            create_people: false,
            default_role: "member".into(),
            second_factor_by_issuer: false,
        }
    }
}

impl Http {
    fn defaults(production: bool) -> Http {
        Http {
            bind: Ipv4Addr::LOCALHOST.into(),
            port: 8000,
            public_url: None,
            max_connections: 1000,
            header_timeout_s: 30,
            idle_timeout_s: 30,
            drain_s: 25,
            max_body_bytes: 1024 * 1024,
            max_upload_bytes: 32 * 1024 * 1024,
            trusted_proxies: Vec::new(),
            enforce_https: false,
            hsts: production,
            xss_protection: true,
        }
    }
}

impl Mail {
    /// Whether nobody chose a folder, or chose the one that would be used anyway.
    pub fn is_at_its_default(&self) -> bool {
        self.folder == DEFAULT_MAIL_FOLDER
    }

    fn defaults(production: bool) -> Mail {
        Mail {
            transport: if production { MailTransport::Off } else { MailTransport::Folder },
            url: None,
            from: "Quarterdeck <quarterdeck@localhost>".into(),
            folder: DEFAULT_MAIL_FOLDER.into(),
            digest_hour: 6,
        }
    }
}

impl Database {
    /// Whether nobody chose a database, or chose the one that would be used anyway.
    pub fn is_at_its_default(&self) -> bool {
        self.url.expose() == DEFAULT_DATABASE
    }

    fn defaults(production: bool) -> Database {
        Database {
            url: SecretUrl::new(DEFAULT_DATABASE),
            pool_size: 30,
            recycle_s: 3600,
            acquire_timeout_s: 20,
            idle_ping_s: 5,
            sqlite_synchronous: SqliteSynchronous::Full,
            sqlite_readers: 4,
            migrate_on_start: !production,
            processes: 1,
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
