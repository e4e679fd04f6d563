//! The example organisation of `server --demo`: a container terminal with 60 people, and nine months of history.
//!
//! It lives in a database of its own that goes when the server stops, unless another one is configured. Its four log-ins
//! have a password that everybody can read here, so it is served to this machine alone, and a server that finds them in
//! its database without `--demo` shuts them out.

mod history;
mod labels;
mod model;
mod organisation;
mod projects;
mod scenes;
mod targets;

use crate::accounts::sessions::Whose;
use crate::accounts::{Actor, Owner, people};
use crate::app::App;
use crate::config::{ConfigError, Loaded, MailTransport, SecretUrl};
use crate::error::{Error, Result};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

/// Easy to type, and long enough for the rule on passwords.
const PASSWORD: &str = "harbour-master-demo";

/// Role and person of each log-in.
const LOG_INS: [(&str, &str); 4] = [
    ("administrator", organisation::ADMINISTRATOR),
    ("team lead", organisation::SHOWN_LEAD),
    ("member", organisation::SHOWN_MEMBER),
    ("viewer", organisation::VIEWER),
];

pub struct LogIn {
    /// As people call it: `team lead`.
    pub role: &'static str,
    pub email: String,
    pub password: &'static str,
}

/// Where a demo takes place. Its folder, if it has one, goes when this is dropped.
pub struct Stage {
    folder: Option<PathBuf>,
}

impl Stage {
    /// Refuses to be seen by other machines, sends no mail, and puts the database into a folder of its own unless one was
    /// chosen.
    pub fn set(config: &mut Loaded) -> Result<Stage, ConfigError> {
        if !config.http.bind.is_loopback() {
            let problem = format!(
                "{} can be reached by other machines, and everybody knows the log-ins of the demo; use 127.0.0.1",
                config.http.bind
            );
            return Err(config.refuse("http.bind", problem));
        }
        // The people of the example have addresses that nobody else should get mail under.
        config.config.mail.transport = MailTransport::Folder;
        if !config.database.is_at_its_default() {
            return Ok(Stage { folder: None });
        }
        let folder = new_folder().map_err(|error| {
            config.refuse("database.url", format!("no folder for the demo's database can be made: {error}"))
        })?;
        let database = &mut config.config.database;
        database.url = SecretUrl::new(format!("sqlite://{}/quarterdeck-demo.db", folder.display()));
        database.migrate_on_start = true;
        if config.mail.is_at_its_default() {
            config.config.mail.folder = folder.join("mail").display().to_string();
        }
        if config.blobs.is_at_its_default() {
            config.config.blobs.folder = folder.join("blobs").display().to_string();
        }
        Ok(Stage { folder: Some(folder) })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            tracing::warn!(%error, folder = %folder.display(), "the demo's folder could not be removed");
        }
    }
}

/// A folder that only its owner can enter, and that nobody could have made beforehand.
fn new_folder() -> io::Result<PathBuf> {
    let name = format!("quarterdeck-demo-{}", crate::accounts::secrets::random_token());
    let folder = std::env::temp_dir().join(name);
    std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

/// Loads the organisation into an empty database, and opens its log-ins.
///
/// # Errors
/// `Conflict` when the database holds other people.
pub async fn open(app: &App) -> Result<Vec<LogIn>> {
    // Hashing takes as long as loading does, so the two run side by side.
    let nobody = Owner::default();
    let (loaded, hash) = tokio::join!(load(app), app.passwords.hash(PASSWORD.to_owned(), &nobody));
    loaded?;
    let hash = hash?;
    let mut log_ins = Vec::new();
    for (role, name) in LOG_INS {
        let email = organisation::email(name);
        let (id, _) = people::credentials(&app.db, &email).await?.ok_or(Error::NotFound)?;
        people::set_password(&app.db, id, &hash, app.now_ms()).await?;
        log_ins.push(LogIn { role, email, password: PASSWORD });
    }
    Ok(log_ins)
}

async fn load(app: &App) -> Result<()> {
    if people::credentials(&app.db, &organisation::email(organisation::ADMINISTRATOR)).await?.is_some() {
        return Ok(());
    }
    if !model::has_nobody(&app.db).await? {
        let place = app.config.database.url.masked();
        let text = format!("{place} holds people already; --demo needs an empty database, or none configured at all");
        return Err(Error::Conflict(text));
    }
    model::load(app).await?;
    scenes::play(app).await?;
    projects::play(app).await
}

/// How many log-ins of the demo are open in a database that may be served in earnest.
pub async fn open_log_ins(app: &App) -> Result<usize> {
    Ok(model::open_log_ins(&app.db).await?.len())
}

/// Shuts the demo's log-ins out of a database that is served in earnest.
pub async fn close(app: &App) -> Result<()> {
    for person_id in model::open_log_ins(&app.db).await? {
        model::forget_password(&app.db, person_id, app.now_ms()).await?;
        app.sessions.revoke_all(&Actor::system(), Whose::Person(person_id), None).await?;
        let name = app.access.actor(person_id).await?.map(|actor| actor.name.clone()).unwrap_or_default();
        tracing::warn!(name, "a log-in of the demo was in this database; it can no longer log in");
    }
    Ok(())
}
