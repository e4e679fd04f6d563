//! `doctor`: whether the data is sound. What it finds it prints, and mends nothing.

use super::{Failure, output, with_app};
use crate::config::Flags;
use crate::events::chain::{self, Anchor, Verdict};

#[derive(clap::Args)]
pub struct Examination {
    /// Place and hash of the audit log's chain as an earlier run printed them: proves that nothing before was replaced
    #[arg(long, value_name = "PLACE:HASH")]
    anchor: Option<String>,
}

pub async fn run(flags: &Flags, examination: Examination) -> Result<(), Failure> {
    let anchor = examination.anchor.as_deref().map(read_anchor).transpose()?;
    with_app(flags, async |app| {
        let verdict = chain::verify(&app.db, anchor.as_ref(), app.now_ms()).await?;
        output::line(&audit_log(&verdict))?;
        if let Some(head) = &verdict.head {
            output::line(&format!("The audit log's head, to be kept elsewhere and given to --anchor: {head}"))?;
        }
        verdict.broken.map_or(Ok(()), |broken| Err(Failure::new(format!("audit log: {broken}"))))
    })
    .await
}

fn read_anchor(text: &str) -> Result<Anchor, Failure> {
    Anchor::parse(text)
        .ok_or_else(|| Failure::new("--anchor takes a place and a hash as doctor prints them, PLACE:HASH"))
}

fn audit_log(verdict: &Verdict) -> String {
    if let Some(broken) = &verdict.broken {
        return format!("BAD  audit log  {broken}");
    }
    let sealed = verdict.head.as_ref().map_or(0, |head| head.position);
    let events = if sealed == 1 { "event" } else { "events" };
    format!("ok   audit log  {sealed} {events} as sealed, {} not sealed yet", verdict.waiting)
}
