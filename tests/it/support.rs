//! A portal of one's own for every test: on each database that is there, without and with Redis.
//!
//! SQLite is always there. MariaDB, PostgreSQL and Redis are used when TEST_MYSQL_URL, TEST_POSTGRES_URL and
//! TEST_REDIS_URL name servers, as `scripts/test` sees to; what is left out is said once.

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::test::{TestClient, TestResponse};
use poem::{EndpointExt, Response};
use quarterdeck::accounts::people::{self, NewPerson};
use quarterdeck::accounts::sessions::Origin;
use quarterdeck::accounts::{Actor, roles, teams};
use quarterdeck::app::{App, database_options};
use quarterdeck::clock::Clock;
use quarterdeck::config::{Config, Flags, Surroundings};
use quarterdeck::db::Db;
use quarterdeck::{plugins, web};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

/// Friday 20 November 2026, 12:00 UTC.
pub const NOW_MS: i64 = 1_795_176_000_000;
pub const PASSWORD: &str = "correct horse battery";

/// A database, and whether Redis stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub database: Database,
    pub redis: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    MySql,
    Postgres,
}

/// Runs a test on every database that is there, without and with Redis.
pub async fn everywhere(test: impl AsyncFn(&TestApp)) {
    for place in places() {
        let app = TestApp::start(place).await;
        test(&app).await;
        app.stop().await;
    }
}

/// Runs a test on every database that is there, without Redis: for what has nothing to do with it.
pub async fn on_every_database(test: impl AsyncFn(&TestApp)) {
    for place in places().into_iter().filter(|place| !place.redis) {
        let app = TestApp::start(place).await;
        test(&app).await;
        app.stop().await;
    }
}

fn places() -> Vec<Place> {
    let there = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let databases = [
        (Database::Sqlite, true),
        (Database::MySql, there("TEST_MYSQL_URL")),
        (Database::Postgres, there("TEST_POSTGRES_URL")),
    ];
    let redis = there("TEST_REDIS_URL");
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        // Written past the test runner, which shows what a test prints only when it fails.
        let mut terminal = std::io::stderr();
        for (database, _) in databases.iter().filter(|(_, there)| !there) {
            let _ = writeln!(terminal, "left out: {database:?}, because its TEST_…_URL is not set");
        }
        if !redis {
            let _ = writeln!(terminal, "left out: Redis, because TEST_REDIS_URL is not set");
        }
    });
    let used = databases.into_iter().filter(|(_, there)| *there).map(|(database, _)| database);
    used.flat_map(|database| [false, true].map(|redis| Place { database, redis }))
        .filter(|place| redis || !place.redis)
        .collect()
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A running portal with an empty, migrated database of its own.
pub struct TestApp {
    pub app: App,
    pub place: Place,
    pub folder: PathBuf,
    client: TestClient<BoxEndpoint<'static>>,
    /// The database to drop at the end, and the address to do that from.
    drop: Option<(String, String)>,
}

impl TestApp {
    pub async fn sqlite() -> TestApp {
        TestApp::start(Place { database: Database::Sqlite, redis: false }).await
    }

    pub async fn start(place: Place) -> TestApp {
        Self::start_with(place, &[]).await
    }

