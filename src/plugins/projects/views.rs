//! The list of projects, the frame around the views of one, what it is about, and its settings.

use super::model::{Listed, MAX_CODE_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS, NewProject, Project};
use super::outline::Outline;
use super::{CREATE, days, labels, members, statuses};
use crate::accounts::people::Person;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn index(cx: &Context, projects: &[Listed], archived: bool, today: Date) -> Markup {
    let actions = html! {
        @if archived { a.btn.btn-outline-secondary href="/projects" { "Projects under way" } }
        @else { a.btn.btn-outline-secondary href="/projects?archived=yes" { (icon(Icon::BoxArchive)) "Archive" } }
        a.btn.btn-outline-secondary href="/projects/board" { (icon(Icon::TableColumns)) "All on one board" }
        @if cx.may(CREATE) {
            a.btn.btn-outline-secondary href="/projects/imports" { (icon(Icon::FileImport)) "Import" }
            a.btn.btn-primary href="/projects/new" { (icon(Icon::Plus)) "New project" }
        }
    };
    let title = if archived { "Archived projects" } else { "Projects" };
    html! {
        (page_head(&[], title, None, actions))
        @if projects.is_empty() { (nothing(cx, archived)) } @else {
            div.table-frame { table.table.projects-table {
                thead { tr {
                    th { "Project" } th.wide-only { "Owner" } th { "Done" } th.number { "Open" } th.number.wide-only { "Under way" }
                    th.number { "Overdue" } th.number.wide-only { "Members" } th.wide-only { "Ends" }
                } }
                tbody { @for project in projects { (row(project, today)) } }
            } }
        }
    }
}

fn nothing(cx: &Context, archived: bool) -> Markup {
    let action = html! { @if cx.may(CREATE) { a.btn.btn-primary href="/projects/new" { (icon(Icon::Plus)) "Start a project" } } };
    match (archived, cx.may(CREATE)) {
        (true, _) => empty_state(
            Icon::BoxArchive,
            "The archive is empty",
            "Projects come here when their leads archive them.",
            html! {},
        ),
        (false, true) => {
            empty_state(Icon::DiagramProject, "No project yet", "Start one, and take in those who work on it.", action)
        }
        (false, false) => {
            let text = "You see the projects that you take part in. Ask somebody who leads one to take you in.";
            empty_state(Icon::DiagramProject, "No project yet", text, html! {})
        }
    }
}

fn row(project: &Listed, today: Date) -> Markup {
    let ends = project.ends_on.as_deref().and_then(|day| day.parse::<Date>().ok());
    let total = project.open + project.done;
    html! {
        tr {
            th scope="row" { a.project-name href=(super::model::path(&project.code)) { span.code { (project.code) } (project.name) } }
            td.wide-only { (project.owner.as_deref().unwrap_or("–")) }
            td { (progress(project.done, total)) }
            td.number { (project.open) }
            td.number.wide-only { (project.doing) }
            td.number { @if project.overdue > 0 { span.badge.bad { (project.overdue) } } @else { "–" } }
            td.number.wide-only { (project.members) }
            td.wide-only { @if let Some(day) = ends { (days::short(day, today)) } @else { "–" } }
        }
    }
}

