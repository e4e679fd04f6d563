//! Brings a database to the newest schema: one linear history, one text for all databases, one runner at a time.
//!
//! Each migration is one DDL statement, because MariaDB commits after every one. A migration that has landed is never
//! changed: expand first, contract in a later release, so that the old and the new version can run side by side.

use super::connect::{Options, Single};
use super::error::{Error, Result};
use super::{Db, Dialect, Sql};
use crate::sql;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Connection, MySqlConnection};

/// A migration by the name of its file.
macro_rules! migration {
    ($name:literal) => {
        Step { name: $name, sql: sql!(include_str!(concat!("../../migrations/", $name, ".sql"))) }
    };
}

/// The history, oldest first.
pub const MIGRATIONS: &[Step] = &[
    migration!("20261120_0101_teams_create"),
    migration!("20261120_0102_people_create"),
    migration!("20261120_0103_people_index_order"),
    migration!("20261120_0104_people_index_team"),
    migration!("20261120_0105_people_index_name"),
    migration!("20261120_0106_teams_version"),
    migration!("20261120_0110_roles_create"),
    migration!("20261120_0111_permissions_create"),
    migration!("20261120_0112_role_permissions_create"),
    migration!("20261120_0113_person_roles_create"),
    migration!("20261120_0120_sessions_create"),
    migration!("20261120_0121_sessions_index_expires"),
    migration!("20261120_0122_api_tokens_create"),
    migration!("20261120_0123_setup_links_create"),
    migration!("20261120_0130_events_create"),
    migration!("20261120_0131_events_index_subject"),
    migration!("20261120_0140_job_runs_create"),
    migration!("20261120_0201_scales_create"),
    migration!("20261120_0202_scale_levels_create"),
    migration!("20261120_0203_skill_categories_create"),
    migration!("20261120_0204_skills_create"),
    migration!("20261120_0205_skills_index_order"),
    migration!("20261120_0206_ratings_create"),
    migration!("20261120_0207_ratings_index_skill"),
    migration!("20261120_0208_rating_events_create"),
    migration!("20261120_0209_rating_events_index_cell"),
    migration!("20261120_0210_skill_summaries_create"),
    migration!("20261120_0211_person_summaries_create"),
    migration!("20261120_0212_skill_imports_create"),
    migration!("20261124_0301_ratings_self_level"),
    migration!("20261124_0302_ratings_self_na"),
    migration!("20261124_0303_ratings_self_at"),
    migration!("20261124_0304_ratings_validated_level"),
    migration!("20261124_0305_ratings_validated_na"),
    migration!("20261124_0306_ratings_validated_at"),
    migration!("20261124_0307_ratings_validated_by"),
    migration!("20261124_0308_ratings_evidence"),
    migration!("20261124_0309_ratings_valid_until"),
    migration!("20261124_0310_ratings_suspended_until"),
    migration!("20261124_0311_ratings_suspension_reason"),
    migration!("20261124_0312_ratings_lapsed"),
    migration!("20261124_0313_rating_events_self_level"),
    migration!("20261124_0314_rating_events_self_na"),
    migration!("20261124_0315_rating_events_self_at"),
    migration!("20261124_0316_rating_events_validated_level"),
    migration!("20261124_0317_rating_events_validated_na"),
    migration!("20261124_0318_rating_events_validated_at"),
    migration!("20261124_0319_rating_events_validated_by"),
    migration!("20261124_0320_rating_events_evidence"),
    migration!("20261124_0321_rating_events_valid_until"),
    migration!("20261124_0322_rating_events_suspended_until"),
    migration!("20261124_0323_rating_events_suspension_reason"),
    migration!("20261124_0324_rating_events_batch_id"),
    migration!("20261124_0325_rating_events_index_batch"),
    migration!("20261124_0326_rating_events_index_skill"),
    migration!("20261124_0327_rating_batches_create"),
    migration!("20261124_0328_requirements_create"),
    migration!("20261124_0329_requirements_index_skill"),
    migration!("20261124_0330_skill_summaries_gaps"),
    migration!("20261124_0331_person_summaries_gaps"),
    migration!("20261124_0332_skills_active"),
    migration!("20261124_0333_skills_index_active"),
    migration!("20261124_0334_skills_owner_id"),
    migration!("20261124_0401_skill_categories_parent_id"),
    migration!("20261124_0402_skill_categories_version"),
    migration!("20261124_0403_skill_aliases_create"),
    migration!("20261124_0404_skill_aliases_index_key"),
    migration!("20261124_0405_skill_tags_create"),
    migration!("20261124_0406_skill_tags_index_key"),
    migration!("20261124_0407_skill_levels_create"),
    migration!("20261124_0408_scales_version"),
    migration!("20261124_0409_scales_preset"),
    migration!("20261124_0410_concepts_create"),
    migration!("20261124_0411_concepts_index_name"),
    migration!("20261124_0412_skill_merges_create"),
    migration!("20261124_0413_skill_merges_index_kept"),
    migration!("20261124_0414_skill_rescalings_create"),
    migration!("20261124_0415_skill_rescalings_index_skill"),
    migration!("20261124_0451_job_roles_create"),
    migration!("20261124_0452_job_role_people_create"),
    migration!("20261124_0453_job_role_people_index_person"),
    migration!("20261124_0454_targets_create"),
    migration!("20261124_0455_targets_index_skill"),
    migration!("20261124_0456_role_profiles_create"),
    migration!("20261124_0457_role_profiles_index_name"),
    migration!("20261124_0458_role_profile_skills_create"),
    migration!("20261124_0459_requirement_turns_create"),
    migration!("20261124_0501_matrix_views_create"),
    migration!("20261124_0502_matrix_view_defaults_create"),
    migration!("20261124_0503_rating_events_index_past"),
    migration!("20261124_0521_notices_create"),
    migration!("20261124_0522_notices_index_unread"),
    migration!("20261124_0523_skill_reminders_create"),
    migration!("20261124_0531_assessments_create"),
    migration!("20261124_0532_assessments_index_person"),
    migration!("20261124_0533_assessments_index_state"),
    migration!("20261124_0534_assessment_items_create"),
    migration!("20261124_0535_assessment_items_index_skill"),
    migration!("20261124_0541_training_plans_create"),
    migration!("20261124_0542_training_plans_index_person"),
    migration!("20261124_0543_training_plans_index_trainer"),
    migration!("20261124_0581_rating_events_index_actor"),
    migration!("20261124_0601_skill_imports_state"),
    migration!("20261124_0602_skill_imports_started_at"),
    migration!("20261124_0603_skill_imports_ratings"),
    migration!("20261124_0604_skill_imports_result"),
    migration!("20261124_0605_rating_batches_index_kind"),
    migration!("20261125_0101_outbox_create"),
    migration!("20261125_0102_outbox_index_due"),
    migration!("20261125_0103_password_reset_requests_create"),
    migration!("20261125_0104_password_reset_requests_index_email"),
    migration!("20261125_0105_password_reset_requests_index_client"),
    migration!("20261125_0106_password_reset_requests_index_answered"),
    migration!("20261125_0107_password_resets_create"),
    migration!("20261125_0111_invitations_create"),
    migration!("20261125_0121_notices_mailing"),
    migration!("20261125_0122_notices_index_mailing"),
    migration!("20261125_0123_notice_preferences_create"),
    migration!("20261125_0151_roles_version"),
    migration!("20261125_0152_role_parents_create"),
    migration!("20261125_0153_access_versions_create"),
    migration!("20261125_0154_access_changes_create"),
    migration!("20261125_0155_access_changes_index_at"),
    migration!("20261125_0156_mapped_routes_create"),
    migration!("20261125_0157_route_grantees_create"),
    migration!("20261125_0158_route_uses_create"),
    migration!("20261125_0159_route_prunings_create"),
    migration!("20261125_0160_viewings_create"),
    migration!("20261125_0161_viewings_index_person"),
    migration!("20261125_0162_people_refuses_viewing"),
    migration!("20261125_0201_sign_in_attempts_create"),
    migration!("20261125_0202_known_devices_create"),
    migration!("20261125_0203_sessions_strong"),
    migration!("20261125_0204_sessions_selector"),
    migration!("20261125_0205_sessions_verifier"),
    migration!("20261125_0206_sessions_previous_verifier"),
    migration!("20261125_0207_sessions_rotated_at"),
    migration!("20261125_0208_sessions_remembered_until"),
    migration!("20261125_0209_sessions_unconfirmed"),
    migration!("20261125_0210_sessions_index_selector"),
    migration!("20261125_0211_sessions_index_person"),
    migration!("20261125_0221_roles_requires_second_factor"),
    migration!("20261125_0222_totp_secrets_create"),
    migration!("20261125_0223_recovery_codes_create"),
    migration!("20261125_0224_passkeys_create"),
    migration!("20261125_0225_passkeys_index_person"),
    migration!("20261125_0226_used_steps_create"),
    migration!("20261125_0227_identities_create"),
    migration!("20261125_0228_api_tokens_scope_names"),
    migration!("20261125_0251_event_seals_create"),
    migration!("20261125_0252_event_chain_create"),
    migration!("20261125_0253_events_index_at"),
    migration!("20261125_0254_events_index_kind"),
    migration!("20261125_0255_events_index_actor"),
    migration!("20261125_0256_plugin_switches_create"),
    migration!("20261125_0257_overridden_options_create"),
    migration!("20261125_0258_policy_reports_create"),
    migration!("20261125_0259_job_runs_error"),
    migration!("20261125_0260_job_runs_requested_at"),
    migration!("20261125_0261_people_batches_create"),
    migration!("20261125_0262_people_batch_items_create"),
    migration!("20261125_0301_skill_summaries_revision"),
    migration!("20261125_0302_requirement_events_create"),
    migration!("20261125_0303_requirement_events_index_past"),
    migration!("20261125_0304_requirement_events_index_skill"),
    migration!("20261125_0305_requirement_events_begin"),
    migration!("20261125_0306_target_events_create"),
    migration!("20261125_0307_target_events_index_past"),
    migration!("20261125_0308_target_events_begin"),
    migration!("20261126_0401_projects_create"),
    migration!("20261126_0402_project_members_create"),
    migration!("20261126_0403_project_members_index_person"),
    migration!("20261126_0404_project_statuses_create"),
    migration!("20261126_0405_project_labels_create"),
    migration!("20261126_0406_tasks_create"),
    migration!("20261126_0407_tasks_index_board"),
    migration!("20261126_0408_tasks_index_list"),
    migration!("20261126_0409_tasks_index_updated"),
    migration!("20261126_0410_tasks_index_due"),
    migration!("20261126_0411_tasks_index_parent"),
    migration!("20261126_0412_task_assignees_create"),
    migration!("20261126_0413_task_assignees_index_person"),
    migration!("20261126_0414_task_labels_create"),
    migration!("20261126_0415_task_labels_index_label"),
    migration!("20261126_0416_task_events_create"),
    migration!("20261126_0417_task_events_index_task"),
    migration!("20261126_0418_task_events_index_batch"),
    migration!("20261126_0419_task_comments_create"),
    migration!("20261126_0420_task_watchers_create"),
    migration!("20261126_0421_task_blockers_create"),
    migration!("20261126_0422_task_blockers_index_blocker"),
    migration!("20261126_0423_task_checks_create"),
    migration!("20261126_0424_task_checks_index_task"),
    migration!("20261126_0425_task_skills_create"),
    migration!("20261126_0426_task_views_create"),
    migration!("20261126_0427_task_batches_create"),
    migration!("20261126_0428_task_attachments_create"),
    migration!("20261126_0429_task_attachments_index_task"),
    migration!("20261126_0430_task_attachments_index_content"),
    migration!("20261126_0431_task_feeds_create"),
    migration!("20261127_0501_handoffs_create"),
    migration!("20261127_0502_handoffs_index_team"),
    migration!("20261127_0503_handoffs_index_state"),
    migration!("20261127_0504_handoff_sections_create"),
    migration!("20261127_0505_handoff_items_create"),
    migration!("20261127_0506_handoff_items_index_team"),
    migration!("20261127_0507_handoff_entries_create"),
    migration!("20261127_0508_handoff_entries_index_item"),
    migration!("20261127_0509_handoff_item_skills_create"),
    migration!("20261127_0510_handoff_contingencies_create"),
    migration!("20261127_0511_handoff_contingencies_index_handoff"),
    migration!("20261127_0512_handoff_questions_create"),
    migration!("20261127_0513_handoff_teams_create"),
];

