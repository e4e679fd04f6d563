//! Looks at each part, and says in a sentence how it is. A part that does not answer is a finding, never an error.

use super::super::SYSTEM;
use crate::accounts::Actor;
use crate::app::{App, database_options};
use crate::db::{Db, Pending};
use crate::error::Result;
use crate::events::chain;
use crate::jobs;
use crate::outbox;
use crate::web::security_headers::SecurityHeaders;
use crate::web::self_check::{self, Checked};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Whoever looks at the page waits no longer for one part.
const PATIENCE: Duration = Duration::from_secs(3);
/// Less free space than this is told of, and less than that is a problem.
const LITTLE_BYTES: u64 = 2 << 30;
const TOO_LITTLE_BYTES: u64 = 200 << 20;

/// A mail that waits for longer is told of: the server takes nothing, or nobody sends.
const LATE_MAIL_MS: i64 = 15 * 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    Watch,
    Bad,
}

#[derive(Clone, Debug)]
pub struct Finding {
    pub part: &'static str,
    pub verdict: Verdict,
    pub text: String,
    /// Where to see more.
    pub href: Option<&'static str>,
}

fn finding(part: &'static str, verdict: Verdict, text: impl Into<String>) -> Finding {
    Finding { part, verdict, text: text.into(), href: None }
}

pub async fn look(app: &App, actor: &Actor) -> Result<Vec<Finding>> {
    actor.require(SYSTEM)?;
    let mut found = vec![database(app).await, migrations(app).await, pool(app), redis(app).await, disk(app)];
    found.push(mail(app).await);
    found.push(background(app).await);
    found.push(audit_log(app).await);
    found.extend(headers(app).await);
    Ok(found)
}

async fn database(app: &App) -> Finding {
    let (began, name) = (Instant::now(), app.db.dialect().title());
    match timeout(PATIENCE, app.db.ping()).await {
        Ok(Ok(())) => finding("Database", Verdict::Fine, format!("{name} answers in {}", took(began))),
        Ok(Err(error)) => finding("Database", Verdict::Bad, format!("{name}: {error}")),
        Err(_) => finding("Database", Verdict::Bad, format!("{name} has not answered within {PATIENCE:?}")),
    }
}

fn took(began: Instant) -> String {
    format!("{:.1} ms", began.elapsed().as_secs_f64() * 1000.0)
}

async fn migrations(app: &App) -> Finding {
    match timeout(PATIENCE, Db::pending(&database_options(&app.config))).await {
        Ok(Ok(Pending::Nothing)) => finding("Migrations", Verdict::Fine, "Every migration has run"),
        Ok(Ok(Pending::Migrations(count))) => {
            finding("Migrations", Verdict::Bad, format!("{count} have not run; call quarterdeck migrate"))
        }
        Ok(Err(error)) => finding("Migrations", Verdict::Bad, error.to_string()),
        Err(_) => finding("Migrations", Verdict::Watch, format!("no answer within {PATIENCE:?}")),
    }
}

fn pool(app: &App) -> Finding {
    let pool = app.db.connections();
    let text = format!("{} of at most {} connections are open, {} of them idle", pool.open, pool.most, pool.idle);
    let is_used_up = pool.open >= pool.most && pool.idle == 0;
    finding("Connections", if is_used_up { Verdict::Watch } else { Verdict::Fine }, text)
}

async fn redis(app: &App) -> Finding {
    let Some(redis) = &app.redis else {
        return finding("Redis", Verdict::Fine, "Not configured; one process serves alone");
    };
    let began = Instant::now();
    match redis.ping().await {
        Ok(()) => finding("Redis", Verdict::Fine, format!("answers in {}", took(began))),
        Err(error) => {
            finding("Redis", Verdict::Bad, format!("does not answer, so that processes hear of changes late: {error}"))
        }
    }
}

fn disk(app: &App) -> Finding {
    let folder = data_folder(app);
    let shown = folder.display();
    match rustix::fs::statvfs(&folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let verdict = match free {
                ..TOO_LITTLE_BYTES => Verdict::Bad,
                TOO_LITTLE_BYTES..LITTLE_BYTES => Verdict::Watch,
                _ => Verdict::Fine,
            };
            finding("Disk", verdict, format!("{} free at {shown}", size(free)))
        }
        Err(error) => finding("Disk", Verdict::Watch, format!("{shown}: {error}")),
    }
}

