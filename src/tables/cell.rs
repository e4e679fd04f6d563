//! The form in which a cell's text is kept, and the apostrophe that keeps a spreadsheet from running it.
//!
//! A text that starts with `=`, `+`, `-`, `@`, a tab or a carriage return can be a formula to the program that opens
//! a CSV file. Writing puts an apostrophe before it. So that reading can take it away again without doubt, a text
//! that already starts with apostrophes before such a character gets one more: reading always takes away one.

use std::borrow::Cow;

/// The text of a cell as a table holds it: no white space around it, `\n` for every line break, no guarding apostrophe.
pub(super) fn normalize(raw: &str) -> Cow<'_, str> {
    match tidy(raw) {
        Cow::Borrowed(text) => Cow::Borrowed(trim(unguard(text))),
        Cow::Owned(text) => Cow::Owned(trim(unguard(&text)).to_owned()),
    }
}

/// The text as a CSV file holds it.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    let tidied = tidy(text);
    if is_guardable(&tidied) { Cow::Owned(format!("'{tidied}")) } else { tidied }
}

/// The text as a string cell of a workbook holds it. Such a cell is never run, so it stays as it is; only what
/// reading would take for a guarded text needs its apostrophe.
pub(super) fn guard_apostrophe(text: &str) -> Cow<'_, str> {
    let tidied = tidy(text);
    if tidied.starts_with('\'') { Cow::Owned(guard(&tidied).into_owned()) } else { tidied }
}

/// The first character that has no place in a table: controls besides tab and line feed, and what XML cannot hold.
pub(super) fn forbidden_char(text: &str) -> Option<char> {
    text.chars().find(|&c| (c.is_control() && c != '\n' && c != '\t') || c == '\u{FFFE}' || c == '\u{FFFF}')
}

fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_guardable(text) => rest,
        _ => text,
    }
}

fn is_guardable(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn tidy(raw: &str) -> Cow<'_, str> {
    let text = trim(raw);
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

/// A byte order mark inside of a file is invisible, like a space.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')
}
