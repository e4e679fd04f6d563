//! Other names of skills in files, and what a list of skills tells beside the name.

use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::batches::reversals::model::revert;
use quarterdeck::plugins::skills::catalogue::labels::model::Labels;
use quarterdeck::plugins::skills::catalogue::model::{self as catalogue, NewSkill};
use quarterdeck::plugins::skills::imports::Kind;
use quarterdeck::sql;

use super::{import, lines, look, rating, ratings, stored, told, upload};
use crate::support::{TestApp, on_every_database};

async fn skill(app: &TestApp, category: &str, name: &str, aliases: &[&str]) -> i64 {
    let labels = Labels::of(aliases.iter().map(|alias| (*alias).to_owned()).collect(), Vec::new());
    let new =
        NewSkill { name: name.into(), category: category.into(), scale: "0–4".into(), labels, ..NewSkill::default() };
    catalogue::create(&app.app, &Actor::system(), &new).await.unwrap().id
}

#[tokio::test]
async fn an_alias_means_its_skill_and_the_preview_says_so() {
    on_every_database(async |app| {
        skill(app, "Workshop", "Welding", &["MIG", "Brazing"]).await;
        let file = ratings("name,email,mig,Filing\nAnn,ann@x.example,3,1\n");
        let preview = look(app, &file).await;
        assert_eq!(preview.notices[0], "row 1: “mig” is an alias of “Welding”, and is taken for it");
        assert!(lines(&preview).contains(&"2 Ann: Welding:  → 3".to_owned()), "{:?}", lines(&preview));
        import(app, &file).await;
        let filing = rating("Ann", "Filing", Some(100), None, "", 1);
        assert_eq!(stored(app).await, [filing, rating("Ann", "Welding", Some(300), None, "", 1)]);
        // In another category it is a skill of its own.
        let other = look(app, &ratings("name,category,skill,level\nAnn,Office,MIG,1\n")).await;
        assert_eq!(lines(&other)[0], "2 Office:  → ");
        let same = look(app, &ratings("name,category,skill,level\nAnn,Workshop,MIG,1\n")).await;
        assert_eq!(lines(&same), ["2 Ann: Welding: 3 → 1"]);
    })
    .await;
}

#[tokio::test]
async fn an_alias_that_is_not_clear_is_refused_with_its_place() {
    on_every_database(async |app| {
        skill(app, "Workshop", "Welding", &["MIG", "joining"]).await;
        skill(app, "Workshop", "Soldering", &["Joining"]).await;
        let unclear = look(app, &ratings("name,Joining\nAnn,2\n")).await;
        assert_eq!(
            told(&unclear),
            ["row 1, column “Joining”: “Joining” is an alias of “Soldering” and of “Welding”; write the name of the one that is meant"]
        );
        let twice = look(app, &ratings("name,Welding,MIG\nAnn,2,3\n")).await;
        assert_eq!(told(&twice), ["row 1, column “MIG”: this means the skill “Welding”, as row 1 does"]);
        // A name goes before an alias.
        skill(app, "Office", "Joining", &[]).await;
        let named = look(app, &ratings("name,Joining\nAnn,2\n")).await;
        assert_eq!((told(&named).len(), lines(&named).len()), (0, 2), "the person and the rating are new");
    })
    .await;
}

