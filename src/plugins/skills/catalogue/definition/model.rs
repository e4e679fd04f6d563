//! Table: skill_levels. A level of a skill that has no text of its own has that of the scale.

use super::super::super::levels::{Level, NamedLevel, Scale};
use super::super::super::{CATALOGUE_TOPIC, EDIT, scales};
use super::super::model::{MAX_DESCRIPTION_CHARS, Skill, changed_meanwhile, check_text, get};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use serde::Serialize;

pub const MAX_LEVEL_NAME_CHARS: usize = 80;
pub const MAX_LEVEL_DESCRIPTION_CHARS: usize = 500;

/// A description and the texts of levels; empty ones leave the scale's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    pub description: String,
    pub levels: Vec<OwnLevel>,
}

/// What a level means for one skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OwnLevel {
    /// In hundredths.
    pub level: i64,
    pub name: String,
    pub description: String,
}

/// Whether somebody may say what a skill is and what its levels mean.
pub fn may_define(actor: &Actor, skill: &Skill) -> bool {
    actor.may(EDIT) || skill.owner_id.is_some_and(|owner_id| actor.is(owner_id))
}

/// A skill that the actor may define, its scale, and the texts of its own levels.
pub async fn get_own(app: &App, actor: &Actor, id: i64) -> Result<(Skill, Scale, Definition)> {
    let skill = get(app, actor, id).await?;
    if !may_define(actor, &skill) {
        return Err(Error::Forbidden);
    }
    let scales = scales::all(app).await?;
    let scale = scales.get(skill.scale_id).ok_or(Error::NotFound)?.clone();
    let levels = scales.own_levels(id).to_vec();
    let definition = Definition { description: skill.description.clone(), levels };
    Ok((skill, scale, definition))
}

/// The levels that can have a text: all of them, or of a scale with many the ones that have a name there.
pub fn described_levels(scale: &Scale) -> Vec<NamedLevel> {
    let few = scale.all_levels();
    if few.len() <= 21 { few } else { scale.levels.clone() }
}

/// Saves what a skill that is still at `version` means.
pub async fn define(app: &App, actor: &Actor, id: i64, version: i64, definition: &Definition) -> Result<Skill> {
    let (current, scale, _) = get_own(app, actor, id).await?;
    check(&scale, definition)?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE skills SET description = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
    ));
    let query = query.bind(definition.description.trim()).bind(app.now_ms()).bind(id).bind(version);
    if query.execute().await? == 0 {
        return Err(changed_meanwhile(&current));
    }
    replace_levels(&mut tx, id, &definition.levels).await?;
    let detail = serde_json::json!({ "levels": definition.levels });
    events::record(&mut tx, actor, app.now_ms(), "skills.defined", &format!("skill:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

fn check(scale: &Scale, definition: &Definition) -> Result<()> {
    let mut checks = Checks::default();
    check_text("description", &definition.description, MAX_DESCRIPTION_CHARS, &mut checks);
    for own in &definition.levels {
        let level = Level::from_hundredths(own.level);
        let field = |part: &str| format!("{part}-{}", own.level);
        checks.that(scale.holds(level), &field("name"), format!("{level} is no level of the scale {}.", scale.name));
        check_text(&field("name"), &own.name, MAX_LEVEL_NAME_CHARS, &mut checks);
        check_text(&field("description"), &own.description, MAX_LEVEL_DESCRIPTION_CHARS, &mut checks);
    }
    checks.done()?;
    scale.with(&definition.levels.iter().map(OwnLevel::as_named).collect::<Vec<_>>()).check()
}

impl OwnLevel {
    /// Without a code: the scale's stays.
    pub fn as_named(&self) -> NamedLevel {
        NamedLevel {
            level: Level::from_hundredths(self.level),
            code: String::new(),
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
        }
    }
}

/// Writes the texts of a skill's own levels in place of those that it had.
pub async fn replace_levels(tx: &mut Tx, skill_id: i64, levels: &[OwnLevel]) -> db::Result<()> {
    tx.q(sql!("DELETE FROM skill_levels WHERE skill_id = ?")).bind(skill_id).execute().await?;
    let texts = |own: &OwnLevel| OwnLevel {
        level: own.level,
        name: own.name.trim().to_owned(),
        description: own.description.trim().to_owned(),
    };
    let own: Vec<OwnLevel> = levels.iter().map(texts).collect();
    let own: Vec<&OwnLevel> = own.iter().filter(|own| !own.name.is_empty() || !own.description.is_empty()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let query = tx.q(sql!(
        "INSERT INTO skill_levels (skill_id, level, name, description)
         SELECT ?, item.level, item.name, item.description FROM {rows level i64, name text, description text}"
    ));
    query.bind(skill_id).bind_rows(&own).execute().await?;
    Ok(())
}
