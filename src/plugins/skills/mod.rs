//! Skills: who can do what, how well, and who would like to.
//!
//! Tables: scales, scale_levels, skill_categories, skills, ratings, rating_events, rating_batches, skill_summaries,
//! person_summaries, requirements, skill_imports, and what the folders name besides. A cell of the matrix that is edited goes
//! `ratings/handlers::update` → `ratings/model::save`, which
//! checks the permission and the version, writes the rating, its event and the two summaries in one transaction, and
//! publishes the change; every page that shows the cell then asks for it again.

pub mod api;
pub mod as_of;
pub mod assessments;
pub mod batches;
pub mod catalogue;
pub mod categories;
pub mod certificates;
pub mod concepts;
pub mod coverage;
mod examination;
pub mod exports;
pub mod finder;
pub mod imports;
pub mod insights;
pub mod job_roles;
pub mod levels;
pub mod matrix;
mod needs;
pub mod pastes;
pub mod person;
pub mod presets;
pub mod print;
pub mod profiles;
pub mod ratings;
pub mod requirements;
pub mod saved_views;
pub mod scales;
pub mod settings;
pub mod sight;
pub mod summaries;
pub mod targets;
pub mod training;

pub use levels::{Level, Scale};
pub use needs::model::{KnownLevel, KnownSkill, known_levels, known_skills};

use crate::accounts::{Permission, PermissionSpec};
use crate::app::App;
use crate::error::Result;
use crate::notices::{Channel, NoticeKind};
use crate::plugin::{BoxFuture, Nav, Plugin};
use crate::web::assets::Icon;

pub const READ: Permission = Permission("skills.read");
/// Rate oneself.
pub const RATE_OWN: Permission = Permission("skills.rate_own");
/// Rate the people of one's own team.
pub const RATE_TEAM: Permission = Permission("skills.rate_team");
pub const RATE_ALL: Permission = Permission("skills.rate_all");
/// See everybody's ratings, also where people see their own team alone.
pub const READ_ALL: Permission = Permission("skills.read_all");
/// Change skills and categories.
pub const EDIT: Permission = Permission("skills.edit");
/// Take in files, which may make people, teams and skills.
pub const IMPORT: Permission = Permission("skills.import");
/// Set targets for the own team, and say which job roles its people have.
pub const TARGETS: Permission = Permission("skills.targets");
/// Set targets for everybody, and keep the job roles of the organisation.
pub const TARGETS_ALL: Permission = Permission("skills.targets_all");

/// What changes when a rating does.
pub const TOPIC: &str = "skills";
/// What changes when a skill, a category or a scale does.
pub const CATALOGUE_TOPIC: &str = "skills.catalogue";
/// What changes when what is asked of people does, or who has a job role. Ratings do not change it.
pub const TARGETS_TOPIC: &str = "skills.targets";

