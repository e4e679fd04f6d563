//! What production demands, and that secrets stay out of sight everywhere.

use quarterdeck::config::{LogFormat, show};

use super::Place;

const GOOD_SECRET: &str = "0123456789012345678901234567890123456789";

fn production() -> Place {
    Place::new().env("QUARTERDECK_PROFILE", "production")
}

fn ready_for_production() -> Place {
    production().env("QUARTERDECK_SECRET", GOOD_SECRET).env("QUARTERDECK_HTTP__PUBLIC_URL", "https://deck.example.org/")
}

#[test]
fn production_has_defaults_of_its_own() {
    let loaded = ready_for_production().load();
    assert_eq!(loaded.log.format, LogFormat::Json);
    assert!(loaded.http.hsts && loaded.session.cookie_secure && !loaded.database.migrate_on_start);
    assert_eq!(loaded.http.public_url.as_ref().unwrap().as_str(), "https://deck.example.org");
}

#[test]
fn production_refuses_a_missing_default_or_short_secret() {
    let missing = production().mistake();
    assert!(missing.starts_with("config: secret: is missing"), "{missing}");
    assert!(missing.contains("openssl rand -base64 48"), "{missing}");
    let development = Place::new().load().secret.expose().to_string();
    let default = production().env("QUARTERDECK_SECRET", &development).mistake();
    assert!(default.starts_with("config: secret: is the one for development"), "{default}");
    let short = production().env("QUARTERDECK_SECRET", &GOOD_SECRET[..31]).mistake();
    assert!(short.starts_with("config: secret: has 31 characters"), "{short}");
    assert!(short.ends_with("(from QUARTERDECK_SECRET)") && !short.contains(&GOOD_SECRET[..31]), "{short}");
    let empty = production().env("QUARTERDECK_SECRET", "").mistake();
    assert!(empty.starts_with("config: secret: is missing"), "{empty}");
}

#[test]
fn production_needs_its_public_address() {
    let mistake = production().env("QUARTERDECK_SECRET", GOOD_SECRET).mistake();
    assert!(mistake.starts_with("config: http.public_url: is missing"), "{mistake}");
}

#[test]
fn cookies_demand_https_where_people_use_it() {
    let place = Place::new().env("QUARTERDECK_HTTP__PUBLIC_URL", "https://deck.example.org");
    assert!(place.load().session.cookie_secure);
    assert_eq!(place.shown("session.cookie_secure").1, "http.public_url, QUARTERDECK_HTTP__PUBLIC_URL");
    assert!(!place.set("session.cookie_secure=false").load().session.cookie_secure);
    let place = Place::new().env("QUARTERDECK_HTTP__PUBLIC_URL", "http://deck.example.org");
    assert!(!place.load().session.cookie_secure);
}

#[test]
fn secrets_stay_out_of_debug_output_and_listings() {
    let place = Place::new().env("QUARTERDECK_SECRET", GOOD_SECRET);
    let place = place.env("DATABASE_URL", "postgres://deck:hunt@er/2@db/deck?sslpassword=hunter3&sslmode=require");
    let place = place.env("REDIS_URL", "redis://:hunter4@redis:6379/0").set("skills.api_token=hunter5");
    let loaded = place.load();
    let listing = format!("{loaded:?} {:?} {:?}", loaded.config, show(&loaded));
    for secret in [GOOD_SECRET, "hunt@er", "er/2", "hunter3", "hunter4", "hunter5"] {
        assert!(!listing.contains(secret), "{secret} in {listing}");
    }
    let url = place.shown("database.url");
    assert_eq!(url, ("postgres://deck:***@db/deck?sslpassword=***&sslmode=require".into(), "DATABASE_URL".into()));
    assert_eq!(place.shown("redis.url").0, "redis://:***@redis:6379/0");
    assert_eq!(place.shown("secret"), ("***".into(), "QUARTERDECK_SECRET".into()));
}

#[test]
fn secrets_stay_out_of_mistakes() {
    let mistake = Place::new().env("DATABASE_URL", "oracle://deck:hunter2@db").mistake();
    assert!(mistake.contains("oracle://deck:***@db") && !mistake.contains("hunter2"), "{mistake}");
    let mistake = Place::new().toml("[default]\nsecret = 1234567890\n").mistake();
    assert_eq!(mistake, "config: secret: *** is not text in quotes (from config.toml [default])");
}