    /// `options` are further ones, as `--set` takes them.
    pub async fn start_with(place: Place, options: &[&str]) -> TestApp {
        // A failed test shows what the server had to say.
        let errors = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_test_writer();
        let _ = errors.try_init();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("quarterdeck_test_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let (url, drop) = make_database(place.database, &folder, &name).await;
        let config = load(&folder, place, &url, &name, options);
        Db::migrate(&database_options(&config)).await.unwrap();
        let app = App::start(config, plugins::ALL, Clock::fixed(NOW_MS), false).await.unwrap();
        let declared: Vec<_> = app.permissions();
        roles::init(&app.db, &declared, NOW_MS).await.unwrap();
        for init in app.plugins.iter().filter_map(|plugin| plugin.init_data) {
            init(&app).await.unwrap();
        }
        tokio::spawn(app.bus.clone().listen());
        let client = client_of(&app);
        TestApp { app, place, folder, client, drop }
    }

    /// Another process on the same database and Redis.
    pub async fn replica(&self) -> Replica {
        let config = (*self.app.config).clone();
        let app = App::start(config, plugins::ALL, self.app.clock.clone(), false).await.unwrap();
        tokio::spawn(app.bus.clone().listen());
        Replica { client: client_of(&app), app }
    }

    pub async fn stop(self) {
        self.app.db.close().await;
        if let Some((admin_url, statement)) = &self.drop {
            run_statement(admin_url, statement).await;
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    pub async fn team(&self, name: &str) -> i64 {
        let known = teams::all(&self.app.db, &Actor::system()).await.unwrap();
        match known.into_iter().find(|team| team.name == name) {
            Some(team) => team.id,
            None => teams::create(&self.app.db, &Actor::system(), name, NOW_MS).await.unwrap().id,
        }
    }

    pub async fn person(&self, name: &str, team: Option<i64>) -> i64 {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let new = NewPerson { name: name.to_owned(), email, title: String::new(), team_id: team };
        let mut tx = self.app.db.begin().await.unwrap();
        let id = people::insert(&mut tx, &new, NOW_MS).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A person with a role, signed in: `administrator`, `lead`, `member` or `viewer`.
    pub async fn sign_in(&self, role: &str, name: &str, team: Option<i64>) -> Visitor<'_> {
        let person_id = self.person(name, team).await;
        self.give_role(person_id, role).await;
        self.visit_as(person_id).await
    }

    pub async fn administrator(&self) -> Visitor<'_> {
        self.sign_in("administrator", "Ada Admin", None).await
    }

    pub async fn give_role(&self, person_id: i64, role: &str) {
        let mut tx = self.app.db.begin().await.unwrap();
        roles::assign(&mut tx, person_id, role).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn visit_as(&self, person_id: i64) -> Visitor<'_> {
        let (token, session) = self.app.sessions.open(person_id, false, &Origin::default()).await.unwrap();
        Visitor { client: &self.client, cookie: format!("session={token}"), csrf: session.csrf, person_id }
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Visitor<'_> {
        Visitor { client: &self.client, cookie: String::new(), csrf: String::new(), person_id: 0 }
    }

    /// What a person may do, for calling a model function.
    pub async fn actor(&self, person_id: i64) -> Actor {
        roles::actor(&self.app.db, person_id).await.unwrap().unwrap()
    }

    pub async fn count(&self, sql: &'static quarterdeck::db::Sql) -> i64 {
        self.app.db.q(sql).one::<(i64,)>().await.unwrap().0
    }
}

pub struct Replica {
    pub app: App,
    client: TestClient<BoxEndpoint<'static>>,
}

impl Replica {
    /// The same session at another process.
    pub fn visitor(&self, visitor: &Visitor<'_>) -> Visitor<'_> {
        Visitor {
            client: &self.client,
            cookie: visitor.cookie.clone(),
            csrf: visitor.csrf.clone(),
            person_id: visitor.person_id,
        }
    }
}

fn client_of(app: &App) -> TestClient<BoxEndpoint<'static>> {
    TestClient::new(web::endpoint(app, plugins::api(app)).map_to_response().boxed())
}

/// A browser, as far as the server can tell.
pub struct Visitor<'a> {
    client: &'a TestClient<BoxEndpoint<'static>>,
    pub cookie: String,
    pub csrf: String,
    pub person_id: i64,
}

impl Visitor<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// As htmx asks for a part of a page.
    pub async fn fragment(&self, path: &str) -> Answer {
        self.send(Method::GET, path, PARTIAL, None).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], Some(self.form(fields))).await
    }

    pub async fn post_fragment(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, PARTIAL, Some(self.form(fields))).await
    }

    fn form(&self, fields: &[(&str, &str)]) -> (&'static str, Vec<u8>) {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        ("application/x-www-form-urlencoded", serde_urlencoded::to_string(fields).unwrap().into_bytes())
    }

    /// Uploads a file in the multipart form that a browser sends.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file_name: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----quarterdeck-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let kind = "multipart/form-data; boundary=----quarterdeck-test";
        self.send(Method::POST, path, &[("sec-fetch-site", "same-origin")], Some((kind, body))).await
    }

    /// Any request; `body` is its type and bytes.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Answer {
        let mut request = self.client.request(method, path);
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header(header::CONTENT_TYPE, kind).body(bytes);
        }
        Answer::of(request.send().await).await
    }
}

const PARTIAL: &[(&str, &str)] = &[("hx-request", "true"), ("hx-request-type", "partial")];

/// A response that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: poem::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(response: TestResponse) -> Self {
        let response: Response = response.0;
        let (parts, body) = response.into_parts();
        let bytes = body.into_vec().await.unwrap_or_default();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("the body is text")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn has_status(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status.as_u16(), "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "{text:?} is not in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "{text:?} is in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn leads_to(&self, path: &str) -> &Self {
        self.has_status(StatusCode::SEE_OTHER);
        assert_eq!(self.header("location"), path);
        self
    }

    #[track_caller]
    pub fn is_page(&self) -> &Self {
        self.shows("<!DOCTYPE html>").shows("</html>")
    }

    #[track_caller]
    pub fn is_fragment(&self) -> &Self {
        self.hides("<!DOCTYPE html>").hides("<body")
    }
}

fn load(folder: &Path, place: Place, url: &str, name: &str, options: &[&str]) -> quarterdeck::config::Loaded {
    let around = Surroundings { directory: folder.to_owned(), environment: BTreeMap::new() };
    let mut set =
        vec![format!("database.url={url}"), "database.pool_size=6".to_owned(), "passwords.concurrency=2".to_owned()];
    if place.redis {
        set.push(format!("redis.url={}", std::env::var("TEST_REDIS_URL").unwrap()));
        set.push(format!("redis.prefix={name}:"));
    }
    set.extend(options.iter().map(|option| option.to_string()));
    let flags = Flags { profile: Some("test".to_owned()), set, ..Flags::default() };
    let sections: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.id).collect();
    Config::load_in(&around, &flags, &sections).unwrap_or_else(|error| panic!("{error}"))
}

/// The address of a new, empty database, and how to drop it.
async fn make_database(database: Database, folder: &Path, name: &str) -> (String, Option<(String, String)>) {
    let variable = match database {
        Database::Sqlite => return (format!("sqlite://{}/quarterdeck.db", folder.display()), None),
        Database::MySql => "TEST_MYSQL_URL",
        Database::Postgres => "TEST_POSTGRES_URL",
    };
    let admin_url = std::env::var(variable).unwrap();
    run_statement(&admin_url, &format!("CREATE DATABASE {name}")).await;
    let (server, _) = admin_url.rsplit_once('/').unwrap();
    (format!("{server}/{name}"), Some((admin_url.clone(), format!("DROP DATABASE {name}"))))
}

async fn run_statement(admin_url: &str, statement: &str) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    // The name is made here of letters and digits; a database's name cannot be a parameter.
    let sql = AssertSqlSafe(statement.to_owned());
    if admin_url.starts_with("postgres") {
        let mut connection = sqlx::PgConnection::connect(admin_url).await.unwrap();
        connection.execute(sql).await.unwrap();
    } else {
        let mut connection = sqlx::MySqlConnection::connect(admin_url).await.unwrap();
        connection.execute(sql).await.unwrap();
    }
}
