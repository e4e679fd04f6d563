//! Skills and ratings in the JSON API.

use super::catalogue::labels::model::Labels;
use super::catalogue::model::{self as catalogue, NewSkill, Owner, SkillFilter};
use super::levels::{Interest, Level, Standing};
use super::ratings::model::{self as ratings, Base, Origin, Outcome, RatingPatch, Suspension};
use super::scales::{self, Scales};
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::web::api::{Body, Caller, Created, Page, Saved, default_limit};
use jiff::civil::Date;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct SkillsApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    Skills,
    Ratings,
}

/// Something that people can do.
#[derive(Object)]
struct Skill {
    id: i64,
    category_id: i64,
    /// The path of the category, as `Workshop › Welding`; empty for skills that have none.
    category: String,
    name: String,
    /// Other names, by which it is found as well.
    aliases: Vec<String>,
    tags: Vec<String>,
    description: String,
    /// Where the skill is defined; empty when nobody said.
    uri: String,
    /// The name of the scale that its levels stand on.
    scale: String,
    /// The person who looks after it.
    owner_id: Option<i64>,
    /// False for archived skills, which are left out of the matrix.
    active: bool,
    /// Grows with each change.
    version: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct SkillCreation {
    name: String,
    /// The path of a category, or its own name alone. One that is not there is made.
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    aliases: Option<Vec<String>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    owner_id: Option<i64>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    uri: Option<String>,
    /// The name of a scale, as `0–4` or `ILUO`.
    scale: String,
}

/// The whole skill: what is left out becomes empty.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct SkillReplacement {
    name: String,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    aliases: Option<Vec<String>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    owner_id: Option<i64>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    uri: Option<String>,
    /// It cannot be changed while the skill has ratings.
    scale: String,
    /// The version that this is based on.
    version: i64,
}

/// What is said of a person and a skill. Unset is a null level; not applicable stands apart, and 0 is a level.
#[derive(Object)]
struct Rating {
    person_id: i64,
    skill_id: i64,
    level: Option<f64>,
    not_applicable: bool,
    /// 0 none, 1 some, 2 much, 3 very much; null when nobody said.
    interest: Option<i64>,
    note: String,
    /// Whether the level counts: it does not while a certificate is expired or the person is suspended.
    counts: bool,
    /// What the person says of themself; null while they said nothing, or that it does not apply.
    own_level: Option<f64>,
    /// What somebody else has confirmed; it is what counts. Null while nobody did.
    confirmed_level: Option<f64>,
    /// In milliseconds since 1970, UTC.
    confirmed_at: Option<i64>,
    confirmed_by: Option<String>,
    /// Where the proof is: a link, or the number of a certificate.
    evidence: String,
    /// The last day on which a certificate holds, as `2027-03-31`.
    valid_until: Option<String>,
    /// The last day of a suspension, which has a reason.
    suspended_until: Option<String>,
    suspension_reason: Option<String>,
    /// Grows with each change; 0 while nothing was ever said.
    version: i64,
    /// In milliseconds since 1970, UTC; null while nothing was ever said.
    updated_at: Option<i64>,
    /// Who changed it last.
    updated_by: Option<String>,
}

/// The whole rating: what is left out becomes unset.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct RatingReplacement {
    #[serde(default)]
    level: Option<f64>,
    #[serde(default)]
    not_applicable: Option<bool>,
    #[serde(default)]
    interest: Option<i64>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    evidence: Option<String>,
    /// As `2027-03-31`.
    #[serde(default)]
    valid_until: Option<String>,
    /// Nobody suspends themself. As `2027-03-31`, with a reason.
    #[serde(default)]
    suspended_until: Option<String>,
    #[serde(default)]
    suspension_reason: Option<String>,
    /// The version that this is based on; 0 when there was none yet.
    version: i64,
}

