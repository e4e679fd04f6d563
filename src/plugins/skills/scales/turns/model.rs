//! The scales that skills stood on before, so that what was said on a day is read on the scale of that day.
//!
//! Table: skill_rescalings. Each of its rows is a turn of a skill from one scale to another, and a second turn, back, where
//! it was undone.

use super::super::super::catalogue::definition::model::OwnLevel;
use super::super::super::catalogue::rescalings::model::Detail;
use crate::db::Db;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;

/// A skill leaves a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// In UTC milliseconds.
    pub at: i64,
    /// The scale that it left.
    pub left_id: i64,
    /// The texts that the skill had for the levels of that scale.
    pub own: Vec<OwnLevel>,
}

#[derive(sqlx::FromRow)]
struct Row {
    skill_id: i64,
    from_scale_id: i64,
    to_scale_id: i64,
    detail: String,
    at: i64,
    undone_at: Option<i64>,
}

/// The turns of every skill that ever turned, the earliest first.
pub async fn read(db: &Db) -> Result<HashMap<i64, Vec<Turn>>> {
    let query = db.q(sql!(
        "SELECT skill_id, from_scale_id, to_scale_id, detail, at, undone_at FROM skill_rescalings ORDER BY id"
    ));
    let mut turns: HashMap<i64, Vec<Turn>> = HashMap::new();
    for row in query.all::<Row>().await? {
        let own = Detail::read(&row.detail)?.own_levels();
        let of_skill = turns.entry(row.skill_id).or_default();
        of_skill.push(Turn { at: row.at, left_id: row.from_scale_id, own });
        of_skill.extend(row.undone_at.map(|at| Turn { at, left_id: row.to_scale_id, own: Vec::new() }));
    }
    turns.values_mut().for_each(|turns| turns.sort_by_key(|turn| turn.at));
    Ok(turns)
}
