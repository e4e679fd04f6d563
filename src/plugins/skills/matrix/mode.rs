//! What the cells of a matrix tell: the level, or something about it. Pure rules, no database.

use super::super::levels::Standing;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// What somebody can do.
    #[default]
    Level,
    /// What somebody would like to do.
    Interest,
    /// What somebody can do against what is asked of them.
    Gap,
    /// Who says so: the person, or somebody else.
    Validation,
    /// How long ago it was said.
    Age,
}

impl Mode {
    pub const ALL: [Mode; 5] = [Mode::Level, Mode::Interest, Mode::Gap, Mode::Validation, Mode::Age];

    pub fn name(self) -> &'static str {
        match self {
            Mode::Level => "level",
            Mode::Interest => "interest",
            Mode::Gap => "gap",
            Mode::Validation => "validation",
            Mode::Age => "age",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    pub fn title(self) -> &'static str {
        match self {
            Mode::Level => "Level",
            Mode::Interest => "Interest",
            Mode::Gap => "Gaps",
            Mode::Validation => "Confirmed",
            Mode::Age => "Age",
        }
    }

    /// What the row above the columns counts.
    pub fn column_title(self) -> &'static str {
        match self {
            Mode::Level => "Able · mean",
            Mode::Interest => "Keen / asked",
            Mode::Gap => "Met / asked for",
            Mode::Validation => "Confirmed / rated",
            Mode::Age => "Over a year / rated",
        }
    }

    /// What the column beside the names counts: its heading, and what it means.
    pub fn row_title(self) -> (&'static str, &'static str) {
        match self {
            Mode::Level => ("Skills", "Skills above level zero"),
            Mode::Interest => ("Keen", "Skills with much or very much interest, of those with an interest"),
            Mode::Gap => ("Met", "Skills at the level asked for, of those asked for"),
            Mode::Validation => ("Conf.", "Confirmed levels, of all levels"),
            Mode::Age => ("Old", "Levels said more than a year ago, of all levels"),
        }
    }
}

/// A level two steps away is no matter of taste any more.
pub const DIFFERS_FROM: i64 = 200;

/// Who stands behind a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Nobody has said anything.
    Unsaid,
    /// The person alone.
    Own,
    /// Somebody else, and the person says about the same or nothing.
    Confirmed,
    /// Somebody else, and the person says another thing: two levels or more away, or that it is none of their business.
    Differs,
    /// A file, which names nobody.
    Unattributed,
}

impl Validation {
    /// `own` and `confirmed` are `None` where nobody said anything.
    pub fn of(counts: Standing, own: Option<Standing>, confirmed: Option<Standing>) -> Self {
        match (own, confirmed) {
            (_, None) if counts == Standing::Unset => Validation::Unsaid,
            (Some(_), None) => Validation::Own,
            (None, None) => Validation::Unattributed,
            (Some(own), Some(confirmed)) if differ(own, confirmed) => Validation::Differs,
            (_, Some(_)) => Validation::Confirmed,
        }
    }
}

fn differ(own: Standing, confirmed: Standing) -> bool {
    match (own, confirmed) {
        (Standing::At(own), Standing::At(confirmed)) => {
            (own.hundredths() - confirmed.hundredths()).abs() >= DIFFERS_FROM
        }
        (Standing::Unset, _) | (_, Standing::Unset) => false,
        (own, confirmed) => own != confirmed,
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// After so many days a level is old.
pub const OLD_DAYS: i64 = 365;

/// How long ago a level was said, in four buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Quarter,
    Year,
    TwoYears,
    Older,
}

impl Age {
    pub const ALL: [Age; 4] = [Age::Quarter, Age::Year, Age::TwoYears, Age::Older];

    pub fn of_days(days: i64) -> Self {
        match days {
            ..92 => Age::Quarter,
            92..=OLD_DAYS => Age::Year,
            366..=730 => Age::TwoYears,
            _ => Age::Older,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Age::Quarter => "within three months",
            Age::Year => "within a year",
            Age::TwoYears => "one to two years ago",
            Age::Older => "more than two years ago",
        }
    }
}

/// Whole days from then to now, both in UTC milliseconds.
pub fn days_between(then_ms: i64, now_ms: i64) -> i64 {
    (now_ms.div_euclid(DAY_MS) - then_ms.div_euclid(DAY_MS)).max(0)
}

/// Days as a cell has room for them: `5d`, `3w`, `7m`, `2y`.
pub fn short_age(days: i64) -> String {
    match days {
        ..14 => format!("{days}d"),
        14..92 => format!("{}w", days / 7),
        92..=730 => format!("{}m", days / 30),
        _ => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::levels::Level;
    use super::*;

    fn at(level: i64) -> Standing {
        Standing::At(Level::from_hundredths(level * 100))
    }

    #[test]
    fn who_stands_behind_a_level() {
        use Validation::*;
        let table = [
            (Standing::Unset, None, None, Unsaid),
            (at(3), None, None, Unattributed),
            (at(3), Some(at(3)), None, Own),
            (at(3), Some(at(3)), Some(at(3)), Confirmed),
            (at(3), None, Some(at(3)), Confirmed),
            (at(2), Some(at(3)), Some(at(2)), Confirmed),
            (at(1), Some(at(3)), Some(at(1)), Differs),
            (at(3), Some(at(1)), Some(at(3)), Differs),
            (at(3), Some(Standing::NotApplicable), Some(at(3)), Differs),
            (at(3), Some(Standing::Unset), Some(at(3)), Confirmed),
            (Standing::NotApplicable, Some(Standing::NotApplicable), None, Own),
        ];
        for (counts, own, confirmed, wanted) in table {
            assert_eq!(Validation::of(counts, own, confirmed), wanted, "{counts:?} {own:?} {confirmed:?}");
        }
    }

    #[test]
    fn ages_fall_into_buckets_at_their_edges() {
        let table = [(0, Age::Quarter), (91, Age::Quarter), (92, Age::Year), (365, Age::Year), (366, Age::TwoYears)];
        for (days, wanted) in table.into_iter().chain([(730, Age::TwoYears), (731, Age::Older)]) {
            assert_eq!(Age::of_days(days), wanted, "{days}");
        }
        let texts = [0, 13, 14, 91, 92, 365, 730, 731, 4000].map(short_age);
        assert_eq!(texts, ["0d", "13d", "2w", "13w", "3m", "12m", "24m", "2y", "10y"].map(str::to_owned));
        assert_eq!(days_between(DAY_MS * 3 - 1, DAY_MS * 3), 1, "days are those of the calendar");
        assert_eq!(days_between(DAY_MS * 3, DAY_MS), 0);
    }
}