/// One migration.
pub struct Step {
    /// Day, number and what it does: `20261120_0101_teams_create`.
    pub name: &'static str,
    sql: &'static Sql,
}

impl Step {
    /// Day and number as one number, 202611200101.
    pub fn version(&self) -> i64 {
        let head = self.name.bytes().take("20261120_0101".len()).filter(u8::is_ascii_digit);
        head.fold(0, |version, digit| version * 10 + i64::from(digit - b'0'))
    }
}

/// The table in which sqlx keeps what has run.
const TABLE: &str = "_sqlx_migrations";

/// What a database lacks.
#[derive(Debug, PartialEq, Eq)]
pub enum Pending {
    Nothing,
    Migrations(usize),
}

impl Db {
    /// Runs what is missing, on a connection of its own that is closed afterwards. Replicas that start together wait
    /// for each other.
    pub async fn migrate(options: &Options) -> Result<(), String> {
        let explain = |error: Error| format!("the migrations could not start: {error}");
        let single = Single::open(options).await.map_err(explain)?;
        let migrator = migrator(options.dialect().map_err(explain)?);
        match single {
            // The whole history is one transaction, which is also the lock.
            Single::Sqlite(mut connection) => {
                let mut tx = connection.begin_with("BEGIN IMMEDIATE").await.map_err(|e| explain(e.into()))?;
                run(&migrator, &mut *tx).await?;
                tx.commit().await.map_err(|e| explain(e.into()))
            }
            Single::MySql(mut connection) => {
                lock_mysql(&mut connection).await?;
                // Closing the connection gives the lock back.
                run(&migrator, &mut connection).await
            }
            Single::Postgres(mut connection) => run(&migrator, &mut connection).await,
        }
    }

