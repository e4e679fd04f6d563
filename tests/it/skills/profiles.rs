//! Role profiles: taken in from a file, found, and made the beginning of a job role.

use super::skill;
use super::targets::required;
use crate::import_files::shared;
use crate::imports::browser::fingerprint;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::profiles::imports::{self, Report};
use quarterdeck::sql;
use std::path::{Path, PathBuf};

fn small() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/role-profiles.csv")
}

async fn take_in(app: &TestApp, path: &Path, dry_run: bool) -> Report {
    imports::run(&app.app, &Actor::system(), path, dry_run).await.unwrap()
}

async fn take_text(app: &TestApp, text: &str) -> Report {
    let path = app.folder.join("profiles.csv");
    std::fs::write(&path, text).unwrap();
    take_in(app, &path, false).await
}

#[tokio::test]
async fn a_file_is_taken_in_once_and_changes_nothing_the_second_time() {
    on_every_database(async |app| {
        let dry = take_in(app, &small(), true).await;
        assert_eq!(
            dry.to_string(),
            "Preview, nothing was written: 2 profiles new, 0 changed (10 skills in them), 0 unchanged.\n"
        );
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_profiles")).await, 0);
        let done = take_in(app, &small(), false).await;
        assert!(done.is_done && done.new == 2, "{done}");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_profile_skills")).await, 10);
        let again = take_in(app, &small(), false).await;
        assert_eq!(again.to_string(), "Imported: 0 profiles new, 0 changed (0 skills in them), 2 unchanged.\n");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'skills.profiles_imported'")).await, 1);
        let changed = take_text(
            app,
            "role_code,role,skill,importance,level\n53-7021.00,Crane Operators,Operation and Control,4,4\n",
        )
        .await;
        assert_eq!((changed.new, changed.changed, changed.unchanged), (0, 1, 0), "{changed}");
        let of_crane = sql!("SELECT COUNT(*) FROM role_profile_skills WHERE code = '53-7021.00'");
        assert_eq!(app.count(of_crane).await, 1, "what the profile no longer asks for is gone");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_profiles")).await, 2, "what the file does not name stays");
    })
    .await;
}

#[tokio::test]
async fn a_bad_file_is_refused_with_row_and_column() {
    let app = TestApp::sqlite().await;
    let report = take_text(
        &app,
        "role_code,role,skill,importance,level\n1,Cook,Reading,3,4\n1,Cook,Writing,6,4\n1,Cook,Speaking,3,x\n",
    )
    .await;
    assert!(report.is_refused());
    let text = report.to_string();
    assert!(text.starts_with("Refused, nothing was written:\n"), "{text}");
    assert!(text.contains("row 3, column “importance”: “6” is not a number from 1 to 5"), "{text}");
    assert!(text.contains("row 4, column “level”: “x” is not a number from 0 to 7"), "{text}");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_profiles")).await, 0);
    let missing = imports::run(&app.app, &Actor::system(), &app.folder.join("none.csv"), true).await.unwrap_err();
    assert!(missing.to_string().contains("none.csv: No such file"), "{missing}");
    let mia = app.sign_in("member", "Mia Member", None).await;
    let mia = app.actor(mia.person_id).await;
    assert_eq!(imports::run(&app.app, &mia, &small(), true).await.unwrap_err().status(), 403);
    app.stop().await;
}

#[tokio::test]
async fn the_real_file_is_taken_in_whole() {
    let Some(bytes) = shared("onet-role-profiles.csv") else { return };
    on_every_database(async |app| {
        let path = app.folder.join("onet-role-profiles.csv");
        std::fs::write(&path, &bytes).unwrap();
        let done = take_in(app, &path, false).await;
        assert_eq!(done.to_string(), "Imported: 967 profiles new, 0 changed (33845 skills in them), 0 unchanged.\n");
        let again = take_in(app, &path, false).await;
        assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 967));
    })
    .await;
}

#[tokio::test]
async fn a_profile_is_found_by_typing_and_looked_at() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get("/skills/profiles").await.has_status(StatusCode::OK).is_page().shows("No profiles yet");
        take_in(app, &small(), false).await;
        mia.get("/skills/profiles").await.shows("Crane and Tower Operators").shows("Industrial Machinery Mechanics");
        let found = mia.fragment("/skills/profiles?text=CRANE&job_role=").await;
        found.has_status(StatusCode::OK).is_fragment().shows("Crane and Tower Operators").hides("Mechanics");
        mia.get("/skills/profiles?text=49-90").await.shows("Mechanics").hides("Crane");
        mia.get("/skills/profiles?text=%25").await.shows("No profile matches");
        let page = mia.get("/skills/profiles/49-9041.00").await;
        page.has_status(StatusCode::OK).is_page().shows("7 skills").shows("4.12").hides("Start a job role");
        let at = |name: &str| page.text().find(name).unwrap();
        assert!(at("Equipment Maintenance") < at("Repairing") && at("Repairing") < at("Programming"), "by importance");
        mia.get("/skills/profiles/00-0000.00").await.has_status(StatusCode::NOT_FOUND).is_page();
    })
    .await;
}

