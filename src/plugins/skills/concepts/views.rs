//! The page of the classification that names of skills are taken from.

use crate::web::assets::{Icon, icon};
use crate::web::components::page_head;
use maud::{Markup, html};

pub fn index(count: i64) -> Markup {
    let trail = [("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")];
    let about = "The skills of a classification, such as ESCO. They are suggested while a new skill is named, and bring its definition along.";
    let actions = html! {
        a.btn.btn-primary href="/skills/imports?kind=concepts" { (icon(Icon::FileImport)) "Import a file" }
    };
    html! {
        (page_head(&trail, "Concepts", Some(about), actions))
        p { (told(count)) }
    }
}

fn told(count: i64) -> String {
    match count {
        0 => "There are none yet.".to_owned(),
        1 => "There is one concept.".to_owned(),
        count => format!("There are {count} concepts."),
    }
}
