//! argon2id, off the async threads and bounded: a burst of log-ins may wait or be sent away, but must not slow the rest.

use crate::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

pub const MIN_PASSWORD_CHARS: usize = 12;
/// Longer ones only cost time to hash.
const MAX_PASSWORD_CHARS: usize = 1000;

/// Hashes and verifies passwords, at most `parallel` at once and `queue` waiting; a clone shares the bounds.
#[derive(Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(parallel: usize, queue: usize) -> Self {
        return_large_blocks();
        Passwords { running: Arc::new(Semaphore::new(parallel)), admitted: Arc::new(Semaphore::new(parallel + queue)) }
    }

    /// Checks the length, then returns the PHC string to store.
    pub async fn hash(&self, password: String) -> Result<String> {
        let chars = password.chars().count();
        if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&chars) {
            let message = format!("A password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters.");
            return Err(Error::invalid("password", message));
        }
        self.run(move || hash(&password)).await
    }

    /// Whether `password` fits. Without a stored hash the same work is done, so that the time tells nothing about who exists.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        if password.chars().count() > MAX_PASSWORD_CHARS {
            return Ok(false);
        }
        self.run(move || verify(&password, stored.as_deref())).await
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

fn verify(password: &str, stored: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));
    let phc = stored.unwrap_or(&NOBODY);
    let Ok(parsed) = PasswordHash::new(phc) else { return false };
    let fits = argon2().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_alone() {
        let stored = hash("correct horse battery");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(!verify("nobody has this password", None));
        assert_ne!(hash("correct horse battery"), stored);
    }

    #[test]
    fn what_is_no_hash_fits_nothing() {
        assert!(!verify("correct horse battery", Some("$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
        assert!(!verify("", Some("")));
    }
}