    /// What the database lacks, seen through a connection of its own: a pool would wait for a server that is not there,
    /// and then say no more than that it waited.
    pub async fn pending(options: &Options) -> Result<Pending> {
        if options.is_missing_file()? {
            return Ok(Pending::Migrations(MIGRATIONS.len()));
        }
        let missing = match Single::open(options).await? {
            Single::Sqlite(mut connection) => missing(&mut connection).await?,
            Single::MySql(mut connection) => missing(&mut connection).await?,
            Single::Postgres(mut connection) => missing(&mut connection).await?,
        };
        Ok(if missing == 0 { Pending::Nothing } else { Pending::Migrations(missing) })
    }
}

/// How many migrations have not run. One that failed half-way has not.
async fn missing<C: Migrate>(connection: &mut C) -> Result<usize> {
    let applied = match connection.list_applied_migrations(TABLE).await {
        Ok(applied) => applied,
        Err(MigrateError::Execute(error)) => match error.into() {
            // The table of applied migrations is itself made by the first run.
            Error::Defect(_) => return Ok(MIGRATIONS.len()),
            other => return Err(other),
        },
        Err(other) => return Err(sqlx::Error::Migrate(Box::new(other)).into()),
    };
    let failed = match connection.dirty_version(TABLE).await {
        Ok(failed) => failed,
        Err(error) => return Err(sqlx::Error::Migrate(Box::new(error)).into()),
    };
    let has_run = |version: i64| failed != Some(version) && applied.iter().any(|done| done.version == version);
    Ok(MIGRATIONS.iter().filter(|step| !has_run(step.version())).count())
}

