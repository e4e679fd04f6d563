//! What the configuration is read from besides flags: the working directory, the environment and `.env`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::ConfigError;

pub(super) const PREFIX: &str = "QUARTERDECK_";
/// Names that platforms set, and the options that they mean.
pub(super) const PLATFORM_VARIABLES: [(&str, &str); 4] = [
    ("PORT", "http.port"),
    ("DATABASE_URL", "database.url"),
    ("REDIS_URL", "redis.url"),
    ("REDIS_TLS_URL", "redis.url"),
];

/// What a process finds around it, so that tests can bring their own.
pub struct Surroundings {
    /// Where config.toml and `.env` are looked for.
    pub directory: PathBuf,
    pub environment: BTreeMap<String, String>,
}

impl Surroundings {
    /// Takes the variables that matter here from the process; others may hold what they like.
    pub fn of_process() -> Result<Surroundings, ConfigError> {
        let directory = std::env::current_dir().map_err(|e| ConfigError::new("working directory", e.to_string()))?;
        let mut environment = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if !name.starts_with(PREFIX) && !PLATFORM_VARIABLES.iter().any(|(platform, _)| *platform == name) {
                continue;
            }
            let value = value.into_string().map_err(|_| ConfigError::new(&name, "is not valid UTF-8"))?;
            environment.insert(name, value);
        }
        Ok(Surroundings { directory, environment })
    }

    /// The variables of `.env`, none where there is no such file.
    pub(super) fn dotenv(&self) -> Result<BTreeMap<String, String>, ConfigError> {
        let path = self.directory.join(".env");
        if !path.exists() {
            return Ok(BTreeMap::new());
        }
        let mut variables = BTreeMap::new();
        let mut place = "the first variable".to_string();
        for variable in dotenvy::from_path_iter(path).map_err(|e| dotenv_error(&place, &e))? {
            let (name, value) = variable.map_err(|e| dotenv_error(&place, &e))?;
            place = format!("the variable after {name}");
            variables.insert(name, value);
        }
        Ok(variables)
    }
}

/// dotenvy's own message repeats the line, which may hold a secret.
fn dotenv_error(place: &str, error: &dotenvy::Error) -> ConfigError {
    let problem = match error {
        dotenvy::Error::LineParse(..) => {
            format!("{place} cannot be understood: lines read NAME=value, with quotes around a value that has spaces")
        }
        other => format!("cannot be read: {other}"),
    };
    ConfigError::new(".env", problem)
}
