//! The seven ways in which a request can fail. Where an error came from is no caller's business; what to do about it is.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// It does not exist, or this person may not know that it does.
    NotFound,
    /// It exists and is visible, but this person may not do that.
    Forbidden,
    /// Nobody is signed in.
    Unauthenticated,
    /// What was sent cannot be taken; the fields say why.
    Invalid(Invalid),
    /// Somebody else was quicker; the text says with what.
    Conflict(String),
    /// It may work later.
    Unavailable { retry_after_s: u32, why: String },
    /// A defect. Its text goes to the log, never to a person.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// The fields of a form, or of a file, that cannot be taken. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(Vec<FieldError>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the form field; empty when the whole input is meant.
    pub field: String,
    pub message: String,
}

impl Invalid {
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// What is wrong with `field`, if anything is.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.0
    }
}

/// Collects what is wrong with a form, so that a person sees all of it at once.
#[derive(Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    pub fn that(&mut self, holds: bool, field: &str, message: impl Into<String>) {
        if !holds {
            self.0.push(FieldError { field: field.to_owned(), message: message.into() });
        }
    }

    /// One check by itself.
    pub fn only(holds: bool, field: &str, message: impl Into<String>) -> Result<()> {
        let mut checks = Checks::default();
        checks.that(holds, field, message);
        checks.done()
    }

    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(Invalid(self.0))) }
    }
}

impl Error {
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Error::Invalid(Invalid::field(field, message))
    }

    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Internal(error.into())
    }

    pub fn busy(why: &str) -> Self {
        Error::Unavailable { retry_after_s: 2, why: why.to_owned() }
    }

    /// The HTTP status that tells it.
    pub fn status(&self) -> u16 {
        match self {
            Error::NotFound => 404,
            Error::Forbidden => 403,
            Error::Unauthenticated => 401,
            Error::Invalid(_) => 422,
            Error::Conflict(_) => 409,
            Error::Unavailable { .. } => 503,
            Error::Internal(_) => 500,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::Forbidden => f.write_str("not allowed"),
            Error::Unauthenticated => f.write_str("nobody is signed in"),
            Error::Invalid(invalid) => invalid.fmt(f),
            Error::Conflict(text) => f.write_str(text),
            Error::Unavailable { why, .. } => f.write_str(why),
            Error::Internal(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            let colon = if error.field.is_empty() { "" } else { ": " };
            write!(f, "{separator}{}{colon}{}", error.field, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
