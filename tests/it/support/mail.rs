//! Mails as somebody receives them: the files of a folder, and what stands in them.

use std::path::{Path, PathBuf};

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// As it travelled.
    pub raw: String,
    pub to: String,
    pub subject: String,
    /// Decoded.
    pub text: String,
}

impl Mail {
    pub fn read(path: &Path) -> Mail {
        let raw = std::fs::read_to_string(path).unwrap();
        let (head, body) = raw.split_once("\r\n\r\n").expect("a mail has a head and a body");
        let field = |name: &str| {
            let lines = head.replace("\r\n ", " ");
            let found = lines.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
            found.unwrap_or_default()
        };
        let text = decoded(body, &field("Content-Transfer-Encoding")).replace("\r\n", "\n");
        Mail { to: field("To"), subject: field("Subject"), text, raw: raw.clone() }
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.raw.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_default()
    }

    /// The path of the first link whose path begins like that.
    #[track_caller]
    pub fn link(&self, path: &str) -> String {
        let mut words = self.text.split_whitespace().filter(|word| word.starts_with("http"));
        let found = words.find_map(|word| word.find(path).map(|at| word[at..].to_owned()));
        found.unwrap_or_else(|| panic!("no link to {path} in:\n{}", self.text))
    }
}

/// Every mail in a folder that is there, oldest file first.
pub fn all_in(folder: &Path) -> Vec<Mail> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    paths.sort_by_key(|path| (std::fs::metadata(path).unwrap().modified().unwrap(), path.clone()));
    paths.iter().map(|path| Mail::read(path)).collect()
}

fn decoded(body: &str, encoding: &str) -> String {
    use base64::Engine;
    match encoding {
        "quoted-printable" => quoted_printable(body),
        "base64" => {
            let packed: String = body.split_whitespace().collect();
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(packed).unwrap()).unwrap()
        }
        _ => body.to_owned(),
    }
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after.get(..2)) {
            (b'=', Some(digits)) => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap());
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
