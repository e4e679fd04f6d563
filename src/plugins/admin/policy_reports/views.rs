//! The screen of the policy reports.

use crate::policy_reports::Counted;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, page_head};
use crate::web::times;
use maud::{Markup, html};

pub fn index(reports: &[Counted], now_ms: i64, csrf: &str) -> Markup {
    let actions = html! {
        @if !reports.is_empty() {
            form method="post" action="/admin/policy-reports/dismissal" {
                (csrf_field(csrf))
                button.btn.btn-outline-secondary type="submit" { (icon(Icon::Trash)) "Dismiss all" }
            }
        }
    };
    let about = "What browsers kept a page from doing. Each line is a mistake of the portal, an extension of somebody's \
                 browser, or an attempt to run something here.";
    html! {
        (page_head(&[], "Policy reports", Some(about), actions))
        @if reports.is_empty() {
            (empty_state(Icon::ShieldHalved, "Nothing was reported", "Every page does what the policy allows, and nothing else.", html! {}))
        } @else { (table(reports, now_ms, csrf)) }
    }
}

fn table(reports: &[Counted], now_ms: i64, csrf: &str) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Reports" { table.table {
            thead { tr {
                th scope="col" { "Last" } th.number scope="col" { "Times" } th scope="col" { "Directive" } th scope="col" { "Blocked" }
                th.wide-only scope="col" { "Page" } th.wide-only scope="col" { "Source" } th.number scope="col" { "Action" }
            } }
            tbody { @for report in reports { (row(report, now_ms, csrf)) } }
        } }
    }
}

fn row(report: &Counted, now_ms: i64, csrf: &str) -> Markup {
    html! {
        tr {
            td.nowrap title={ "First: " (times::moment(report.first_at)) } { (times::ago(report.last_at, now_ms)) }
            td.number { (report.times) }
            th scope="row" { code { (report.directive) } }
            td.breaking { (report.blocked) }
            td.wide-only.breaking { (report.page) }
            td.wide-only.breaking { (report.source) @if report.line > 0 { ":" (report.line) } }
            td.actions {
                form method="post" action={ "/admin/policy-reports/" (report.id) "/dismissal" } {
                    (csrf_field(csrf))
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Dismiss " (report.directive) " " (report.blocked) } { "Dismiss" }
                }
            }
        }
    }
}
