//! One line that says all of a task: `Fix pump @ana !high #net ~2h due friday`. Pure rules.

use super::super::days;
use super::super::members::model::{Member, called};
use super::super::model::Role;
use super::creation::model::NewTask;
use super::values::{Priority, minutes};
use crate::error::{Checks, Result};
use jiff::civil::Date;

/// Reads the line. What begins with a sign and means nothing stays in the title, but for an @ that means nobody: a task that
/// reaches no one would be worse than a question.
///
/// # Errors
/// `Invalid` of the field `text`.
pub fn read(text: &str, members: &[Member], today: Date) -> Result<NewTask> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut new, mut title, mut checks) = (NewTask::default(), Vec::new(), Checks::default());
    let mut at = 0;
    while at < words.len() {
        at += match dated(&words[at..], today, &mut new) {
            Some(used) => used,
            None => {
                if !marked(words[at], members, &mut new, &mut checks) {
                    title.push(words[at]);
                }
                1
            }
        };
    }
    checks.that(!title.is_empty(), "text", "Say what is to be done.");
    checks.done()?;
    new.title = title.join(" ");
    Ok(new)
}

/// `due friday`, `start tomorrow`: how many words that were.
fn dated(words: &[&str], today: Date, new: &mut NewTask) -> Option<usize> {
    let word = words.first()?.to_lowercase();
    let field = match word.trim_end_matches(':') {
        "due" => &mut new.due_on,
        "start" => &mut new.starts_on,
        _ => return None,
    };
    let (day, used) = days::read(words.get(1..)?, today)?;
    *field = Some(day);
    Some(used + 1)
}

fn marked(word: &str, members: &[Member], new: &mut NewTask, checks: &mut Checks) -> bool {
    let mut letters = word.chars();
    let (sign, rest) = (letters.next(), letters.as_str());
    if rest.is_empty() {
        return false;
    }
    match sign {
        Some('@') => assign(rest, members, new, checks),
        Some('!') => match Priority::from_name(rest) {
            Some(priority) => new.priority = priority,
            None => return false,
        },
        Some('#') if rest.chars().any(char::is_alphabetic) => new.labels.push(rest.replace('_', " ")),
        Some('~') => match minutes(rest) {
            Some(minutes) => new.estimate_min = Some(minutes),
            None => return false,
        },
        _ => return false,
    }
    true
}

fn assign(name: &str, members: &[Member], new: &mut NewTask, checks: &mut Checks) {
    match called(members, name) {
        Some(member) if member.role >= Role::Member => {
            if !new.assignees.contains(&member.id) {
                new.assignees.push(member.id);
            }
        }
        Some(member) => checks.that(false, "text", format!("{} only looks on in this project.", member.name)),
        None => checks.that(false, "text", format!("Nobody in this project is called @{name}, or several are.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    fn members() -> Vec<Member> {
        let member = |id, name: &str, role| Member { id, name: name.into(), email: None, team: None, role };
        vec![
            member(1, "Ana Silva", Role::Member),
            member(2, "Ben Berg", Role::Lead),
            member(3, "Vic Viewer", Role::Viewer),
        ]
    }

    fn read_on_friday(text: &str) -> Result<NewTask> {
        read(text, &members(), "2026-11-20".parse().unwrap())
    }

    #[test]
    fn a_line_says_all_of_a_task() {
        let new = read_on_friday("Fix pump @ana !high #net ~1.5h due friday").unwrap();
        assert_eq!(new.title, "Fix pump");
        assert_eq!((new.assignees.as_slice(), new.priority), ([1].as_slice(), Priority::High));
        assert_eq!((new.labels, new.estimate_min), (vec!["net".to_owned()], Some(90)));
        assert_eq!(new.due_on.unwrap().to_string(), "2026-11-27");
    }

    #[test]
    fn what_means_nothing_stays_in_the_title() {
        for (text, title) in [
            ("Pay the due amount", "Pay the due amount"),
            ("Read issue #42 !now", "Read issue #42 !now"),
            ("Write @ noon ~ ten ! #", "Write @ noon ~ ten ! #"),
            ("Call due 12 dec about ~cats", "Call about ~cats"),
            ("start tomorrow due: in 2 weeks paint", "paint"),
            ("Order #spare_parts @ben @ana @ben", "Order"),
        ] {
            assert_eq!(read_on_friday(text).unwrap().title, title, "{text}");
        }
    }

    #[test]
    fn nobody_is_told_of() {
        for (text, expected) in [
            ("Fix @nobody", "Nobody in this project is called @nobody"),
            ("Fix @vic", "Vic Viewer only looks on"),
            ("@ana !high", "Say what is to be done."),
            ("", "Say what is to be done."),
        ] {
            let Err(Error::Invalid(invalid)) = read_on_friday(text) else { panic!("{text} was taken") };
            assert!(invalid.of("text").unwrap().contains(expected), "{invalid}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(text in "[a-z@!#~ 0-9]{0,60}|.{0,60}") {
            if let Ok(new) = read_on_friday(&text) {
                prop_assert!(!new.title.is_empty());
            }
        }
    }
}
