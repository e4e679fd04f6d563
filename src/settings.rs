//! What administrators change while the portal runs: plugins that are switched off, and options that are set otherwise
//! than the configuration says.
//!
//! Tables: plugin_switches, overridden_options. The configuration stays the outer bound: what it switches off is not there
//! to be switched on, and an option is read by the same type, and refused by the same rules, whoever set it. Each process
//! holds one state and looks again, with the next request or job, once it heard of `TOPIC`. Writing is the business of the
//! administration.

use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::{ConfigError, Loaded};
use crate::db::{self, Db};
use crate::logging;
use crate::sql;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// What changes when a switch or an option does.
pub const TOPIC: &str = "settings";

/// How long a state is trusted where nobody tells this process of changes, in milliseconds.
const ALONE_MS: i64 = 2000;

/// An option of the configuration that administrators may set while the portal runs.
pub struct Setting {
    /// Its name in the configuration: `portal.name`.
    pub option: &'static str,
    pub title: &'static str,
    pub hint: &'static str,
    pub input: SettingInput,
    pub may_be_empty: bool,
}

/// How it is asked for. What it may be is decided by its type in the configuration.
#[derive(Clone, Copy)]
pub enum SettingInput {
    Text {
        max_length: usize,
    },
    /// Values and what they mean; the first is the default of a plugin's option.
    Choice(&'static [(&'static str, &'static str)]),
}

/// Those that belong to no plugin.
pub const SETTINGS: &[Setting] = &[
    Setting {
        option: "portal.name",
        title: "Name of the portal",
        hint: "Stands above the navigation and in the titles of windows.",
        input: SettingInput::Text { max_length: 40 },
        may_be_empty: false,
    },
    Setting {
        option: "portal.announcement",
        title: "Announcement",
        hint: "Stands above every page until it is emptied, such as when the portal will be away.",
        input: SettingInput::Text { max_length: 300 },
        may_be_empty: true,
    },
    Setting {
        option: "log.filter",
        title: "Log",
        hint: "A level, and levels for single parts, such as info,quarterdeck=debug,sqlx=warn.",
        input: SettingInput::Text { max_length: 300 },
        may_be_empty: false,
    },
];

/// Refuses a configuration for a reason that only a plugin knows.
pub type Check = fn(&Loaded) -> Result<(), ConfigError>;

/// A clone shares the state.
#[derive(Clone)]
pub struct Settings(Arc<Inner>);

struct Inner {
    db: Db,
    cache: Cache,
    clock: Clock,
    /// As the process was started.
    base: Arc<Loaded>,
    checks: Vec<Check>,
    /// Whether this process hears of every change.
    hears: bool,
    state: RwLock<State>,
    loading: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct State {
    generation: u64,
    /// `None` until it was read for the first time.
    seen_at: Option<i64>,
    config: Arc<Loaded>,
    off: Arc<BTreeSet<String>>,
}

impl Settings {
    /// `hears` tells whether this process learns of every change that another one makes.
    pub fn new(db: Db, cache: Cache, clock: Clock, base: Arc<Loaded>, checks: Vec<Check>, hears: bool) -> Self {
        let state = State { generation: 0, seen_at: None, config: base.clone(), off: Arc::default() };
        let (state, loading) = (RwLock::new(state), tokio::sync::Mutex::default());
        Settings(Arc::new(Inner { db, cache, clock, base, checks, hears, state, loading }))
    }

    /// The configuration with what administrators have set otherwise.
    pub fn config(&self) -> Arc<Loaded> {
        self.state().config
    }

    /// The configuration as the process was started with it.
    pub fn base(&self) -> &Arc<Loaded> {
        &self.0.base
    }

    /// Whether a plugin that the configuration allows is switched on.
    pub fn is_on(&self, plugin: &str) -> bool {
        !self.0.state.read().unwrap_or_else(PoisonError::into_inner).off.contains(plugin)
    }

    /// The configuration, if these values held as well.
    pub fn tried(&self, option: &str, value: &str) -> Result<Loaded, ConfigError> {
        let tried = self.0.base.overridden(option, value)?;
        self.0.checks.iter().try_for_each(|check| check(&tried))?;
        Ok(tried)
    }

    /// Looks again if something changed since. A database that is away leaves everything as it was.
    pub async fn refresh(&self) {
        if self.is_fresh() {
            return;
        }
        let _alone = self.0.loading.lock().await;
        if self.is_fresh() {
            return;
        }
        // Read before the tables are: a change that comes in between is looked for again.
        let generation = self.generation();
        match self.load(generation).await {
            Ok(state) => self.keep(state),
            Err(error) => tracing::warn!(%error, "what administrators have set could not be read"),
        }
    }

    fn is_fresh(&self) -> bool {
        let state = self.0.state.read().unwrap_or_else(PoisonError::into_inner);
        let Some(seen_at) = state.seen_at else { return false };
        state.generation == self.generation() && (self.0.hears || self.0.clock.now_ms() - seen_at < ALONE_MS)
    }

    fn generation(&self) -> u64 {
        self.0.cache.generation(&[TOPIC])
    }

    fn state(&self) -> State {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, state: State) {
        if state.config.log.filter != self.state().config.log.filter {
            logging::set_filter(&state.config.log.filter);
        }
        *self.0.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    async fn load(&self, generation: u64) -> db::Result<State> {
        let db = &self.0.db;
        let off: Vec<(String,)> = db.q(sql!("SELECT plugin FROM plugin_switches WHERE is_on = FALSE")).all().await?;
        let query = db.q(sql!("SELECT name, value FROM overridden_options WHERE value IS NOT NULL ORDER BY name"));
        let options: Vec<(String, String)> = query.all().await?;
        let off = Arc::new(off.into_iter().map(|(plugin,)| plugin).collect());
        Ok(State { generation, seen_at: Some(self.0.clock.now_ms()), config: self.with(&options), off })
    }

    /// A value that this release refuses is left out; the one before it holds.
    fn with(&self, options: &[(String, String)]) -> Arc<Loaded> {
        let mut config = self.0.base.clone();
        for (option, value) in options {
            let overridden = config.overridden(option, value);
            let checked =
                overridden.and_then(|tried| self.0.checks.iter().try_for_each(|check| check(&tried)).map(|()| tried));
            match checked {
                Ok(tried) => config = Arc::new(tried),
                Err(error) => tracing::warn!(%error, "an option that an administrator has set is not understood"),
            }
        }
        config
    }
}
