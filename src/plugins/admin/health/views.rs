//! The screen of the health page.

use super::model::{Finding, Verdict};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, notice, page_head};
use maud::{Markup, html};

pub fn show(findings: &[Finding]) -> Markup {
    let again = html! { a.btn.btn-outline-secondary href="/admin/health" { (icon(Icon::RotateLeft)) "Look again" } };
    let bad = findings.iter().filter(|finding| finding.verdict == Verdict::Bad).count();
    html! {
        (page_head(&[], "Health", Some("What the portal stands on, as this process sees it now."), again))
        @match bad {
            0 => { (notice(Tone::Success, "Nothing is wrong.")) }
            1 => { (notice(Tone::Danger, "One thing is wrong.")) }
            _ => { (notice(Tone::Danger, format!("{bad} things are wrong."))) }
        }
        div.table-frame tabindex="0" role="region" aria-label="Findings" { table.table.health {
            thead { tr { th scope="col" { "Part" } th scope="col" { "State" } th scope="col" { "How it is" } } }
            tbody { @for finding in findings { (row(finding)) } }
        } }
    }
}

fn row(finding: &Finding) -> Markup {
    let (class, word) = match finding.verdict {
        Verdict::Fine => ("badge good", "fine"),
        Verdict::Watch => ("badge warn", "watch"),
        Verdict::Bad => ("badge bad", "bad"),
    };
    html! {
        tr {
            th scope="row" { @if let Some(href) = finding.href { a href=(href) { (finding.part) } } @else { (finding.part) } }
            td { span class=(class) { (word) } }
            td.breaking { (finding.text) }
        }
    }
}
