//! The form of a skill.

use super::super::categories::category_title;
use super::super::categories::tree::Tree;
use super::super::scales::Scales;
use super::labels::model::Labels;
use super::model::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_URI_CHARS, NewSkill, Owner, Skill};
use crate::error::Error;
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use maud::{Markup, html};

/// A skill in its form.
pub struct Editing {
    /// `None` for a new one.
    pub id: Option<i64>,
    pub version: i64,
    pub skill: NewSkill,
    pub problem: Option<Error>,
}

/// What the fields offer.
pub struct Offers<'a> {
    pub categories: &'a Tree,
    pub scales: &'a Scales,
    /// The tags that there are.
    pub tags: Vec<String>,
    /// People, as what is to be typed and their team.
    pub people: Vec<(String, String)>,
    /// The skill has ratings, so that its scale is changed by a rescaling.
    pub is_rated: bool,
}

pub fn form(editing: &Editing, theirs: Option<&Skill>, offers: &Offers, csrf: &str) -> Markup {
    let title = if editing.id.is_some() { "Edit the skill" } else { "New skill" };
    let action = editing.id.map_or_else(|| "/skills/catalogue".to_owned(), |id| format!("/skills/catalogue/{id}"));
    let back = editing.id.map_or_else(|| "/skills/catalogue".to_owned(), |id| format!("/skills/catalogue/{id}"));
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Catalogue", "/skills/catalogue")], title, None, html! {}))
        @if let Some(Error::Conflict(text)) = &editing.problem { (notice(Tone::Warning, conflict(text, theirs))) }
        form.narrow method="post" action=(action) {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(editing.version);
            (name_and_place(editing, offers))
            (scale_field(editing, offers))
            (texts(editing))
            (labels_and_owner(editing, offers))
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href=(back) { "Cancel" }
            }
        }
    }
}

impl Editing {
    fn error(&self, field: &str) -> Option<&str> {
        match &self.problem {
            Some(Error::Invalid(invalid)) => invalid.of(field),
            _ => None,
        }
    }
}

fn name_and_place(editing: &Editing, offers: &Offers) -> Markup {
    let skill = &editing.skill;
    let name = Input::Suggested {
        value: &skill.name,
        max_length: MAX_NAME_CHARS,
        choices: &[],
        href: Some("/skills/concepts/choices"),
    };
    let categories: Vec<(String, String)> = offers
        .categories
        .all()
        .iter()
        .filter(|category| !category.name.is_empty())
        .map(|category| (category.name.clone(), String::new()))
        .collect();
    let category =
        Input::Suggested { value: &skill.category, max_length: MAX_NAME_CHARS, choices: &categories, href: None };
    let hint = "One that is there, or a new one; below another one as “Workshop › Welding”.";
    html! {
        (Field { name: "name", label: "Name", input: name, hint: None, error: editing.error("name"), required: true })
        (Field { name: "category", label: "Category", input: category, hint: Some(hint), error: editing.error("category"), required: false })
    }
}

fn scale_field(editing: &Editing, offers: &Offers) -> Markup {
    let selected = &editing.skill.scale;
    if let Some(id) = editing.id.filter(|_| offers.is_rated) {
        return html! {
            div.field {
                span.form-label { "Scale" }
                p { (selected) " · " a href={ "/skills/catalogue/" (id) "/rescaling" } { "Change the scale" } }
                input type="hidden" name="scale" value=(selected);
                @if let Some(error) = editing.error("scale") { div.invalid-feedback { (error) } }
            }
        };
    }
    let options: Vec<(&str, &str)> =
        offers.scales.all().iter().map(|scale| (scale.name.as_str(), scale.name.as_str())).collect();
    let hint = "Once there are ratings, it is changed level by level.";
    let input = Input::Select { options: &options, selected };
    html! { (Field { name: "scale", label: "Scale", input, hint: Some(hint), error: editing.error("scale"), required: true }) }
}

fn texts(editing: &Editing) -> Markup {
    let skill = &editing.skill;
    let description = Input::TextArea { value: &skill.description, rows: 3, max_length: MAX_DESCRIPTION_CHARS };
    let uri = Input::Text { value: &skill.uri, max_length: MAX_URI_CHARS };
    let hint = "The address of its definition. A name taken from the ESCO list brings it along.";
    html! {
        (Field { name: "description", label: "Description", input: description, hint: None, error: editing.error("description"), required: false })
        (Field { name: "uri", label: "Defined at", input: uri, hint: Some(hint), error: editing.error("uri"), required: false })
    }
}

fn labels_and_owner(editing: &Editing, offers: &Offers) -> Markup {
    let Labels { aliases, tags } = &editing.skill.labels;
    let (aliases, tags) = (aliases.join("\n"), tags.join(", "));
    let owner = match &editing.skill.owner {
        Owner::Typed(typed) => typed.as_str(),
        Owner::Nobody | Owner::Person(_) => "",
    };
    let known = known_tags(&offers.tags);
    let aliases = Input::TextArea { value: &aliases, rows: 2, max_length: 8_000 };
    let tags = Input::Text { value: &tags, max_length: 2_600 };
    let owner = Input::Suggested {
        value: owner,
        max_length: 400,
        choices: &offers.people,
        href: Some("/skills/catalogue/owners"),
    };
    let about_owner = "Looks after the skill: may describe its levels and rate everybody on it.";
    html! {
        (Field { name: "aliases", label: "Also called", input: aliases, hint: Some("One a line. The skill is found by these names, too."), error: editing.error("aliases"), required: false })
        (Field { name: "tags", label: "Tags", input: tags, hint: Some(&known), error: editing.error("tags"), required: false })
        (Field { name: "owner", label: "Owner", input: owner, hint: Some(about_owner), error: editing.error("owner").or(editing.error("owner_id")), required: false })
    }
}

fn known_tags(tags: &[String]) -> String {
    if tags.is_empty() {
        return "With commas between them.".to_owned();
    }
    let more = if tags.len() > 8 { " …" } else { "" };
    format!("With commas between them. There are: {}{more}", tags[..tags.len().min(8)].join(", "))
}

fn conflict(text: &str, theirs: Option<&Skill>) -> Markup {
    html! {
        (text)
        @if let Some(theirs) = theirs {
            " It now reads “" (theirs.name) "” in " (category_title(&theirs.category)) ". Save again to put yours in its place."
        }
    }
}
