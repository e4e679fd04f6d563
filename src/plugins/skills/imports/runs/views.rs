//! An import while it runs and after it ended, and those of late.

use maud::{Markup, html};

use super::super::Progress;
use super::super::recent::model::Recent;
use super::model::{Import, Report, State};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, notice, page_head};
use crate::web::times::{ago, date};

const TRAIL: [(&str, &str); 2] = [("Skills matrix", "/skills"), ("Import", "/skills/imports")];

/// Asks for itself every second; without scripts a link does. `progress` is none where another process writes it.
pub fn running(import: &Import, progress: Option<&Progress>) -> Markup {
    let path = format!("/skills/imports/{}", import.id);
    let about = format!("{} is being imported. You can leave this page; the import goes on.", import.file_name);
    let counts = progress.and_then(Progress::counts);
    html! {
        div hx-get=(path) hx-trigger="every 1s" hx-swap="outerHTML" {
            (page_head(&TRAIL, "Importing", Some(&about), html! {}))
            @match counts {
                Some((done, total)) => progress.import-progress max=(total) value=(done) aria-label="Ratings written" {},
                None => progress.import-progress aria-label="Ratings written" {},
            }
            p role="status" {
                @match progress { Some(progress) => (progress), None => "It runs in another process of the portal …" }
            }
            div.form-actions { a.btn.btn-outline-secondary href=(path) { "Look again" } }
        }
    }
}

/// `stands`: there is something to take back, and nobody has done so.
pub fn done(import: &Import, report: &Report, stands: bool, csrf: &str) -> Markup {
    let is_undone = report.batch_id.is_some() && !stands;
    html! {
        (page_head(&TRAIL, "Imported", Some(&import.file_name), html! {}))
        @if is_undone {
            (notice(Tone::Info, html! { "This import was taken back. It had brought: " (report.done) "." }))
        } @else {
            (notice(Tone::Success, html! { (import.file_name) " is imported: " (report.done) "." }))
        }
        @if !report.notices.is_empty() {
            (notice(Tone::Info, html! { ul { @for text in &report.notices { li { (text) } } } }))
        }
        div.form-actions {
            a.btn.btn-primary href="/skills" { (icon(Icon::TableCells)) "Open the matrix" }
            @if let Some(batch_id) = report.batch_id.filter(|_| stands) { (undo_form(batch_id, None, csrf)) }
        }
    }
}

/// `file` is named to those who cannot see beside which line the button stands.
fn undo_form(batch_id: i64, file: Option<&str>, csrf: &str) -> Markup {
    let label = file.map(|file| format!("Undo the import of {file}"));
    let class = if file.is_some() { "btn btn-sm btn-outline-secondary" } else { "btn btn-outline-secondary" };
    html! {
        form method="post" action={ "/skills/batches/" (batch_id) "/reversal" } hx-boost="false" {
            (csrf_field(csrf))
            button class=(class) type="submit" aria-label=[label] {
                (icon(Icon::RotateLeft)) @if file.is_some() { "Undo" } @else { "Undo this import" }
            }
        }
    }
}

/// What was imported before.
pub struct Past<'a> {
    /// Uploads of one's own that wait or run.
    pub open: &'a [Import],
    pub recent: &'a [Recent],
    pub now_ms: i64,
    pub csrf: &'a str,
}

pub fn past(past: &Past<'_>) -> Markup {
    html! {
        @for import in past.open { (notice(Tone::Info, open_line(import))) }
        @if !past.recent.is_empty() {
            h2 { "Recent imports" }
            div.table-frame tabindex="0" role="region" aria-label="Recent imports" {
                table.table {
                    thead {
                        tr {
                            th scope="col" { "File" } th scope="col" { "When" } th.wide-only scope="col" { "Who" }
                            th scope="col" { "What it did" } th scope="col" { "Undo" }
                        }
                    }
                    tbody { @for import in past.recent { (row(import, past)) } }
                }
            }
        }
    }
}

fn open_line(import: &Import) -> Markup {
    let path = format!("/skills/imports/{}", import.id);
    let text = match import.state {
        State::Running => " is being imported.",
        State::Failed(_) => " could not be imported. Nothing was written.",
        State::Waiting { .. } | State::Done(_) => " waits for you to look at its preview.",
    };
    html! { (import.file_name) (text) " " a href=(path) { "Go on" } }
}

fn row(import: &Recent, past: &Past<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (import.file_name) }
            td title=(date(import.at)) { (ago(import.at, past.now_ms)) }
            td.wide-only { (import.person.as_deref().unwrap_or("Command line")) }
            td { (import.done) }
            td {
                @match import.undone_at {
                    Some(at) => span.quiet { "Taken back " (ago(at, past.now_ms)) },
                    None => (undo_form(import.batch_id, Some(&import.file_name), past.csrf)),
                }
            }
        }
    }
}
