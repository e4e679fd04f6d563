//! `create-admin`, `set-password` and `create-token`.

use super::{Failure, output, password, with_app};
use crate::accounts::people::{self, NewPerson};
use crate::accounts::{credentials, setup, tokens};
use crate::config::Flags;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// No `Debug`: it holds a password.
#[derive(clap::Args)]
pub struct NewAdministrator {
    #[arg(value_name = "EMAIL")]
    email: String,
    #[arg(value_name = "NAME")]
    name: String,
    /// Others on this machine can see it while the command runs; without it the terminal asks
    #[arg(value_name = "PASSWORD", conflicts_with = "password_stdin")]
    password: Option<String>,
    /// Read the password from standard input, up to the end of its first line
    #[arg(long)]
    password_stdin: bool,
}

/// No `Debug`: it leads to a password.
#[derive(clap::Args)]
pub struct NewPassword {
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Read the password from standard input, up to the end of its first line; without it the terminal asks
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args)]
pub struct NewToken {
    /// Whose rights the token has
    #[arg(value_name = "EMAIL")]
    email: String,
    /// What the token is for
    #[arg(value_name = "NAME")]
    name: String,
    /// A permission that the token is limited to, such as skills.read; may be repeated. Without it, all of the person's
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Days after which the token opens nothing; without it, never
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: Option<u16>,
}

pub async fn create_admin(flags: &Flags, new: NewAdministrator) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let password = match (new.password, new.password_stdin) {
            (Some(password), _) => password,
            (None, true) => password::from_stdin()?,
            (None, false) => password::ask()?,
        };
        let person = NewPerson { name: new.name, email: new.email, ..NewPerson::default() };
        setup::create_administrator(&app.db, &app.followers, &app.passwords, &person, password, app.now_ms()).await?;
        output::line(&format!("{} can log in as an administrator.", person.email.trim()))
    })
    .await
}

/// Lets somebody who is there already log in.
pub async fn set_password(flags: &Flags, new: NewPassword) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let Some((person_id, _)) = people::credentials(&app.db, &new.email).await? else {
            return Err(Failure::new(format!("nobody has the address {}", new.email)));
        };
        let password = if new.password_stdin { password::from_stdin()? } else { password::ask()? };
        let parts = (&app.db, &app.passwords, &app.sessions);
        credentials::set_password(parts, person_id, password, app.now_ms()).await?;
        output::line(&format!("{} can log in.", new.email.trim()))
    })
    .await
}

/// Prints the token alone, so that a script can take it.
pub async fn create_token(flags: &Flags, new: NewToken) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let known: Vec<&str> = app.permissions().iter().map(|spec| spec.permission.0).collect();
        let now = app.now_ms();
        let expires_at = new.days.map(|days| now + i64::from(days) * DAY_MS);
        let wanted = tokens::NewToken { name: &new.name, scopes: &new.scopes, expires_at };
        let token = tokens::create_for(&app.db, &new.email, &wanted, &known, now).await?;
        eprintln!("Keep it: it cannot be shown again.");
        output::line(&token)
    })
    .await
}
