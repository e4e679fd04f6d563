//! A mail as it travels: its headers and its text.
//!
//! Everything in a header is on one line, whatever was typed: addresses are parsed, the subject loses what controls a
//! line, and the library encodes the rest.

use super::NewMail;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, address::AddressError};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// Whether a server could be asked to deliver to that address.
pub fn is_deliverable(address: &str) -> bool {
    address.parse::<Address>().is_ok()
}

/// # Errors
/// When the address of the recipient is none. The text reads on after “The mail”.
pub(super) fn letter(from: &Mailbox, mail: &NewMail, now_ms: i64) -> Result<Message, String> {
    let to: Address = mail.to.parse().map_err(|error: AddressError| format!("has no address to go to: {error}"))?;
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&mail.subject))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms.max(0) as u64))
        .message_id(Some(message_id(from, &mail.dedup_key)))
        .raw_header(auto_submitted())
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| format!("cannot be written: {error}"))
}

/// The same for each attempt, so that who receives a mail twice can tell.
fn message_id(from: &Mailbox, dedup_key: &str) -> String {
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(dedup_key.as_bytes())[..18]);
    format!("<{digest}@{}>", from.email.domain())
}

/// RFC 3834: keeps automatic answers, such as those of people on holiday, away.
fn auto_submitted() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from() -> Mailbox {
        "Quarterdeck <deck@example.org>".parse().unwrap()
    }

    fn mail(to: &str, subject: &str) -> NewMail {
        let (to, subject) = (to.to_owned(), subject.to_owned());
        NewMail { to, subject, text: "Hello\n".to_owned(), dedup_key: "test:1".to_owned() }
    }

    fn head(message: &Message) -> String {
        let text = String::from_utf8(message.formatted()).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn a_letter_has_one_sender_one_recipient_and_an_id_that_stays() {
        let first = letter(&from(), &mail("ann@example.org", "Übergabe"), 0).unwrap();
        let again = letter(&from(), &mail("ann@example.org", "Übergabe"), 60_000).unwrap();
        let id =
            |message: &Message| head(message).lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
        assert!(id(&first).unwrap().ends_with("@example.org>"));
        assert_eq!(id(&first), id(&again));
        assert!(head(&first).contains("From: Quarterdeck <deck@example.org>"), "{}", head(&first));
        assert!(head(&first).contains("Auto-Submitted: auto-generated"));
        assert!(head(&first).contains("To: ann@example.org"));
    }

    #[test]
    fn an_address_that_would_end_its_header_is_refused() {
        for to in ["ann@example.org\r\nBcc: eve@example.org", "ann@example.org, eve@example.org", "ann", "", "<a@b>\n"]
        {
            assert!(letter(&from(), &mail(to, "Hello"), 0).is_err(), "{to:?}");
            assert!(!is_deliverable(to), "{to:?}");
        }
    }

    proptest! {
        #[test]
        fn no_subject_adds_a_header(subject in any::<String>(), line in "[\r\n]{1,3}") {
            let subject = format!("{subject}{line}Bcc: eve@example.org{line}{line}A body");
            let message = letter(&from(), &mail("ann@example.org", &subject), 0).unwrap();
            let names: Vec<String> = head(&message).lines()
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap().to_owned())
                .collect();
            let known = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version",
                "Content-Transfer-Encoding"];
            prop_assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
            prop_assert_eq!(message.envelope().to().len(), 1);
        }
    }
}
