//! `mail send-test`, `mail queue` and `mail retry`.

use super::{Failure, output, with_app};
use crate::config::Flags;
use crate::outbox::{self, NewMail};
use crate::web::times::ago;

/// How many are listed.
const LISTED: i64 = 500;

/// Sends at once, so that whoever sets mail up sees what the server says.
pub async fn send_test(flags: &Flags, address: &str) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let mail = NewMail {
            to: address.to_owned(),
            subject: "A test from Quarterdeck".to_owned(),
            text: format!("This mail shows that Quarterdeck at {} can send mail.\n", app.site()),
            dedup_key: format!("test:{}:{address}", app.now_ms()),
        };
        match app.outbox.send_now(&mail).await {
            Ok(Some(path)) => output::line(&format!("The mail was written to {}", path.display())),
            Ok(None) => output::line(&format!("The server took the mail to {address}.")),
            Err(why) => Err(Failure::new(format!("the mail to {address} was not sent: {why}"))),
        }
    })
    .await
}

pub async fn queue(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let status = outbox::status(&app.db).await?;
        let now = app.now_ms();
        let rows = outbox::list(&app.db, LISTED).await?.into_iter().map(|mail| {
            let (id, tries) = (mail.id.to_string(), mail.attempts.to_string());
            [id, mail.state, ago(mail.created_at, now), tries, mail.recipient, mail.subject, mail.problem]
        });
        output::table(["ID", "STATE", "WRITTEN", "TRIES", "TO", "SUBJECT", "PROBLEM"], rows.collect())?;
        output::line(&format!("{} waiting, {} failed.", status.waiting, status.failed))
    })
    .await
}

pub async fn retry(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let count = outbox::retry_failed(&app.db, app.now_ms()).await?;
        app.publish(outbox::TOPIC, "*").await;
        output::line(&format!("{count} failed mails are tried again by the server or the worker."))
    })
    .await
}