pub const PLUGIN: Plugin = Plugin {
    id: "skills",
    mount: "/skills",
    title: "Skills",
    check_config: Some(settings::check),
    routes,
    nav: &[
        Nav { title: "Matrix", href: "/skills", icon: Icon::TableCells, permission: READ, also: &[] },
        Nav { title: "Finder", href: "/skills/finder", icon: Icon::MagnifyingGlass, permission: READ, also: &[] },
        Nav { title: "Insights", href: "/skills/insights", icon: Icon::ChartColumn, permission: READ, also: &[] },
        Nav {
            title: "Targets",
            href: "/skills/targets",
            icon: Icon::Bullseye,
            permission: READ,
            also: &["/skills/job-roles", "/skills/profiles"],
        },
        Nav { title: "Coverage", href: "/skills/coverage", icon: Icon::ShieldHalved, permission: READ, also: &[] },
        Nav {
            title: "Catalogue",
            href: "/skills/catalogue",
            icon: Icon::LayerGroup,
            permission: READ,
            also: &["/skills/scales", "/skills/categories"],
        },
        Nav {
            title: "Assessments",
            href: "/skills/assessments",
            icon: Icon::ClipboardCheck,
            permission: READ,
            also: &[],
        },
        Nav { title: "Training", href: "/skills/training", icon: Icon::GraduationCap, permission: READ, also: &[] },
        Nav {
            title: "Certificates",
            href: "/skills/certificates",
            icon: Icon::Certificate,
            permission: READ,
            also: &[],
        },
        Nav { title: "Import", href: "/skills/imports", icon: Icon::FileImport, permission: IMPORT, also: &[] },
    ],
    permissions: &[
        PermissionSpec {
            permission: READ,
            title: "See the skills matrix",
            roles: &["lead", "auditor", "member", "viewer"],
        },
        PermissionSpec { permission: READ_ALL, title: "See everybody's ratings", roles: &["auditor"] },
        PermissionSpec { permission: RATE_OWN, title: "Rate oneself", roles: &["lead", "member"] },
        PermissionSpec { permission: RATE_TEAM, title: "Rate the own team", roles: &["lead"] },
        PermissionSpec { permission: RATE_ALL, title: "Rate everybody", roles: &[] },
        PermissionSpec { permission: EDIT, title: "Change skills and categories", roles: &["lead"] },
        PermissionSpec { permission: IMPORT, title: "Import files of skills and ratings", roles: &[] },
        PermissionSpec { permission: TARGETS, title: "Set targets for the own team", roles: &["lead"] },
        PermissionSpec { permission: TARGETS_ALL, title: "Set targets for everybody, and keep job roles", roles: &[] },
    ],
    notices: &[
        NoticeKind { kind: "skills.expiry", title: "A certificate expires", default: Channel::Digest, is_vital: false },
        NoticeKind {
            kind: "skills.assessment",
            title: "An assessment waits, or is done",
            default: Channel::Digest,
            is_vital: false,
        },
        NoticeKind {
            kind: "skills.training",
            title: "A training is planned, or is done",
            default: Channel::Digest,
            is_vital: false,
        },
    ],
    topics: &[(TOPIC, READ)],
    dashboard: Some(matrix::views::card),
    init_data: Some(init_data),
    people_changed: Some(|tx, people, now_ms| Box::pin(requirements::of_people(tx, people, now_ms))),
    people_switched: Some(|tx, people, _| Box::pin(summaries::recount_all_of(tx, people))),
    examine: Some(|app| Box::pin(examination::examine(app))),
    settings: settings::SETTINGS,
    jobs: &[imports::PURGE, certificates::EXPIRE, requirements::WORK_OUT],
};

fn routes() -> Vec<crate::plugin::Route> {
    [
        matrix::handlers::routes(),
        matrix::reasons::routes(),
        ratings::handlers::routes(),
        batches::handlers::routes(),
        saved_views::handlers::routes(),
        pastes::handlers::routes(),
        person::handlers::routes(),
        person::history::handlers::routes(),
        assessments::routes(),
        certificates::handlers::routes(),
        training::routes(),
        catalogue::routes(),
        categories::handlers::routes(),
        concepts::handlers::routes(),
        scales::handlers::routes(),
        imports::routes(),
        exports::routes(),
        sight::handlers::routes(),
        targets::handlers::routes(),
        coverage::handlers::routes(),
        job_roles::routes(),
        profiles::routes(),
        finder::handlers::routes(),
        insights::routes(),
        print::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The preset scales, and the category of the skills that have none.
fn init_data(app: &App) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        let mut tx = app.db.begin().await?;
        scales::add_presets(&mut tx).await?;
        categories::model::category_id(&mut tx, "", app.now_ms()).await?;
        requirements::init(&mut tx).await?;
        requirements::of_everybody(&mut tx, app.now_ms()).await?;
        tx.commit().await?;
        app.publish(CATALOGUE_TOPIC, "*").await;
        Ok(())
    })
}