fn migrator(dialect: Dialect) -> Migrator {
    let migration = |step: &Step| {
        let text = sqlx::SqlStr::from_static(step.sql.get(dialect));
        Migration::new(step.version(), step.name.into(), MigrationType::Simple, text, false)
    };
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect());
    // In a deploy the old version meets the newer database; what it does not know is no reason to stop.
    migrator.set_ignore_missing(true);
    // sqlx's own lock gives NULL on MariaDB and does not exist on SQLite.
    migrator.set_locking(dialect == Dialect::Postgres);
    migrator
}

async fn run<C: Migrate>(migrator: &Migrator, connection: &mut C) -> Result<(), String> {
    migrator.run_direct(None, connection, false).await.map_err(explain)
}

fn explain(error: MigrateError) -> String {
    match error {
        MigrateError::Dirty(version) => format!(
            "migration {version} failed half-way earlier; restore a backup or finish it by hand, then remove its row from _sqlx_migrations"
        ),
        MigrateError::VersionMismatch(version) => {
            format!("migration {version} was changed after it ran here; install the release that ran it")
        }
        MigrateError::ExecuteMigration(error, version) => format!("migration {version} failed: {error}"),
        other => format!("the migrations failed: {other}"),
    }
}

async fn lock_mysql(connection: &mut MySqlConnection) -> Result<(), String> {
    let got: Option<i64> = sqlx::query_scalar("SELECT GET_LOCK(CONCAT(DATABASE(), '.migrate'), 300)")
        .fetch_one(connection)
        .await
        .map_err(|error| format!("the lock for migrations failed: {error}"))?;
    match got {
        Some(1) => Ok(()),
        _ => Err("another process has been migrating this database for five minutes".to_owned()),
    }
}
