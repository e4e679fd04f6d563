//! Encrypts the text of mails that lead in without a password, so that a copy of the database opens nothing.
//!
//! ChaCha20-Poly1305 (RFC 8439) under a key derived from the installation's secret; the mail's key is authenticated with
//! it, so that no text can be put into another mail.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

pub(super) struct Seal(LessSafeKey);

impl Seal {
    pub fn new(secret: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(b"outbox:seal");
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes()).expect("the key has 256 bits");
        Seal(LessSafeKey::new(key))
    }

    pub fn close(&self, dedup_key: &str, text: &str) -> String {
        let mut nonce = [0u8; NONCE_LEN];
        getrandom::fill(&mut nonce).expect("the operating system gives random numbers");
        let mut bytes = text.as_bytes().to_vec();
        let sealed = self.0.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(dedup_key.as_bytes()),
            &mut bytes,
        );
        sealed.expect("a mail is shorter than 256 GiB");
        STANDARD_NO_PAD.encode([&nonce[..], &bytes].concat())
    }

    /// `None` when the secret is another one than that it was closed with, or the text was changed.
    pub fn open(&self, dedup_key: &str, sealed: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let text = self.0.open_in_place(nonce, Aad::from(dedup_key.as_bytes()), &mut rest).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_with_its_secret_in_its_mail_alone() {
        let seal = Seal::new("a secret");
        let closed = seal.close("reset:1", "Follow this link");
        assert!(!closed.contains("link"));
        assert_ne!(closed, seal.close("reset:1", "Follow this link"), "the nonce is another one each time");
        assert_eq!(seal.open("reset:1", &closed).as_deref(), Some("Follow this link"));
        assert_eq!(seal.open("reset:2", &closed), None);
        assert_eq!(Seal::new("another").open("reset:1", &closed), None);
        assert_eq!(seal.open("reset:1", "AAAA"), None);
        assert_eq!(seal.open("reset:1", "not base64 at all"), None);
    }
}