// Each parameter of a query is an argument of its function.
#[allow(clippy::too_many_arguments)]
#[OpenApi]
impl SkillsApi {
    /// The skills, by category and name
    #[oai(path = "/skills", method = "get", operation_id = "listSkills", tag = "Tag::Skills")]
    async fn list_skills(
        &self,
        caller: Caller,
        /// The id of a category: only the skills in it and below it.
        category: Query<Option<i64>>,
        /// A part of the name or of an alias.
        text: Query<Option<String>>,
        /// A tag, in any case.
        tag: Query<Option<String>>,
        /// Those that are archived in place of those that are in use.
        #[oai(default)]
        archived: Query<bool>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Page<Skill>>> {
        let filter = SkillFilter {
            category_id: category.0,
            text: text.0.unwrap_or_default(),
            tag: tag.0.unwrap_or_default(),
            archived: archived.0,
        };
        let (skills, total) = catalogue::list(&self.app, &caller.0, &filter, limit.0, offset.0).await?;
        let scales = scales::all(&self.app).await?;
        let items = skills.into_iter().map(|skill| Skill::of(skill, &scales)).collect();
        Ok(Json(Page { items, total, limit: limit.0, offset: offset.0 }))
    }

    /// One skill
    #[oai(path = "/skills/:id", method = "get", operation_id = "getSkill", tag = "Tag::Skills")]
    async fn get_skill(&self, caller: Caller, id: Path<i64>) -> Result<Json<Skill>> {
        let skill = catalogue::get(&self.app, &caller.0, id.0).await?;
        Ok(Json(self.skill(skill).await?))
    }

    /// Add a skill
    #[oai(path = "/skills", method = "post", operation_id = "createSkill", tag = "Tag::Skills")]
    async fn create_skill(&self, caller: Caller, body: Body<SkillCreation>) -> Result<Created<Skill>> {
        let new = body.0.into();
        let skill = catalogue::create(&self.app, &caller.0, &new).await?;
        let address = format!("/api/v1/skills/{}", skill.id);
        Ok(Created::Made(Json(self.skill(skill).await?), address))
    }

    /// Change a skill that is still at `version`
    #[oai(path = "/skills/:id", method = "put", operation_id = "updateSkill", tag = "Tag::Skills")]
    async fn update_skill(&self, caller: Caller, id: Path<i64>, body: Body<SkillReplacement>) -> Result<Saved<Skill>> {
        let (version, new) = (body.0.version, body.0.into());
        match catalogue::update(&self.app, &caller.0, id.0, version, &new).await {
            Ok(skill) => Ok(Saved::Saved(Json(self.skill(skill).await?))),
            Err(Error::Conflict(text)) => {
                let current = catalogue::get(&self.app, &caller.0, id.0).await?;
                Ok(Saved::conflict(text, self.skill(current).await?))
            }
            Err(other) => Err(other),
        }
    }

    /// What is said of a person, by category and skill
    #[oai(path = "/ratings/:person", method = "get", operation_id = "listRatings", tag = "Tag::Ratings")]
    async fn list_ratings(
        &self,
        caller: Caller,
        person: Path<i64>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Page<Rating>>> {
        let (ratings, total) = ratings::list(&self.app, &caller.0, person.0, limit.0, offset.0).await?;
        let items = ratings.into_iter().map(Rating::from).collect();
        Ok(Json(Page { items, total, limit: limit.0, offset: offset.0 }))
    }

    /// What is said of a person and a skill
    #[oai(path = "/ratings/:person/:skill", method = "get", operation_id = "getRating", tag = "Tag::Ratings")]
    async fn get_rating(&self, caller: Caller, person: Path<i64>, skill: Path<i64>) -> Result<Json<Rating>> {
        let cell = ratings::get(&self.app, &caller.0, person.0, skill.0).await?;
        Ok(Json(cell.rating.into()))
    }

    /// Change a rating that is still at `version`
    #[oai(path = "/ratings/:person/:skill", method = "put", operation_id = "updateRating", tag = "Tag::Ratings")]
    async fn update_rating(
        &self,
        caller: Caller,
        person: Path<i64>,
        skill: Path<i64>,
        body: Body<RatingReplacement>,
    ) -> Result<Saved<Rating>> {
        let patch = body.0.patch()?;
        let base = Base::Version(body.0.version);
        match ratings::save(&self.app, &caller.0, (person.0, skill.0), base, &patch, Origin::Api).await? {
            Outcome::Saved(rating) => Ok(Saved::Saved(Json(rating.into()))),
            Outcome::Conflict(current) => {
                let text = "This rating was changed by somebody else in the meantime.".to_owned();
                Ok(Saved::conflict(text, current.into()))
            }
        }
    }

    async fn skill(&self, skill: catalogue::Skill) -> Result<Skill> {
        Ok(Skill::of(skill, &*scales::all(&self.app).await?))
    }
}

impl RatingReplacement {
    fn patch(&self) -> Result<RatingPatch> {
        let not_applicable = self.not_applicable.unwrap_or(false);
        let level = self.level.map(|level| Level::parse(&level.to_string()));
        let interest = self.interest.map(Interest::new);
        let mut checks = Checks::default();
        checks.that(level != Some(None), "level", "A level is a number from 0 on, with at most two decimals.");
        checks.that(level.is_none() || !not_applicable, "level", "What is not applicable has no level.");
        checks.that(interest != Some(None), "interest", "An interest is a number from 0 to 3.");
        checks.done()?;
        let standing = match level.flatten() {
            Some(level) => Standing::At(level),
            None if not_applicable => Standing::NotApplicable,
            None => Standing::Unset,
        };
        let valid_until = day("valid_until", self.valid_until.as_deref())?;
        let suspended_until = day("suspended_until", self.suspended_until.as_deref())?;
        let reason = self.suspension_reason.clone().unwrap_or_default();
        Ok(RatingPatch {
            standing: Some(standing),
            interest: Some(interest.flatten()),
            note: Some(self.note.clone().unwrap_or_default()),
            evidence: Some(self.evidence.clone().unwrap_or_default()),
            valid_until: Some(valid_until),
            suspension: Some(suspended_until.map(|until| Suspension { until, reason })),
            ..RatingPatch::default()
        })
    }
}

fn day(field: &str, text: Option<&str>) -> Result<Option<Date>> {
    let day = text.map(str::parse::<Date>).transpose();
    day.map_err(|_| Error::invalid(field, "A day is written as 2027-03-31."))
}

impl From<SkillCreation> for NewSkill {
    fn from(body: SkillCreation) -> Self {
        let SkillCreation { name, category, aliases, tags, owner_id, description, uri, scale } = body;
        NewSkill {
            name,
            category: category.unwrap_or_default(),
            description: description.unwrap_or_default(),
            uri: uri.unwrap_or_default(),
            scale,
            labels: Labels::of(aliases.unwrap_or_default(), tags.unwrap_or_default()),
            owner: owner_id.map_or(Owner::Nobody, Owner::Person),
        }
    }
}

impl From<SkillReplacement> for NewSkill {
    fn from(body: SkillReplacement) -> Self {
        let SkillReplacement { name, category, aliases, tags, owner_id, description, uri, scale, version: _ } = body;
        SkillCreation { name, category, aliases, tags, owner_id, description, uri, scale }.into()
    }
}

impl Skill {
    fn of(skill: catalogue::Skill, scales: &Scales) -> Self {
        let scale = scales.get(skill.scale_id).map(|scale| scale.name.clone()).unwrap_or_default();
        let catalogue::Skill { id, category_id, category, name, description, uri, owner_id, active, version, .. } =
            skill;
        let Labels { aliases, tags } = skill.labels;
        Skill { id, category_id, category, name, aliases, tags, description, uri, scale, owner_id, active, version }
    }
}

impl From<ratings::Rating> for Rating {
    fn from(rating: ratings::Rating) -> Self {
        let values = rating.values;
        let number = |standing: Standing| standing.level().map(|level| level.hundredths() as f64 / 100.0);
        let (suspended_until, suspension_reason) =
            values.suspension.map(|suspension| (suspension.until.to_string(), suspension.reason)).unzip();
        Rating {
            person_id: rating.person_id,
            skill_id: rating.skill_id,
            level: number(values.standing),
            not_applicable: values.standing == Standing::NotApplicable,
            interest: values.interest.map(Interest::value),
            note: values.note,
            counts: !rating.lapsed,
            own_level: values.own.and_then(|own| number(own.standing)),
            confirmed_level: values.confirmed.and_then(|confirmed| number(confirmed.standing)),
            confirmed_at: values.confirmed.map(|confirmed| confirmed.at),
            confirmed_by: rating.confirmed_by,
            evidence: values.evidence,
            valid_until: values.valid_until.map(|day| day.to_string()),
            suspended_until,
            suspension_reason,
            version: rating.version,
            updated_at: (rating.version > 0).then_some(rating.updated_at),
            updated_by: rating.updated_by,
        }
    }
}
