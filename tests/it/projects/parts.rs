//! The parts of a task: checklist, subtasks, dependencies, needed skills, watchers.

use super::{join, task, three};
use crate::skills::skill;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::plugins::skills::levels::{Level, Standing};
use quarterdeck::plugins::skills::ratings::model::{self as ratings, Base, Origin, RatingPatch};
use quarterdeck::sql;

#[tokio::test]
async fn a_checklist_is_written_and_ticked_off() {
    on_every_database(async |app| {
        let (_, ana, olga) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let path = format!("/projects/tasks/{id}/checks");
        ana.post_fragment(&path, &[("title", "Close the valve")])
            .await
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("0 of 1");
        let refused = ana.post_fragment(&path, &[("title", " ")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say what is to be ticked off.");
        ana.post(&path, &[("title", &"a".repeat(301))])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .is_page()
            .shows("At most 300");
        let check = app.count(sql!("SELECT id FROM task_checks")).await;
        let line = format!("/projects/checks/{check}");
        ana.post_fragment(&line, &[("done", "yes")]).await.shows("1 of 1").shows("aria-checked=\"true\"");
        ana.post(&line, &[("done", "no")]).await.leads_to(&format!("/projects/tasks/{id}"));
        olga.post(&line, &[("done", "yes")]).await.has_status(StatusCode::NOT_FOUND);
        ana.fragment(&format!("/projects/tasks/{id}/parts/checks"))
            .await
            .is_fragment()
            .shows("Close the valve")
            .shows("0 of 1");
        ana.post_fragment(&format!("{line}/deletion"), &[]).await.hides("Close the valve");
        ana.post(&line, &[("done", "yes")]).await.has_status(StatusCode::NOT_FOUND);
        ana.get(&format!("/projects/tasks/{id}/history")).await.shows("added the check").shows("took away the check");
        ana.get(&format!("/projects/tasks/{id}/parts/odd")).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn subtasks_are_added_taken_in_and_released_but_never_in_a_circle() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let parent = task(app, &ana, "QD", "Overhaul").await.task.id;
        let other = task(app, &ana, "QD", "Order rope").await.task.id;
        let path = format!("/projects/tasks/{parent}/subtasks");
        ana.post_fragment(&path, &[("text", "Measure @ana !high"), ("submission", "s1")])
            .await
            .has_status(StatusCode::OK)
            .shows("QD-3")
            .shows("Measure");
        ana.post_fragment(&path, &[("text", "qd-2")])
            .await
            .has_status(StatusCode::OK)
            .shows("Order rope")
            .shows("0 of 2");
        ana.get(&format!("/projects/tasks/{other}")).await.shows("title=\"Overhaul\"");
        for (text, problem) in [
            ("QD-1", "cannot be a part of itself"),
            ("QD-99", "There is no such task"),
            ("Ask @nobody", "Nobody in this project"),
        ] {
            let refused = ana.post_fragment(&path, &[("text", text)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(problem).shows(&format!("value=\"{text}\""));
        }
        let circle = ana.post_fragment(&format!("/projects/tasks/{other}/subtasks"), &[("text", "QD-1")]).await;
        circle
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("cannot be a part of itself, nor of what is a part of it");
        ana.post_fragment(&format!("/projects/tasks/{other}/parent/deletion"), &[])
            .await
            .has_status(StatusCode::OK)
            .hides("Order rope");
        ana.post(&format!("/projects/tasks/{other}/parent/deletion"), &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn dependencies_make_no_circles() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let mut ids = Vec::new();
        for line in ["One", "Two", "Three"] {
            ids.push(task(app, &ana, "QD", line).await.task.id);
        }
        let path = |place: usize| format!("/projects/tasks/{}/blockers", ids[place]);
        ana.post_fragment(&path(1), &[("text", "QD-1")]).await.has_status(StatusCode::OK).shows("blocked by 1");
        ana.post_fragment(&path(2), &[("text", "qd-2")]).await.has_status(StatusCode::OK);
        ana.post_fragment(&path(2), &[("text", "QD-2")]).await.has_status(StatusCode::OK);
        for (place, text, problem) in [
            (0, "QD-3", "QD-3 waits for this task already"),
            (0, "QD-2", "waits for this task already"),
            (0, "QD-1", "cannot wait for itself"),
            (0, "QD-77", "Name a task of this project"),
            (0, "pump", "Name a task of this project"),
        ] {
            let refused = ana.post_fragment(&path(place), &[("text", text)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(problem);
        }
        ana.fragment(&format!("/projects/tasks/{}/parts/blockers", ids[0]))
            .await
            .shows("Is waited for by")
            .shows("Two");
        ana.post_fragment(&format!("{}/{}/deletion", path(1), ids[0]), &[]).await.has_status(StatusCode::OK);
        ana.post_fragment(&path(0), &[("text", "QD-3")]).await.has_status(StatusCode::OK);
        ana.post(&format!("{}/{}/deletion", path(1), ids[0]), &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn two_who_close_a_circle_at_once_do_not_both_succeed() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let one = task(app, &ana, "QD", "One").await.task.id;
        let two = task(app, &ana, "QD", "Two").await.task.id;
        let (a, b) = (format!("/projects/tasks/{one}/blockers"), format!("/projects/tasks/{two}/blockers"));
        let both =
            tokio::join!(ana.post_fragment(&a, &[("text", "QD-2")]), lead.post_fragment(&b, &[("text", "QD-1")]));
        assert!(both.0.status == 200 || both.1.status == 200);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_blockers")).await, 1);
    })
    .await;
}

async fn rate(app: &TestApp, by: &Visitor<'_>, person: i64, skill: i64, level: i64) {
    let patch =
        RatingPatch { standing: Some(Standing::At(Level::from_hundredths(level * 100))), ..RatingPatch::default() };
    let actor = app.actor(by.person_id).await;
    ratings::save(&app.app, &actor, (person, skill), Base::Version(0), &patch, Origin::Cell).await.unwrap();
}

#[tokio::test]
async fn what_somebody_lacks_is_known_when_a_task_is_given_to_them() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Member).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        rate(app, &ada, ana.person_id, welding, 1).await;
        rate(app, &ada, olga.person_id, welding, 3).await;
        task(app, &lead, "QD", "Other @ana ~2h").await;
        let id = task(app, &lead, "QD", "Mend the frame @ana").await.task.id;
        let path = format!("/projects/tasks/{id}/skills");
        lead.post_fragment(&path, &[("text", "welding"), ("level", "3")])
            .await
            .has_status(StatusCode::OK)
            .shows("Welding")
            .shows("1 uncovered");
        for (text, level, problem) in
            [("Flying", "1", "There is no skill “Flying”"), ("Welding", "9", "is not a level of the scale")]
        {
            let refused = lead.post_fragment(&path, &[("text", text), ("level", level)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(problem);
        }
        let form = lead.fragment(&format!("/projects/tasks/{id}/fields/assignees/edit")).await;
        form.shows("lacks Welding 3 (has 1)").shows("2 open · ").shows("lacks Welding 3 (not known)");
        let given = [("value", olga.person_id.to_string()), ("version", "1".to_owned())];
        let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lead.post_fragment(&format!("/projects/tasks/{id}/fields/assignees"), &given).await.has_status(StatusCode::OK);
        lead.get(&format!("/projects/tasks/{id}")).await.hides("uncovered").shows("Olga Outside");
        lead.post_fragment(&format!("{path}/{welding}/deletion"), &[])
            .await
            .has_status(StatusCode::OK)
            .hides("need-name");
        lead.post(&format!("{path}/{welding}/deletion"), &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_watches_hears_of_comments_until_they_stop() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Viewer).await;
        let id = task(app, &lead, "QD", "Fix pump").await.task.id;
        let path = format!("/projects/tasks/{id}/watching");
        olga.post_fragment(&path, &[("watches", "yes")]).await.has_status(StatusCode::OK).shows("Watching");
        ana.post(&format!("/projects/tasks/{id}/comments"), &[("body", "Hello")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        olga.get("/notices").await.shows("Ana Silva says something about QD-1");
        olga.post(&path, &[("watches", "no")]).await.leads_to(&format!("/projects/tasks/{id}"));
        ana.post(&format!("/projects/tasks/{id}/comments"), &[("body", "Again")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        let query =
            app.app.db.q(sql!("SELECT COUNT(*) FROM notices WHERE person_id = ? AND kind = 'projects.commented'"));
        assert_eq!(query.bind(olga.person_id).one::<(i64,)>().await.unwrap().0, 1);
    })
    .await;
}
