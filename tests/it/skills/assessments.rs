//! Assessments: asked for, filled in step by step, validated skill by skill, or withdrawn.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::skills::CATALOGUE_TOPIC;
use quarterdeck::sql;

/// Friday, two weeks after the tests' today.
const DUE: &str = "2026-12-04";
const DAY_MS: i64 = 24 * 3600 * 1000;

struct Stage<'a> {
    lea: Visitor<'a>,
    mia: Visitor<'a>,
    owner: Visitor<'a>,
    welding: i64,
    filing: i64,
    category: i64,
}

/// A lead, a member of her team, and the owner of welding, who works elsewhere.
async fn stage(app: &TestApp) -> Stage<'_> {
    let (yard, office) = (app.team("Yard").await, app.team("Office").await);
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
    let owner = app.sign_in("member", "Olga Owner", Some(office)).await;
    let welding = skill(app, "Workshop", "Welding", "0–4").await;
    let filing = skill(app, "Workshop", "Filing", "0–4").await;
    let query = app.app.db.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
    query.bind(owner.person_id).bind(welding).execute().await.unwrap();
    app.app.publish(CATALOGUE_TOPIC, "*").await;
    let category = app.count(sql!("SELECT id FROM skill_categories WHERE name = 'Workshop'")).await;
    Stage { lea, mia, owner, welding, filing, category }
}

impl Stage<'_> {
    async fn ask(&self, visitor: &Visitor<'_>, whom: &str, skills: &[i64], due: &str) -> Answer {
        let skills: Vec<String> = skills.iter().map(i64::to_string).collect();
        let category = self.category.to_string();
        let mut fields =
            vec![("whom", whom), ("due", due), ("note", "Spring planning"), ("category", category.as_str())];
        fields.extend(skills.iter().map(|skill| ("skill", skill.as_str())));
        visitor.post("/skills/assessments", &fields).await
    }

    /// Asks Mia about both skills, and returns the address of the assessment.
    async fn asked(&self) -> String {
        let whom = format!("person-{}", self.mia.person_id);
        let answer = self.ask(&self.lea, &whom, &[self.welding, self.filing], DUE).await;
        answer.has_status(StatusCode::SEE_OTHER);
        answer.header("location").to_owned()
    }

    /// Mia's answers, as the form sends them.
    async fn answer(&self, at: &str, levels: &[(i64, &str)], step: &str, version: i64) -> Answer {
        let mut fields = vec![("step".to_owned(), step.to_owned()), ("version".to_owned(), version.to_string())];
        for (skill, level) in levels {
            fields.push((format!("level-{skill}"), (*level).to_owned()));
            fields.push((format!("version-{skill}"), "0".to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.mia.post(&format!("{at}/answers"), &fields).await
    }

    /// Asks, and lets Mia hand in 3 and 1.
    async fn handed_in(&self) -> String {
        let at = self.asked().await;
        let levels = [(self.welding, "3"), (self.filing, "1")];
        self.answer(&at, &levels, "hand_in", 1).await.leads_to(&at);
        at
    }

    /// Sessions end within days.
    async fn logged_in_anew<'b>(self, app: &'b TestApp) -> Stage<'b> {
        let visit = async |visitor: &Visitor<'_>| app.visit_as(visitor.person_id).await;
        let Stage { welding, filing, category, .. } = self;
        let (lea, mia, owner) = (visit(&self.lea).await, visit(&self.mia).await, visit(&self.owner).await);
        Stage { lea, mia, owner, welding, filing, category }
    }

    fn confirmation(&self, at: &str, skill: i64) -> String {
        format!("{at}/confirmations/{skill}")
    }
}

async fn state(app: &TestApp) -> String {
    app.app.db.q(sql!("SELECT state FROM assessments")).one::<(String,)>().await.unwrap().0
}

