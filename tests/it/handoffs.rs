//! Handoffs: filled in from what changed, written by several, sent, and accepted by one.

mod drafts;
mod outcomes;
mod reminders;

use crate::support::{TestApp, Visitor};
use quarterdeck::plugins::handoffs::composition::model::{NewHandoff, begin};

/// Ina hands off for the yard; Max and Noa could take it, Lea leads, Olga is of another team.
pub struct Yard<'a> {
    pub team: i64,
    pub ina: Visitor<'a>,
    pub max: Visitor<'a>,
    pub noa: Visitor<'a>,
    pub lea: Visitor<'a>,
    pub olga: Visitor<'a>,
}

pub async fn yard(app: &TestApp) -> Yard<'_> {
    let team = app.team("Yard").await;
    let other = app.team("Office").await;
    Yard {
        team,
        ina: app.sign_in("member", "Ina Out", Some(team)).await,
        max: app.sign_in("member", "Max In", Some(team)).await,
        noa: app.sign_in("member", "Noa In", Some(team)).await,
        lea: app.sign_in("lead", "Lea Lead", Some(team)).await,
        olga: app.sign_in("member", "Olga Outside", Some(other)).await,
    }
}

/// A draft of Ina's.
pub async fn draft(app: &TestApp, yard: &Yard<'_>, title: &str) -> i64 {
    let new = NewHandoff { team_id: yard.team, title: title.to_owned(), ..NewHandoff::default() };
    begin(&app.app, &app.actor(yard.ina.person_id).await, &new).await.unwrap()
}

/// A handoff of Ina's that waits for the team.
pub async fn sent(app: &TestApp, yard: &Yard<'_>, title: &str) -> i64 {
    let id = draft(app, yard, title).await;
    send(yard, id, &format!("t{}", yard.team)).await;
    id
}

pub async fn send(yard: &Yard<'_>, id: i64, receiver: &str) {
    let fields = [("receiver", receiver), ("severity", "watch")];
    yard.ina.post(&format!("/handoffs/{id}/sending"), &fields).await.leads_to(&format!("/handoffs/{id}"));
}

pub const UNDERSTOOD: &str = "Crane 3 is down until noon; I call the fitter first.";

pub async fn accept(by: &Visitor<'_>, id: i64) -> crate::support::Answer {
    by.post(&format!("/handoffs/{id}/acceptance"), &[("synthesis", UNDERSTOOD)]).await
}
