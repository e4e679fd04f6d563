//! A statement on its way to one of the three databases.
//!
//! `bind` adds to the driver's own arguments, one async function per kind of call is generic over the driver only, and
//! decoding is synchronous. The futures are boxed so that each driver's code is compiled here, once, and not again
//! in every caller.

use super::error::{Error, Result};
use super::source::Source;
use super::sql::{LIST, Sql};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::mysql::{MySqlArguments, MySqlQueryResult, MySqlRow};
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteQueryResult, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Database, Encode, Executor, FromRow, IntoArguments, MySql, Postgres, Sqlite, Type,
};

pub(super) type Fut<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A value that every driver can bind.
pub trait Bind:
    for<'q> Encode<'q, Sqlite>
    + Type<Sqlite>
    + for<'q> Encode<'q, MySql>
    + Type<MySql>
    + for<'q> Encode<'q, Postgres>
    + Type<Postgres>
{
}

impl<T> Bind for T where
    T: for<'q> Encode<'q, Sqlite>
        + Type<Sqlite>
        + for<'q> Encode<'q, MySql>
        + Type<MySql>
        + for<'q> Encode<'q, Postgres>
        + Type<Postgres>
{
}

/// A row that every driver can build: `#[derive(sqlx::FromRow)]`, or a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + for<'r> FromRow<'r, PgRow> {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + for<'r> FromRow<'r, PgRow> {}

/// Where a statement runs: on a connection of a pool (the second one is for writes), or inside a transaction, which
/// learns whether the statement failed.
pub(super) enum On<'e, DB: Database> {
    Pool(&'e Source<DB>, &'e Source<DB>),
    Tx(&'e mut DB::Connection, &'e mut bool),
}

impl<DB: Database> On<'_, DB> {
    /// The same, for one statement of several.
    fn again(&mut self) -> On<'_, DB> {
        match self {
            On::Pool(reader, writer) => On::Pool(reader, writer),
            On::Tx(connection, failed) => On::Tx(&mut **connection, failed),
        }
    }
}

