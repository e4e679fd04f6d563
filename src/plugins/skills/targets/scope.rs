//! Whom a target is for, and how many of them: pure types, no database.

/// Whom a target is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    Everybody,
    Team(i64),
    JobRole(i64),
}

/// How many of them are to reach the level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Demand {
    OfAll,
    OfAtLeast(i64),
}

impl Scope {
    /// As the columns `team_id` and `job_role_id` hold it.
    pub fn from_columns(team_id: Option<i64>, job_role_id: Option<i64>) -> Self {
        match (team_id, job_role_id) {
            (Some(id), _) => Scope::Team(id),
            (None, Some(id)) => Scope::JobRole(id),
            (None, None) => Scope::Everybody,
        }
    }

    pub fn team_id(self) -> Option<i64> {
        if let Scope::Team(id) = self { Some(id) } else { None }
    }

    pub fn job_role_id(self) -> Option<i64> {
        if let Scope::JobRole(id) = self { Some(id) } else { None }
    }

    /// Where its targets are.
    pub fn address(self) -> String {
        match self {
            Scope::Everybody => "/skills/targets/everybody".to_owned(),
            Scope::Team(id) => format!("/skills/targets/teams/{id}"),
            Scope::JobRole(id) => format!("/skills/targets/job-roles/{id}"),
        }
    }

    /// What the column `ask` holds: a scope asks for a skill once of all, and once of so many.
    pub fn ask(self, demand: Demand) -> String {
        let of = if demand == Demand::OfAll { "all" } else { "some" };
        match self {
            Scope::Everybody => format!("everybody/{of}"),
            Scope::Team(id) => format!("team:{id}/{of}"),
            Scope::JobRole(id) => format!("job_role:{id}/{of}"),
        }
    }
}

impl Demand {
    /// As the column `at_least` holds it.
    pub fn from_column(at_least: Option<i64>) -> Self {
        at_least.map_or(Demand::OfAll, Demand::OfAtLeast)
    }

    pub fn at_least(self) -> Option<i64> {
        if let Demand::OfAtLeast(count) = self { Some(count) } else { None }
    }

    /// `all`, `at least 2`.
    pub fn text(self) -> String {
        match self {
            Demand::OfAll => "all".to_owned(),
            Demand::OfAtLeast(count) => format!("at least {count}"),
        }
    }
}
