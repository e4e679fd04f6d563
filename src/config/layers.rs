//! Collects the layers that a configuration is made of. Each variable and each flag is a layer of its own, so that
//! every value can be traced to the very name that set it. Names are checked here, values when they are read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Provider, providers::Serialized};

use super::error::quoted;
use super::surroundings::{PLATFORM_VARIABLES, PREFIX, Surroundings};
use super::{Config, ConfigError, Flags, Profile};

const PROFILE_VARIABLE: &str = "QUARTERDECK_PROFILE";
pub(super) const DEFAULT_SOURCE: &str = "default";

/// Values that share one source.
struct Layer {
    source: String,
    values: Map<figment::Profile, Dict>,
}

/// The names that options may have: those of Quarterdeck itself, and anything in a plugin's section.
struct KnownOptions<'a> {
    names: BTreeSet<String>,
    sections: &'a [&'a str],
}

/// All layers in their order, and the profile that is selected among them.
pub(super) fn collect(
    around: &Surroundings,
    flags: &Flags,
    sections: &[&str],
) -> Result<(Figment, Profile), ConfigError> {
    let dotenv = around.dotenv()?;
    let profile = profile(flags, &around.environment, &dotenv)?;
    let defaults = Layer::defaults(profile, sections)?;
    let known = KnownOptions { names: names(&defaults.values[&figment::Profile::Default]), sections };
    let mut layers = Figment::from(defaults).select(profile.name());
    if let Some(file) = Layer::file(around, flags.config.as_deref(), &known)? {
        layers = layers.merge(file);
    }
    for (variables, suffix) in [(&dotenv, " in .env"), (&around.environment, "")] {
        layers = with_variables(layers, variables, suffix, &known)?;
    }
    layers = with_flags(layers, flags, &known)?;
    Ok((with_enforced_https(with_secure_cookie(layers), profile), profile))
}

/// What administrators have set while the portal runs wins over everything.
pub(super) fn overridden(layers: &Figment, option: &str, value: &str) -> Figment {
    layers.clone().merge(Layer::option("administration", option, value))
}

/// Where the value of an option came from; the nearest section that has one speaks for what is inside of it.
pub(super) fn source(layers: &Figment, option: &str) -> String {
    let mut name = option;
    loop {
        if let Some(metadata) = layers.find_metadata(name) {
            return with_profile(&metadata.name, layers, name);
        }
        match name.rsplit_once('.') {
            Some((section, _)) => name = section,
            None => return DEFAULT_SOURCE.to_string(),
        }
    }
}

/// Only files have profiles; everything else is written for all of them.
fn with_profile(from: &str, layers: &Figment, name: &str) -> String {
    match layers.find_value(name).ok().and_then(|value| value.tag().profile()) {
        Some(profile) if profile == figment::Profile::Default && from != DEFAULT_SOURCE => format!("{from} [default]"),
        Some(_) => from.to_string(),
        // Figment marks the selected profile by having no name for it.
        None => format!("{from} [{}]", layers.profile()),
    }
}

/// The dotted names of all values in a dictionary.
pub(super) fn names(values: &Dict) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (name, value) in values {
        match value {
            Value::Dict(_, inner) => all.extend(names(inner).iter().map(|inner| format!("{name}.{inner}"))),
            _ => drop(all.insert(name.clone())),
        }
    }
    all
}

impl Layer {
    fn defaults(profile: Profile, sections: &[&str]) -> Result<Layer, ConfigError> {
        let defaults = Serialized::from(Config::defaults(profile), figment::Profile::Default);
        let mut values = defaults.data().map_err(|e| ConfigError::new("defaults", e.to_string()))?;
        let options = values.entry(figment::Profile::Default).or_default();
        for section in sections {
            options.insert(section.to_string(), Value::from(Dict::new()));
        }
        Ok(Layer { source: DEFAULT_SOURCE.to_string(), values })
    }

    /// One option. The value stays text: the option's type decides later what it means, so that a secret made of
    /// digits remains what it is.
    fn option(source: impl Into<String>, option: &str, value: &str) -> Layer {
        Layer::value(source, option, Value::from(value))
    }

    fn value(source: impl Into<String>, option: &str, value: Value) -> Layer {
        let values = figment::util::nest(option, value).into_dict().unwrap_or_default();
        Layer { source: source.into(), values: figment::Profile::Global.collect(values) }
    }

    /// config.toml, or none where nobody named it and it does not exist.
    fn file(around: &Surroundings, named: Option<&str>, known: &KnownOptions) -> Result<Option<Layer>, ConfigError> {
        let name = named.unwrap_or("config.toml");
        let text = match std::fs::read_to_string(around.directory.join(name)) {
            Ok(text) => text,
            Err(e) if named.is_none() && e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(ConfigError::new(name, format!("cannot be read: {e}"))),
        };
        let values = super::toml_file::parse(Path::new(name), &text)?;
        // Sections that do not apply now are checked too: a slip in [production] shows before the deploy.
        for (profile, options) in &values {
            for option in names(options) {
                known.check(&option, &format!("{name} [{profile}]"))?;
            }
        }
        Ok(Some(Layer { source: name.to_string(), values }))
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, Error> {
        Ok(self.values.clone())
    }
}

impl KnownOptions<'_> {
    fn check(&self, option: &str, source: &str) -> Result<(), ConfigError> {
        if self.names.contains(option) || self.is_in_section(option) {
            return Ok(());
        }
        Err(ConfigError::new(option, "is not an option").from(source))
    }

