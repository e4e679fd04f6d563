//! The skills matrix: its pages, its cells, a person's page and the catalogue.

mod assessments;
mod batches;
mod catalogue;
mod categories;
mod certificates;
mod concepts;
mod coverage;
mod finder;
mod insights;
mod job_roles;
mod matrix;
mod mergers;
mod modes;
mod past;
mod pastes;
mod person;
mod person_page;
mod print;
mod profiles;
mod races;
mod ratings;
mod rescalings;
mod saved_views;
mod scales;
mod sight;
mod targets;
mod training;

use crate::support::TestApp;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::catalogue::model::{self, NewSkill};

/// Adds a skill, with its category if need be, and returns its id.
pub async fn skill(app: &TestApp, category: &str, name: &str, scale: &str) -> i64 {
    let new = NewSkill { name: name.into(), category: category.into(), scale: scale.into(), ..NewSkill::default() };
    model::create(&app.app, &Actor::system(), &new).await.unwrap().id
}