/// How much of it is done, as a bar with its number.
fn progress(done: i64, total: i64) -> Markup {
    let percent = if total == 0 { 0 } else { done * 100 / total };
    html! {
        span.progress-line {
            progress max="100" value=(percent) aria-label=(format!("{done} of {total} tasks are done")) {}
            span.quiet { (percent) " %" }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    List,
    Board,
    Calendar,
    Timeline,
    Statistics,
    Team,
    About,
    Settings,
}

impl Tab {
    /// Whether it shows the tasks that the filter lets through.
    fn is_filtered(self) -> bool {
        matches!(self, Tab::List | Tab::Board | Tab::Calendar | Tab::Timeline)
    }
}

/// The head of each page of a project, with the ways to the others.
pub fn head(project: &Project, tab: Tab, query: &str, actions: Markup) -> Markup {
    let path = project.path();
    let with = |address: String| if query.is_empty() { address } else { format!("{address}?{query}") };
    let item = |to: Tab, href: String, symbol: Icon, title: &str| {
        html! {
            a.nav-link.active[to == tab] href=(href) aria-current=[(to == tab).then_some("page")] data-filtered[to.is_filtered()] { (icon(symbol)) (title) }
        }
    };
    html! {
        header.project-head {
            nav aria-label="Breadcrumb" { ol.breadcrumb { li.breadcrumb-item { a href="/projects" { "Projects" } } } }
            div.project-title {
                span.code { (project.code) }
                h1 { (project.name) }
                @if project.is_archived() { span.badge.warn { "archived" } }
                div.page-actions { (actions) }
            }
            nav.nav-tabs.project-tabs aria-label="Views of the project" {
                (item(Tab::List, with(path.clone()), Icon::List, "List"))
                (item(Tab::Board, with(format!("{path}/board")), Icon::TableColumns, "Board"))
                (item(Tab::Calendar, with(format!("{path}/calendar")), Icon::CalendarDays, "Calendar"))
                (item(Tab::Timeline, with(format!("{path}/timeline")), Icon::ChartGantt, "Timeline"))
                (item(Tab::Statistics, format!("{path}/statistics"), Icon::ChartColumn, "Statistics"))
                (item(Tab::Team, format!("{path}/team"), Icon::Users, "Team"))
                (item(Tab::About, format!("{path}/about"), Icon::CircleInfo, "About"))
                @if project.may_lead() { (item(Tab::Settings, format!("{path}/edit"), Icon::Gear, "Settings")) }
            }
        }
    }
}

pub fn about(_cx: &Context, outline: &Outline) -> Markup {
    let project = &outline.project;
    html! {
        (head(project, Tab::About, "", html! {}))
        div.about {
            section.card { div.card-body.prose {
                @if project.description.is_empty() {
                    p.quiet { "Nobody has said yet what this project is about." }
                    @if project.may_lead() { a.btn.btn-outline-secondary href={ (project.path()) "/edit" } { (icon(Icon::Pen)) "Describe it" } }
                } @else { (markdown::render(&project.description)) }
            } }
            aside {
                dl.facts {
                    dt { "Owner" } dd { (project.owner.as_deref().unwrap_or("–")) }
                    @if let Some(day) = project.starts_on { dt { "Starts" } dd { (days::short(day, outline.today)) } }
                    @if let Some(day) = project.ends_on { dt { "Ends" } dd { (days::short(day, outline.today)) } }
                }
                h2 { "Members" }
                (members::views::faces(outline))
                h2 { "Take it along" }
                ul.plain-list {
                    li { a href={ (project.path()) "/exports/csv" } hx-boost="false" { (icon(Icon::FileExport)) " Tasks as CSV" } }
                    li { a href={ (project.path()) "/exports/json" } hx-boost="false" { (icon(Icon::FileExport)) " All of it as JSON" } }
                }
            }
        }
    }
}

/// What the form shows.
#[derive(Default)]
pub struct FormState {
    pub new: NewProject,
    pub version: i64,
    /// What somebody else did in the meantime.
    pub conflict: Option<String>,
    /// What is wrong with another form of the page.
    pub problem: Option<String>,
}

impl FormState {
    pub fn of(project: &Project) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let new = NewProject {
            code: project.code.clone(),
            name: project.name.clone(),
            description: project.description.clone(),
            owner_id: project.owner_id,
            starts_on: day(project.starts_on),
            ends_on: day(project.ends_on),
            postpones_stalled: project.postpones_stalled,
        };
        FormState { new, version: project.version, ..FormState::default() }
    }
}

pub fn new_page(cx: &Context, state: &FormState, invalid: Option<&Invalid>) -> Markup {
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    html! {
        (page_head(&[("Projects", "/projects")], "New project", Some("You lead it, and take in those who work on it."), html! {}))
        form.form-narrow method="post" action="/projects" {
            (csrf_field(cx.csrf()))
            (name_field(state, error("name")))
            (Field {
                name: "code", label: "Key", required: true, error: error("code"),
                hint: Some("Stands before the numbers of its tasks, as QD in QD-12. It cannot be changed later."),
                input: Input::Text { value: &state.new.code, max_length: MAX_CODE_CHARS },
            })
            (description_field(state, error("description")))
            (day_fields(state, &error))
            div.form-actions {
                button.btn.btn-primary type="submit" { "Start the project" }
                a.btn.btn-outline-secondary href="/projects" { "Cancel" }
            }
        }
    }
}

fn name_field(state: &FormState, error: Option<&str>) -> Markup {
    let input = Input::Text { value: &state.new.name, max_length: MAX_NAME_CHARS };
    html! { (Field { name: "name", label: "Name", input, hint: None, error, required: true }) }
}

fn description_field(state: &FormState, error: Option<&str>) -> Markup {
    let input = Input::TextArea { value: &state.new.description, rows: 6, max_length: MAX_TEXT_CHARS };
    html! { (Field { name: "description", label: "Description", input, hint: Some("Markdown."), error, required: false }) }
}

fn day_fields<'a>(state: &FormState, error: &impl Fn(&str) -> Option<&'a str>) -> Markup {
    html! {
        div.fields-row {
            (day_field("starts_on", "Starts", &state.new.starts_on, error("starts_on")))
            (day_field("ends_on", "Ends", &state.new.ends_on, error("ends_on")))
        }
    }
}

