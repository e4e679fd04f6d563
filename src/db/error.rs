//! What can go wrong with a database, in the terms that callers act on rather than in a driver's.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::mysql::MySqlDatabaseError;

/// The outcome of a statement that did not do what it was asked for.
#[derive(Debug)]
pub enum Error {
    /// A unique key holds that value already.
    Unique,
    /// A foreign key points to nothing, or something still points here.
    Reference,
    /// A deadlock, a lock that was not given in time, or no free connection: the same call may pass later.
    Busy,
    /// The disk of the database is full, or it can no longer be written to.
    Full,
    /// The database cannot be reached, or went away in the middle.
    Away(sqlx::Error),
    /// `one()` found no row.
    NotFound,
    /// A statement of this transaction failed earlier, so nothing of it was kept.
    Aborted,
    /// A defect: wrong SQL, a wrong type, a value that cannot be bound.
    Defect(sqlx::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Error::Unique => f.write_str("a unique key holds that value already"),
            Error::Reference => f.write_str("a reference points to nothing or is still in use"),
            Error::Busy => f.write_str("the database is busy"),
            Error::Full => f.write_str("the database cannot be written to; its disk may be full"),
            Error::Away(e) => write!(f, "the database cannot be reached: {e}"),
            Error::NotFound => f.write_str("no such row"),
            Error::Aborted => f.write_str("a statement failed, so the transaction was rolled back"),
            Error::Defect(e) => write!(f, "database: {e}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Error::Away(error)
            }
            sqlx::Error::Database(reported) => match classify(reported.as_ref()) {
                Class::Unique => Error::Unique,
                Class::Reference => Error::Reference,
                Class::Busy => Error::Busy,
                Class::Full => Error::Full,
                Class::Away => Error::Away(error),
                Class::Defect => Error::Defect(error),
            },
            _ => Error::Defect(error),
        }
    }
}

enum Class {
    Unique,
    Reference,
    Busy,
    Full,
    Away,
    Defect,
}

fn classify(reported: &dyn DatabaseError) -> Class {
    match reported.kind() {
        ErrorKind::UniqueViolation => return Class::Unique,
        ErrorKind::ForeignKeyViolation => return Class::Reference,
        _ => {}
    }
    if let Some(mysql) = reported.try_downcast_ref::<MySqlDatabaseError>() {
        return classify_mysql(mysql.number());
    }
    let code = reported.code();
    let code = code.as_deref().unwrap_or_default();
    // SQLite reports extended result codes in decimal; the primary code is the low byte (sqlite.org/rescode.html).
    if let Ok(number) = code.parse::<i64>()
        && code.len() < 5
    {
        return classify_sqlite(number & 0xff);
    }
    classify_postgres(code)
}

/// https://mariadb.com/kb/en/mariadb-error-code-reference/
fn classify_mysql(number: u16) -> Class {
    match number {
        1205 | 1213 | 1040 | 1203 => Class::Busy,
        1021 | 1114 | 1290 | 1036 => Class::Full,
        // With the last three the server is there, but lets nobody in any more.
        1053 | 1077 | 1927 | 1044 | 1045 | 1049 => Class::Away,
        _ => Class::Defect,
    }
}

fn classify_sqlite(primary_code: i64) -> Class {
    match primary_code {
        5 | 6 => Class::Busy,
        8 | 10 | 13 => Class::Full,
        14 | 26 | 11 => Class::Away,
        _ => Class::Defect,
    }
}

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
fn classify_postgres(code: &str) -> Class {
    match code {
        "40001" | "40P01" | "55P03" | "53300" => Class::Busy,
        "53100" | "25006" => Class::Full,
        // With the last three the server is there, but lets nobody in any more.
        "57P01" | "57P02" | "57P03" | "28000" | "28P01" | "3D000" => Class::Away,
        _ if code.starts_with("08") => Class::Away,
        _ => Class::Defect,
    }
}

impl From<Error> for crate::error::Error {
    fn from(error: Error) -> Self {
        use crate::error::Error as Answer;
        match error {
            Error::NotFound => Answer::NotFound,
            Error::Unique => Answer::Conflict("That exists already.".to_owned()),
            Error::Reference => Answer::Conflict("What this refers to is gone, or is still in use.".to_owned()),
            Error::Busy => Answer::busy("The database is busy. Nothing was changed; please try again."),
            Error::Full => {
                Answer::busy("The database cannot be written to; its disk may be full. Nothing was changed.")
            }
            Error::Away(cause) => {
                tracing::error!(%cause, "the database cannot be reached");
                Answer::busy("The database cannot be reached at the moment. Nothing was changed.")
            }
            Error::Aborted | Error::Defect(_) => Answer::internal(error),
        }
    }
}