pub(super) enum Via<'e> {
    Sqlite(SqliteArguments, On<'e, Sqlite>),
    MySql(MySqlArguments, On<'e, MySql>),
    Postgres(PgArguments, On<'e, Postgres>),
}

enum Rows {
    Sqlite(Vec<SqliteRow>),
    MySql(Vec<MySqlRow>),
    Postgres(Vec<PgRow>),
}

/// A statement and what was bound to it so far. Ends in `all`, `optional`, `one`, `execute`, `insert` or, with several
/// statements, in `execute_each`.
#[must_use = "a query does nothing until it is awaited"]
pub struct Query<'e> {
    sql: &'static Sql,
    via: Via<'e>,
    bound: usize,
    unbindable: Option<sqlx::error::BoxDynError>,
    /// The statements before this one.
    earlier: Vec<Earlier>,
}

/// A statement that is complete and waits for the rest. On SQLite what was bound to it stays with what follows.
enum Earlier {
    Sqlite(&'static str),
    MySql(&'static str, MySqlArguments),
    Postgres(&'static str, PgArguments),
}

impl Earlier {
    fn sqlite(self) -> Option<&'static str> {
        if let Earlier::Sqlite(sql) = self { Some(sql) } else { None }
    }

    fn mysql(self) -> Option<(&'static str, MySqlArguments)> {
        if let Earlier::MySql(sql, arguments) = self { Some((sql, arguments)) } else { None }
    }

    fn postgres(self) -> Option<(&'static str, PgArguments)> {
        if let Earlier::Postgres(sql, arguments) = self { Some((sql, arguments)) } else { None }
    }
}

impl<'e> Query<'e> {
    pub(super) fn new(sql: &'static Sql, via: Via<'e>) -> Self {
        Query { sql, via, bound: 0, unbindable: None, earlier: Vec::new() }
    }

    pub fn bind(mut self, value: impl Bind) -> Self {
        let added = match &mut self.via {
            Via::Sqlite(arguments, _) => arguments.add(value),
            Via::MySql(arguments, _) => arguments.add(value),
            Via::Postgres(arguments, _) => arguments.add(value),
        };
        if let Err(error) = added {
            self.unbindable.get_or_insert(error);
        }
        self.bound += 1;
        self
    }

    /// Binds the parameter of `{ids}`.
    pub fn bind_ids(self, ids: &[i64]) -> Self {
        let json = serde_json::to_string(ids).expect("integers always serialise");
        self.bind(json)
    }

    /// Binds the parameters of `{list}`: at most `LIST` integers, the last of which fills the rest. Of none nothing is found.
    pub fn bind_list(self, ids: &[i64]) -> Self {
        assert!(ids.len() <= LIST, "a list has at most {LIST} integers");
        let filler = ids.last().copied().unwrap_or(0);
        let filled = ids.iter().copied().chain(std::iter::repeat(filler)).take(LIST);
        filled.fold(self, |query, id| query.bind(id))
    }

    /// Binds the parameter of `{rows …}`: each item serialises to an object with those columns. An absent value must be
    /// left out (`skip_serializing_if`), because a JSON null is not SQL's NULL everywhere.
    pub fn bind_rows(self, items: &[impl serde::Serialize]) -> Self {
        let json = serde_json::to_string(items).expect("rows are plain structs of numbers and text");
        self.bind(json)
    }

    /// Goes on with another statement, to be run after this one and together with it.
    pub fn and(mut self, next: &'static Sql) -> Self {
        if let Err(error) = self.check_count() {
            self.unbindable.get_or_insert(error.into());
        }
        self.earlier.push(match &mut self.via {
            Via::Sqlite(..) => Earlier::Sqlite(self.sql.sqlite),
            Via::MySql(arguments, _) => Earlier::MySql(self.sql.mysql, std::mem::take(arguments)),
            Via::Postgres(arguments, _) => Earlier::Postgres(self.sql.postgres, std::mem::take(arguments)),
        });
        Query { sql: next, bound: 0, ..self }
    }

    /// Every row. On SQLite it reads from the readers' pool, so it must not write.
    pub async fn all<T: Row>(self) -> Result<Vec<T>> {
        self.rows(false).await?.decode()
    }

    /// The row, if there is one. With several, the last.
    pub async fn optional<T: Row>(self) -> Result<Option<T>> {
        Ok(self.all().await?.pop())
    }

    pub async fn one<T: Row>(self) -> Result<T> {
        self.optional().await?.ok_or(Error::NotFound)
    }

    /// Runs a write and returns the number of rows that its WHERE matched. Meaningless for an upsert.
    pub fn execute(self) -> Fut<'e, u64> {
        Box::pin(async move {
            let (sql, via) = self.checked()?;
            Ok(match via {
                Via::Sqlite(arguments, on) => run(sql.sqlite, arguments, on).await?.rows_affected(),
                Via::MySql(arguments, on) => run(sql.mysql, arguments, on).await?.rows_affected(),
                Via::Postgres(arguments, on) => run(sql.postgres, arguments, on).await?.rows_affected(),
            })
        })
    }

    /// Runs the writes that `and` joined, one after the other, and returns how many rows each one's WHERE matched.
    pub fn execute_each(mut self) -> Fut<'e, Vec<u64>> {
        Box::pin(async move {
            let earlier = std::mem::take(&mut self.earlier).into_iter();
            let (last, via) = self.checked()?;
            Ok(match via {
                Via::Sqlite(arguments, on) => {
                    let texts: Vec<&str> = earlier.filter_map(Earlier::sqlite).chain([last.sqlite]).collect();
                    run_joined(texts.join(";\n"), arguments, on).await?
                }
                Via::MySql(arguments, on) => {
                    let statements = earlier.filter_map(Earlier::mysql).chain([(last.mysql, arguments)]);
                    run_in_turn(statements, on, MySqlQueryResult::rows_affected).await?
                }
                Via::Postgres(arguments, on) => {
                    let statements = earlier.filter_map(Earlier::postgres).chain([(last.postgres, arguments)]);
                    run_in_turn(statements, on, PgQueryResult::rows_affected).await?
                }
            })
        })
    }

    /// Runs an `INSERT … {returning id}` and returns the new id.
    pub fn insert(self) -> Fut<'e, i64> {
        Box::pin(async move {
            let (sql, via) = self.checked()?;
            let rows = match via {
                Via::MySql(arguments, on) => return Ok(run(sql.mysql, arguments, on).await?.last_insert_id() as i64),
                Via::Sqlite(arguments, on) => Rows::Sqlite(fetch(sql.sqlite, arguments, on, true).await?),
                Via::Postgres(arguments, on) => Rows::Postgres(fetch(sql.postgres, arguments, on, true).await?),
            };
            let (id,) = rows.decode::<(i64,)>()?.pop().ok_or(Error::NotFound)?;
            Ok(id)
        })
    }

    fn rows(self, write: bool) -> Fut<'e, Rows> {
        Box::pin(async move {
            let (sql, via) = self.checked()?;
            Ok(match via {
                Via::Sqlite(arguments, on) => Rows::Sqlite(fetch(sql.sqlite, arguments, on, write).await?),
                Via::MySql(arguments, on) => Rows::MySql(fetch(sql.mysql, arguments, on, write).await?),
                Via::Postgres(arguments, on) => Rows::Postgres(fetch(sql.postgres, arguments, on, write).await?),
            })
        })
    }

    /// SQLite binds missing parameters as NULL in silence, so the count is checked before anything runs.
    fn checked(self) -> sqlx::Result<(&'static Sql, Via<'e>)> {
        if let Some(error) = self.unbindable {
            return Err(sqlx::Error::Encode(error));
        }
        self.check_count()?;
        assert!(self.earlier.is_empty(), "statements that were joined end in execute_each");
        Ok((self.sql, self.via))
    }

    fn check_count(&self) -> sqlx::Result<()> {
        let (bound, wanted, text) = (self.bound, self.sql.params, self.sql.sqlite);
        if bound == wanted {
            return Ok(());
        }
        Err(sqlx::Error::Protocol(format!("{bound} of {wanted} parameters bound: {text}")))
    }
}

