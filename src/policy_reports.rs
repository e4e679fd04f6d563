//! What browsers report against the Content-Security-Policy: a page that asked for something the policy forbids, which is
//! a mistake of ours, an extension of the browser, or somebody's attempt to run something here.
//!
//! Table: policy_reports. Anybody can send such reports, so each kind stands there once and is counted, and there are never
//! more than `MOST` kinds. Of addresses only the path is kept.

use crate::db::{self, Db};
use crate::sql;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How many kinds are kept.
const MOST: i64 = 500;
/// How many are taken out of one request.
const AT_ONCE: usize = 10;
const MAX_CHARS: usize = 300;
/// What nobody has reported for longer is forgotten, in milliseconds.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A violation of the policy, as a browser tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The directive that was in the way: `script-src-elem`.
    pub directive: String,
    /// What was asked for: an address, `inline` or `eval`.
    pub blocked: String,
    /// The page's path.
    pub page: String,
    /// The file that asked, and the line in it; empty and 0 where the browser does not tell.
    pub source: String,
    pub line: i64,
}

impl Report {
    /// Reads both forms in which browsers send reports: one by `report-uri`, or a list by `report-to`.
    pub fn read(body: &[u8]) -> Vec<Report> {
        match serde_json::from_slice(body) {
            Ok(Value::Array(items)) => {
                let violations = items.iter().filter(|item| item["type"] == "csp-violation");
                violations.filter_map(|item| Self::of_list(&item["body"])).take(AT_ONCE).collect()
            }
            Ok(single) => Self::of_single(&single["csp-report"]).into_iter().collect(),
            Err(_) => Vec::new(),
        }
    }

    fn of_list(body: &Value) -> Option<Report> {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let line = body["lineNumber"].as_i64().unwrap_or(0);
        Self::of(text("effectiveDirective"), text("blockedURL"), text("documentURL"), text("sourceFile"), line)
    }

    fn of_single(body: &Value) -> Option<Report> {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let directive = if text("effective-directive").is_empty() {
            text("violated-directive")
        } else {
            text("effective-directive")
        };
        let line = body["line-number"].as_i64().unwrap_or(0);
        Self::of(directive, text("blocked-uri"), text("document-uri"), text("source-file"), line)
    }

    fn of(directive: &str, blocked: &str, page: &str, source: &str, line: i64) -> Option<Report> {
        // The whole directive may come with its values behind it.
        let directive = directive.split_whitespace().next()?;
        Some(Report {
            directive: cut(directive, 80),
            blocked: without_query(blocked),
            page: path_of(page),
            source: without_query(source),
            line: line.clamp(0, 1_000_000),
        })
    }

    fn key(&self) -> String {
        let Report { directive, blocked, page, source, line } = self;
        let text = serde_json::json!([directive, blocked, page, source, line]).to_string();
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(chars).collect()
}

/// What follows may be personal.
fn without_query(address: &str) -> String {
    cut(address.split(['?', '#']).next().unwrap_or_default(), MAX_CHARS)
}

fn path_of(address: &str) -> String {
    let address = without_query(address);
    let Some((_, rest)) = address.split_once("://") else { return address };
    rest.find('/').map_or_else(|| "/".to_owned(), |start| rest[start..].to_owned())
}

/// A kind of violation, and how often it came.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counted {
    pub id: i64,
    pub directive: String,
    pub blocked: String,
    pub page: String,
    pub source: String,
    pub line: i64,
    pub times: i64,
    /// In UTC milliseconds.
    pub first_at: i64,
    pub last_at: i64,
}

/// Counts a report. One of a new kind is left out when there are too many kinds already.
pub async fn count(db: &Db, report: &Report, now_ms: i64) -> db::Result<()> {
    let key = report.key();
    let query = db.q(sql!("UPDATE policy_reports SET times = times + 1, last_at = ? WHERE dedup_key = ?"));
    if query.bind(now_ms).bind(key.clone()).execute().await? > 0 {
        return Ok(());
    }
    let (known,) = db.q(sql!("SELECT COUNT(*) FROM policy_reports")).one::<(i64,)>().await?;
    if known >= MOST {
        return Ok(());
    }
    let query = db.q(sql!(
        "INSERT INTO policy_reports (dedup_key, directive, blocked, page, source, line, times, first_at, last_at)
         VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)"
    ));
    let Report { directive, blocked, page, source, line } = report;
    let query = query.bind(key).bind(directive.clone()).bind(blocked.clone()).bind(page.clone());
    match query.bind(source.clone()).bind(*line).bind(now_ms).bind(now_ms).execute().await {
        // Another process took the same one in at this moment.
        Ok(_) | Err(db::Error::Unique) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Forgets what has not come for a month, and returns how many kinds that were.
pub async fn purge(db: &Db, now_ms: i64) -> db::Result<u64> {
    db.q(sql!("DELETE FROM policy_reports WHERE last_at < ?")).bind(now_ms - KEPT_MS).execute().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_alike() {
        let single = br#"{"csp-report":{"document-uri":"https://deck.example.org/skills?team=2#x","violated-directive":"script-src 'self'",
            "blocked-uri":"https://evil.example/a.js?token=1","source-file":"https://deck.example.org/app.js","line-number":12}}"#;
        let list = br#"[{"type":"deprecation","body":{}},{"type":"csp-violation","url":"x","body":{"documentURL":"https://deck.example.org/skills?team=3",
            "effectiveDirective":"script-src","blockedURL":"https://evil.example/a.js","sourceFile":"https://deck.example.org/app.js","lineNumber":12}}]"#;
        let expected = Report {
            directive: "script-src".to_owned(),
            blocked: "https://evil.example/a.js".to_owned(),
            page: "/skills".to_owned(),
            source: "https://deck.example.org/app.js".to_owned(),
            line: 12,
        };
        assert_eq!(Report::read(single), std::slice::from_ref(&expected));
        assert_eq!(Report::read(list), [expected]);
    }

    #[test]
    fn what_is_no_report_is_none_and_what_is_long_is_cut() {
        for body in [
            &b""[..],
            b"{}",
            b"[]",
            b"[1,null]",
            b"{\"csp-report\":3}",
            b"\xff\xfe",
            b"{\"csp-report\":{\"document-uri\":\"/\"}}",
        ] {
            assert_eq!(Report::read(body), []);
        }
        let long = format!(
            "[{}]",
            vec![r#"{"type":"csp-violation","body":{"effectiveDirective":"img-src","lineNumber":-5}}"#; 50].join(",")
        );
        assert_eq!(Report::read(long.as_bytes()).len(), AT_ONCE);
        let wide = format!(
            r#"{{"csp-report":{{"effective-directive":"{}","blocked-uri":"{}"}}}}"#,
            "d".repeat(999),
            "é\\n".repeat(999)
        );
        let read = &Report::read(wide.as_bytes())[0];
        assert_eq!((read.directive.chars().count(), read.blocked.chars().count()), (80, MAX_CHARS));
        assert_eq!(path_of("https://deck.example.org"), "/");
    }
}
