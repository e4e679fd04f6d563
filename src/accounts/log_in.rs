//! Log-in by address and password: throttled before anything is hashed, and told alike whatever was wrong.

use super::passwords::{Passwords, Verdict};
use super::throttle::{self, Admission, Attempt};
use super::{known_devices, people};
use crate::db::Db;
use crate::error::Result;

/// No `Debug`: it holds a password.
pub struct Try<'a> {
    pub email: &'a str,
    pub password: String,
    pub address: &'a str,
    /// What the browser's cookie of known devices holds.
    pub device: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Right { person_id: i64 },
    Wrong,
    Wait { seconds: u32 },
}

/// Whose password that is.
///
/// # Errors
/// `Unavailable` when too many passwords wait to be hashed.
pub async fn check(db: &Db, passwords: &Passwords, wanted: Try<'_>, now_ms: i64) -> Result<Outcome> {
    let found = people::credentials(db, wanted.email).await?;
    let (person_id, hash) = found.map_or((0, None), |(id, hash)| (id, hash));
    let device = known_devices::find(db, person_id, wanted.device.unwrap_or_default()).await?;
    let Try { email, address, password, .. } = wanted;
    let attempt = Attempt { what: "password", account: email, address, known_device: device.as_deref() };
    let admitted = match throttle::admit(db, &attempt, now_ms).await? {
        Admission::Admitted(admitted) => admitted,
        Admission::Wait { seconds } => return Ok(Outcome::Wait { seconds }),
    };
    let verdict = match passwords.verify(password.clone(), hash.clone()).await {
        Ok(verdict) => verdict,
        Err(error) => {
            throttle::undecided(db, admitted, now_ms).await?;
            return Err(error);
        }
    };
    if verdict == Verdict::Wrong {
        return Ok(Outcome::Wrong);
    }
    throttle::succeeded(db, admitted, now_ms).await?;
    if let (Verdict::RightButOutdated, Some(outdated)) = (verdict, hash) {
        passwords.renew(db, person_id, password, &outdated).await?;
    }
    Ok(Outcome::Right { person_id })
}