#[tokio::test]
async fn it_goes_from_asked_over_filled_in_to_validated() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let form = stage.lea.get(&format!("/skills/assessments/new?person={}&category={}", stage.mia.person_id, stage.category)).await;
        form.has_status(StatusCode::OK).is_page().shows("Mia Member").shows("Welding").shows("Filing");
        let at = stage.asked().await;
        stage.mia.get("/notices").await.shows("Lea Lead asks you to assess yourself in 2 skills by 2026-12-04");
        stage.mia.get("/skills/assessments").await.shows("For you to fill in").shows(DUE);
        stage.mia.get(&at).await.shows("0 of 2 answered").shows("Save and hand in").shows("Spring planning");
        // Step by step: one now, and handed in too early.
        stage.answer(&at, &[(stage.welding, "3"), (stage.filing, "")], "save", 1).await.leads_to(&at);
        stage.mia.get(&at).await.shows("1 of 2 answered");
        let early = stage.answer(&at, &[], "hand_in", 1).await;
        early.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("One skill has no answer yet.");
        stage.answer(&at, &[(stage.filing, "1")], "hand_in", 1).await.leads_to(&at);
        assert_eq!(state(app).await, "filled");
        // The owner confirms hers as it is, the lead the other one, two levels higher.
        stage.owner.get("/notices").await.shows("Mia Member filled in an assessment for you to validate");
        stage.owner.get("/skills/assessments").await.shows("For you to validate").shows("Mia Member");
        let row = stage.owner.post_fragment(&stage.confirmation(&at, stage.welding), &[("level", "3"), ("version", "1")]).await;
        row.has_status(StatusCode::OK).is_fragment().shows("Olga Owner").hides("apart");
        let last = [("level", "3"), ("note", "Trains the others"), ("version", "1")];
        let row = stage.lea.post_fragment(&stage.confirmation(&at, stage.filing), &last).await;
        row.has_status(StatusCode::OK).shows("two levels or more apart").shows("Trains the others").shows("Validated");
        assert_eq!(state(app).await, "validated");
        stage.mia.get("/notices").await.shows("The assessment of Mia Member is validated");
        let confirmed = sql!("SELECT COUNT(*) FROM ratings WHERE validated_level = 300 AND validated_by IS NOT NULL AND self_at IS NOT NULL");
        assert_eq!(app.count(confirmed).await, 2);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events")).await, 4);
    })
    .await;
}

