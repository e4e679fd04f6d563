//! What is going on in the example organisation: certificates, one of which expires soon, a suspension, an assessment
//! under way, one that waits to be validated, and a training plan. All of it is done as people do it.

use super::{model, organisation};
use crate::accounts::roles::{self, RoleEdit};
use crate::accounts::{self, ACCESS_TOPIC, Actor};
use crate::app::App;
use crate::clock::day_of;
use crate::error::{Error, Result};
use crate::plugins::skills::assessments::requests::model::{Request, Whom, ask};
use crate::plugins::skills::assessments::{answers, model as assessments};
use crate::plugins::skills::levels::Standing;
use crate::plugins::skills::ratings::model::{self as ratings, Base, Origin, RatingPatch, Suspension};
use crate::plugins::skills::training::plans::model::{NewPlan, create, trainers};
use jiff::ToSpan;
use jiff::civil::Date;

/// A colleague of the team lead who can log in.
const COLLEAGUE: &str = "Bruno Keller";

/// Whose, of what, for how many days from today, and what proves it.
const CERTIFICATES: [(&str, &str, i64, &str); 4] = [
    (organisation::SHOWN_MEMBER, "First aider", 24, "https://learning.harbour.example/certificates/4711"),
    (organisation::SHOWN_MEMBER, "High-voltage switching", 412, "https://learning.harbour.example/certificates/4712"),
    (COLLEAGUE, "Forklift licence", 71, "DGUV 68 no. 2291"),
    ("Chloé Martin", "Working at height", 5, "https://learning.harbour.example/certificates/3805"),
];

/// Who leads a shift, and enters the people who come for it.
const SHIFT_LEADS: [&str; 2] = ["Jonas Weber", "Olu Adeyemi"];

pub(super) async fn play(app: &App) -> Result<()> {
    make_shift_leads(app).await?;
    let lead = person(app, organisation::SHOWN_LEAD).await?;
    for (name, skill, days, evidence) in CERTIFICATES {
        certify(app, &lead, name, skill, day(app, days), evidence).await?;
    }
    suspend(app, &lead, "Dmitri Sokolov", "Forklift licence", day(app, 16), "Back injury, says Occupational Health")
        .await?;
    assess(
        app,
        &lead,
        organisation::SHOWN_MEMBER,
        &["Electric drives", "PLC fault finding", "Pneumatics", "Hydraulics"],
        2,
    )
    .await?;
    assess(app, &lead, COLLEAGUE, &["Welding (MAG)", "Wire rope inspection", "Diesel engines"], 3).await?;
    train(app, &lead, organisation::SHOWN_MEMBER, "Wire rope inspection").await
}

/// A role beside the starting ones, which includes one of them.
async fn make_shift_leads(app: &App) -> Result<()> {
    let table = app.access.table().await?;
    let member = table.facts.roles.iter().find(|(_, role)| role.name == "member").map(|(id, _)| *id);
    let edit = RoleEdit {
        title: "Shift lead".to_owned(),
        parents: member.into_iter().collect(),
        permissions: [accounts::WRITE.0.to_owned()].into(),
        second_factor: false,
    };
    let (actor, now) = (Actor::system(), app.now_ms());
    let role = roles::create(&app.access, &actor, &edit, now).await?;
    for name in SHIFT_LEADS {
        let person = model::person_id(&app.db, name).await?;
        let mut tx = app.db.begin().await?;
        roles::give(&mut tx, &actor, person, role, now).await?;
        tx.commit().await?;
    }
    app.publish(ACCESS_TOPIC, "*").await;
    Ok(())
}

fn day(app: &App, days: i64) -> Date {
    let today = day_of(app.now_ms());
    today.checked_add(days.days()).unwrap_or(today)
}

async fn person(app: &App, name: &str) -> Result<Actor> {
    let id = model::person_id(&app.db, name).await?;
    let actor = app.access.actor(id).await?.ok_or(Error::NotFound)?;
    Ok((*actor).clone())
}

async fn save(app: &App, actor: &Actor, name: &str, skill: &str, patch: RatingPatch) -> Result<()> {
    let cell = (model::person_id(&app.db, name).await?, model::skill_id(&app.db, skill).await?);
    let now = ratings::get(app, actor, cell.0, cell.1).await?;
    // A certificate without its level would say nothing.
    let standing =
        now.rating.values.standing.level().filter(|level| *level > now.scale.lowest).unwrap_or(now.scale.highest);
    let patch = RatingPatch { standing: Some(Standing::At(standing)), restated: true, ..patch };
    ratings::save(app, actor, cell, Base::Version(now.rating.version), &patch, Origin::Page).await?;
    Ok(())
}

async fn certify(app: &App, lead: &Actor, name: &str, skill: &str, until: Date, evidence: &str) -> Result<()> {
    let patch =
        RatingPatch { evidence: Some(evidence.into()), valid_until: Some(Some(until)), ..RatingPatch::default() };
    save(app, lead, name, skill, patch).await
}

async fn suspend(app: &App, lead: &Actor, name: &str, skill: &str, until: Date, reason: &str) -> Result<()> {
    let suspension = Suspension { until, reason: reason.to_owned() };
    save(app, lead, name, skill, RatingPatch { suspension: Some(Some(suspension)), ..RatingPatch::default() }).await
}

/// Asked by the lead; the person answers so many of the skills, and hands it in when that is all of them.
async fn assess(app: &App, lead: &Actor, name: &str, skills: &[&str], answered: usize) -> Result<()> {
    let person = person(app, name).await?;
    let mut ids = Vec::new();
    for skill in skills {
        ids.push(model::skill_id(&app.db, skill).await?);
    }
    let whom = person.person_id.map(Whom::Person);
    let note = "For the talks in spring.".to_owned();
    let request = Request { whom, skills: ids, due: day(app, 10).to_string(), note };
    let id = ask(app, lead, &request).await?.into_iter().next().ok_or(Error::NotFound)?;
    let assessment = assessments::get(app, &person, id).await?;
    for (place, item) in assessment.items.iter().enumerate().take(answered) {
        let scale = assessment.scales.get(item.scale_id).ok_or(Error::NotFound)?;
        // Somebody thinks more of themself than others do, in the first skill.
        let level = if place == 0 { scale.highest } else { item.counts.level().unwrap_or(scale.lowest) };
        answers::model::say(app, &person, &assessment, item, item.version, Standing::At(level)).await?;
    }
    if answered == skills.len() {
        answers::model::hand_in(app, &person, id, assessment.version).await?;
    }
    Ok(())
}

/// With the best of those who are suggested, to the top of the scale.
async fn train(app: &App, lead: &Actor, name: &str, skill: &str) -> Result<()> {
    let ids = (model::person_id(&app.db, name).await?, model::skill_id(&app.db, skill).await?);
    let cell = ratings::get(app, lead, ids.0, ids.1).await?;
    let trainer = trainers(app, lead, (ids.0, cell.team_id), ids.1).await?.into_iter().next();
    let plan = NewPlan {
        trainer: trainer.map(|trainer| trainer.id),
        level: cell.scale.code(cell.scale.highest),
        due: day(app, 45).to_string(),
        note: "Two days a week on the gantries, with the rope gauge.".to_owned(),
    };
    create(app, lead, ids, &plan).await?;
    Ok(())
}
