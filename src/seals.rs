//! Seals: what is to be kept, by the database or by a browser, and read by this installation alone.
//!
//! AES-256-GCM with a key that follows from the option `secret`. The purpose is part of what is sealed, so that what was
//! sealed for one thing opens nothing else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use std::sync::Arc;

/// A clone shares the key.
#[derive(Clone)]
pub struct Seals(Arc<LessSafeKey>);

impl Seals {
    /// `secret` is the installation's. What was sealed under another one cannot be opened.
    pub fn new(secret: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(b"quarterdeck seals");
        let key = UnboundKey::new(&AES_256_GCM, &mac.finalize().into_bytes()).expect("32 bytes are a key of AES-256");
        Seals(Arc::new(LessSafeKey::new(key)))
    }

    /// The sealed text, in characters that fit into a cookie.
    pub fn seal(&self, purpose: &str, content: &[u8]) -> String {
        let mut nonce = [0u8; NONCE_LEN];
        getrandom::fill(&mut nonce).expect("the operating system gives random numbers");
        let mut sealed = content.to_vec();
        let aad = Aad::from(purpose.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .expect("what is sealed is shorter than 64 GiB");
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed for this purpose; `None` of anything else.
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let content = self.0.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut rest).ok()?;
        Some(content.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_for_its_purpose_and_its_installation_alone() {
        let seals = Seals::new("one");
        let sealed = seals.seal("totp:7", b"secret");
        assert_ne!(sealed, seals.seal("totp:7", b"secret"));
        assert_eq!(seals.open("totp:7", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(seals.open("totp:8", &sealed), None);
        assert_eq!(Seals::new("two").open("totp:7", &sealed), None);
        for forged in ["", "a", "!", &sealed[1..], &format!("{sealed}AA")] {
            assert_eq!(seals.open("totp:7", forged), None, "{forged}");
        }
    }
}
