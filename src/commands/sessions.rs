//! `sessions list`, `revoke` and `purge`.

use super::{Failure, output, with_app};
use crate::accounts::sessions::Whose;
use crate::accounts::{Actor, device, people};
use crate::app::App;
use crate::config::Flags;
use crate::error::Error;
use crate::web::times;

/// Which sessions are to end: one by its number, those of a person, or all.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Revoked {
    /// The number of a session; the list tells it
    #[arg(value_name = "ID")]
    id: Option<i64>,
    /// All sessions of the person with this address
    #[arg(long, value_name = "EMAIL")]
    person: Option<String>,
    /// Everybody's sessions
    #[arg(long)]
    all: bool,
}

pub async fn list(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let now = app.now_ms();
        let rows = app.sessions.list(&Actor::system(), Whose::Everybody).await?.into_iter().map(|session| {
            let [opened, used] = [session.created_at, session.seen_at].map(|at| times::ago(at, now));
            let device = device::in_words(&session.device);
            [session.id.to_string(), session.person, opened, used, session.address, device]
        });
        output::table(["ID", "PERSON", "OPENED", "LAST USED", "ADDRESS", "DEVICE"], rows.collect())
    })
    .await
}

pub async fn revoke(flags: &Flags, which: Revoked) -> Result<(), Failure> {
    with_app(flags, async |app| match (which.id, which.person) {
        (Some(id), _) => revoke_one(app, id).await,
        (None, Some(email)) => {
            let found = people::credentials(&app.db, &email).await?;
            let (person_id, _) = found.ok_or_else(|| Failure::new(format!("nobody has the address {email}")))?;
            revoke_all(app, Whose::Person(person_id)).await
        }
        (None, None) => revoke_all(app, Whose::Everybody).await,
    })
    .await
}

async fn revoke_one(app: &App, id: i64) -> Result<(), Failure> {
    match app.sessions.revoke(&Actor::system(), id).await {
        Ok(()) => output::line(&format!("Session {id} has ended.")),
        Err(Error::NotFound) => Err(Failure::new(format!("there is no session {id}; see quarterdeck sessions list"))),
        Err(other) => Err(other.into()),
    }
}

async fn revoke_all(app: &App, whose: Whose) -> Result<(), Failure> {
    match app.sessions.revoke_all(&Actor::system(), whose, None).await? {
        1 => output::line("1 session has ended."),
        count => output::line(&format!("{count} sessions have ended.")),
    }
}

pub async fn purge(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let count = app.sessions.purge().await?;
        output::line(&format!("Removed the rows of {count} sessions that had ended."))
    })
    .await
}