#[tokio::test]
async fn a_whole_team_is_asked_but_for_the_one_who_asks() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let yard = app.team("Yard").await;
        app.person("Ben Berg", Some(yard)).await;
        let answer = stage.ask(&stage.lea, &format!("team-{yard}"), &[stage.filing], DUE).await;
        answer.leads_to("/skills/assessments");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM assessments")).await, 2);
        stage.lea.get("/skills/assessments").await.shows("Ben Berg").shows("Mia Member").hides("For you to fill in");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_asked_of_nobody_and_never_for_yesterday() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let mia = format!("person-{}", stage.mia.person_id);
        let refused = async |whom: &str, skills: &[i64], due: &str, text: &str| {
            let answer = stage.ask(&stage.lea, whom, skills, due).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text).shows("Spring planning");
        };
        refused(&mia, &[], DUE, "Choose at least one skill.").await;
        refused(&mia, &[999], DUE, "Choose at least one skill.").await;
        refused(&mia, &[stage.filing], "2026-11-19", "That day is past.").await;
        refused(&mia, &[stage.filing], "soon", "Give a date").await;
        refused("", &[stage.filing], DUE, "Choose somebody").await;
        let archived = app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?"));
        archived.bind(stage.filing).execute().await.unwrap();
        refused(&mia, &[stage.filing], DUE, "Choose at least one skill.").await;
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM assessments")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn each_does_their_part_and_nobody_that_of_another() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let other = app.sign_in("member", "Tom Teammate", Some(app.team("Yard").await)).await;
        let mia = format!("person-{}", stage.mia.person_id);
        // A member asks nobody; a lead asks nobody of another team.
        stage.ask(&other, &mia, &[stage.filing], DUE).await.has_status(StatusCode::FORBIDDEN);
        other.get("/skills/assessments/new").await.has_status(StatusCode::FORBIDDEN);
        let owner = format!("person-{}", stage.owner.person_id);
        stage.ask(&stage.lea, &owner, &[stage.filing], DUE).await.has_status(StatusCode::FORBIDDEN);
        let office = format!("team-{}", app.team("Office").await);
        stage.ask(&stage.lea, &office, &[stage.filing], DUE).await.has_status(StatusCode::FORBIDDEN);
        let at = stage.handed_in().await;
        stage.lea.post(&format!("{at}/answers"), &[]).await.has_status(StatusCode::FORBIDDEN);
        let level = [("level", "3"), ("version", "1")];
        // Welding has an owner, so the lead does not confirm it; nobody confirms their own.
        stage.lea.post(&stage.confirmation(&at, stage.welding), &level).await.has_status(StatusCode::FORBIDDEN);
        stage.mia.post(&stage.confirmation(&at, stage.filing), &level).await.has_status(StatusCode::FORBIDDEN);
        stage.owner.post(&stage.confirmation(&at, stage.filing), &level).await.has_status(StatusCode::FORBIDDEN);
        other.post(&format!("{at}/withdrawal"), &[("version", "2")]).await.has_status(StatusCode::FORBIDDEN);
        stage.lea.get("/skills/assessments/999").await.has_status(StatusCode::NOT_FOUND).is_page();
        stage.lea.fragment("/skills/assessments/999").await.has_status(StatusCode::NOT_FOUND).is_fragment();
        stage.lea.post(&stage.confirmation(&at, 999), &level).await.has_status(StatusCode::NOT_FOUND);
        app.stranger().get("/skills/assessments").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn another_level_needs_a_reason_and_two_who_confirm_meet() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let ada = app.administrator().await;
        let at = stage.handed_in().await;
        let filing = stage.confirmation(&at, stage.filing);
        let refused = stage.lea.post_fragment(&filing, &[("level", "4"), ("version", "1")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows("Say why it is another level");
        stage
            .lea
            .post(&filing, &[("level", "9"), ("version", "1")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .is_page();
        let late = stage.lea.post_fragment(&filing, &[("level", "1"), ("version", "0")]).await;
        late.has_status(StatusCode::CONFLICT).is_fragment().shows("Somebody changed this rating meanwhile");
        ada.post(&filing, &[("level", "1"), ("version", "1")]).await.leads_to(&at);
        let late = stage.lea.post_fragment(&filing, &[("level", "1"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT).shows("was confirmed by somebody else");
    })
    .await;
}

#[tokio::test]
async fn it_is_withdrawn_once_and_is_then_closed() {
    on_every_database(async |app| {
        let stage = stage(app).await;
        let at = stage.asked().await;
        app.app.clock.advance(20 * DAY_MS);
        let stage = stage.logged_in_anew(app).await;
        stage.lea.get("/skills/assessments").await.shows("overdue");
        stage.lea.post(&format!("{at}/withdrawal"), &[("version", "7")]).await.has_status(StatusCode::CONFLICT);
        stage.lea.post(&format!("{at}/withdrawal"), &[("version", "1")]).await.leads_to(&at);
        assert_eq!(state(app).await, "withdrawn");
        stage.mia.get("/notices").await.shows("Lea Lead took back the assessment");
        stage.answer(&at, &[(stage.filing, "1")], "save", 1).await.has_status(StatusCode::FORBIDDEN);
        stage.lea.get("/skills/assessments").await.shows("Closed").hides("overdue");
        stage.lea.post(&format!("{at}/withdrawal"), &[("version", "2")]).await.has_status(StatusCode::CONFLICT);
    })
    .await;
}
