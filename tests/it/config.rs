//! Configuration: which layer wins, how values are read; below, what mistakes give and what production demands.

mod mistakes;
mod production;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use quarterdeck::config::{
    Config, EnabledPlugins, Flags, Loaded, LogFormat, Profile, SqliteSynchronous, Surroundings, show,
};

/// A folder and an environment of the test's own, so that tests can run side by side.
struct Place {
    around: Surroundings,
    flags: Flags,
}

impl Place {
    fn new() -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("quarterdeck-config-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        Place { around: Surroundings { directory, environment: BTreeMap::new() }, flags: Flags::default() }
    }

    fn file(self, name: &str, text: &str) -> Place {
        std::fs::write(self.around.directory.join(name), text).unwrap();
        self
    }

    fn toml(self, text: &str) -> Place {
        self.file("config.toml", text)
    }

    fn env(mut self, name: &str, value: &str) -> Place {
        self.around.environment.insert(name.to_string(), value.to_string());
        self
    }

    fn flags(mut self, flags: Flags) -> Place {
        self.flags = flags;
        self
    }

    fn set(mut self, setting: &str) -> Place {
        self.flags.set.push(setting.to_string());
        self
    }

    fn load(&self) -> Loaded {
        Config::load_in(&self.around, &self.flags, &["skills", "projects"]).unwrap()
    }

    fn mistake(&self) -> String {
        Config::load_in(&self.around, &self.flags, &["skills", "projects"]).unwrap_err().to_string()
    }

    fn shown(&self, option: &str) -> (String, String) {
        let shown = show(&self.load()).into_iter().find(|shown| shown.option == option).unwrap();
        (shown.value, shown.source)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.around.directory);
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_string())
}

#[test]
fn defaults_stand_without_any_file() {
    let loaded = Place::new().load();
    assert_eq!(loaded.profile, Profile::Development);
    assert_eq!((loaded.http.bind.to_string(), loaded.http.port), ("127.0.0.1".to_string(), 8000));
    assert_eq!(loaded.database.url.expose(), "sqlite://quarterdeck.db");
    assert_eq!(loaded.database.sqlite_synchronous, SqliteSynchronous::Full);
    assert!(loaded.redis.url.is_none() && loaded.http.public_url.is_none());
    assert!(loaded.passwords.concurrency >= 1);
    assert!(loaded.database.migrate_on_start && !loaded.http.hsts && !loaded.session.cookie_secure);
}

#[test]
fn each_layer_wins_over_the_one_before() {
    let place = Place::new().toml("[default.http]\nport = 1001\n");
    assert_eq!(place.shown("http.port"), ("1001".into(), "config.toml [default]".into()));
    let place = place.toml("[default.http]\nport = 1001\n[development.http]\nport = 1002\n[test.http]\nport = 9\n");
    assert_eq!(place.shown("http.port"), ("1002".into(), "config.toml [development]".into()));
    let place = place.file(".env", "QUARTERDECK_HTTP__PORT=1003\n");
    assert_eq!(place.shown("http.port"), ("1003".into(), "QUARTERDECK_HTTP__PORT in .env".into()));
    let place = place.env("QUARTERDECK_HTTP__PORT", "1004");
    assert_eq!(place.shown("http.port"), ("1004".into(), "QUARTERDECK_HTTP__PORT".into()));
    let place = place.env("PORT", "1005");
    assert_eq!(place.shown("http.port"), ("1005".into(), "PORT".into()));
    let place = place.set("http.port=1006");
    assert_eq!(place.shown("http.port"), ("1006".into(), "--set".into()));
    let place = place.flags(Flags { port: some("1007"), set: vec!["http.port=1006".into()], ..Flags::default() });
    assert_eq!(place.shown("http.port"), ("1007".into(), "--port".into()));
    assert_eq!(place.load().http.port, 1007);
}

