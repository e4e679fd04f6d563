//! The import in the browser, from the form to the acceptance.

use poem::http::StatusCode;
use quarterdeck::plugins::skills::imports::PURGE;
use quarterdeck::sql;

use super::{import, rating, ratings, stored};
use crate::support::{Answer, TestApp, Visitor, on_every_database};

const FILE: &[u8] = b"name,email,team,Welding\nAnn,ann@x.example,Night,3\n";
const HOUR_MS: i64 = 3_600_000;

pub async fn send(visitor: &Visitor<'_>, bytes: &[u8]) -> String {
    let answer = visitor.upload("/skills/imports", &[("kind", "ratings"), ("scale", "")], "f.csv", bytes).await;
    answer.has_status(StatusCode::SEE_OTHER).header("location").to_owned()
}

pub fn fingerprint(preview: &Answer) -> String {
    let (_, rest) = preview.text().split_once("name=\"fingerprint\" value=\"").expect("the preview can be accepted");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_uploaded_previewed_and_accepted() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/skills/imports").await.has_status(StatusCode::OK).is_page().shows("type=\"file\"").shows("0–10");
        let path = send(&ada, FILE).await;
        let preview = ada.get(&path).await;
        preview
            .has_status(StatusCode::OK)
            .is_page()
            .shows("1 team, 1 person, 1 skill, 1 rating new")
            .shows("scale ILUO");
        assert_eq!(stored(app).await, [], "a preview writes nothing");
        let form = [("fingerprint", fingerprint(&preview))];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ada.post(&format!("{path}/acceptance"), &form).await.leads_to(&path);
        assert_eq!(stored(app).await, [rating("Ann", "Welding", Some(300), None, "", 1)]);
        let done = ada.get(&path).await;
        done.has_status(StatusCode::OK).is_page().shows("f.csv is imported: 1 team, 1 person, 1 skill, 1 rating new");
        done.shows("Undo this import").hides("hx-trigger=\"every 1s\"");
        ada.fragment(&path).await.is_fragment().shows("f.csv is imported");
        ada.post(&format!("{path}/acceptance"), &form).await.leads_to(&path);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_batches")).await, 1, "accepted twice, done once");
    })
    .await;
}

#[tokio::test]
async fn a_change_meanwhile_shows_the_preview_anew() {
    on_every_database(async |app| {
        import(app, &ratings("name,email,skill,level,scale\nAnn,ann@x.example,Welding,1,ILUO\n")).await;
        let ada = app.administrator().await;
        let path = send(&ada, FILE).await;
        let seen = fingerprint(&ada.get(&path).await);
        app.app.db.q(sql!("UPDATE ratings SET level = 200, version = version + 1")).execute().await.unwrap();
        let answer = ada.post(&format!("{path}/acceptance"), &[("fingerprint", &seen)]).await;
        answer
            .has_status(StatusCode::CONFLICT)
            .is_page()
            .shows("Somebody changed something")
            .shows("<td>L</td><td>U</td>");
        assert_eq!(stored(app).await[0].level, Some(200));
        let now = fingerprint(&answer);
        ada.post(&format!("{path}/acceptance"), &[("fingerprint", &now)]).await.leads_to(&path);
        assert_eq!(stored(app).await[0].level, Some(300));
    })
    .await;
}

#[tokio::test]
async fn what_became_refused_cannot_be_accepted() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let path = send(&ada, FILE).await;
    let seen = fingerprint(&ada.get(&path).await);
    import(&app, &ratings("name,skill,level,scale\nBo,Welding,1,Yes/No\n")).await;
    let preview = ada.get(&path).await;
    preview.has_status(StatusCode::OK).shows("from No to Yes").hides("/acceptance");
    let answer = ada.post(&format!("{path}/acceptance"), &[("fingerprint", &seen)]).await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("<td>2</td><td>Welding</td>");
    assert_eq!(stored(&app).await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn the_form_tells_what_is_missing() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let none = ada.upload("/skills/imports", &[("kind", "ratings"), ("scale", "")], "", b"").await;
    none.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("Choose a file.");
    let kind = ada.upload("/skills/imports", &[("kind", "pets"), ("scale", "")], "f.csv", FILE).await;
    kind.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Choose what the file holds.");
    let scale = ada.upload("/skills/imports", &[("kind", "ratings"), ("scale", "yards")], "f.csv", FILE).await;
    scale.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is no scale “yards”.");
    ada.fragment("/skills/imports").await.has_status(StatusCode::OK).is_fragment().shows("type=\"file\"");
    app.stop().await;
}

#[tokio::test]
async fn an_upload_belongs_to_who_sent_it_and_is_one() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let eve = app.sign_in("administrator", "Eve Other", None).await;
        let first = send(&ada, FILE).await;
        eve.get(&first).await.has_status(StatusCode::NOT_FOUND);
        eve.post(&format!("{first}/acceptance"), &[("fingerprint", "")]).await.has_status(StatusCode::NOT_FOUND);
        eve.post(&format!("{first}/withdrawal"), &[]).await.leads_to("/skills/imports");
        ada.fragment(&first).await.has_status(StatusCode::OK).is_fragment().shows("1 rating new");
        let second = send(&ada, b"name,Casting\nBo,1\n").await;
        ada.get(&first).await.has_status(StatusCode::NOT_FOUND);
        ada.get(&second).await.has_status(StatusCode::OK).shows("Casting");
        ada.post(&format!("{second}/withdrawal"), &[]).await.leads_to("/skills/imports");
        ada.get(&second).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_import_sees_nothing_of_it() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let path = send(&ada, FILE).await;
    let mia = app.sign_in("lead", "Mia Lead", None).await;
    for hidden in ["/skills/imports", &path] {
        mia.get(hidden).await.has_status(StatusCode::FORBIDDEN);
    }
    let sent = mia.upload("/skills/imports", &[("kind", "ratings")], "f.csv", FILE).await;
    sent.has_status(StatusCode::FORBIDDEN);
    for action in ["acceptance", "withdrawal"] {
        mia.post(&format!("{path}/{action}"), &[("fingerprint", "")]).await.has_status(StatusCode::FORBIDDEN);
    }
    app.stranger().get(&path).await.has_status(StatusCode::SEE_OTHER);
    ada.get("/skills/imports/99999").await.has_status(StatusCode::NOT_FOUND);
    ada.get("/skills/imports/x").await.has_status(StatusCode::NOT_FOUND);
    ada.get(&path).await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn an_upload_waits_for_a_day() {
    on_every_database(async |app| {
        let id = app.person("Ada Admin", None).await;
        app.give_role(id, "administrator").await;
        let path = send(&app.visit_as(id).await, FILE).await;
        app.app.clock.advance(23 * HOUR_MS);
        (PURGE.run)(&app.app).await.unwrap();
        app.visit_as(id).await.get(&path).await.has_status(StatusCode::OK);
        app.app.clock.advance(2 * HOUR_MS);
        (PURGE.run)(&app.app).await.unwrap();
        app.visit_as(id).await.get(&path).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_templates_are_files_that_an_import_takes() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for (name, kind) in [("ratings-long.csv", "ratings"), ("ratings-wide.csv", "ratings"), ("skills.csv", "skills")] {
        let template = ada.get(&format!("/skills/imports/templates/{name}")).await;
        template.has_status(StatusCode::OK);
        assert_eq!(template.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        let fields = [("kind", kind), ("scale", "")];
        ada.upload("/skills/imports", &fields, name, &template.bytes).await.has_status(StatusCode::SEE_OTHER);
    }
    ada.get("/skills/imports/templates/other.csv").await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}
