//! The page where a classification is taken in.

use crate::tables::Problem;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, page_head};
use maud::{Markup, html};

pub fn index(count: i64, problem: Option<&str>, problems: &[Problem]) -> Markup {
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")];
    let about = "The skills of a classification, such as ESCO. They are suggested while a new skill is named, and bring its definition along.";
    let input = Input::File { accept: ".csv,.tsv,.txt,.xlsx" };
    let hint = "CSV or XLSX with the columns concept_uri and preferred_label, as ESCO publishes them. One that is there already takes the file's name.";
    html! {
        (page_head(&trail, "Concepts", Some(about), html! {}))
        p { (told(count)) }
        form.form-narrow method="post" action="/skills/concepts" enctype="multipart/form-data" hx-boost="false" {
            (Field { name: "file", label: "File", input, hint: Some(hint), error: problem, required: true })
            div.form-actions { button.btn.btn-primary type="submit" { (icon(Icon::Upload)) "Take in" } }
        }
        @if !problems.is_empty() {
            h2 { "What is wrong with it" }
            ul { @for problem in problems { li { (problem) } } }
        }
    }
}

fn told(count: i64) -> String {
    match count {
        0 => "There are none yet.".to_owned(),
        1 => "There is one concept.".to_owned(),
        count => format!("There are {count} concepts."),
    }
}
