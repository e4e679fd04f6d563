//! Who is named in a text: `@ana`, `@ana.silva`. Pure rules.

use super::super::members::model::{Member, called, dotted};
use std::collections::BTreeSet;

/// The words after an @ that begins a word. Code and addresses name nobody.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence {
            continue;
        }
        // Every second part between back-ticks is code.
        for part in line.split('`').step_by(2) {
            found.extend(in_part(part));
        }
    }
    found
}

fn in_part(part: &str) -> impl Iterator<Item = String> {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    part.match_indices('@').filter_map(move |(at, _)| {
        let begins = part[..at].chars().next_back().is_none_or(|before| !is_name(before) && before != '@');
        let word: String = part[at + 1..].chars().take_while(|letter| is_name(*letter)).collect();
        let word = word.trim_end_matches(['.', '-', '_']).to_lowercase();
        (begins && !word.is_empty()).then_some(word)
    })
}

/// The members who are named, and the words that name none.
pub fn resolve(text: &str, members: &[Member]) -> (Vec<i64>, Vec<String>) {
    let (mut people, mut unknown) = (BTreeSet::new(), Vec::new());
    for word in words(text) {
        match called(members, &word) {
            Some(member) => {
                people.insert(member.id);
            }
            None => unknown.push(word),
        }
    }
    (people.into_iter().collect(), unknown)
}

/// What to type to name a member, so that nobody else is meant.
pub fn word_for(member: &Member) -> String {
    member.handle().unwrap_or_else(|| dotted(&member.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_at_begins_a_name() {
        let found = |text: &str| words(text).into_iter().collect::<Vec<_>>();
        assert_eq!(found("@ana, see (@Ben.Berg). Not ana@example.org"), ["ana", "ben.berg"]);
        assert_eq!(found("`@code` and\n```\n@fenced\n```\n@ok"), ["ok"]);
        assert_eq!(found("@ana @ana @@x @ ."), ["ana"]);
        assert_eq!(found("@zoë-ann!"), ["zoë-ann"]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,80}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty() && !word.contains('@'));
            }
        }
    }
}
