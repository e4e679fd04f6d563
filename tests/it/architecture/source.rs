//! The source as text: its files, and the modules that each names.

use std::path::{Path, PathBuf};

/// A file of the crate.
pub struct Source {
    /// Relative to the crate, as `src/web/mod.rs`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The text without comments. What looks like a comment inside of a string ends that line too, which hides nothing
    /// that these checks look for.
    pub fn code(&self) -> String {
        let without = |line: &str| match line.find("//") {
            Some(start) if !line[..start].ends_with(':') => line[..start].to_owned(),
            _ => line.to_owned(),
        };
        self.text.lines().map(|line| without(line) + "\n").collect()
    }

    /// The module that the file is, from the crate's root: `["web", "server"]`.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let parts = inside.split('/').filter(|part| !["mod", "main", "lib"].contains(part));
        parts.map(str::to_owned).collect()
    }

    /// Every path that the code names from the crate's root or from a module above, as `accounts::people::Person`.
    pub fn named_paths(&self) -> Vec<String> {
        let code = self.code();
        let mut found = Vec::new();
        for (start, word) in words(&code) {
            let rest = &code[start + word.len()..];
            let from_root = matches!(word, "crate" | "quarterdeck") && rest.starts_with("::");
            let first_super = word == "super" && rest.starts_with("::") && !code[..start].ends_with("::");
            if from_root {
                read_tree(rest, "", &mut found);
            } else if first_super {
                let above = 1 + rest.split("::").skip(1).take_while(|part| *part == "super").count();
                let module = self.module();
                let base = module[..module.len().saturating_sub(above)].join("::");
                read_tree(&rest["::super".len() * (above - 1)..], &base, &mut found);
            }
        }
        found
    }
}

/// Reads what follows a module's name: `::a::b`, `::{a, b::c}`, or nothing.
fn read_tree<'a>(text: &'a str, prefix: &str, found: &mut Vec<String>) -> &'a str {
    let Some(rest) = text.strip_prefix("::") else {
        found.push(prefix.to_owned());
        return text;
    };
    if let Some(group) = rest.strip_prefix('{') {
        return read_group(group, prefix, found);
    }
    let end = rest.find(|letter: char| !is_of_word(letter)).unwrap_or(rest.len());
    let path = if prefix.is_empty() { rest[..end].to_owned() } else { format!("{prefix}::{}", &rest[..end]) };
    read_tree(&rest[end..], &path, found)
}

fn read_group<'a>(group: &'a str, prefix: &str, found: &mut Vec<String>) -> &'a str {
    let mut rest = group.trim_start();
    while let Some(letter) = rest.chars().next() {
        match letter {
            '}' => return &rest[1..],
            letter if is_of_word(letter) => {
                let end = rest.find(|letter: char| !is_of_word(letter)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                let joined = if prefix.is_empty() { word.to_owned() } else { format!("{prefix}::{word}") };
                rest = read_tree(after, if word == "self" { prefix } else { &joined }, found);
            }
            // Commas, white space, a star, and `as` with its name, which is taken for a module of that name.
            letter => rest = &rest[letter.len_utf8()..],
        }
        rest = skip_rename(rest);
    }
    rest
}

/// The text after ` as name`.
fn skip_rename(text: &str) -> &str {
    match text.trim_start().strip_prefix("as ") {
        Some(renamed) => renamed.trim_start().trim_start_matches(is_of_word),
        None => text,
    }
}

fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = code.as_ptr() as usize;
    let words = code.split(|letter: char| !is_of_word(letter)).filter(|word| !word.is_empty());
    words.map(move |word| (word.as_ptr() as usize - base, word))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The files below a folder of the crate that have this ending, in the order of their names.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join(folder), ending, &mut paths);
    paths.sort();
    let source = |path: PathBuf| Source {
        path: path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
        text: std::fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(source).collect()
}

fn collect(folder: &Path, ending: &str, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, paths);
        } else if path.to_string_lossy().ends_with(ending) {
            paths.push(path);
        }
    }
}

#[test]
fn paths_are_read_from_every_form_of_use() {
    let text =
        "use crate::a::{self, b::C, d as e};\nuse super::super::f;\nfn g() -> crate::h::I<super::J> { }\n// crate::k\n";
    let source = Source { path: "src/x/y/z.rs".to_owned(), text: text.to_owned() };
    assert_eq!(source.named_paths(), ["a", "a::b::C", "a::d", "x::f", "h::I", "x::y::J"]);
    let root = Source { path: "src/x/mod.rs".to_owned(), text: "use super::{l, m};".to_owned() };
    assert_eq!(root.named_paths(), ["l", "m"]);
}
