//! A wrong name or value gives one line that says what and where.

use quarterdeck::config::Flags;

use super::{Place, some};

#[test]
fn wrong_values_give_one_line_with_their_source() {
    let cases = [
        ("QUARTERDECK_HTTP__PORT", "eighty", r#"http.port: "eighty" is not a whole number from 0 to 65535"#),
        ("QUARTERDECK_HTTP__PORT", "70000", "http.port: 70000 is not a whole number from 0 to 65535"),
        ("QUARTERDECK_HTTP__PORT", "", r#"http.port: "" is not a whole number from 0 to 65535"#),
        ("QUARTERDECK_HTTP__HSTS", "perhaps", r#"http.hsts: "perhaps" is not true or false"#),
        ("QUARTERDECK_DATABASE__POOL_SIZE", "0", "database.pool_size: 0 is not a whole number from 1"),
        ("QUARTERDECK_DATABASE__POOL_SIZE", "-1", "database.pool_size: -1 is not a whole number from 0 to 4294967295"),
        ("QUARTERDECK_LOG__FORMAT", "xml", r#"log.format: "xml" is not one of readable, json"#),
        ("QUARTERDECK_LOG__FILTER", "a=b=c", r#"log.filter: "a=b=c" is not a log filter such as info,sqlx=warn"#),
        ("QUARTERDECK_HTTP__BIND", "here", r#"http.bind: "here" is not an IP address"#),
        (
            "QUARTERDECK_HTTP__TRUSTED_PROXIES",
            "10.0.0.0/33",
            r#"http.trusted_proxies: "10.0.0.0/33" is not an address or a network, such as 10.0.0.0/8"#,
        ),
        (
            "QUARTERDECK_HTTP__PUBLIC_URL",
            "deck.example.org",
            r#"http.public_url: "deck.example.org" is not an address such as https://deck.example.org (http or https, a host, no path)"#,
        ),
    ];
    for (name, value, problem) in cases {
        assert_eq!(Place::new().env(name, value).mistake(), format!("config: {problem} (from {name})"));
    }
}

#[test]
fn wrong_values_in_files_and_flags_name_them() {
    let place = Place::new().toml("[default.http]\nport = \"eighty\"\n");
    let problem = r#"config: http.port: "eighty" is not a whole number from 0 to 65535"#;
    assert_eq!(place.mistake(), format!("{problem} (from config.toml [default])"));
    let place = Place::new().toml("[development.http]\nport = \"eighty\"\n");
    assert_eq!(place.mistake(), format!("{problem} (from config.toml [development])"));
    let place = Place::new().file(".env", "PORT=eighty\n");
    assert_eq!(place.mistake(), format!("{problem} (from PORT in .env)"));
    let place = Place::new().flags(Flags { port: some("eighty"), ..Flags::default() });
    assert_eq!(place.mistake(), format!("{problem} (from --port)"));
    assert_eq!(Place::new().set("http.port=eighty").mistake(), format!("{problem} (from --set)"));
    let place = Place::new().toml("[default.http]\ntrusted_proxies = 5\n");
    assert_eq!(place.mistake(), "config: http.trusted_proxies: 5 is not a list of texts (from config.toml [default])");
}

#[test]
fn unknown_names_are_refused_wherever_they_stand() {
    let cases = [
        (Place::new().env("QUARTERDECK_HTTP__PRT", "1"), "http.prt: is not an option (from QUARTERDECK_HTTP__PRT)"),
        (Place::new().env("QUARTERDECK_HTTP", "1"), "http: is not an option (from QUARTERDECK_HTTP)"),
        (Place::new().file(".env", "QUARTERDECK_X=1"), "x: is not an option (from QUARTERDECK_X in .env)"),
        (Place::new().set("http.prt=1"), "http.prt: is not an option (from --set)"),
        (Place::new().toml("[default.http]\nprt = 1"), "http.prt: is not an option (from config.toml [default])"),
        (Place::new().toml("[production.log]\nx = 1"), "log.x: is not an option (from config.toml [production])"),
        (Place::new().toml("[default]\nskills = 1"), "skills: is not an option (from config.toml [default])"),
        (Place::new().toml("[default.wiki]\nx = 1"), "wiki.x: is not an option (from config.toml [default])"),
    ];
    for (place, problem) in cases {
        assert_eq!(place.mistake(), format!("config: {problem}"));
    }
}

#[test]
fn a_section_without_its_profile_is_refused() {
    for text in ["[http]\nport = 1\n", "http = 1\n", "[Production.http]\nport = 1\n"] {
        let mistake = Place::new().toml(text).mistake();
        assert!(mistake.contains("is not a profile") && mistake.ends_with("(from config.toml)"), "{mistake}");
    }
}

#[test]
fn broken_files_are_told_of_in_one_line_without_their_text() {
    let mistake = Place::new().toml("[default]\nsecret = \"hunter2 hunter2\n").mistake();
    assert!(mistake.starts_with("config: config.toml: TOML parse error at line 2, column "), "{mistake}");
    assert!(!mistake.contains("hunter2") && !mistake.contains('\n'), "{mistake}");
    let mistake = Place::new().file(".env", "PORT=1\nQUARTERDECK_SECRET=hunter2 hunter2\n").mistake();
    assert!(mistake.starts_with("config: .env: the variable after PORT cannot be understood"), "{mistake}");
    assert!(!mistake.contains("hunter2"), "{mistake}");
}

#[test]
fn a_named_file_must_exist() {
    let place = Place::new().flags(Flags { config: some("other.toml"), ..Flags::default() });
    assert!(place.mistake().starts_with("config: other.toml: cannot be read: "), "{}", place.mistake());
    let place = place.file("other.toml", "[default.http]\nport = 7\n");
    assert_eq!(place.shown("http.port"), ("7".into(), "other.toml [default]".into()));
}

#[test]
fn a_setting_without_a_value_is_refused() {
    assert_eq!(
        Place::new().set("http.port").mistake(),
        "config: --set: needs OPTION=VALUE, for example --set log.filter=debug"
    );
}

#[test]
fn a_reader_can_refuse_a_value_with_its_source() {
    let loaded = Place::new().set("plugins.enabled=wiki").load();
    let mistake = loaded.refuse("plugins.enabled", r#""wiki" is not a plugin"#);
    assert_eq!(mistake.to_string(), r#"config: plugins.enabled: "wiki" is not a plugin (from --set)"#);
}
