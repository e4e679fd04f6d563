//! Configuration: every option, its type and where its value came from.
//!
//! Layers, later ones win: the defaults below, `config.toml` [default], `config.toml` [profile], `.env`, the
//! QUARTERDECK_* variables, the names that platforms set (PORT, DATABASE_URL, REDIS_URL, REDIS_TLS_URL), the
//! command line. A name or value that nobody understands stops the start with one line that names its source.
//! Sections of plugins are read by the plugins themselves, through `Loaded::section`.

mod check;
mod error;
mod layers;
mod mapped_role;
mod options;
mod secret;
mod show;
mod surroundings;
mod toml_file;
mod values;

use std::fmt;
use std::ops::Deref;

use figment::Figment;
use serde::de::DeserializeOwned;

pub use error::ConfigError;
pub use mapped_role::MappedRole;
pub use options::{
    Blobs, Cache, Config, Database, Http, Jobs, Log, LogFormat, Mail, MailTransport, Oidc, Passwords, Plugins, Portal,
    Redis, Session, SqliteSynchronous,
};
pub use secret::{Secret, SecretUrl};
pub use show::{Shown, show};
pub use surroundings::Surroundings;
pub use values::{EnabledPlugins, InvalidNetwork, Network, PublicUrl};

/// The options that every subcommand takes. They are kept as text, so that a wrong one is told of like any other
/// wrong value. No `Debug`: `--set` may carry a secret.
#[derive(Clone, Default, clap::Args)]
pub struct Flags {
    /// Address to listen on [http.bind]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub bind: Option<String>,
    /// Port to listen on, 0 for any free one [http.port]
    #[arg(long, global = true, value_name = "PORT")]
    pub port: Option<String>,
    /// Section of config.toml to use: development, test or production
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Configuration file, config.toml unless given
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<String>,
    /// Set any option, for example --set log.filter=debug; may be repeated
    #[arg(long, global = true, value_name = "OPTION=VALUE")]
    pub set: Vec<String>,
}

/// Which section of config.toml applies on top of [default].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Development,
    Test,
    Production,
}

/// The configuration together with the layers that it was made from. It reads like a `Config`, so that holders need
/// one value, not two.
#[derive(Clone)]
pub struct Loaded {
    pub config: Config,
    pub profile: Profile,
    layers: Figment,
}

impl Config {
    /// Reads the configuration of this process. `sections` names the sections that belong to plugins; all others are
    /// refused.
    pub fn load(flags: &Flags, sections: &[&str]) -> Result<Loaded, ConfigError> {
        Self::load_in(&Surroundings::of_process()?, flags, sections)
    }

    /// Reads the configuration from the given working directory and environment.
    pub fn load_in(around: &Surroundings, flags: &Flags, sections: &[&str]) -> Result<Loaded, ConfigError> {
        let (layers, profile) = layers::collect(around, flags, sections)?;
        let config = layers.extract_lossy::<Config>().map_err(|e| ConfigError::from_figment(&layers, "", e))?;
        let loaded = Loaded { config, profile, layers };
        check::ready_for(&loaded)?;
        Ok(loaded)
    }
}

impl Loaded {
    /// A plugin's own section, for example `[default.skills]`. A section that nobody wrote is an empty one, so `T`
    /// needs `#[serde(default, deny_unknown_fields)]`.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        self.layers.extract_inner_lossy(name).map_err(|e| ConfigError::from_figment(&self.layers, name, e))
    }

    /// Refuses the value of an option for a reason that only its reader can know, such as a plugin's name that does
    /// not exist. `problem` reads on after the option's name: `"wiki" is not a plugin`.
    pub fn refuse(&self, option: &str, problem: impl Into<String>) -> ConfigError {
        ConfigError::new(option, problem).from(layers::source(&self.layers, option))
    }

    /// Where the value of an option came from: `default`, `config.toml [test]`, `PORT`, `--port`.
    pub fn source(&self, option: &str) -> String {
        layers::source(&self.layers, option)
    }
}

impl Loaded {
    /// The same layers with one more on top: what an administrator has set while the portal runs. Whether the option may
    /// be set so is the caller's business. Only options that may be are to be read from it: what a start has changed
    /// without a layer, such as the database of a demo, is not in it.
    pub fn overridden(&self, option: &str, value: &str) -> Result<Loaded, ConfigError> {
        let layers = layers::overridden(&self.layers, option, value);
        let config = layers.extract_lossy::<Config>().map_err(|e| ConfigError::from_figment(&layers, "", e))?;
        Ok(Loaded { config, profile: self.profile, layers })
    }

    /// The value of an option as `config show` prints it.
    pub fn shown(&self, option: &str) -> Shown {
        show::one(self, option)
    }
}

impl fmt::Debug for Loaded {
    /// Leaves out the layers, which hold every secret as plain text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("profile", &self.profile).field("config", &self.config).finish_non_exhaustive()
    }
}

impl Loaded {
    /// Whether the secret is the one that stands in the source for everybody to read.
    pub fn has_development_secret(&self) -> bool {
        self.config.secret.expose() == options::DEVELOPMENT_SECRET
    }
}

impl Deref for Loaded {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.config
    }
}

impl Profile {
    pub const ALL: [Profile; 3] = [Profile::Development, Profile::Test, Profile::Production];

    pub fn name(self) -> &'static str {
        match self {
            Profile::Development => "development",
            Profile::Test => "test",
            Profile::Production => "production",
        }
    }

    pub fn is_production(self) -> bool {
        self == Profile::Production
    }

    fn named(name: &str) -> Option<Profile> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}
