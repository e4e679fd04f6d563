//! The columns that hold what is said of a rating, in the table `ratings` and, as it was after each change, in
//! `rating_events`. They are many and stand in several statements, so that they are written down here once.

use super::super::levels::{Interest, Level, Standing};
use super::values::{Confirmation, Statement, Suspension, Values};
use crate::db::Query;
use jiff::civil::Date;
use serde::Serialize;

/// The columns for a list of SELECT or INSERT, in the order of [`Columns::bind`]: `value_columns!()`, or with a table's
/// name before each, `value_columns!("r.")`.
#[macro_export]
macro_rules! value_columns {
    () => {
        $crate::value_columns!("")
    };
    ($of:literal) => {
        concat!(
            $of,
            "level, ",
            $of,
            "not_applicable, ",
            $of,
            "interest, ",
            $of,
            "note, ",
            $of,
            "self_level, ",
            $of,
            "self_na, ",
            $of,
            "self_at, ",
            $of,
            "validated_level, ",
            $of,
            "validated_na, ",
            $of,
            "validated_at, ",
            $of,
            "validated_by, ",
            $of,
            "evidence, ",
            $of,
            "valid_until, ",
            $of,
            "suspended_until, ",
            $of,
            "suspension_reason"
        )
    };
}

/// The same columns for the token `{rows …}`, after the ids of person and skill.
#[macro_export]
macro_rules! value_rows {
    () => {
        "{rows person_id i64, skill_id i64, level i64, not_applicable bool, interest i64, note text, self_level i64, self_na bool, \
         self_at i64, validated_level i64, validated_na bool, validated_at i64, validated_by i64, evidence text, valid_until text, \
         suspended_until text, suspension_reason text, lapsed bool}"
    };
}

/// A row of them. Every column may be missing, as where an outer join finds no rating.
#[derive(Clone, Debug, Default, PartialEq, Serialize, sqlx::FromRow)]
pub struct Columns {
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<i64>,
    not_applicable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interest: Option<i64>,
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_level: Option<i64>,
    self_na: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validated_level: Option<i64>,
    validated_na: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validated_by: Option<i64>,
    evidence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_until: Option<String>,
    suspension_reason: Option<String>,
}

impl Columns {
    /// Binds all of them, in the order of `value_columns!`.
    pub fn bind<'e>(self, query: Query<'e>) -> Query<'e> {
        query
            .bind(self.level)
            .bind(self.not_applicable)
            .bind(self.interest)
            .bind(self.note)
            .bind(self.self_level)
            .bind(self.self_na)
            .bind(self.self_at)
            .bind(self.validated_level)
            .bind(self.validated_na)
            .bind(self.validated_at)
            .bind(self.validated_by)
            .bind(self.evidence)
            .bind(self.valid_until)
            .bind(self.suspended_until)
            .bind(self.suspension_reason)
    }
}

fn level_of(standing: Standing) -> Option<i64> {
    standing.level().map(Level::hundredths)
}

fn is_not_applicable(standing: Standing) -> bool {
    standing == Standing::NotApplicable
}

impl From<&Values> for Columns {
    fn from(values: &Values) -> Self {
        let (own, confirmed) = (values.own.as_ref(), values.confirmed.as_ref());
        let suspension = values.suspension.as_ref();
        Columns {
            level: level_of(values.standing),
            not_applicable: Some(is_not_applicable(values.standing)),
            interest: values.interest.map(Interest::value),
            note: Some(values.note.clone()),
            self_level: own.and_then(|own| level_of(own.standing)),
            self_na: Some(own.is_some_and(|own| is_not_applicable(own.standing))),
            self_at: own.map(|own| own.at),
            validated_level: confirmed.and_then(|confirmed| level_of(confirmed.standing)),
            validated_na: Some(confirmed.is_some_and(|confirmed| is_not_applicable(confirmed.standing))),
            validated_at: confirmed.map(|confirmed| confirmed.at),
            validated_by: confirmed.and_then(|confirmed| confirmed.by),
            evidence: Some(values.evidence.clone()),
            valid_until: values.valid_until.map(|day| day.to_string()),
            suspended_until: suspension.map(|suspension| suspension.until.to_string()),
            suspension_reason: Some(suspension.map(|suspension| suspension.reason.clone()).unwrap_or_default()),
        }
    }
}

impl From<Columns> for Values {
    fn from(row: Columns) -> Self {
        let standing = |level, na: Option<bool>| Standing::from_columns(level, na.unwrap_or(false));
        let own = row.self_at.map(|at| Statement { standing: standing(row.self_level, row.self_na), at });
        let confirmed = row.validated_at.map(|at| Confirmation {
            standing: standing(row.validated_level, row.validated_na),
            at,
            by: row.validated_by,
        });
        let day = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
        let reason = row.suspension_reason.unwrap_or_default();
        Values {
            standing: standing(row.level, row.not_applicable),
            interest: row.interest.and_then(Interest::new),
            note: row.note.unwrap_or_default(),
            own,
            confirmed,
            evidence: row.evidence.unwrap_or_default(),
            valid_until: day(row.valid_until),
            suspension: day(row.suspended_until).map(|until| Suspension { until, reason }),
        }
    }
}
