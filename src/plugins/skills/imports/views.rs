//! The upload form with a word about the files that it takes, and the preview of an import.

use maud::{Markup, html};

use super::preview::{Line, Listing};
use super::{Kind, Preview, Upload};
use crate::error::Invalid;
use crate::tables::Problem;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};

/// Small files that an import takes as they are, by name.
pub const TEMPLATES: [(&str, &str); 3] = [
    (
        "ratings-long.csv",
        "name,email,team,title,category,skill,level,interest,note,scale\r\n\
         Ada Example,ada@example.org,Platform,Engineer,Operations,Backups,3,2,Restored the billing data in May,Dreyfus\r\n\
         Ada Example,ada@example.org,Platform,Engineer,Operations,Monitoring,n/a,,,Dreyfus\r\n",
    ),
    (
        "ratings-wide.csv",
        "name,email,team,title,Backups,Monitoring\r\n\
         Ada Example,ada@example.org,Platform,Engineer,3,n/a\r\n\
         Ben Example,ben@example.org,Platform,,,4\r\n",
    ),
    (
        "skills.csv",
        "name,category,description,uri,scale,aliases,tags,owner\r\n\
         Backups,Operations,Makes backups and restores them,,Dreyfus,Data protection,Night shift,\r\n",
    ),
];

/// What the form offers, and what was chosen before.
pub struct Choices {
    scales: Vec<String>,
    pub kind: String,
    pub scale: String,
}

impl Choices {
    pub fn new(scales: Vec<String>) -> Self {
        Choices { scales, kind: Kind::Ratings.name().to_owned(), scale: String::new() }
    }
}

/// `refused` is the name of a file that was sent and cannot be taken, and why.
/// `past` is what was imported before.
pub fn index(choices: &Choices, invalid: Option<&Invalid>, refused: Option<(&str, &Preview)>, past: Markup) -> Markup {
    let about = "Take ratings, skills, role profiles or concepts from a CSV or XLSX file. You see what it would do before anything is written.";
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Import", Some(about), html! {}))
        @if let Some((file_name, preview)) = refused {
            (notice(Tone::Danger, html! { (file_name) " cannot be imported as it is. Nothing was written; mend this and try again." }))
            (problems(&preview.refused))
        }
        (form(choices, invalid))
        (past)
        (explanation())
    }
}

fn form(choices: &Choices, invalid: Option<&Invalid>) -> Markup {
    let kinds = [
        ("ratings", "Ratings: who is how good at what"),
        ("skills", "Skills: a list of them"),
        ("profiles", "Role profiles: what occupations ask for, as O*NET has them"),
        ("concepts", "Concepts: names for skills, as ESCO has them"),
    ];
    let scales = choices.scales.iter().map(|name| (name.as_str(), name.as_str()));
    let scales: Vec<(&str, &str)> =
        std::iter::once(("", "The smallest that holds every level")).chain(scales).collect();
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    html! {
        form.form-narrow method="post" action="/skills/imports" enctype="multipart/form-data" hx-boost="false" {
            @if let Some(text) = error("") { (notice(Tone::Danger, text)) }
            (Field { name: "file", label: "File", input: Input::File { accept: ".csv,.tsv,.txt,.xlsx" },
                hint: Some("CSV in UTF-8 with any common delimiter, or the first filled worksheet of an XLSX file."),
                error: error("file"), required: true })
            (Field { name: "kind", label: "What it holds", input: Input::Select { options: &kinds, selected: &choices.kind },
                hint: None, error: error("kind"), required: true })
            (Field { name: "scale", label: "Scale of new skills", input: Input::Select { options: &scales, selected: &choices.scale },
                hint: Some("A skill that is there already keeps its scale. A column “scale” in the file goes before this choice."),
                error: error("scale"), required: false })
            div.form-actions { button.btn.btn-primary type="submit" { (icon(Icon::Upload)) "Preview" } }
        }
    }
}

fn explanation() -> Markup {
    let link = |file: &str| {
        html! {
            a href={ "/skills/imports/templates/" (file) } download hx-boost="false" { (icon(Icon::Download)) " " (file) }
        }
    };
    html! {
        h2 { "Which files are taken" }
        p { "The first row names the columns, in any order. A person is known by the email address, else by the name. "
            "People, teams, categories and skills that are not there yet are made. "
            "An empty cell never erases: what is there stays." }
        dl.facts {
            dt { "Ratings, long" }
            dd { "One row for each rating: name, email, team, title, category, skill, level, interest (0–3), note, scale; and own_level, confirmed_level, evidence, valid_until, suspended_until, suspension_reason. " (link("ratings-long.csv")) }
            dt { "Ratings, wide" }
            dd { "One row for each person: name, email, team, title, then one column for each skill with the levels. " (link("ratings-wide.csv")) }
            dt { "Skills" }
            dd { "One row for each skill: name, category, description, uri, scale, owner; and aliases and tags, each on a line of its cell. " (link("skills.csv")) }
            dt { "Role profiles" }
            dd { "One row for each occupation and skill: role_code, role, skill, importance (1–5), level (0–7)." }
            dt { "Concepts" }
            dd { "One row for each: concept_uri, preferred_label, reuse_level, as ESCO publishes them." }
            dt { "Levels" }
            dd { "A number of the scale, or the code or name of a level; n/a where a skill does not apply to a person." }
        }
    }
}

