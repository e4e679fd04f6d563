//! argon2id, off the async threads and bounded: a burst of log-ins may wait or be sent away, but must not slow the rest.

use crate::error::{Error, Result};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// What is asked for in a piece of more than 32 MiB goes back to the operating system when it is freed. Smaller pieces
/// glibc keeps for each thread: after a hundred log-ins the process held 500 MB. What is not used takes no memory.
const RETURNED_BLOCKS: usize = 33 * 1024;

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

fn hash(password: &str) -> String {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).expect("the operating system gives random numbers");
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    let output = output(password, &salt, &params).expect("the salt and the parameters are within argon2's bounds");
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).expect("the parameters are numbers"),
        salt: Some(Salt::new(&salt).expect("the salt is long enough")),
        hash: Some(output),
    };
    phc.to_string()
}

fn verify(password: &str, stored: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));
    let phc = stored.unwrap_or(&NOBODY);
    fits(password, phc).unwrap_or(false) && stored.is_some()
}

/// `None` when the stored hash cannot be read, or was made in a way that the portal does not use.
fn fits(password: &str, phc: &str) -> Option<bool> {
    let parsed = PasswordHash::new(phc).ok()?;
    if parsed.algorithm != Algorithm::Argon2id.ident() || parsed.version != Some(Version::V0x13.into()) {
        return None;
    }
    let params = Params::try_from(&parsed).ok()?;
    // Comparing two outputs takes the same time wherever they differ.
    Some(output(password, &parsed.salt?, &params)? == parsed.hash?)
}

fn output(password: &str, salt: &[u8], params: &Params) -> Option<Output> {
    let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    let mut memory = Vec::with_capacity(params.block_count().max(RETURNED_BLOCKS));
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory).ok()?;
    Output::new(&output).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier};

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
    fn the_memory_of_ones_own_makes_the_usual_hashes() {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap();
        let usual = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let theirs = usual.hash_password(b"correct horse battery").unwrap().to_string();
        assert!(verify("correct horse battery", Some(&theirs)));
        assert!(usual.verify_password(b"correct horse battery", hash("correct horse battery").as_str()).is_ok());
    }

    #[test]
    fn what_is_no_hash_fits_nothing() {
        assert!(!verify("correct horse battery", Some("$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
        assert!(!verify("", Some("")));
    }
}
