//! Training plans: out of a gap, with a trainer and a day, to a confirmed level with evidence.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

const DUE: &str = "2026-12-04";

struct Stage<'a> {
    lea: Visitor<'a>,
    mia: Visitor<'a>,
    tom: Visitor<'a>,
    welding: i64,
}

/// A lead, a learner, and somebody of another team who is at the top of the skill.
async fn stage(app: &TestApp) -> Stage<'_> {
    let (yard, office) = (app.team("Yard").await, app.team("Office").await);
    let ada = app.administrator().await;
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
    let tom = app.sign_in("member", "Tom Trainer", Some(office)).await;
    let welding = skill(app, "Workshop", "Welding", "0–4").await;
    let cell = format!("/skills/ratings/{}/{welding}", tom.person_id);
    ada.post_fragment(&cell, &[("level", "4"), ("version", "0")]).await.has_status(StatusCode::OK);
    Stage { lea, mia, tom, welding }
}

impl Stage<'_> {
    async fn plan(&self, visitor: &Visitor<'_>, fields: &[(&str, &str)]) -> Answer {
        let (person, skill) = (self.mia.person_id.to_string(), self.welding.to_string());
        let mut all = vec![("person", person.as_str()), ("skill", skill.as_str())];
        all.extend(fields);
        visitor.post("/skills/training", &all).await
    }

    /// Plans level 3 with Tom, and returns the address of the plan.
    async fn planned(&self) -> String {
        let trainer = self.tom.person_id.to_string();
        let answer =
            self.plan(&self.lea, &[("trainer", &trainer), ("level", "3"), ("due", DUE), ("note", "Two weeks")]).await;
        answer.has_status(StatusCode::SEE_OTHER);
        answer.header("location").to_owned()
    }
}

#[tokio::test]
async fn the_trainer_completes_what_the_lead_planned() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let new = format!("/skills/training/new?person={}&skill={}", stage.mia.person_id, stage.welding);
        let form = stage.lea.get(&new).await;
        form.has_status(StatusCode::OK).is_page().shows("Training of Mia Member in Welding").shows("Tom Trainer (level 4, Office)");
        let at = stage.planned().await;
        stage.tom.get("/notices").await.shows("Lea Lead asks you to train Mia Member in Welding, by 2026-12-04");
        stage.mia.get("/notices").await.shows("Lea Lead plans training for you: Welding");
        stage.tom.get("/skills/training").await.shows("You train").shows("Mia Member");
        stage.mia.get("/skills/training").await.shows("Your training");
        stage.mia.get(&format!("/skills/people/{}", stage.mia.person_id)).await.shows("Training").shows(&at);
        let done = [("level", "3"), ("evidence", "https://lms.example/c/7"), ("valid_until", "2027-11-20"), ("version", "0")];
        stage.mia.get(&at).await.has_status(StatusCode::OK).hides("Complete it");
        stage.mia.post(&format!("{at}/completion"), &done).await.has_status(StatusCode::FORBIDDEN);
        stage.tom.get(&at).await.shows("Complete it");
        stage.tom.post(&format!("{at}/completion"), &done).await.leads_to(&at);
        let written = sql!(
            "SELECT COUNT(*) FROM ratings r JOIN training_plans t ON t.person_id = r.person_id AND t.skill_id = r.skill_id
             WHERE r.validated_level = 300 AND r.validated_by = t.trainer_id AND r.evidence = 'https://lms.example/c/7'
             AND r.valid_until = '2027-11-20' AND t.state = 'done'"
        );
        assert_eq!(app.count(written).await, 1);
        stage.mia.get("/notices").await.shows("Tom Trainer completed the training of Mia Member in Welding");
        // What is done is done once.
        stage.tom.post(&format!("{at}/completion"), &done).await.has_status(StatusCode::CONFLICT);
        stage.lea.get(&at).await.shows("Done").hides("Drop");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_planned_is_told_at_its_field() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let refused = async |fields: &[(&str, &str)], text: &str| {
            let answer = stage.plan(&stage.lea, fields).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(text);
        };
        refused(&[("level", "3"), ("due", "2026-11-19"), ("note", "kept")], "That day is past.").await;
        refused(&[("level", "3"), ("due", "")], "Give a date").await;
        refused(&[("level", "7"), ("due", DUE)], "from 0 to 4").await;
        refused(&[("level", "0"), ("due", DUE)], "above zero").await;
        let mia = stage.mia.person_id.to_string();
        refused(&[("level", "3"), ("due", DUE), ("trainer", &mia)], "Nobody trains themself.").await;
        refused(&[("level", "3"), ("due", DUE), ("trainer", "999")], "There is no such person").await;
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM training_plans")).await, 0);
        let at = stage.planned().await;
        let bare = stage.tom.post(&format!("{at}/completion"), &[("level", "3"), ("version", "0")]).await;
        bare.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say what shows it");
        let past = [("level", "3"), ("evidence", "C-7"), ("valid_until", "2026-11-19"), ("version", "0")];
        let past = stage.tom.post(&format!("{at}/completion"), &past).await;
        past.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is past").shows("C-7");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM training_plans WHERE state = 'planned'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_confirm_plan_and_change() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let fields = [("level", "3"), ("due", DUE)];
        stage.plan(&stage.mia, &fields).await.has_status(StatusCode::FORBIDDEN);
        stage.plan(&stage.tom, &fields).await.has_status(StatusCode::FORBIDDEN);
        let at = stage.planned().await;
        stage.tom.get(&format!("{at}/edit")).await.has_status(StatusCode::FORBIDDEN);
        stage.tom.post(&format!("{at}/cancellation"), &[("version", "1")]).await.has_status(StatusCode::FORBIDDEN);
        stage.lea.get("/skills/training/999").await.has_status(StatusCode::NOT_FOUND).is_page();
        stage.lea.fragment("/skills/training/999/edit").await.has_status(StatusCode::NOT_FOUND).is_fragment();
        stage.lea.get("/skills/training/new?person=999&skill=1").await.has_status(StatusCode::NOT_FOUND);
        app.stranger().get("/skills/training").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_who_change_it_sees_both() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let ada = app.sign_in("administrator", "Ida Admin", None).await;
        let at = stage.planned().await;
        let change = |due| [("level", "2"), ("due", due), ("version", "1"), ("note", "mine")];
        stage
            .lea
            .get(&format!("{at}/edit"))
            .await
            .has_status(StatusCode::OK)
            .shows("Two weeks")
            .shows("name=\"version\" value=\"1\"");
        ada.post(&at, &change("2026-12-24")).await.leads_to(&at);
        let late = stage.lea.post(&at, &change("2026-12-31")).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("2026-12-24")
            .shows("2026-12-31")
            .shows("name=\"version\" value=\"2\"");
        // A rating that changed meanwhile is not overwritten unseen.
        let cell = format!("/skills/ratings/{}/{}", stage.mia.person_id, stage.welding);
        stage.mia.post_fragment(&cell, &[("level", "1"), ("version", "0")]).await.has_status(StatusCode::OK);
        let done = [("level", "2"), ("evidence", "C-7"), ("version", "0")];
        let late = stage.lea.post(&format!("{at}/completion"), &done).await;
        late.has_status(StatusCode::CONFLICT).shows("Mia Member changed this rating meanwhile").shows("C-7");
        stage.lea.post(&format!("{at}/cancellation"), &[("version", "1")]).await.has_status(StatusCode::CONFLICT);
        stage.lea.post(&format!("{at}/cancellation"), &[("version", "2")]).await.leads_to(&at);
        stage.mia.get("/notices").await.shows("Lea Lead dropped the training");
    })
    .await;
}