    fn is_in_section(&self, option: &str) -> bool {
        option.split_once('.').is_some_and(|(section, name)| {
            self.sections.contains(&section) && name.split('.').all(|part| !part.is_empty())
        })
    }
}

/// `--profile`, else the environment, else `.env`, else development.
fn profile(
    flags: &Flags,
    environment: &BTreeMap<String, String>,
    dotenv: &BTreeMap<String, String>,
) -> Result<Profile, ConfigError> {
    let candidates = [
        (flags.profile.as_ref(), "--profile".to_string()),
        (environment.get(PROFILE_VARIABLE), PROFILE_VARIABLE.to_string()),
        (dotenv.get(PROFILE_VARIABLE), format!("{PROFILE_VARIABLE} in .env")),
    ];
    let Some((name, source)) = candidates.into_iter().find_map(|(name, source)| Some((name?, source))) else {
        return Ok(Profile::Development);
    };
    Profile::named(name).ok_or_else(|| {
        let problem =
            format!("{} is not one of {}", quoted("profile", name), Profile::ALL.map(Profile::name).join(", "));
        ConfigError::new("profile", problem).from(source)
    })
}

/// QUARTERDECK_HTTP__PORT style, then the platforms' names. A platform that sets PORT expects the server on all
/// addresses; an explicit QUARTERDECK_HTTP__BIND still wins over that.
fn with_variables(
    mut layers: Figment,
    variables: &BTreeMap<String, String>,
    suffix: &str,
    known: &KnownOptions,
) -> Result<Figment, ConfigError> {
    let set = |name: &str| variables.get(name).filter(|value| !value.is_empty());
    if set("PORT").is_some() {
        layers = layers.merge(Layer::option(format!("PORT{suffix}"), "http.bind", "0.0.0.0"));
    }
    for (name, value) in variables.iter().filter(|(name, _)| *name != PROFILE_VARIABLE) {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let option = rest.to_lowercase().replace("__", ".");
        let source = format!("{name}{suffix}");
        known.check(&option, &source)?;
        layers = layers.merge(Layer::option(source, &option, value));
    }
    for (name, option) in PLATFORM_VARIABLES {
        if let Some(value) = set(name) {
            layers = layers.merge(Layer::option(format!("{name}{suffix}"), option, value));
        }
    }
    Ok(layers)
}

fn with_flags(mut layers: Figment, flags: &Flags, known: &KnownOptions) -> Result<Figment, ConfigError> {
    for setting in &flags.set {
        let Some((option, value)) = setting.split_once('=') else {
            return Err(ConfigError::new("--set", "needs OPTION=VALUE, for example --set log.filter=debug"));
        };
        known.check(option, "--set")?;
        layers = layers.merge(Layer::option("--set", option, value));
    }
    for (flag, option, value) in [("--bind", "http.bind", &flags.bind), ("--port", "http.port", &flags.port)] {
        if let Some(value) = value {
            layers = layers.merge(Layer::option(flag, option, value));
        }
    }
    Ok(layers)
}

/// Unless somebody decides otherwise, cookies demand https where people reach the server by https.
fn with_secure_cookie(layers: Figment) -> Figment {
    let option = "session.cookie_secure";
    let https = layers
        .find_value("http.public_url")
        .is_ok_and(|url| url.as_str().is_some_and(|url| url.starts_with("https://")));
    if !https || source(&layers, option) != DEFAULT_SOURCE {
        return layers;
    }
    let because = source(&layers, "http.public_url");
    layers.merge(Layer::value(format!("http.public_url, {because}"), option, Value::from(true)))
}

/// Unless somebody decides otherwise, production insists on https as soon as a trusted proxy can tell it apart.
fn with_enforced_https(layers: Figment, profile: Profile) -> Figment {
    let option = "http.enforce_https";
    let https = layers
        .find_value("http.public_url")
        .is_ok_and(|url| url.as_str().is_some_and(|url| url.starts_with("https://")));
    let has_proxies = match layers.find_value("http.trusted_proxies") {
        Ok(Value::Array(_, items)) => !items.is_empty(),
        Ok(Value::String(_, text)) => !text.trim_matches(['[', ']', ' ']).is_empty(),
        _ => false,
    };
    if !profile.is_production() || !https || !has_proxies || source(&layers, option) != DEFAULT_SOURCE {
        return layers;
    }
    let because = source(&layers, "http.trusted_proxies");
    layers.merge(Layer::value(format!("http.trusted_proxies, {because}"), option, Value::from(true)))
}
