//! Empty databases: SQLite in a folder that goes at the end, MariaDB and PostgreSQL where TEST_MYSQL_URL and
//! TEST_POSTGRES_URL name servers.

use crate::portal::Outcome;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::cell::Cell;
use std::path::{Path, PathBuf};

pub struct Databases {
    folder: PathBuf,
    made: Cell<usize>,
}

/// A database that is dropped with this.
pub struct Database {
    pub name: &'static str,
    pub url: String,
    drop: Option<(String, String)>,
}

impl Databases {
    pub fn find() -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("quarterdeck-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Databases { folder, made: Cell::new(0) })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn sqlite(&self) -> Database {
        let url = format!("sqlite://{}/{}.db", self.folder.display(), self.next_name());
        Database { name: "SQLite", url, drop: None }
    }

    /// `None` when there is no MariaDB.
    pub fn mariadb(&self) -> Outcome<Option<Database>> {
        self.on_server("MariaDB", "TEST_MYSQL_URL")
    }

    /// One on each database that is there.
    pub fn all(&self) -> Outcome<Vec<Database>> {
        let postgres = self.on_server("PostgreSQL", "TEST_POSTGRES_URL")?;
        Ok([Some(self.sqlite()), self.mariadb()?, postgres].into_iter().flatten().collect())
    }

    fn on_server(&self, name: &'static str, variable: &str) -> Outcome<Option<Database>> {
        let Some(server) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else { return Ok(None) };
        let database = self.next_name();
        run_statement(&server, &format!("CREATE DATABASE {database}"))?;
        let (address, _) = server.rsplit_once('/').ok_or("the address names no database")?;
        let url = format!("{address}/{database}");
        Ok(Some(Database { name, url, drop: Some((server, format!("DROP DATABASE {database}"))) }))
    }

    fn next_name(&self) -> String {
        self.made.set(self.made.get() + 1);
        format!("quarterdeck_bench_{}_{}", std::process::id(), self.made.get())
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, statement)) = &self.drop
            && let Err(error) = run_statement(server, statement)
        {
            eprintln!("bench: {statement}: {error}");
        }
    }
}

fn run_statement(server: &str, statement: &str) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // The name is made here of letters and digits; a database's name cannot be a parameter.
        let sql = AssertSqlSafe(statement.to_owned());
        if server.starts_with("postgres") {
            sqlx::PgConnection::connect(server).await?.execute(sql).await?;
        } else {
            sqlx::MySqlConnection::connect(server).await?.execute(sql).await?;
        }
        Ok(())
    })
}
