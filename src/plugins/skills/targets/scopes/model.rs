//! The teams and job roles that targets can be set for, and what is asked of them so far.

use super::super::super::READ;
use super::super::model::scope_title;
use super::super::scope::Scope;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;

/// A team, a job role or everybody, and what is asked of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeSummary {
    pub scope: Scope,
    /// Empty for everybody.
    pub name: String,
    /// Active people.
    pub people: i64,
    /// Targets for all of them.
    pub of_all: i64,
    /// Targets for at least so many of them.
    pub of_some: i64,
    /// How often one of these people is below what is asked of them, here or elsewhere.
    pub gaps: i64,
}

impl ScopeSummary {
    pub fn title(&self) -> String {
        scope_title(self.scope, &self.name)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    people: i64,
    gaps: i64,
    of_all: i64,
    of_some: i64,
}

impl Row {
    fn into_summary(self, scope: Scope) -> ScopeSummary {
        let Row { name, people, gaps, of_all, of_some, .. } = self;
        ScopeSummary { scope, name, people, of_all, of_some, gaps }
    }
}

/// Everybody, the teams by name, the job roles by name.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ScopeSummary>> {
    actor.require(READ)?;
    let mut summaries = vec![everybody(app).await?];
    summaries.extend(teams(app, 0).await?);
    summaries.extend(job_roles(app, 0).await?);
    Ok(summaries)
}

pub async fn get(app: &App, actor: &Actor, scope: Scope) -> Result<ScopeSummary> {
    actor.require(READ)?;
    let found = match scope {
        Scope::Everybody => return everybody(app).await,
        Scope::Team(id) => teams(app, id).await?,
        Scope::JobRole(id) => job_roles(app, id).await?,
    };
    found.into_iter().next().ok_or(crate::error::Error::NotFound)
}

async fn everybody(app: &App) -> Result<ScopeSummary> {
    let query = app.db.q(sql!(
        "SELECT CAST(0 AS {i64}) AS id, '' AS name, (SELECT COUNT(*) FROM people WHERE active = TRUE) AS people,
         (SELECT CAST(COALESCE(SUM(u.gaps), 0) AS {i64}) FROM person_summaries u JOIN people p ON p.id = u.person_id AND p.active = TRUE) AS gaps,
         (SELECT COUNT(*) FROM targets t WHERE t.team_id IS NULL AND t.job_role_id IS NULL AND t.at_least IS NULL) AS of_all,
         (SELECT COUNT(*) FROM targets t WHERE t.team_id IS NULL AND t.job_role_id IS NULL AND t.at_least IS NOT NULL) AS of_some"
    ));
    Ok(query.one::<Row>().await?.into_summary(Scope::Everybody))
}

/// One team, or all with 0.
async fn teams(app: &App, id: i64) -> Result<Vec<ScopeSummary>> {
    let query = app.db.q(sql!(
        "SELECT m.id, m.name, (SELECT COUNT(*) FROM people p WHERE p.team_id = m.id AND p.active = TRUE) AS people,
         (SELECT CAST(COALESCE(SUM(u.gaps), 0) AS {i64}) FROM people p JOIN person_summaries u ON u.person_id = p.id
          WHERE p.team_id = m.id AND p.active = TRUE) AS gaps,
         (SELECT COUNT(*) FROM targets t WHERE t.team_id = m.id AND t.at_least IS NULL) AS of_all,
         (SELECT COUNT(*) FROM targets t WHERE t.team_id = m.id AND t.at_least IS NOT NULL) AS of_some
         FROM teams m WHERE (? = 0 OR m.id = ?) ORDER BY m.position, m.id"
    ));
    let rows: Vec<Row> = query.bind(id).bind(id).all().await?;
    Ok(rows.into_iter().map(|row| (Scope::Team(row.id), row)).map(|(scope, row)| row.into_summary(scope)).collect())
}

/// One job role, or all with 0.
async fn job_roles(app: &App, id: i64) -> Result<Vec<ScopeSummary>> {
    let query = app.db.q(sql!(
        "SELECT o.id, o.name, (SELECT COUNT(*) FROM job_role_people j JOIN people p ON p.id = j.person_id
          WHERE j.job_role_id = o.id AND p.active = TRUE) AS people,
         (SELECT CAST(COALESCE(SUM(u.gaps), 0) AS {i64}) FROM job_role_people j JOIN people p ON p.id = j.person_id
          JOIN person_summaries u ON u.person_id = p.id WHERE j.job_role_id = o.id AND p.active = TRUE) AS gaps,
         (SELECT COUNT(*) FROM targets t WHERE t.job_role_id = o.id AND t.at_least IS NULL) AS of_all,
         (SELECT COUNT(*) FROM targets t WHERE t.job_role_id = o.id AND t.at_least IS NOT NULL) AS of_some
         FROM job_roles o WHERE (? = 0 OR o.id = ?) ORDER BY o.name_key, o.id"
    ));
    let rows: Vec<Row> = query.bind(id).bind(id).all().await?;
    Ok(rows.into_iter().map(|row| (Scope::JobRole(row.id), row)).map(|(scope, row)| row.into_summary(scope)).collect())
}
