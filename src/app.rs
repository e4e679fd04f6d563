//! What every part of a running process shares: a cheap clone that handlers, jobs and commands are given.

use crate::accounts::routes::RouteUses;
use crate::accounts::sessions::{Lifetimes, Sessions};
use crate::accounts::{self, AccessControl, Followers, Passwords, Permission, PermissionIndex, PermissionSpec};
use crate::blobs::Blobs;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::{Loaded, SecretUrl, SqliteSynchronous};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::events::Bus;
use crate::notices::NoticeKind;
use crate::outbox::Outbox;
use crate::plugin::Plugin;
use crate::redis_server::RedisServer;
use crate::seals::Seals;
use crate::settings::Settings;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Without Redis nobody tells this process what another one changed in a shared database, so it trusts its cache briefly.
const ALONE_TTL: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct App {
    pub config: Arc<Loaded>,
    pub db: Db,
    pub redis: Option<RedisServer>,
    pub cache: Cache,
    /// The contents of files that people attach.
    pub blobs: Blobs,
    pub bus: Bus,
    /// Who may do what.
    pub access: AccessControl,
    /// How often each route was used.
    pub uses: RouteUses,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub outbox: Outbox,
    /// Keeps what this installation alone may read.
    pub seals: Seals,
    pub clock: Clock,
    /// Every plugin of the program, also those that are off.
    pub installed: Arc<[&'static Plugin]>,
    /// The plugins that the configuration allows, in the order of `plugins::ALL`. Administrators may have switched some off.
    pub plugins: Arc<[&'static Plugin]>,
    /// What administrators have set otherwise than the configuration.
    pub settings: Settings,
    /// What those plugins do inside of a change of people.
    pub followers: Followers,
    /// Serves the example organisation.
    pub demo: bool,
    /// When this process started, in UTC milliseconds.
    pub started_at: i64,
    /// Where this process listens, once it does.
    listens_at: Arc<OnceLock<SocketAddr>>,
}

impl App {
    /// Connects to the database and to Redis, if one is configured.
    pub async fn start(config: Loaded, plugins: &[&'static Plugin], clock: Clock, demo: bool) -> Result<App> {
        let db = Db::connect(database_options(&config)).await?;
        let redis = match &config.redis.url {
            None => None,
            Some(url) => Some(connect_redis(url, &config).await?),
        };
        let shared_without_redis = redis.is_none() && !db.is_embedded();
        let ttl = if shared_without_redis { ALONE_TTL } else { Duration::from_secs(config.cache.ttl_s) };
        let cache = Cache::new(config.cache.max_entries, ttl);
        let lifetimes = Lifetimes {
            idle: Duration::from_secs(config.session.idle_minutes * 60),
            remembered: Duration::from_secs(config.session.remember_days * 24 * 3600),
        };
        // Every plugin has its places, also one that is off.
        let declared = accounts::PERMISSIONS.iter().chain(plugins.iter().flat_map(|plugin| plugin.permissions));
        let index = PermissionIndex::new(declared.map(|spec| spec.permission));
        let access = AccessControl::new(db.clone(), cache.clone(), index, !shared_without_redis);
        let installed: Arc<[&'static Plugin]> = plugins.into();
        let plugins: Arc<[&'static Plugin]> =
            plugins.iter().copied().filter(|plugin| config.plugins.enabled.contains(plugin.id)).collect();
        let config = Arc::new(config);
        let checks = plugins.iter().filter_map(|plugin| plugin.check_config).collect();
        let settings = Settings::new(db.clone(), cache.clone(), clock.clone(), config.clone(), checks, redis.is_some());
        settings.refresh().await;
        let seals = Seals::new(config.secret.expose());
        Ok(App {
            outbox: Outbox::new(db.clone(), clock.clone(), &config, seals.clone())?,
            sessions: Sessions::new(db.clone(), redis.clone(), clock.clone(), lifetimes, access.clone()),
            access,
            uses: RouteUses::default(),
            installed,
            passwords: Passwords::new(config.passwords.concurrency, config.passwords.queue),
            seals,
            blobs: Blobs::new(&config.blobs.folder),
            bus: Bus::new(cache.clone(), redis.clone()),
            followers: Followers::new(
                plugins.iter().filter_map(|plugin| plugin.people_changed),
                plugins.iter().filter_map(|plugin| plugin.people_switched),
                clock.clone(),
            ),
            settings,
            plugins,
            config,
            db,
            redis,
            cache,
            started_at: clock.now_ms(),
            clock,
            demo,
            listens_at: Arc::default(),
        })
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// To be called once the port is known.
    pub fn listens_at(&self, address: SocketAddr) {
        self.listens_at.get_or_init(|| address);
    }

    /// Where this process can be reached on its own machine; `None` while it listens on no port.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listens_at.get().copied()
    }

    /// Where people reach the portal, without a slash at the end. Never taken from a request, which could name any host.
    pub fn site(&self) -> String {
        let http = &self.config.http;
        if let Some(url) = &http.public_url {
            return url.as_str().to_owned();
        }
        format!("http://{}", self.address().unwrap_or_else(|| SocketAddr::new(http.bind, http.port)))
    }

    /// Tells every process and every open page what changed. To be called after the commit.
    pub async fn publish(&self, topic: &str, id: impl Into<String>) {
        self.bus.publish(self.now_ms(), topic, id).await;
    }

    /// Every permission that the accounts and the plugins declare.
    pub fn permissions(&self) -> Vec<&'static PermissionSpec> {
        let own = accounts::PERMISSIONS.iter();
        own.chain(self.plugins.iter().flat_map(|plugin| plugin.permissions)).collect()
    }

    /// Every kind of notice that the accounts and the plugins declare.
    pub fn notice_kinds(&self) -> Vec<&'static NoticeKind> {
        let own = crate::accounts::NOTICES.iter();
        own.chain(self.plugins.iter().flat_map(|plugin| plugin.notices)).collect()
    }

    /// The plugins that are switched on now.
    pub fn plugins_on(&self) -> impl Iterator<Item = &'static Plugin> {
        self.plugins.iter().copied().filter(|plugin| self.settings.is_on(plugin.id))
    }

    /// What listening to a live topic needs; `None` when no plugin has it.
    pub fn topic_permission(&self, topic: &str) -> Option<Permission> {
        let mut topics = self.plugins_on().flat_map(|plugin| plugin.topics);
        topics.find(|(name, _)| *name == topic).map(|(_, permission)| *permission)
    }
}

pub fn database_options(config: &Loaded) -> db::Options {
    let database = &config.database;
    db::Options {
        url: database.url.expose().to_owned(),
        pool_size: database.pool_size,
        recycle: Duration::from_secs(database.recycle_s),
        acquire_timeout: Duration::from_secs(database.acquire_timeout_s),
        idle_ping: Duration::from_secs(database.idle_ping_s),
        sqlite_synchronous: match database.sqlite_synchronous {
            SqliteSynchronous::Full => db::Synchronous::Full,
            SqliteSynchronous::Normal => db::Synchronous::Normal,
        },
        sqlite_readers: database.sqlite_readers,
    }
}

async fn connect_redis(url: &SecretUrl, config: &Loaded) -> Result<RedisServer> {
    let timeout = Duration::from_millis(config.redis.timeout_ms);
    let connected = RedisServer::connect(url.expose(), &config.redis.prefix, timeout).await;
    let why = |error: redis::RedisError| format!("{}: Redis cannot be reached: {error}", url.masked());
    connected.map_err(|error| Error::Unavailable { retry_after_s: 5, why: why(error) })
}