#[test]
fn the_environment_wins_over_dotenv_whatever_the_spelling() {
    let place = Place::new().file(".env", "DATABASE_URL=postgres://dotenv/a\nREDIS_URL=redis://dotenv\n");
    assert_eq!(place.load().database.url.expose(), "postgres://dotenv/a");
    let loaded = place.env("QUARTERDECK_DATABASE__URL", "mysql://real/b").load();
    assert_eq!(loaded.database.url.expose(), "mysql://real/b");
    assert_eq!(loaded.redis.url.as_ref().unwrap().expose(), "redis://dotenv");
}

#[test]
fn the_profile_comes_from_the_flag_then_the_environment_then_dotenv() {
    let place = Place::new().file(".env", "QUARTERDECK_PROFILE=test\n");
    assert_eq!(place.load().profile, Profile::Test);
    let place = place.env("QUARTERDECK_PROFILE", "development");
    assert_eq!(place.load().profile, Profile::Development);
    let place = place.flags(Flags { profile: some("test"), ..Flags::default() });
    assert_eq!(place.load().profile, Profile::Test);
    let place = place.flags(Flags { profile: some("prod"), ..Flags::default() });
    assert_eq!(
        place.mistake(),
        r#"config: profile: "prod" is not one of development, test, production (from --profile)"#
    );
}

#[test]
fn platform_variables_work_as_they_are() {
    let place = Place::new().env("PORT", "5000").env("DATABASE_URL", "postgres://u:p@h/db");
    let loaded = place.env("REDIS_URL", "redis://r:6379/0").env("REDIS_TLS_URL", "rediss://r:6380/0").load();
    assert_eq!((loaded.http.bind.to_string(), loaded.http.port), ("0.0.0.0".to_string(), 5000));
    assert_eq!(loaded.database.url.expose(), "postgres://u:p@h/db");
    assert_eq!(loaded.redis.url.as_ref().unwrap().expose(), "rediss://r:6380/0");
}

#[test]
fn a_platforms_port_binds_all_addresses_unless_an_address_is_given() {
    let place = Place::new().toml("[default.http]\nbind = \"127.0.0.1\"\n").env("PORT", "5000");
    assert_eq!(place.shown("http.bind"), ("0.0.0.0".into(), "PORT".into()));
    let place = place.env("QUARTERDECK_HTTP__BIND", "::1");
    assert_eq!(place.shown("http.bind"), ("::1".into(), "QUARTERDECK_HTTP__BIND".into()));
    let place = place.flags(Flags { bind: some("127.0.0.2"), ..Flags::default() });
    assert_eq!(place.load().http.bind, "127.0.0.2".parse::<IpAddr>().unwrap());
}

#[test]
fn empty_platform_variables_count_as_unset() {
    let loaded = Place::new().env("PORT", "").env("DATABASE_URL", "").env("REDIS_URL", "").load();
    assert_eq!((loaded.http.bind.to_string(), loaded.http.port), ("127.0.0.1".to_string(), 8000));
    assert!(loaded.redis.url.is_none());
}

#[test]
fn an_empty_variable_takes_back_an_optional_value() {
    let place = Place::new().toml("[default.redis]\nurl = \"redis://r\"\n").env("QUARTERDECK_REDIS__URL", "");
    assert!(place.load().redis.url.is_none());
    assert_eq!(place.shown("redis.url"), ("(not set)".into(), "QUARTERDECK_REDIS__URL".into()));
}

