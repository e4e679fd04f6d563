//! What the rule of sight is made of: who owns which skills, and who may see and change the ratings of a person.

use super::super::settings::{self, Visibility};
use super::super::{CATALOGUE_TOPIC, RATE_ALL, RATE_OWN, RATE_TEAM, READ, READ_ALL};
use crate::accounts::roles::{self, HeldBy, Holder};
use crate::accounts::{Actor, teams};
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;

/// The skills that a person looks after, in the order of their ids.
pub(super) async fn owned_skills(app: &App, person_id: i64) -> Result<Vec<i64>> {
    let load = async || {
        let query = app.db.q(sql!("SELECT id FROM skills WHERE owner_id = ? ORDER BY id"));
        let rows: Vec<(i64,)> = query.bind(person_id).all().await?;
        Ok::<_, Error>(rows.into_iter().map(|(id,)| id).collect::<Vec<i64>>())
    };
    let owned = app.cache.get_or(&[CATALOGUE_TOPIC], format!("skills/owned/{person_id}"), load).await?;
    Ok((*owned).clone())
}

/// Somebody who looks after skills.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Owner {
    pub id: i64,
    pub name: String,
    pub skills: i64,
}

/// Who sees the ratings of a person, and who may change them.
pub struct Viewers {
    pub visibility: Visibility,
    /// Name and number of people of the own team.
    pub team: Option<(String, i64)>,
    /// Those of the own team who may rate it.
    pub leads: Vec<Holder>,
    pub owners: Vec<Owner>,
    /// The roles that see the matrix at all.
    pub readers: Vec<HeldBy>,
    /// Those who see everything, wherever they work.
    pub see_all: Vec<Holder>,
    pub rate_all: Vec<Holder>,
    pub may_rate_oneself: bool,
}

/// Who sees the ratings of the actor.
pub async fn viewers(app: &App, actor: &Actor) -> Result<Viewers> {
    actor.require(READ)?;
    let db = &app.db;
    let team = match actor.team_id {
        Some(id) => teams::get(db, &Actor::system(), id).await.map(|team| Some((team.name, team.people)))?,
        None => None,
    };
    let rate_all = roles::holders(&app.access, RATE_ALL, None).await?;
    // Whoever rates everybody must see everybody, too.
    let mut see_all = roles::holders(&app.access, READ_ALL, None).await?;
    let is_new = |holder: &&Holder| !see_all.iter().any(|known| known.id == holder.id);
    let further: Vec<Holder> = rate_all.iter().filter(is_new).cloned().collect();
    see_all.extend(further);
    Ok(Viewers {
        visibility: settings::of(app).await?.visibility,
        team,
        leads: leads(app, actor.team_id).await?,
        owners: owners(app).await?,
        readers: roles::held_by(&app.access, READ).await?,
        see_all,
        rate_all,
        may_rate_oneself: actor.may(RATE_OWN),
    })
}

/// Those of a team who were given the right to rate it. Administrators have that too, but lead nobody by it.
pub async fn leads(app: &App, team_id: Option<i64>) -> Result<Vec<Holder>> {
    let Some(team_id) = team_id else { return Ok(Vec::new()) };
    let mut leads = roles::holders(&app.access, RATE_TEAM, Some(team_id)).await?;
    leads.retain(|holder| !holder.everything);
    Ok(leads)
}

async fn owners(app: &App) -> Result<Vec<Owner>> {
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, COUNT(*) AS skills FROM skills s JOIN people p ON p.id = s.owner_id
         WHERE p.active = TRUE AND s.active = TRUE GROUP BY p.id, p.name, p.name_key ORDER BY p.name_key, p.id"
    ));
    Ok(query.all().await?)
}
