//! Which passwords are refused: those that are short, that many people have, or that tell who they belong to.
//!
//! `common.txt` holds the 3,000 most common passwords, in lower case, and those of at least 12 characters among the
//! 47,000 most common: `data/passwords.txt` of zxcvbn (https://github.com/dropbox/zxcvbn, MIT, see LICENSE-zxcvbn),
//! counted by its authors in Mark Burnett's ten million passwords.

use crate::error::{Checks, Result};
use std::collections::HashSet;
use std::sync::LazyLock;

pub const MIN_PASSWORD_CHARS: usize = 12;
/// Longer ones only cost time to hash.
const MAX_PASSWORD_CHARS: usize = 1000;
/// Fewer different characters than these are typed by holding keys down.
const MIN_DIFFERENT_CHARS: usize = 5;
/// A part of a name or an address that is shorter says nothing about anybody.
const MIN_TELLING_CHARS: usize = 4;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common.txt").lines().collect());

/// Whom a new password is for. What is empty is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Owner<'a> {
    pub name: &'a str,
    pub email: &'a str,
}

pub fn is_too_long(password: &str) -> bool {
    password.chars().count() > MAX_PASSWORD_CHARS
}

pub fn check(password: &str, owner: &Owner) -> Result<()> {
    let mut checks = Checks::default();
    let length = MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS;
    let is_of_length = length.contains(&password.chars().count());
    checks.that(
        is_of_length,
        "password",
        format!("A password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters."),
    );
    let common = "That is among the passwords that are tried first. Take several words that do not belong together.";
    checks.that(!is_of_length || !is_common(password), "password", common);
    let telling = "That says no more than who you are. Take several words that do not belong together.";
    checks.that(!is_of_length || !tells(password, owner), "password", telling);
    checks.done()
}

/// Whether it is a common password, one with digits and signs around it, or one that is repeated.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let unit = repeated_unit(&lower);
    let different: HashSet<char> = lower.chars().collect();
    different.len() < MIN_DIFFERENT_CHARS
        || is_digits_in_a_row(&lower)
        || [lower.as_str(), unit, core(&lower), core(unit)].iter().any(|text| COMMON.contains(text))
}

/// 123456789012 and 987654321098: each digit follows the one before it.
fn is_digits_in_a_row(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|letter| letter.to_digit(10)).collect();
    let steps = |digits: &[u32], by: u32| digits.windows(2).all(|pair| (pair[0] + by) % 10 == pair[1]);
    digits.is_some_and(|digits| steps(&digits, 1) || steps(&digits, 9))
}

/// Whether nothing is left of it without the owner's name and address.
fn tells(password: &str, owner: &Owner) -> bool {
    let mut rest: String = password.to_lowercase().chars().filter(|letter| letter.is_alphabetic()).collect();
    let email = owner.email.to_lowercase();
    let name = owner.name.to_lowercase();
    let mut words: Vec<&str> = name.split(|letter: char| !letter.is_alphabetic()).collect();
    words.extend(email.split(|letter: char| !letter.is_alphabetic()));
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut found = 0;
    for word in words {
        found += rest.matches(word).count() * word.chars().count();
        rest = rest.replace(word, "");
    }
    found >= MIN_TELLING_CHARS && rest.is_empty()
}

/// What stands between the digits and signs at both ends.
fn core(text: &str) -> &str {
    text.trim_matches(|letter: char| !letter.is_alphabetic())
}

/// The shortest text that, written again and again, gives this one.
fn repeated_unit(text: &str) -> &str {
    let ends = text.char_indices().skip(1).map(|(end, _)| end).filter(|end| text.len().is_multiple_of(*end));
    let repeats = |end: &usize| text.as_bytes().chunks(*end).all(|part| part == &text.as_bytes()[..*end]);
    ends.into_iter().find(repeats).map_or(text, |end| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIA: Owner = Owner { name: "Mia Member", email: "mia.member@harbour.example" };

    fn problem(password: &str) -> Option<String> {
        check(password, &MIA).err().map(|error| error.to_string())
    }

    #[test]
    fn what_is_hard_to_guess_is_taken() {
        for password in [
            "correct horse battery",
            "harbour-master-demo",
            "vR7#kq0!Lw2z",
            "Überfahrt nach Föhr",
            "mia likes boats",
            "7391846205183",
        ] {
            assert_eq!(problem(password), None, "{password}");
        }
    }

    #[test]
    fn what_is_short_or_endless_is_refused() {
        assert!(problem("vR7#kq0!Lw2").unwrap().contains("12 to 1000"));
        assert!(problem(&"vR7#kq0!Lw2z".repeat(100)).unwrap().contains("12 to 1000"));
    }

    #[test]
    fn what_many_people_have_is_refused() {
        for password in [
            "unbelievable",
            "UNBELIEVABLE",
            "password12345",
            "1234567890qwerty",
            "passwordpassword",
            "!!football2026!!",
            "123456789012",
            "987654321098",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabc",
        ] {
            assert!(problem(password).is_some_and(|text| text.contains("tried first")), "{password}");
        }
    }

    #[test]
    fn what_tells_its_owner_is_refused() {
        for password in ["mia.member@harbour.example", "MiaMember2026!", "member-mia-1234", "harbour.example"] {
            assert!(problem(password).is_some_and(|text| text.contains("who you are")), "{password}");
        }
    }

    #[test]
    fn the_list_is_whole() {
        assert!(COMMON.len() > 3_200, "{}", COMMON.len());
        assert!(COMMON.contains("123456") && COMMON.contains("unbelievable"));
    }
}
