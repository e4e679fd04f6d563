//! `doctor`: whether the data is sound. What it finds it prints, and mends nothing.

use super::{Failure, output, with_app};
use crate::accounts::examination;
use crate::app::App;
use crate::config::Flags;
use crate::events::chain::{self, Anchor, Verdict};

#[derive(clap::Args)]
pub struct Examination {
    /// Place and hash of the audit log's chain as an earlier run printed them: proves that nothing before was replaced
    #[arg(long, value_name = "PLACE:HASH")]
    anchor: Option<String>,
}

/// What was looked at, and what is wrong with it.
struct Finding {
    part: &'static str,
    text: String,
    is_sound: bool,
}

impl Finding {
    fn line(&self) -> String {
        let verdict = if self.is_sound { "ok" } else { "BAD" };
        format!("{verdict:<4} {:<10} {}", self.part, self.text)
    }
}

pub async fn run(flags: &Flags, examination: Examination) -> Result<(), Failure> {
    let anchor = examination.anchor.as_deref().map(read_anchor).transpose()?;
    with_app(flags, async |app| {
        // A database that lacks migrations was refused before this.
        let mut findings =
            vec![Finding { part: "database", text: "every migration has run".to_owned(), is_sound: true }];
        let verdict = chain::verify(&app.db, anchor.as_ref(), app.now_ms()).await?;
        findings.push(audit_log(&verdict));
        findings.extend(rows(app).await?);
        for finding in &findings {
            output::line(&finding.line())?;
        }
        if let Some(head) = &verdict.head {
            output::line(&format!("The audit log's head, to be kept elsewhere and given to --anchor: {head}"))?;
        }
        first_problem(&findings)
    })
    .await
}

fn read_anchor(text: &str) -> Result<Anchor, Failure> {
    Anchor::parse(text)
        .ok_or_else(|| Failure::new("--anchor takes a place and a hash as doctor prints them, PLACE:HASH"))
}

fn audit_log(verdict: &Verdict) -> Finding {
    let sealed = verdict.head.as_ref().map_or(0, |head| head.position);
    let text = match &verdict.broken {
        Some(broken) => broken.to_string(),
        None => format!("{} as they were sealed, {} not sealed yet", counted(sealed, "event"), verdict.waiting),
    };
    Finding { part: "audit log", text, is_sound: verdict.broken.is_none() }
}

/// What the accounts and the plugins know of their own tables.
async fn rows(app: &App) -> Result<Vec<Finding>, Failure> {
    let mut found: Vec<(&str, &str, i64)> = Vec::new();
    found.extend(examination::examine(&app.db).await?.into_iter().map(|(what, count)| ("accounts", what, count)));
    for plugin in app.plugins.iter() {
        let Some(examine) = plugin.examine else { continue };
        found.extend(examine(app).await?.into_iter().map(|(what, count)| (plugin.id, what, count)));
    }
    let finding = |(part, what, count): (&'static str, &str, i64)| Finding {
        part,
        text: if count == 0 { format!("no {what}") } else { format!("{count} {what}") },
        is_sound: count == 0,
    };
    Ok(found.into_iter().map(finding).collect())
}

fn first_problem(findings: &[Finding]) -> Result<(), Failure> {
    let mut problems = findings.iter().filter(|finding| !finding.is_sound);
    let Some(first) = problems.next() else { return Ok(()) };
    let count = 1 + problems.count() as i64;
    Err(Failure::new(format!("{}, the first: {}: {}", counted(count, "problem"), first.part, first.text)))
}

fn counted(count: i64, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
