//! The rules of ARCHITECTURE.md that can be read off the source: who may import whom, where SQL stands, who knows a
//! driver, what the strict policy forbids. A test that fails says what to do.

mod source;

use quarterdeck::plugin::{Access, Plugin};
use quarterdeck::plugins::ALL;
use source::{Source, files};

/// What each module may name of the others. A longer entry allows no more than it says: `events` knows of the accounts
/// only who acted.
const MAY_USE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("config", &[]),
    ("clock", &[]),
    ("reach", &[]),
    ("redis_server", &["reach"]),
    ("tables", &[]),
    ("cache", &[]),
    ("blobs", &["error"]),
    ("logging", &["config"]),
    ("db", &["error", "reach", "sql"]),
    ("seals", &[]),
    ("events", &["accounts::Actor", "cache", "db", "redis_server", "sql"]),
    ("outbox", &["clock", "config", "db", "error", "seals", "sql"]),
    ("accounts", &["cache", "clock", "db", "error", "events", "notices", "outbox", "redis_server", "seals", "sql"]),
    ("policy_reports", &["db", "sql"]),
    ("settings", &["cache", "clock", "config", "db", "logging", "sql"]),
    ("jobs", &["clock", "db", "error", "sql"]),
    ("notices", &["accounts::Actor", "db", "error", "events", "outbox", "sql"]),
    ("delivery", &["accounts", "app", "error", "events", "notices", "outbox"]),
    (
        "app",
        &[
            "accounts",
            "blobs",
            "cache",
            "clock",
            "config",
            "db",
            "error",
            "events",
            "notices::NoticeKind",
            "outbox",
            "plugin::Plugin",
            "redis_server",
            "seals",
            "settings",
        ],
    ),
    (
        "plugin",
        &["accounts", "app::App", "config", "error", "notices::NoticeKind", "settings::Setting", "web::assets::Icon"],
    ),
    ("chores", &["accounts", "app", "error", "events", "notices", "outbox", "plugin", "policy_reports"]),
    (
        "web",
        &["accounts", "app", "clock", "config", "error", "events", "notices", "outbox", "plugin", "policy_reports"],
    ),
    (
        "plugins",
        &[
            "accounts",
            "app",
            "blobs",
            "cache",
            "chores",
            "clock",
            "config",
            "db",
            "error",
            "events",
            "jobs",
            "notices",
            "outbox",
            "plugin",
            "policy_reports",
            "settings",
            "sql",
            "tables",
            "value_columns",
            "value_rows",
            "web",
        ],
    ),
    ("demo", &["accounts", "app", "clock", "config", "db", "error", "plugins", "sql"]),
    (
        "commands",
        &[
            "accounts",
            "app",
            "chores",
            "clock",
            "config",
            "db",
            "delivery",
            "demo",
            "error",
            "events",
            "jobs",
            "logging",
            "notices",
            "outbox",
            "plugin",
            "plugins",
            "policy_reports",
            "tables",
            "web",
        ],
    ),
    ("main", &["commands", "config"]),
];

/// Where SQL may stand beside the files that are called model.rs.
const SQL: &[&str] = &[
    "src/accounts/",
    "src/db/",
    "src/events.rs",
    "src/events/",
    "src/jobs.rs",
    "src/notices",
    "src/outbox/",
    "src/policy_reports.rs",
    "src/settings.rs",
    "src/plugins/skills/examination.rs",
    "src/plugins/skills/requirements.rs",
    "src/plugins/skills/scales.rs",
    "src/plugins/skills/summaries.rs",
];

const LONGEST_FILE: usize = 400;

/// Routes of plugins that need no session: each carries a secret of its own in the address.
const PUBLIC: &[&str] = &["/projects/feeds/:secret"];

#[track_caller]
fn assert_none(problems: Vec<String>, advice: &str) {
    assert!(problems.is_empty(), "\n{}\n\n{advice}\n", problems.join("\n"));
}