#[tokio::test]
async fn a_job_role_starts_from_a_profile() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        take_in(app, &small(), false).await;
        let troubleshooting = skill(app, "Workshop", "Troubleshooting", "O*NET 0–7").await;
        // A skill of that name on another scale is another skill.
        skill(app, "Office", "Reading Comprehension", "0–4").await;
        let address = "/skills/profiles/49-9041.00/job-roles";
        let preview = ada.get(&format!("{address}/new")).await;
        preview.has_status(StatusCode::OK).is_page().shows("value=\"Industrial Machinery Mechanics\"");
        preview
            .shows("5 targets are set; 4 skills are made in the category O*NET")
            .shows("left out: level 0")
            .hides("Programming");
        let part = ada.fragment(&format!("{address}/new?name=Mechanic&importance=1.5")).await;
        part.is_fragment().shows("“Mechanic” is made; 6 targets are set; 5 skills are made").shows("Programming");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM job_roles")).await, 0, "a preview writes nothing");
        let form = [("name", "Mechanic"), ("importance", "3")];
        ada.post(address, &form).await.has_status(StatusCode::SEE_OTHER);
        let id = app.count(sql!("SELECT id FROM job_roles WHERE profile_code = '49-9041.00'")).await;
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM targets")).await, 5);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 6);
        let ben = app.person("Ben Brook", None).await;
        ada.post(&format!("/skills/job-roles/{id}/people"), &[("person", "Ben Brook")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        assert_eq!(required(app, ben, troubleshooting).await, Some(388));
        ada.get(&format!("/skills/targets/job-roles/{id}")).await.shows("3.88").shows("Equipment Maintenance");
        // A second time adds what is missing and leaves the rest.
        let again = ada.get(&format!("{address}/new?job_role={id}&importance=1")).await;
        again
            .shows("“Mechanic” is there; 1 target is set; 1 skill is made")
            .shows("asked for already, at 3.88; that stays");
        ada.post(address, &[("name", "mechanic"), ("importance", "1")])
            .await
            .leads_to(&format!("/skills/targets/job-roles/{id}"));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM targets")).await, 6);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM job_roles")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_start_that_cannot_be_made_says_why_and_makes_nothing() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    take_in(&app, &small(), false).await;
    let address = "/skills/profiles/53-7021.00/job-roles";
    for (name, importance, complaint) in [
        (" ", "3", "Give the job role a name."),
        ("Crane", "0.5", "A number from 1 to 5, with at most two decimals."),
        ("Crane", "much", "A number from 1 to 5"),
    ] {
        let refused = ada.post(address, &[("name", name), ("importance", importance)]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(complaint);
        refused.shows(&format!("value=\"{importance}\""));
    }
    let taken = skill(&app, "O*NET", "Operation Monitoring", "0–4").await;
    let refused = ada.post(address, &[("name", "Crane"), ("importance", "3")]).await;
    refused
        .has_status(StatusCode::UNPROCESSABLE_ENTITY)
        .shows("O*NET has a skill “Operation Monitoring” that is archived or");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM job_roles")).await, 0);
    assert_eq!(app.count(sql!("SELECT MAX(id) FROM skills")).await, taken, "nothing of it is kept");
    let lea = app.sign_in("lead", "Lea Lead", None).await;
    lea.get(&format!("{address}/new")).await.has_status(StatusCode::FORBIDDEN);
    lea.post(address, &[("name", "Crane")]).await.has_status(StatusCode::FORBIDDEN);
    ada.post("/skills/profiles/none/job-roles", &[("name", "X"), ("importance", "3")])
        .await
        .has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test]
async fn a_file_is_previewed_in_the_browser_before_it_is_taken_in() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/skills/profiles").await.shows("/skills/imports?kind=profiles");
        let file = std::fs::read_to_string(small()).unwrap();
        let fields = [("kind", "profiles"), ("scale", "")];
        let send = async |text: &str| {
            let uploaded = ada.upload("/skills/imports", &fields, "profiles.csv", text.as_bytes()).await;
            uploaded.has_status(StatusCode::SEE_OTHER).header("location").to_owned()
        };
        let path = send(&file).await;
        let preview = ada.get(&path).await;
        preview.has_status(StatusCode::OK).is_page().shows("2 profiles new; 0 unchanged").shows("53-7021.00, 3 skills");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM role_profiles")).await, 0, "a preview writes nothing");
        let seen = fingerprint(&preview);
        // Somebody took in the same file meanwhile.
        take_in(app, &small(), false).await;
        let late = ada.post(&format!("{path}/acceptance"), &[("fingerprint", &seen)]).await;
        late.has_status(StatusCode::CONFLICT).shows("Nothing was written; look again");
        let path = send(&file.replace("Crane and Tower Operators", "Crane Operators")).await;
        let preview = ada.get(&path).await;
        preview.shows("1 profile changed; 1 unchanged").shows("<td>Crane and Tower Operators</td>");
        let accepted = [("fingerprint", fingerprint(&preview))];
        let accepted: Vec<(&str, &str)> = accepted.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ada.post(&format!("{path}/acceptance"), &accepted).await.leads_to(&path);
        ada.get(&path).await.shows("is imported: 1 profile changed; 1 unchanged").hides("Undo this import");
        ada.get("/skills/profiles").await.shows("Crane Operators").hides("Crane and Tower");
        let broken =
            ada.upload("/skills/imports", &fields, "p.csv", b"role_code,role,skill,importance,level\n1,A,B,6,3\n");
        broken.await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is not a number from 1 to 5");
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        lead.get("/skills/profiles").await.hides("/skills/imports?kind=profiles");
        lead.upload("/skills/imports", &fields, "p.csv", file.as_bytes()).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}