#[tokio::test]
async fn what_was_merged_into_another_is_meant_there() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", &[]).await;
        let mig = skill(app, "Workshop", "MIG welding", &[]).await;
        let merger = format!("/skills/catalogue/{mig}/merger");
        let page = ada.get(&format!("{merger}?into=Welding")).await;
        let (_, rest) = page.text().split_once("name=\"seen\" value=\"").expect("it can be merged");
        let seen = rest.split('"').next().unwrap();
        let into = welding.to_string();
        ada.post(&merger, &[("into", &into), ("seen", seen)]).await.has_status(poem::http::StatusCode::SEE_OTHER);
        let file = ratings("name,email,MIG welding\nAnn,ann@x.example,2\n");
        assert_eq!(
            import(app, &file).await.notices[0],
            "row 1: “MIG welding” is an alias of “Welding”, and is taken for it"
        );
        assert_eq!(stored(app).await, [rating("Ann", "Welding", Some(200), None, "", 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_skills_carries_aliases_tags_and_owner_and_is_taken_back() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        app.person("Ben Berg", None).await;
        let text = "name,category,scale,aliases,tags,owner\nWelding,Workshop,0–4,\"MIG\nBrazing\",\"Hot, Safety\",ben.berg@example.org\n\
                    Filing,Office,0–4,,,Ben Berg\n";
        let file = upload(Kind::Skills, text);
        let first = import(app, &file).await;
        assert!(told(&first).is_empty());
        let again = look(app, &file).await;
        assert!(again.changes_nothing(), "{:?}", lines(&again));
        let list = ada.get("/skills/exports/skills.csv").await;
        list.shows("name,category,description,uri,scale,aliases,tags,owner");
        list.shows("Welding,Workshop,,,0–4,\"Brazing\nMIG\",\"Hot\nSafety\",ben.berg@example.org");
        let back = look(app, &upload(Kind::Skills, list.text().as_bytes())).await;
        assert!(back.changes_nothing(), "{:?} {:?}", told(&back), lines(&back));
        // Another list changes them, and leaves what it does not say.
        let other = import(app, &upload(Kind::Skills, "name,category,aliases,owner\nWelding,Workshop,TIG,Ada Admin\n")).await;
        assert_eq!(
            lines(&other),
            ["2 Welding: aliases “Brazing”, “MIG”, tags “Hot”, “Safety”, owner “Ben Berg” → aliases “TIG”, tags “Hot”, “Safety”, owner “Ada Admin”"]
        );
        let count = async |sql| app.count(sql).await;
        let owned = sql!("SELECT COUNT(*) FROM skills s JOIN people p ON p.id = s.owner_id WHERE p.name = 'Ben Berg'");
        assert_eq!(count(sql!("SELECT COUNT(*) FROM skill_aliases")).await, 1);
        assert_eq!(count(owned).await, 1);
        revert(&app.app, &Actor::system(), other.batch_id.unwrap()).await.unwrap();
        assert_eq!(count(sql!("SELECT COUNT(*) FROM skill_aliases")).await, 2);
        assert_eq!(count(sql!("SELECT COUNT(*) FROM skill_tags")).await, 2);
        assert_eq!(count(owned).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_new_list_is_taken_back_with_its_aliases() {
    on_every_database(async |app| {
        app.person("Ben Berg", None).await;
        let text = "name,aliases,tags,owner\nWelding,MIG,Hot,Ben Berg\n";
        let done = import(app, &upload(Kind::Skills, text)).await;
        revert(&app.app, &Actor::system(), done.batch_id.unwrap()).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 0);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_aliases")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_owner_or_alias_that_cannot_be_is_refused() {
    let app = TestApp::sqlite().await;
    for (name, email) in [("Ben Berg", "ben@x.example"), ("Ben Berg", "other@x.example")] {
        let new = quarterdeck::accounts::people::NewPerson {
            name: name.into(),
            email: email.into(),
            title: String::new(),
            team_id: None,
        };
        let mut tx = app.app.db.begin().await.unwrap();
        quarterdeck::accounts::people::insert(&mut tx, &new, 0).await.unwrap();
        tx.commit().await.unwrap();
    }
    for (row, problem) in [
        ("Welding,,,Nobody Known", "row 2, column “owner”: there is nobody called “Nobody Known”"),
        ("Welding,,,Ben Berg", "row 2, column “owner”: 2 people are called “Ben Berg”; write the address"),
        ("Welding,welding,,", "row 2, column “aliases”: The name of the skill itself is no alias."),
    ] {
        let preview = look(&app, &upload(Kind::Skills, format!("name,aliases,tags,owner\n{row}\n"))).await;
        assert_eq!(told(&preview), [problem]);
    }
    app.stop().await;
}