/// A day, with the browser's own calendar.
pub fn day_field(name: &str, label: &str, value: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            label.form-label for={ "field-" (name) } { (label) " " span.quiet { "(optional)" } }
            input.form-control.is-invalid[error.is_some()] type="date" id={ "field-" (name) } name=(name) value=(value)
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("field-{name}-error"))];
            @if let Some(error) = error { div.invalid-feedback id={ "field-" (name) "-error" } { (error) } }
        }
    }
}

pub fn settings(
    cx: &Context,
    outline: &Outline,
    state: &FormState,
    people: &[Person],
    invalid: Option<&Invalid>,
) -> Markup {
    html! {
        (head(&outline.project, Tab::Settings, "", html! {}))
        @if let Some(problem) = &state.problem { (notice(Tone::Danger, problem)) }
        div.settings-parts {
            section aria-labelledby="about-project" {
                h2 id="about-project" { "Project" }
                (project_form(cx, outline, state, invalid))
            }
            section aria-labelledby="members" { h2 id="members" { "Members" } (members::views::table(cx, outline, people)) }
            section aria-labelledby="statuses" { h2 id="statuses" { "Statuses" } (statuses::views::table(cx, outline)) }
            section aria-labelledby="labels" { h2 id="labels" { "Labels" } (labels::views::table(cx, outline)) }
            section aria-labelledby="archive" { h2 id="archive" { "Archive" } (archival(cx, &outline.project)) }
        }
    }
}

fn project_form(cx: &Context, outline: &Outline, state: &FormState, invalid: Option<&Invalid>) -> Markup {
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    let owners: Vec<(String, &str)> =
        outline.members.iter().map(|member| (member.id.to_string(), member.name.as_str())).collect();
    let options: Vec<(&str, &str)> =
        std::iter::once(("", "Nobody")).chain(owners.iter().map(|(id, name)| (id.as_str(), *name))).collect();
    let owner = state.new.owner_id.map(|id| id.to_string()).unwrap_or_default();
    html! {
        @if let Some(conflict) = &state.conflict { (notice(Tone::Warning, conflicting(conflict, &outline.project))) }
        form.form-narrow method="post" action=(outline.project.path()) {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(state.version);
            (name_field(state, error("name")))
            (description_field(state, error("description")))
            (Field {
                name: "owner", label: "Owner", hint: None, error: error("owner"), required: false,
                input: Input::Select { options: &options, selected: &owner },
            })
            (day_fields(state, &error))
            div.field { label.tick {
                input.form-check-input type="checkbox" name="postpones_stalled" value="yes" checked[state.new.postpones_stalled];
                "Postpone tasks by 30 days that nobody touched for 14 days"
            } }
            div.form-actions { button.btn.btn-primary type="submit" { @if state.conflict.is_some() { "Save mine" } @else { "Save" } } }
        }
    }
}

fn conflicting(text: &str, now: &Project) -> Markup {
    html! {
        p { (text) " What you typed is still in the form." }
        dl.both { div { dt { "It is now" } dd { (now.name) @if !now.description.is_empty() { p.quiet { (now.description) } } } } }
    }
}

fn archival(cx: &Context, project: &Project) -> Markup {
    html! {
        form method="post" action={ (project.path()) "/archival" } {
            (csrf_field(cx.csrf()))
            @if project.is_archived() {
                p { "Nothing in an archived project changes." }
                input type="hidden" name="archived" value="no";
                button.btn.btn-outline-secondary type="submit" { "Take it out of the archive" }
            } @else {
                p.quiet { "An archived project can be read, and nothing in it changes. It can be taken out again." }
                input type="hidden" name="archived" value="yes";
                button.btn.btn-outline-danger type="submit" { (icon(Icon::BoxArchive)) "Archive the project" }
            }
        }
    }
}