fn is_below(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn modules_use_only_what_stands_below_them() {
    let mut problems = Vec::new();
    for file in files("src", ".rs").iter().filter(|file| file.path != "src/lib.rs") {
        let own = if file.path == "src/main.rs" { "main".to_owned() } else { file.module()[0].clone() };
        let Some((_, allowed)) = MAY_USE.iter().find(|(module, _)| *module == own) else {
            problems.push(format!("{}: the module {own} has no line in MAY_USE", file.path));
            continue;
        };
        let foreign = |path: &String| !path.is_empty() && !is_below(path, &own);
        for path in file.named_paths().into_iter().filter(foreign) {
            if !allowed.iter().any(|module| is_below(&path, module)) {
                problems.push(format!("{} names {path}, which {own} may not", file.path));
            }
        }
    }
    assert_none(
        problems,
        "Imports go downward (ARCHITECTURE.md, “Who may import whom”). Move the code to the layer that it belongs to, or \
         hand in what it needs. If the layers themselves change, change MAY_USE here and ARCHITECTURE.md together.",
    );
}

#[test]
fn a_plugin_calls_only_the_facades_of_plugins_before_it() {
    let mut problems = Vec::new();
    let place = |id: &str| ALL.iter().position(|plugin| plugin.id == id);
    for file in files("src/plugins", ".rs").iter().filter(|file| file.path != "src/plugins/mod.rs") {
        let own = file.module()[1].clone();
        for path in file.named_paths() {
            let parts: Vec<&str> = path.split("::").collect();
            let ["plugins", other, what @ ..] = parts.as_slice() else { continue };
            let Some(other_place) = place(other).filter(|_| *other != own) else { continue };
            if place(&own) < Some(other_place) {
                problems.push(format!("{} names {path}, but {other} stands after {own} in plugins::ALL", file.path));
            }
            if what.first().is_some_and(|what| is_module_of(other, what)) {
                problems.push(format!("{} names {path}, which is inside of {other}", file.path));
            }
        }
    }
    assert_none(
        problems,
        "A plugin calls another one through what its mod.rs offers (types and functions, `pub use` included), and only \
         when that one stands before it in plugins::ALL. Add a function to that mod.rs, or change the order.",
    );
}

fn is_module_of(plugin: &str, name: &str) -> bool {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plugins").join(plugin);
    folder.join(name).is_dir() || folder.join(format!("{name}.rs")).is_file()
}

#[test]
fn a_plugin_keeps_to_its_own_names() {
    let mut problems = Vec::new();
    for plugin in ALL {
        let Plugin { id, mount, .. } = plugin;
        assert_eq!(*mount, format!("/{id}"), "the mount of {id}");
        let outside = |path: &str| path != *mount && !path.starts_with(&format!("{mount}/"));
        let foreign = |name: &str| name != *id && !name.starts_with(&format!("{id}."));
        for route in (plugin.routes)()
            .iter()
            .filter(|route| outside(route.path) || (route.access == Access::Public && !PUBLIC.contains(&route.path)))
        {
            problems.push(format!("{id}: the route {} {} ({:?})", route.method, route.path, route.access));
        }
        let entries = plugin.nav.iter().map(|nav| nav.href).filter(|href| outside(href));
        problems.extend(entries.map(|href| format!("{id}: the navigation's {href}")));
        let permissions = plugin.permissions.iter().map(|spec| spec.permission.0);
        let topics = plugin.topics.iter().map(|(topic, _)| *topic);
        let jobs = plugin.jobs.iter().map(|job| job.name);
        let notices = plugin.notices.iter().map(|notice| notice.kind);
        let names = permissions.chain(topics).chain(jobs).chain(notices).filter(|name| foreign(name));
        problems.extend(names.map(|name| format!("{id}: the name {name}")));
    }
    assert_none(
        problems,
        "The addresses of a plugin lie at and below its mount and are never public, but for those in PUBLIC; its permissions, topics, jobs \
         and notices begin with its id and a dot. Rename what is listed.",
    );
}

#[test]
fn only_plugins_know_plugins() {
    let mut problems = Vec::new();
    let knows_none = ["src/web/", "src/config/", "src/app.rs", "src/plugin.rs", "src/jobs.rs", "assets/app.js"];
    let all = files("src", ".rs").into_iter().chain(files("assets", "app.js"));
    for file in all.filter(|file| knows_none.iter().any(|part| file.path.starts_with(part))) {
        let code = file.code();
        for plugin in ALL {
            let named = [format!("\"{}\"", plugin.id), format!("\"{}.", plugin.id), format!("{}/", plugin.mount)];
            let found = named.into_iter().chain([format!("\"{}\"", plugin.mount)]).filter(|name| code.contains(name));
            problems.extend(found.map(|name| format!("{} says {name}", file.path)));
        }
    }
    assert_none(
        problems,
        "The layout, the web part and the configuration name no plugin: navigation, topics, cards and jobs are collected \
         from the plugins that are switched on. Put what is missing into `Plugin` (src/plugin.rs).",
    );
}

#[test]
fn sql_stands_in_models() {
    let may = |path: &str| path.ends_with("/model.rs") || SQL.iter().any(|part| path.starts_with(part));
    let sources = files("src", ".rs").into_iter().filter(|file| !may(&file.path) && file.code().contains("sql!("));
    assert_none(
        sources.map(|file| file.path).collect(),
        "SQL stands in model.rs files (and in what SQL lists here), where the permission is checked first. Move the query \
         into the model of that resource, as a function with a verb of the domain.",
    );
}

#[test]
fn only_db_knows_the_drivers() {
    let names =
        ["sqlx::", "Dialect", "SqlitePool", "MySqlPool", "PgPool", "SqliteRow", "MySqlRow", "PgRow", "AssertSqlSafe"];
    let mut problems = Vec::new();
    for file in files("src", ".rs").iter().filter(|file| !file.path.starts_with("src/db/")) {
        // How a row is decoded is the one thing that a model tells the driver.
        let code = file.code().replace("sqlx::FromRow", "");
        problems
            .extend(names.iter().filter(|name| code.contains(**name)).map(|name| format!("{} says {name}", file.path)));
    }
    assert_none(
        problems,
        "Only src/db names a pool, a driver or a dialect; elsewhere there are Db, Tx, sql! and #[derive(sqlx::FromRow)]. \
         What the databases do differently becomes a token of sql! or a method of Db.",
    );
}

#[test]
fn nothing_is_inline() {
    let in_markup =
        ["style=\"", " style=(", "hx-on", "onclick", "onchange", "<script", " script {", "js:", "javascript:"];
    let in_scripts = [
        "eval(",
        "new Function",
        ".innerHTML",
        ".outerHTML",
        "insertAdjacentHTML",
        "cssText",
        "hx-on",
        "style=\"",
        "<script",
    ];
    let mut problems = Vec::new();
    let mut check = |file: &Source, forbidden: &[&str]| {
        let code = file.code();
        problems.extend(
            forbidden.iter().filter(|text| code.contains(**text)).map(|text| format!("{} says {text}", file.path)),
        );
    };
    files("src", ".rs").iter().for_each(|file| check(file, &in_markup));
    let scripts = files("assets", ".js").into_iter().filter(|file| !file.path.contains("/vendor/"));
    scripts.for_each(|file| check(&file, &in_scripts));
    assert_none(
        problems,
        "The Content-Security-Policy allows no inline script or style and no text that becomes one. Use a class of \
         assets/css, or a listener in assets/*.js that reads data- attributes and makes elements.",
    );
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let mut problems = Vec::new();
    for file in files("src", ".rs").iter().chain(&files("tests/it", ".rs")) {
        if !file.text.starts_with("//! ") {
            problems.push(format!("{} does not begin with //!", file.path));
        }
        if file.path.starts_with("src/") && file.lines() > LONGEST_FILE {
            problems.push(format!("{} has {} lines", file.path, file.lines()));
        }
    }
    assert_none(
        problems,
        "Begin with a few lines of //! that say what the file is for. One of more than 400 lines splits by sub-resource, \
         never by layer (STYLE.md).",
    );
}
