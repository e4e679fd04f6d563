//! The sentences of a reason: plain text from plain values, no database.

use super::super::super::levels::{Level, Scale, Standing};
use super::super::fit::Fit;
use super::model::Lapse;

/// Who wants a level: `everybody` has no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    Everybody,
    Team(String),
    JobRole(String),
}

/// A target that applies to a person, and the level that it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub by: Asker,
    pub level: Level,
}

/// Where the person stands, and since which day.
pub struct Situation<'a> {
    pub person: &'a str,
    pub standing: Standing,
    /// As people read it, `2 May 2026`; none where no history tells.
    pub since: Option<String>,
    pub lapse: Option<&'a Lapse>,
}

/// “Team Yard asks for 3; Ben is at 2 since 2 May 2026.” The highest demand stands first.
pub fn reason(asked: &[Asked], situation: &Situation, scale: &Scale) -> String {
    let demands: Vec<String> = asked.iter().enumerate().map(|(place, asked)| demand(place, asked, scale)).collect();
    format!("{}; {}.", demands.join(", "), stands(situation, scale))
}

fn demand(place: usize, asked: &Asked, scale: &Scale) -> String {
    let level = scale.code(asked.level);
    let (who, verb) = match &asked.by {
        Asker::Everybody if place == 0 => ("Everybody".to_owned(), "is asked"),
        Asker::Everybody => ("everybody".to_owned(), "is asked"),
        Asker::Team(name) if place == 0 => (format!("Team {name}"), "asks"),
        Asker::Team(name) => (format!("team {name}"), "asks"),
        Asker::JobRole(name) if place == 0 => (format!("The job role {name}"), "asks"),
        Asker::JobRole(name) => (format!("the job role {name}"), "asks"),
    };
    format!("{who} {verb} for {level}")
}

fn stands(situation: &Situation, scale: &Scale) -> String {
    let person = situation.person;
    let since = situation.since.as_ref().map_or_else(String::new, |day| format!(" since {day}"));
    match (situation.standing, situation.lapse) {
        (Standing::Unset, _) => format!("nothing is said of {person} yet"),
        (Standing::NotApplicable, _) => format!("it does not apply to {person}{since}"),
        (Standing::At(level), None) => format!("{person} is at {}{since}", scale.code(level)),
        (Standing::At(level), Some(Lapse::Expired { on })) => {
            format!("{person} was at {}, which was valid until {on} and no longer counts", scale.code(level))
        }
        (Standing::At(level), Some(Lapse::Suspended { until, reason })) => {
            let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            format!("{person} is at {}, but suspended until {until}{why}", scale.code(level))
        }
    }
}

/// What a fit is called at the beginning of a line.
pub fn title(fit: Fit) -> &'static str {
    match fit {
        Fit::Met => "Met",
        Fit::Near => "Near",
        Fit::Gap => "Gap",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale() -> Scale {
        let [lowest, highest, step] = [0, 400, 100].map(Level::from_hundredths);
        Scale { id: 1, name: "0–4".to_owned(), lowest, highest, step, levels: Vec::new() }
    }

    fn asked(by: Asker, level: i64) -> Asked {
        Asked { by, level: Level::from_hundredths(level) }
    }

    #[test]
    fn a_reason_tells_who_asks_and_where_the_person_stands() {
        let yard = asked(Asker::Team("Yard".to_owned()), 300);
        let ben = |standing, since: Option<&str>, lapse| {
            let since = since.map(str::to_owned);
            reason(std::slice::from_ref(&yard), &Situation { person: "Ben", standing, since, lapse }, &scale())
        };
        let at_two = Standing::At(Level::from_hundredths(200));
        let expired = Lapse::Expired { on: "1 May 2026".to_owned() };
        let suspended = Lapse::Suspended { until: "9 June 2026".to_owned(), reason: "near miss".to_owned() };
        for (said, expected) in [
            (ben(at_two, Some("2 May 2026"), None), "Team Yard asks for 3; Ben is at 2 since 2 May 2026."),
            (ben(Standing::Unset, None, None), "Team Yard asks for 3; nothing is said of Ben yet."),
            (
                ben(Standing::NotApplicable, Some("2 May 2026"), None),
                "Team Yard asks for 3; it does not apply to Ben since 2 May 2026.",
            ),
            (
                ben(at_two, None, Some(&expired)),
                "Team Yard asks for 3; Ben was at 2, which was valid until 1 May 2026 and no longer counts.",
            ),
            (
                ben(at_two, None, Some(&suspended)),
                "Team Yard asks for 3; Ben is at 2, but suspended until 9 June 2026 (near miss).",
            ),
        ] {
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn everyone_who_asks_is_named() {
        let all = [
            asked(Asker::JobRole("Crane operator".to_owned()), 400),
            asked(Asker::Team("Yard".to_owned()), 300),
            asked(Asker::Everybody, 100),
        ];
        let situation = Situation { person: "Ben", standing: Standing::Unset, since: None, lapse: None };
        assert_eq!(
            reason(&all, &situation, &scale()),
            "The job role Crane operator asks for 4, team Yard asks for 3, everybody is asked for 1; nothing is said of Ben yet."
        );
    }
}