pub const OUTDATED: &str =
    "Somebody changed something that this file changes too. Nothing was written; look again at what it would do now.";

/// An upload and what it would do.
pub struct Shown<'a> {
    pub id: i64,
    pub upload: &'a Upload,
    pub preview: &'a Preview,
    /// Why the preview that was accepted was not imported.
    pub warning: Option<&'a str>,
    pub csrf: &'a str,
}

pub fn show(shown: &Shown<'_>) -> Markup {
    let preview = shown.preview;
    let about = format!("{} from {}", capitalised(preview.kind.name()), shown.upload.file_name);
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Import", "/skills/imports")], "Preview", Some(&about), html! {}))
        (verdict(shown))
        (problems(&preview.refused))
        @if !preview.notices.is_empty() {
            (notice(Tone::Info, html! { ul { @for text in &preview.notices { li { (text) } } } }))
        }
        (actions(shown))
        @for list in &preview.created { (listing("New: ", list)) }
        @for list in &preview.changed { (listing("Changed: ", list)) }
    }
}

fn verdict(shown: &Shown<'_>) -> Markup {
    let preview = shown.preview;
    if let Some(text) = shown.warning {
        return notice(Tone::Warning, text);
    }
    if preview.is_refused() {
        return notice(Tone::Danger, "This cannot be imported. Mend the file and upload it again.");
    }
    if preview.changes_nothing() {
        return notice(Tone::Info, "Everything is already as the file says. There is nothing to import.");
    }
    html! { p { "Nothing is written yet. The import would bring: " strong { (preview.summary()) } "." } }
}

fn actions(shown: &Shown<'_>) -> Markup {
    let can_import = !shown.preview.is_refused() && !shown.preview.changes_nothing();
    let path = format!("/skills/imports/{}", shown.id);
    html! {
        div.form-actions {
            @if can_import {
                form method="post" action={ (path) "/acceptance" } hx-boost="false" {
                    (csrf_field(shown.csrf))
                    input type="hidden" name="fingerprint" value=(shown.preview.fingerprint);
                    button.btn.btn-primary type="submit" { (icon(Icon::FileImport)) "Import" }
                }
            }
            form method="post" action={ (path) "/withdrawal" } hx-boost="false" {
                (csrf_field(shown.csrf))
                button.btn.btn-outline-secondary type="submit" { "Discard" }
            }
        }
    }
}

fn problems(problems: &[Problem]) -> Markup {
    if problems.is_empty() {
        return html! {};
    }
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Problems" {
            table.table {
                thead { tr { th scope="col" { "Row" } th scope="col" { "Column" } th scope="col" { "What is wrong" } } }
                tbody {
                    @for problem in problems {
                        tr.refused {
                            td { @if let Some(row) = problem.row { (row) } }
                            td { @if let Some(column) = &problem.column { (column) } }
                            td { (problem.message) }
                        }
                    }
                }
            }
        }
    }
}

fn listing(verb: &str, list: &Listing) -> Markup {
    let title = format!("{verb}{}", list.title());
    let has_before = list.lines.iter().any(|line| !line.before.is_empty());
    html! {
        h2 { (title) }
        div.table-frame tabindex="0" role="region" aria-label=(title) {
            table.table {
                thead {
                    tr {
                        th scope="col" { "Row" } th scope="col" { "Column" } th scope="col" { (capitalised(list.nouns.0)) }
                        @if has_before { th scope="col" { "Before" } th scope="col" { "After" } }
                        @else { th scope="col" { "Details" } }
                    }
                }
                tbody { @for line in &list.lines { (row(line, has_before)) } }
            }
        }
        @if list.total > list.lines.len() { p.quiet { "The first " (list.lines.len()) " of " (list.total) " are shown." } }
    }
}

fn row(line: &Line, has_before: bool) -> Markup {
    html! {
        tr {
            td { (line.row) }
            td { (line.column) }
            th scope="row" { (line.what) }
            @if has_before { td { (line.before) } }
            td { (line.after) }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
