//! `migrate` and `init-data`, and what every start has to know of the database.

use super::{Failure, load, output};
use crate::accounts::roles;
use crate::app::{App, database_options};
use crate::config::{Flags, Loaded};
use crate::db::{Db, Pending};
use crate::error::Error;
use std::time::Duration;

/// Replicas that start together for the first time make the same rows, and MariaDB ends all but one with a deadlock. The
/// slower ones find the rows there the next time.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

pub async fn migrate(flags: &Flags) -> Result<(), Failure> {
    let config = load(flags)?;
    bring_up_to_date(&config).await?;
    output::line(&format!("The database is up to date: {}", config.database.url.masked()))
}

pub async fn init_data(flags: &Flags) -> Result<(), Failure> {
    super::with_app(flags, async |app| {
        ensure_data(app).await?;
        output::line("The starting data is there.")
    })
    .await
}

pub(super) async fn bring_up_to_date(config: &Loaded) -> Result<(), Failure> {
    let place = config.database.url.masked();
    Db::migrate(&database_options(config)).await.map_err(|why| Failure::new(format!("{place}: {why}")))
}

/// What `server` and `worker` begin with: migrates where the configuration says so, and refuses to start otherwise.
pub(super) async fn make_ready(config: &Loaded) -> Result<(), Failure> {
    if config.database.migrate_on_start { bring_up_to_date(config).await } else { refuse_pending(config).await }
}

/// Fails when the database cannot be reached or lacks migrations.
pub(super) async fn refuse_pending(config: &Loaded) -> Result<(), Failure> {
    let place = config.database.url.masked();
    match Db::pending(&database_options(config)).await {
        Ok(Pending::Nothing) => Ok(()),
        Ok(Pending::Migrations(count)) => {
            let text = format!("{place}: the database lacks {count} migrations; run `quarterdeck migrate` first");
            Err(Failure::new(text))
        }
        Err(error) => Err(Failure::new(format!("{place}: {error}"))),
    }
}

/// The roles, and what each plugin starts with. Running it again changes nothing.
pub(super) async fn ensure_data(app: &App) -> Result<(), Failure> {
    for attempt in 1..ATTEMPTS {
        match ensure_data_once(app).await {
            Err(Error::Conflict(_) | Error::Unavailable { .. }) => tokio::time::sleep(PAUSE * attempt).await,
            ended => return Ok(ended?),
        }
    }
    Ok(ensure_data_once(app).await?)
}

async fn ensure_data_once(app: &App) -> crate::error::Result<()> {
    roles::init(&app.db, &app.permissions(), app.now_ms()).await?;
    for init_data in app.plugins.iter().filter_map(|plugin| plugin.init_data) {
        init_data(app).await?;
    }
    Ok(())
}
