//! What there is, counted.

use super::super::READ;
use crate::accounts::Actor;
use crate::app::App;
use crate::config::Profile;
use crate::error::Result;
use crate::sql;

pub struct Overview {
    pub people: People,
    pub open_sessions: i64,
    pub installation: Installation,
}

#[derive(sqlx::FromRow)]
pub struct People {
    pub active: i64,
    pub inactive: i64,
    pub without_password: i64,
    pub administrators: i64,
    pub teams: i64,
}

/// What runs here, as this process sees it.
pub struct Installation {
    pub version: &'static str,
    pub profile: Profile,
    pub database: &'static str,
    pub has_redis: bool,
    pub plugins: Vec<&'static str>,
    pub started_at: i64,
}

pub async fn look(app: &App, actor: &Actor) -> Result<Overview> {
    actor.require(READ)?;
    Ok(Overview {
        people: people(app).await?,
        open_sessions: open_sessions(app).await?,
        installation: installation(app),
    })
}

async fn people(app: &App) -> Result<People> {
    let query = app.db.q(sql!(
        "SELECT COUNT(CASE WHEN p.active = TRUE THEN 1 END) AS active, COUNT(CASE WHEN p.active = FALSE THEN 1 END) AS inactive,
          COUNT(CASE WHEN p.active = TRUE AND p.password_hash IS NULL THEN 1 END) AS without_password,
          (SELECT COUNT(DISTINCT a.id) FROM person_roles pr JOIN people a ON a.id = pr.person_id
            WHERE a.active = TRUE AND pr.role_id IN ({ids})) AS administrators,
          (SELECT COUNT(*) FROM teams) AS teams
         FROM people p"
    ));
    Ok(query.bind_ids(&app.access.table().await?.administrating()).one().await?)
}

async fn open_sessions(app: &App) -> Result<i64> {
    let query = app.db.q(sql!("SELECT COUNT(*) FROM sessions WHERE expires_at > ?"));
    let (count,) = query.bind(app.now_ms()).one::<(i64,)>().await?;
    Ok(count)
}

fn installation(app: &App) -> Installation {
    Installation {
        version: env!("CARGO_PKG_VERSION"),
        profile: app.config.profile,
        database: app.db.dialect().title(),
        has_redis: app.redis.is_some(),
        plugins: app.plugins_on().map(|plugin| plugin.title).collect(),
        started_at: app.started_at,
    }
}
