//! Writes the job roles and targets inside of the transaction that writes the example organisation.

use super::{JOB_ROLES, TARGETS, Whom};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::plugins::skills::job_roles::model as job_roles;
use crate::plugins::skills::job_roles::people::model::give;
use crate::plugins::skills::requirements;
use crate::plugins::skills::scales::Scales;
use crate::plugins::skills::targets::model::{self as targets, Ask, NewTarget};
use crate::plugins::skills::targets::scope::{Demand, Scope};
use crate::sql;
use std::collections::HashMap;

pub async fn load(tx: &mut Tx, scales: &Scales, founded: i64) -> Result<()> {
    let job_roles = insert_job_roles(tx, founded).await?;
    let teams = ids(tx.q(sql!("SELECT name, id FROM teams")).all().await?);
    let skills: Vec<(String, i64, i64)> = tx.q(sql!("SELECT name, id, scale_id FROM skills")).all().await?;
    let skills: HashMap<String, (i64, i64)> = skills.into_iter().map(|(name, id, scale)| (name, (id, scale))).collect();
    for (whom, skill, level, at_least) in TARGETS {
        let scope = match whom {
            Whom::Everybody => Scope::Everybody,
            Whom::Team(name) => Scope::Team(teams[name]),
            Whom::JobRole(name) => Scope::JobRole(job_roles[name]),
        };
        let (skill_id, scale_id) = skills[skill];
        let scale = scales.get(scale_id).ok_or(Error::NotFound)?;
        let level = scale.parse(level).map_err(|problem| Error::invalid("level", problem))?;
        let ask = Ask { level, demand: Demand::from_column(at_least) };
        targets::insert(tx, &NewTarget { scope, skill_id, ask }, founded).await?;
    }
    Ok(requirements::of_everybody(tx, founded).await?)
}

async fn insert_job_roles(tx: &mut Tx, founded: i64) -> Result<HashMap<String, i64>> {
    let people = ids(tx.q(sql!("SELECT name, id FROM people")).all().await?);
    let mut made = HashMap::new();
    for (name, holders) in JOB_ROLES {
        let id = job_roles::insert(tx, name, None, founded).await?;
        let memberships: Vec<(i64, i64)> = holders.iter().map(|holder| (id, people[*holder])).collect();
        give(tx, &memberships).await?;
        made.insert(name.to_owned(), id);
    }
    Ok(made)
}

fn ids(rows: Vec<(String, i64)>) -> HashMap<String, i64> {
    rows.into_iter().collect()
}
