//! A portal of one's own for every test: on each database that is there, without and with Redis.
//!
//! SQLite is always there. MariaDB, PostgreSQL and Redis are used when TEST_MYSQL_URL, TEST_POSTGRES_URL and
//! TEST_REDIS_URL name servers, as `scripts/test` sees to; what is left out is said once.

pub mod databases;
pub mod mail;
mod visitor;

use databases::Made;
use mail::Mail;
use poem::EndpointExt;
use poem::endpoint::BoxEndpoint;
use poem::test::TestClient;
use quarterdeck::accounts::people::{self, NewPerson};
use quarterdeck::accounts::sessions::Origin;
use quarterdeck::accounts::{Actor, roles, teams};
use quarterdeck::app::App;
use quarterdeck::clock::Clock;
use quarterdeck::config::{Config, Flags, Surroundings};
use quarterdeck::{delivery, plugins, web};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
pub use visitor::{Answer, Visitor};

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

/// Every database that is there, without and with Redis.
pub fn places() -> Vec<Place> {
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
        if smtp().is_none() {
            let _ = writeln!(terminal, "left out: SMTP, because TEST_SMTP_URL and TEST_SMTP_FOLDER are not set");
        }
    });
    let used = databases.into_iter().filter(|(_, there)| *there).map(|(database, _)| database);
    used.flat_map(|database| [false, true].map(|redis| Place { database, redis }))
        .filter(|place| redis || !place.redis)
        .collect()
}

/// A real SMTP server, and the folder with the mails that it took.
pub fn smtp() -> Option<(String, PathBuf)> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Some((named("TEST_SMTP_URL")?, PathBuf::from(named("TEST_SMTP_FOLDER")?)))
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
        let Made { url, drop } = databases::copy(place.database, &folder, &name).await;
        let config = load(&folder, place, &url, &name, options);
        let app = App::start(config, plugins::ALL, Clock::fixed(NOW_MS), false).await.unwrap();
        listen(&app).await;
        let client = client_of(&app);
        TestApp { app, place, folder, client, drop }
    }

    /// Another process on the same database and Redis.
    pub async fn replica(&self) -> Replica {
        self.replica_with(|_| {}).await
    }

    /// Another process, with some options of its own.
    pub async fn replica_with(&self, change: impl FnOnce(&mut Config)) -> Replica {
        let mut config = (*self.app.config).clone();
        change(&mut config.config);
        let app = App::start(config, plugins::ALL, self.app.clock.clone(), false).await.unwrap();
        listen(&app).await;
        Replica { client: client_of(&app), app }
    }

    /// Returns when the other process knows of every change that was published before: at once through Redis, else after
    /// the two seconds for which a process trusts what it knows.
    pub async fn heard_by(&self, replica: &Replica) {
        let mut news = replica.app.bus.subscribe();
        if self.app.redis.is_none() {
            return self.app.clock.advance(2000);
        }
        self.app.publish("test.heard", "*").await;
        loop {
            if let quarterdeck::events::News::Changed(message) = news.recv().await.unwrap()
                && message.change.topic == "test.heard"
            {
                return;
            }
        }
    }

    pub async fn stop(self) {
        self.app.db.close().await;
        if let Some((admin_url, statement)) = &self.drop {
            databases::run_statement(admin_url, statement).await;
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
        (*self.app.access.actor(person_id).await.unwrap().unwrap()).clone()
    }

    /// Sends what is due, and returns all that ever went into the folder, the oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        delivery::round(&self.app).await.unwrap();
        mail::all_in(&self.folder.join("mail"))
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

/// Returns when the bus listens: with Redis it then tells everybody to look at everything again.
async fn listen(app: &App) {
    let mut news = app.bus.subscribe();
    tokio::spawn(app.bus.clone().listen());
    if app.redis.is_some() {
        news.recv().await.unwrap();
    }
}

fn client_of(app: &App) -> TestClient<BoxEndpoint<'static>> {
    TestClient::new(web::endpoint(app, plugins::api(app)).map_to_response().boxed())
}

fn load(folder: &Path, place: Place, url: &str, name: &str, options: &[&str]) -> quarterdeck::config::Loaded {
    let around = Surroundings { directory: folder.to_owned(), environment: BTreeMap::new() };
    let mut set = vec![
        format!("database.url={url}"),
        "database.pool_size=6".to_owned(),
        "passwords.concurrency=2".to_owned(),
        format!("mail.folder={}", folder.join("mail").display()),
        format!("blobs.folder={}", folder.join("blobs").display()),
    ];
    if place.redis {
        set.push(format!("redis.url={}", std::env::var("TEST_REDIS_URL").unwrap()));
        set.push(format!("redis.prefix={name}:"));
    }
    set.extend(options.iter().map(|option| option.to_string()));
    let flags = Flags { profile: Some("test".to_owned()), set, ..Flags::default() };
    let sections: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.id).collect();
    Config::load_in(&around, &flags, &sections).unwrap_or_else(|error| panic!("{error}"))
}