/// Where the database's file lies; of a database server, where this process works.
fn data_folder(app: &App) -> PathBuf {
    let url = app.config.database.url.expose();
    let file = url.strip_prefix("sqlite://").map(|rest| rest.split('?').next().unwrap_or_default());
    let folder = file.and_then(|file| Path::new(file).parent()).filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_073_741_824 => format!("{} MiB", bytes >> 20),
        _ => format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64),
    }
}

async fn mail(app: &App) -> Finding {
    if !app.outbox.is_on() {
        return finding("Mail", Verdict::Watch, "No server is configured, so that nobody gets a mail");
    }
    let status = match timeout(PATIENCE, outbox::status(&app.db)).await {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => return finding("Mail", Verdict::Bad, error.to_string()),
        Err(_) => return finding("Mail", Verdict::Watch, format!("no answer within {PATIENCE:?}")),
    };
    let is_late = status.oldest.is_some_and(|at| app.now_ms() - at > LATE_MAIL_MS);
    let verdict = match (status.failed, is_late) {
        (0, false) => Verdict::Fine,
        (0, true) => Verdict::Watch,
        _ => Verdict::Bad,
    };
    finding("Mail", verdict, format!("{} wait, {} were given up within 30 days", status.waiting, status.failed))
}

async fn background(app: &App) -> Finding {
    let href = Some("/admin/jobs");
    let found = match timeout(PATIENCE, jobs::runs(&app.db)).await {
        Ok(Ok(runs)) => {
            let failed: Vec<&str> =
                runs.iter().filter(|run| !run.error.is_empty()).map(|run| run.name.as_str()).collect();
            let waiting = runs.iter().filter(|run| run.requested_at.is_some()).count();
            match failed.as_slice() {
                [] => finding("Jobs", Verdict::Fine, format!("None failed; {waiting} are asked for")),
                names => finding("Jobs", Verdict::Bad, format!("failed: {}", names.join(", "))),
            }
        }
        Ok(Err(error)) => finding("Jobs", Verdict::Bad, error.to_string()),
        Err(_) => finding("Jobs", Verdict::Watch, format!("no answer within {PATIENCE:?}")),
    };
    Finding { href, ..found }
}

async fn audit_log(app: &App) -> Finding {
    let found = match timeout(PATIENCE, chain::waiting(&app.db)).await {
        Ok(Ok((count, oldest))) => {
            let is_late = oldest.is_some_and(|at| app.now_ms() - at > chain::LONGEST_WAIT_MS);
            let verdict = if is_late { Verdict::Bad } else { Verdict::Fine };
            finding("Audit log", verdict, format!("{count} entries wait to be sealed"))
        }
        Ok(Err(error)) => finding("Audit log", Verdict::Bad, error.to_string()),
        Err(_) => finding("Audit log", Verdict::Watch, format!("no answer within {PATIENCE:?}")),
    };
    Finding { href: Some("/admin/audit"), ..found }
}

/// What really leaves this process's port.
async fn headers(app: &App) -> Vec<Finding> {
    let Some(address) = app.address() else {
        return vec![finding(
            "Headers",
            Verdict::Watch,
            "This process listens on no port of its own, so nothing can be asked",
        )];
    };
    let http = &app.config.http;
    let wanted = SecurityHeaders { hsts: http.hsts, xss_protection: http.xss_protection };
    self_check::check(address, wanted).await.iter().map(of_answer).collect()
}

fn of_answer(checked: &Checked) -> Finding {
    let asked = checked.asked;
    match (checked.status, checked.wrong.as_slice()) {
        (None, _) => finding("Headers", Verdict::Bad, format!("{asked}: no answer")),
        (Some(status), []) => finding("Headers", Verdict::Fine, format!("{asked} ({status}): all are there")),
        (Some(status), wrong) => {
            finding("Headers", Verdict::Bad, format!("{asked} ({status}): missing or different: {}", wrong.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(size(0), "0 MiB");
        assert_eq!(size(300 << 20), "300 MiB");
        assert_eq!(size(5 << 29), "2.5 GiB");
    }
}
