//! What browsers report against the policy: taken in from anybody, within limits, and shown to administrators.

use crate::support::{Answer, TestApp, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::sql;

const PATH: &str = "/csp-reports";

fn report(blocked: &str) -> Vec<u8> {
    let report = serde_json::json!({ "csp-report": {
        "document-uri": "https://deck.example.org/skills?person=Ben", "effective-directive": "script-src-elem",
        "blocked-uri": blocked, "source-file": "https://deck.example.org/assets/app.js", "line-number": 7,
    } });
    report.to_string().into_bytes()
}

async fn send(app: &TestApp, body: Vec<u8>) -> Answer {
    app.stranger().send(Method::POST, PATH, &[], Some(("application/csp-report", body))).await
}

#[tokio::test]
async fn a_report_is_counted_once_for_each_kind_and_can_be_dismissed() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/admin/policy-reports").await.has_status(StatusCode::OK).shows("Nothing was reported");
        for _ in 0..3 {
            send(app, report("https://evil.example/<b>.js?secret=1")).await.has_status(StatusCode::NO_CONTENT);
        }
        send(app, report("inline")).await.has_status(StatusCode::NO_CONTENT);
        // A browser sends the cookies of the page along, and nothing that a form of ours carries.
        let cookie = [("cookie", ada.cookie.as_str()), ("origin", "https://deck.example.org")];
        let body = Some((
            "application/reports+json",
            b"[{\"type\":\"csp-violation\",\"body\":{\"effectiveDirective\":\"img-src\"}}]".to_vec(),
        ));
        app.stranger().send(Method::POST, PATH, &cookie, body).await.has_status(StatusCode::NO_CONTENT);
        let page = ada.get("/admin/policy-reports").await;
        page.shows("https://evil.example/&lt;b&gt;.js").hides("secret").hides("Ben").shows("/skills").shows("img-src");
        page.shows("<td class=\"number\">3</td>");
        let id = app.count(sql!("SELECT id FROM policy_reports WHERE blocked = 'inline'")).await;
        ada.post(&format!("/admin/policy-reports/{id}/dismissal"), &[]).await.leads_to("/admin/policy-reports");
        ada.post(&format!("/admin/policy-reports/{id}/dismissal"), &[]).await.has_status(StatusCode::NOT_FOUND);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, 2);
        ada.post("/admin/policy-reports/dismissal", &[]).await.leads_to("/admin/policy-reports");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_inbox_is_throttled_and_takes_nothing_long_or_senseless() {
    let app = TestApp::sqlite().await;
    for body in [&b"x"[..], b"", b"{}", b"[[[[", b"\xff"] {
        send(&app, body.to_vec()).await.has_status(StatusCode::NO_CONTENT);
    }
    send(&app, vec![b' '; 17 * 1024]).await.has_status(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, 0);
    let mut taken = 0;
    for number in 0..40 {
        let answer = send(&app, report(&format!("https://evil.example/{number}"))).await;
        if answer.status == 429 {
            assert_eq!(answer.header("retry-after"), "60");
        } else {
            taken += 1;
        }
    }
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, taken);
    assert!((10..20).contains(&taken), "{taken}");
    app.app.clock.advance(60_000);
    send(&app, report("https://evil.example/later")).await.has_status(StatusCode::NO_CONTENT);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, taken + 1);
    app.stop().await;
}

#[tokio::test]
async fn there_are_never_more_than_so_many_kinds_and_old_ones_are_forgotten() {
    on_every_database(async |app| {
        use quarterdeck::policy_reports::{Report, count, purge};
        for number in 0..510 {
            let report = &Report::read(&report(&format!("https://evil.example/{number}")))[0];
            count(&app.app.db, report, app.app.now_ms()).await.unwrap();
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM policy_reports")).await, 500);
        app.app.clock.advance(31 * 24 * 3_600_000);
        assert_eq!(purge(&app.app.db, app.app.now_ms()).await.unwrap(), 500);
    })
    .await;
}

#[tokio::test]
async fn only_administrators_see_them() {
    let app = TestApp::sqlite().await;
    let olga = app.sign_in("auditor", "Olga Auditor", None).await;
    olga.get("/admin/policy-reports").await.has_status(StatusCode::FORBIDDEN);
    olga.post("/admin/policy-reports/dismissal", &[]).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}
