//! Where mails go: to an SMTP server, into a folder as .eml files while developing, or nowhere.

use super::NewMail;
use crate::config::{Mail, MailTransport};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the server may take for one answer, and for all of a mail.
const ANSWER: Duration = Duration::from_secs(30);
pub(super) const WHOLE_MAIL: Duration = Duration::from_secs(120);
/// Connections that a process keeps open.
const CONNECTIONS: u32 = 4;

pub(super) enum Transport {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
    Off,
}

/// How it went. The texts are what the server said, or the system.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The file, where it went into a folder.
    Sent(Option<PathBuf>),
    /// Not now.
    Later(String),
    /// No mail can be sent at the moment; this one is not to blame.
    Unreachable(String),
    /// Never.
    Refused(String),
}

impl Transport {
    pub fn of(config: &Mail) -> Result<Self, smtp::Error> {
        match (config.transport, &config.url) {
            (MailTransport::Smtp, Some(url)) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())?;
                let pool = PoolConfig::new().max_size(CONNECTIONS);
                Ok(Transport::Smtp(Box::new(builder.timeout(Some(ANSWER)).pool_config(pool).build())))
            }
            (MailTransport::Folder, _) => Ok(Transport::Folder(PathBuf::from(&config.folder))),
            (MailTransport::Off | MailTransport::Smtp, _) => Ok(Transport::Off),
        }
    }

    /// `name` is a file's, made of the portal's own numbers.
    pub async fn send(&self, message: Message, mail: &NewMail, name: &str) -> Outcome {
        match self {
            Transport::Smtp(server) => match tokio::time::timeout(WHOLE_MAIL, server.send(message)).await {
                Ok(Ok(_)) => Outcome::Sent(None),
                Ok(Err(error)) => outcome_of(&error),
                Err(_) => Outcome::Later(format!("the server took longer than {WHOLE_MAIL:?}")),
            },
            Transport::Folder(folder) => match write(folder, name, &message.formatted()).await {
                Ok(path) => {
                    tracing::info!(to = mail.to, subject = mail.subject, file = %path.display(), "a mail was written");
                    Outcome::Sent(Some(path))
                }
                Err(error) => Outcome::Unreachable(format!("{}: {error}", folder.display())),
            },
            Transport::Off => Outcome::Refused("mail is switched off (mail.transport)".to_owned()),
        }
    }
}

/// A refusal of the log-in (RFC 4954: 530 to 538) says nothing about the mail: somebody has to mend the configuration.
fn outcome_of(error: &smtp::Error) -> Outcome {
    let code = error.status().map(u16::from);
    let text = in_full(error);
    match code {
        Some(530..=538) | None => Outcome::Unreachable(text),
        Some(_) if error.is_permanent() => Outcome::Refused(text),
        Some(_) => Outcome::Later(text),
    }
}

/// An error together with what caused it.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// Moved into place, so that whoever looks on never reads half a mail. Only its owner may read it: it may hold a link
/// that leads in.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    tokio::fs::create_dir_all(folder).await?;
    let folder = tokio::fs::canonicalize(folder).await?;
    let (part, path) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&part).await?;
    tokio::io::AsyncWriteExt::write_all(&mut file, bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&part, &path).await?;
    Ok(path)
}
