//! Text out of bytes: UTF-8 with or without a byte order mark, and UTF-16 with one.
//!
//! Older encodings are refused rather than guessed: a wrong guess would garble names without anyone noticing.

use std::borrow::Cow;

/// The bytes stop being text here.
pub(super) struct Undecodable {
    /// The text before the first bad byte.
    pub before: String,
    /// What is wrong there and what to do.
    pub message: String,
}

/// # Errors
/// [`Undecodable`] with the text before the first byte that does not belong to the encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest),
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => decode_utf8(bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let (before, after) = bytes.split_at(error.valid_up_to());
        let message = format!(
            "the byte 0x{:02X} is not UTF-8; save the file as “CSV UTF-8” in the spreadsheet program and try again",
            after[0]
        );
        // The bytes before the error were just found to be valid, so nothing is lost here.
        Undecodable { before: String::from_utf8_lossy(before).into_owned(), message }
    })
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Undecodable> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match decoded {
            Ok(c) => text.push(c),
            Err(error) => {
                let unit = error.unpaired_surrogate();
                let message = format!("0x{unit:04X} stands alone, which is not UTF-16; save the file as “CSV UTF-8”");
                return Err(Undecodable { before: text, message });
            }
        }
    }
    if !rest.is_empty() {
        let message = "the UTF-16 text ends in the middle of a character; the file seems to be cut off".into();
        return Err(Undecodable { before: text, message });
    }
    Ok(text)
}