#[test]
fn values_from_the_environment_are_read_by_the_options_type() {
    let place = Place::new().env("QUARTERDECK_SECRET", "00123456789012345678901234567890123456789");
    let place = place.env("QUARTERDECK_HTTP__HSTS", "true").env("QUARTERDECK_REDIS__PREFIX", "007");
    let place = place.env("QUARTERDECK_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1");
    let loaded =
        place.env("QUARTERDECK_LOG__FORMAT", "json").env("QUARTERDECK_PLUGINS__ENABLED", "skills,links").load();
    assert_eq!(loaded.secret.expose(), "00123456789012345678901234567890123456789");
    assert_eq!(loaded.redis.prefix, "007");
    assert!(loaded.http.hsts);
    assert_eq!(loaded.log.format, LogFormat::Json);
    assert_eq!(
        loaded.http.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["10.0.0.0/8", "::1/128"]
    );
    assert_eq!(loaded.plugins.enabled, EnabledPlugins::Only(vec!["skills".into(), "links".into()]));
}

#[test]
fn a_plugin_reads_its_own_section() {
    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Skills {
        limit: u16,
        scale: String,
    }
    assert_eq!(Place::new().load().section::<Skills>("skills").unwrap(), Skills::default());
    let place = Place::new().toml("[default.skills]\nlimit = 5\n").env("QUARTERDECK_SKILLS__SCALE", "1");
    let expected = Skills { limit: 5, scale: "1".into() };
    assert_eq!(place.load().section::<Skills>("skills").unwrap(), expected);
    let mistake = place.env("QUARTERDECK_SKILLS__LIMT", "6").load().section::<Skills>("skills").unwrap_err();
    assert_eq!(mistake.to_string(), "config: skills.limt: is not an option (from QUARTERDECK_SKILLS__LIMT)");
    let mistake = Place::new().set("skills.limit=many").load().section::<Skills>("skills").unwrap_err();
    let expected = r#"config: skills.limit: "many" is not a whole number from 0 to 65535 (from --set)"#;
    assert_eq!(mistake.to_string(), expected);
}

#[test]
fn networks_contain_their_addresses_only() {
    let place = Place::new().env("QUARTERDECK_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8, 192.0.2.7, 0.0.0.0/0");
    let networks = place.load().config.http.trusted_proxies;
    let contains = |index: usize, address: &str| networks[index].contains(address.parse().unwrap());
    assert!(contains(0, "10.255.0.1") && contains(0, "::ffff:10.1.2.3") && !contains(0, "11.0.0.1"));
    assert!(contains(1, "fd12::1") && !contains(1, "fe80::1") && !contains(1, "10.0.0.1"));
    assert!(contains(2, "192.0.2.7") && !contains(2, "192.0.2.8"));
    assert!(contains(3, "203.0.113.9") && !contains(3, "::1"));
}

/// The file that comes with Quarterdeck explains every option, and its values are the built-in defaults.
#[test]
fn the_shipped_file_documents_every_option_and_changes_no_default() {
    let text = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config.toml")).unwrap();
    let with_file = Place::new().toml(&text);
    let built_in = show(&Place::new().load());
    for option in &built_in {
        let name = option.option.rsplit('.').next().unwrap();
        let documented = text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} = ")));
        assert!(documented, "config.toml lacks {}", option.option);
        let (value, source) = with_file.shown(&option.option);
        if source == "config.toml [default]" {
            assert_eq!(value, option.value, "{}", option.option);
        }
    }
}

#[test]
fn a_visibility_that_nobody_knows_stops_the_start() {
    use quarterdeck::plugins::skills::settings::{Settings, Visibility, check};
    let read = |place: Place| place.load().section::<Settings>("skills").unwrap().visibility;
    assert_eq!(read(Place::new()), Visibility::Everybody);
    assert_eq!(read(Place::new().env("QUARTERDECK_SKILLS__VISIBILITY", "team")), Visibility::Team);
    let mistake = check(&Place::new().set("skills.visibility=friends").load()).unwrap_err().to_string();
    assert!(mistake.starts_with("config: skills.visibility: \"friends\" is not one of everybody, team"), "{mistake}");
    let mistake = check(&Place::new().set("skills.visibilty=team").load()).unwrap_err().to_string();
    assert_eq!(mistake, "config: skills.visibilty: is not an option (from --set)");
}
