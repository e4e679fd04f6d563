//! The form that takes a file.

use super::super::model::{MAX_CODE_CHARS, MAX_NAME_CHARS};
use crate::error::Invalid;
use crate::web::components::{Field, Input, page_head};
use maud::{Markup, html};

#[derive(Default)]
pub struct Typed {
    pub code: String,
    pub name: String,
}

pub fn page(typed: &Typed, invalid: Option<&Invalid>) -> Markup {
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    html! {
        (page_head(&[("Projects", "/projects")], "Import a project", Some("Out of a JSON file: a project of ours, a board that Trello exported, or what Kanboard answers to getBoard."), html! {}))
        form.form-narrow method="post" action="/projects/imports" enctype="multipart/form-data" hx-boost="false" {
            (Field { name: "file", label: "File", hint: Some("All of it is taken, or nothing."), error: error("file"), required: true, input: Input::File { accept: ".json" } })
            (Field { name: "code", label: "Key", hint: Some("Stands before the numbers of its tasks."), error: error("code"), required: true, input: Input::Text { value: &typed.code, max_length: MAX_CODE_CHARS } })
            (Field { name: "name", label: "Name", hint: Some("That of the file, if it is left out."), error: error("name"), required: false, input: Input::Text { value: &typed.name, max_length: MAX_NAME_CHARS } })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Import" }
                a.btn.btn-outline-secondary href="/projects" { "Cancel" }
            }
        }
    }
}