async fn fetch<DB: Database>(
    sql: &'static str,
    arguments: DB::Arguments,
    on: On<'_, DB>,
    write: bool,
) -> sqlx::Result<Vec<DB::Row>>
where
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    let query = sqlx::query_with(sql, arguments);
    match on {
        On::Tx(connection, failed) => query.fetch_all(connection).await.inspect_err(|_| *failed = true),
        On::Pool(reader, writer) => {
            let pool = if write { writer } else { reader };
            query.fetch_all(&mut *pool.acquire().await?).await
        }
    }
}

async fn run<DB: Database>(sql: &'static str, arguments: DB::Arguments, on: On<'_, DB>) -> sqlx::Result<DB::QueryResult>
where
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    let query = sqlx::query_with(sql, arguments);
    match on {
        On::Tx(connection, failed) => query.execute(connection).await.inspect_err(|_| *failed = true),
        On::Pool(_, writer) => query.execute(&mut *writer.acquire().await?).await,
    }
}

/// SQLite's driver takes several statements in one go. To hand each to its thread, and the answer back, would cost more than
/// a small write.
async fn run_joined(text: String, arguments: SqliteArguments, on: On<'_, Sqlite>) -> sqlx::Result<Vec<u64>> {
    // Every part is a constant of the program.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments);
    match on {
        On::Tx(connection, failed) => counts(connection.execute_many(query)).await.inspect_err(|_| *failed = true),
        On::Pool(_, writer) => counts(writer.acquire().await?.execute_many(query)).await,
    }
}

async fn counts(done: BoxStream<'_, sqlx::Result<SqliteQueryResult>>) -> sqlx::Result<Vec<u64>> {
    done.map_ok(|done| done.rows_affected()).try_collect().await
}

async fn run_in_turn<DB: Database>(
    statements: impl Iterator<Item = (&'static str, DB::Arguments)>,
    mut on: On<'_, DB>,
    count: fn(&DB::QueryResult) -> u64,
) -> sqlx::Result<Vec<u64>>
where
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    let mut counts = Vec::new();
    for (sql, arguments) in statements {
        counts.push(count(&run(sql, arguments, on.again()).await?));
    }
    Ok(counts)
}

impl Rows {
    fn decode<T: Row>(&self) -> Result<Vec<T>> {
        let decoded: sqlx::Result<Vec<T>> = match self {
            Rows::Sqlite(rows) => rows.iter().map(T::from_row).collect(),
            Rows::MySql(rows) => rows.iter().map(T::from_row).collect(),
            Rows::Postgres(rows) => rows.iter().map(T::from_row).collect(),
        };
        Ok(decoded?)
    }
}

/// The pattern for `LIKE ? ESCAPE '!'` that finds `text` anywhere in a column of lower-case keys.
pub fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
