//! Whether enough people can do something: a pure rule, no database.

/// How many people are wanted at a level, and how many hold it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Coverage {
    pub needed: i64,
    pub able: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CoverageStatus {
    Nobody,
    /// Everything hangs on one person where more are wanted.
    SinglePoint,
    Short,
    Met,
}

impl Coverage {
    pub fn status(self) -> CoverageStatus {
        match self.able {
            able if able >= self.needed => CoverageStatus::Met,
            ..=0 => CoverageStatus::Nobody,
            1 => CoverageStatus::SinglePoint,
            _ => CoverageStatus::Short,
        }
    }

    /// How many more people have to get there.
    pub fn missing(self) -> i64 {
        (self.needed - self.able).max(0)
    }
}

impl CoverageStatus {
    /// The one that needs attention most stands first.
    pub const ALL: [CoverageStatus; 4] =
        [CoverageStatus::Nobody, CoverageStatus::SinglePoint, CoverageStatus::Short, CoverageStatus::Met];

    /// As an address writes it.
    pub fn name(self) -> &'static str {
        match self {
            CoverageStatus::Nobody => "nobody",
            CoverageStatus::SinglePoint => "single-point",
            CoverageStatus::Short => "short",
            CoverageStatus::Met => "met",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    pub fn title(self) -> &'static str {
        match self {
            CoverageStatus::Nobody => "Nobody",
            CoverageStatus::SinglePoint => "Single point of failure",
            CoverageStatus::Short => "Short",
            CoverageStatus::Met => "Met",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CoverageStatus::{Met, Nobody, Short, SinglePoint};

    #[test]
    fn one_person_alone_is_a_single_point_of_failure_where_more_are_wanted() {
        for (needed, able, status, missing) in [
            (3, 0, Nobody, 3),
            (3, 1, SinglePoint, 2),
            (3, 2, Short, 1),
            (3, 3, Met, 0),
            (3, 7, Met, 0),
            (2, 1, SinglePoint, 1),
            (1, 1, Met, 0),
            (1, 0, Nobody, 1),
            (0, 0, Met, 0),
        ] {
            let coverage = Coverage { needed, able };
            assert_eq!((coverage.status(), coverage.missing()), (status, missing), "{able} of {needed}");
        }
    }

    #[test]
    fn a_status_is_found_by_its_name() {
        for status in CoverageStatus::ALL {
            assert_eq!(CoverageStatus::from_name(status.name()), Some(status));
        }
        assert_eq!(CoverageStatus::from_name("fine"), None);
    }
}
