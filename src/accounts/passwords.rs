//! argon2id, off the async threads and bounded: a burst of log-ins may wait or be sent away, but must not slow the rest.
//!
//! `Passwords::hash` is the one place where a password becomes what is stored, wherever it is set, and `rules` is asked
//! there. What was hashed with other parameters goes on working, and is hashed anew at the next log-in.

mod rules;

pub use rules::{MIN_PASSWORD_CHARS, Owner};

use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::sql;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and verifies passwords, at most `parallel` at once and `queue` waiting; a clone shares the bounds.
#[derive(Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// What a password was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed with other parameters than those of today.
    RightButOutdated,
}

impl Passwords {
    pub fn new(parallel: usize, queue: usize) -> Self {
        return_large_blocks();
        Passwords { running: Arc::new(Semaphore::new(parallel)), admitted: Arc::new(Semaphore::new(parallel + queue)) }
    }

    /// Checks the rules for a new password of that person, then returns the PHC string to store.
    ///
    /// # Errors
    /// `Invalid` for the field `password`.
    pub async fn hash(&self, password: String, owner: &Owner<'_>) -> Result<String> {
        rules::check(&password, owner)?;
        self.run(move || hash(&password)).await
    }

    /// Whether `password` fits. Without a stored hash the same work is done, so that the time tells nothing about who exists.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict> {
        if rules::is_too_long(&password) {
            return Ok(Verdict::Wrong);
        }
        self.run(move || verify(&password, stored.as_deref())).await
    }

    /// Hashes a password that has just been found to fit, and stores it in the place of an outdated hash. It keeps to no
    /// rules, because it was there before them.
    pub async fn renew(&self, db: &Db, person_id: i64, password: String, outdated: &str) -> Result<()> {
        let renewed = self.run(move || hash(&password)).await?;
        let query = db.q(sql!("UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ?"));
        query.bind(renewed).bind(person_id).bind(outdated).execute().await?;
        Ok(())
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let crowded = || Error::busy("Many people are signing in at the moment. Please try again in a few seconds.");
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| crowded())?;
        let running = self.running.clone().acquire_owned().await.map_err(Error::internal)?;
        // The permits move into the closure: a request that is dropped must not free its place before the hash ends.
        let done = tokio::task::spawn_blocking(move || {
            let _places = (admitted, running);
            work()
        });
        done.await.map_err(Error::internal)
    }
}

/// Stores what `Passwords::hash` gave, inside of a larger change.
pub async fn store(tx: &mut Tx, person_id: i64, hash: &str, now_ms: i64) -> db::Result<()> {
    let query = tx.q(sql!("UPDATE people SET password_hash = ?, updated_at = ? WHERE id = ?"));
    query.bind(hash).bind(now_ms).bind(person_id).execute().await?;
    Ok(())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Has the 19 MiB of a hash given back to the system when it is done. glibc otherwise raises, with the first such block
/// that is freed, the size up to which it keeps blocks, and every thread that ever hashed goes on holding one.
fn return_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // malloc.h
        const M_MMAP_THRESHOLD: std::ffi::c_int = -3;
        const MEBIBYTE: std::ffi::c_int = 1024 * 1024;
        unsafe extern "C" {
            fn mallopt(parameter: std::ffi::c_int, value: std::ffi::c_int) -> std::ffi::c_int;
        }
        // SAFETY: mallopt takes two numbers and may be called at any time (man 3 mallopt). Should it refuse, memory is
        // merely kept.
        unsafe { mallopt(M_MMAP_THRESHOLD, MEBIBYTE) };
    }
}

fn hash(password: &str) -> String {
    argon2().hash_password(password.as_bytes()).expect("hashing fails only without memory or randomness").to_string()
}

fn verify(password: &str, stored: Option<&str>) -> Verdict {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));
    let phc = stored.unwrap_or(&NOBODY);
    let Ok(parsed) = PasswordHash::new(phc) else { return Verdict::Wrong };
    let fits = argon2().verify_password(password.as_bytes(), &parsed).is_ok();
    match fits && stored.is_some() {
        false => Verdict::Wrong,
        true if is_of_today(&parsed) => Verdict::Right,
        true => Verdict::RightButOutdated,
    }
}

fn is_of_today(stored: &PasswordHash) -> bool {
    let params = Params::try_from(stored);
    let same =
        params.is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES));
    same && stored.algorithm.as_str() == "argon2id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_alone() {
        let stored = hash("correct horse battery");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify("correct horse battery", Some(&stored)), Verdict::Right);
        assert_eq!(verify("correct horse batterz", Some(&stored)), Verdict::Wrong);
        assert_eq!(verify("nobody has this password", None), Verdict::Wrong);
        assert_ne!(hash("correct horse battery"), stored);
    }

    #[test]
    fn what_is_no_hash_fits_nothing() {
        let bcrypt = "$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        assert_eq!(verify("correct horse battery", Some(bcrypt)), Verdict::Wrong);
        assert_eq!(verify("", Some("")), Verdict::Wrong);
    }

    #[test]
    fn a_hash_with_other_parameters_fits_and_is_outdated() {
        let params = Params::new(8192, 1, 1, None).unwrap();
        let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored = weaker.hash_password(b"correct horse battery").unwrap().to_string();
        assert_eq!(verify("correct horse battery", Some(&stored)), Verdict::RightButOutdated);
        assert_eq!(verify("correct horse batterz", Some(&stored)), Verdict::Wrong);
    }
}
