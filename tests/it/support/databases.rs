//! An empty portal's database for each test: migrated and filled with what every installation starts with, once for each
//! kind of database, and copied from then on. To run the whole history of migrations for each test took most of its time.

use super::{Database, NOW_MS, Place, load};
use quarterdeck::accounts::roles;
use quarterdeck::app::{App, database_options};
use quarterdeck::clock::Clock;
use quarterdeck::db::Db;
use quarterdeck::plugins;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, Row};
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// A database of one's own.
pub struct Made {
    pub url: String,
    /// The statement that drops it, and the address to do that from.
    pub drop: Option<(String, String)>,
}

/// What a database is copied from.
enum Template {
    File(PathBuf),
    /// Statements for a new, empty database. MariaDB copies no databases.
    Script(String),
    /// The name of the database that PostgreSQL copies.
    Name(String),
}

static TEMPLATES: [OnceCell<Template>; 3] = [const { OnceCell::const_new() }; 3];

/// A copy for one test; `name` is made of lower-case letters, digits and `_`.
pub async fn copy(database: Database, folder: &Path, name: &str) -> Made {
    match TEMPLATES[database as usize].get_or_init(|| template(database)).await {
        Template::File(path) => {
            let own = folder.join("quarterdeck.db");
            std::fs::copy(path, &own).unwrap();
            Made { url: format!("sqlite://{}", own.display()), drop: None }
        }
        Template::Script(script) => {
            let made = create(database, name, "").await;
            let mut connection = MySqlConnection::connect(&made.url).await.unwrap();
            connection.execute(AssertSqlSafe(script.clone())).await.unwrap();
            connection.close().await.unwrap();
            made
        }
        Template::Name(template) => create(database, name, &format!(" TEMPLATE {template}")).await,
    }
}

async fn template(database: Database) -> Template {
    let name = format!("quarterdeck_test_{}_template", std::process::id());
    let folder = std::env::temp_dir().join(format!("{name}_{}", database as usize));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("quarterdeck.db");
    let made = match database {
        Database::Sqlite => Made { url: format!("sqlite://{}", file.display()), drop: None },
        Database::MySql | Database::Postgres => create(database, &name, "").await,
    };
    fill(&folder, database, &made.url).await;
    match database {
        Database::Sqlite => Template::File(file),
        Database::MySql => Template::Script(script(&made.url, &name).await),
        Database::Postgres => Template::Name(name),
    }
}

/// Migrates a database, and writes what every portal starts with.
async fn fill(folder: &Path, database: Database, url: &str) {
    let config = load(folder, Place { database, redis: false }, url, "template", &[]);
    Db::migrate(&database_options(&config)).await.unwrap();
    let app = App::start(config, plugins::ALL, Clock::fixed(NOW_MS), false).await.unwrap();
    roles::init(&app.db, &app.permissions(), NOW_MS).await.unwrap();
    for init in app.plugins.iter().filter_map(|plugin| plugin.init_data) {
        init(&app).await.unwrap();
    }
    app.db.close().await;
}

/// The tables of a database with their rows, as statements for another one on the same server.
async fn script(url: &str, name: &str) -> String {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let tables = connection.fetch_all("SHOW TABLES").await.unwrap();
    let mut script = String::from("SET SESSION foreign_key_checks = 0;\n");
    for table in tables.iter().map(|row| row.get::<String, _>(0)) {
        let create = connection.fetch_one(AssertSqlSafe(format!("SHOW CREATE TABLE `{table}`"))).await.unwrap();
        script += &format!("{};\n", create.get::<String, _>(1));
        let filled = connection.fetch_all(AssertSqlSafe(format!("SELECT 1 FROM `{table}` LIMIT 1"))).await.unwrap();
        if !filled.is_empty() {
            script += &format!("INSERT INTO `{table}` SELECT * FROM `{name}`.`{table}`;\n");
        }
    }
    connection.close().await.unwrap();
    script
}

async fn create(database: Database, name: &str, options: &str) -> Made {
    let variable = if database == Database::MySql { "TEST_MYSQL_URL" } else { "TEST_POSTGRES_URL" };
    let admin_url = std::env::var(variable).unwrap();
    let (server, _) = admin_url.rsplit_once('/').unwrap();
    let url = format!("{server}/{name}");
    run_statement(&admin_url, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run_statement(&admin_url, &format!("CREATE DATABASE {name}{options}")).await;
    Made { url, drop: Some((admin_url, format!("DROP DATABASE {name}"))) }
}

pub async fn run_statement(admin_url: &str, statement: &str) {
    // The name is made here of letters and digits; a database's name cannot be a parameter.
    let sql = AssertSqlSafe(statement.to_owned());
    if admin_url.starts_with("postgres") {
        let mut connection = PgConnection::connect(admin_url).await.unwrap();
        connection.execute(sql).await.unwrap();
    } else {
        let mut connection = MySqlConnection::connect(admin_url).await.unwrap();
        connection.execute(sql).await.unwrap();
    }
}
