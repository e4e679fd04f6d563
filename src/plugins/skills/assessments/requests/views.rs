//! Two forms: the upper one chooses whom and which skills are offered, the lower one asks.

use super::super::super::categories::Category;
use super::super::rules::MAX_NOTE_CHARS;
use super::handlers::Typed;
use super::model::{Choices, Offer, SkillChoice};
use crate::error::Invalid;
use crate::web::assets::Icon;
use crate::web::components::{Field, Input, csrf_field, empty_state, page_head};
use crate::web::times;
use maud::{Markup, html};

pub struct FormPage<'a> {
    pub typed: &'a Typed,
    pub choices: &'a Choices,
    pub categories: &'a [Category],
    pub invalid: Option<&'a Invalid>,
    pub csrf: &'a str,
    pub now_ms: i64,
}

impl FormPage<'_> {
    fn error(&self, field: &str) -> Option<&str> {
        self.invalid.and_then(|invalid| invalid.of(field))
    }
}

pub fn form(page: &FormPage) -> Markup {
    let about =
        "The person says where they stand; then the owner of each skill, or you where it has none, confirms it.";
    let trail = [("Skills matrix", "/skills"), ("Assessments", "/skills/assessments")];
    html! {
        (page_head(&trail, "Ask for an assessment", Some(about), html! {}))
        @if page.choices.person.is_none() && page.choices.teams.is_empty() {
            (empty_state(Icon::Users, "Nobody to ask", "You lead no team.", html! {}))
        } @else { (choosing(page)) @if is_chosen(page) { (asking(page)) } }
    }
}

/// Whom and what: only then the lower form has something to show.
fn is_chosen(page: &FormPage) -> bool {
    let somebody = page.choices.person.is_some() || page.choices.team.is_some();
    somebody && page.typed.place.offer() != Offer::None
}

fn choosing(page: &FormPage) -> Markup {
    let place = &page.typed.place;
    html! {
        form.toolbar method="get" action="/skills/assessments/new" aria-label="Whom and what" hx-trigger="change, submit" {
            @if let Some(person) = &page.choices.person {
                input type="hidden" name="person" value=(person.id);
                strong { (person.name) }
            } @else {
                label.visually-hidden for="ask-team" { "Team" }
                select.form-select id="ask-team" name="team" {
                    @if page.choices.teams.len() > 1 { option value="" { "Choose a team" } }
                    @for team in &page.choices.teams {
                        option value=(team.id) selected[page.choices.team.as_ref() == Some(team)] { (team.name) }
                    }
                }
            }
            label.visually-hidden for="ask-category" { "Skills" }
            select.form-select id="ask-category" name="category" {
                option value="" { "Choose a category" }
                @if page.choices.person.is_some() { option value="gaps" selected[place.category == "gaps"] { "Gaps to what is required" } }
                @for category in page.categories {
                    @let id = category.id.to_string();
                    option value=(id) selected[place.category == id] { (category.title()) }
                }
            }
            button.btn.btn-outline-secondary type="submit" { "Show the skills" }
        }
    }
}

fn asking(page: &FormPage) -> Markup {
    let place = &page.typed.place;
    html! {
        form.form-narrow method="post" action="/skills/assessments" {
            (csrf_field(page.csrf))
            @for (name, value) in [("person", &place.person), ("team", &place.team), ("category", &place.category)] {
                input type="hidden" name=(name) value=(value);
            }
            (whom(page))
            (skills(page))
            (due("due", &page.typed.due, page.error("due"), page.now_ms))
            (Field {
                name: "note", label: "What it is for", input: Input::TextArea { value: &page.typed.note, rows: 2, max_length: MAX_NOTE_CHARS },
                hint: None, error: page.error("note"), required: false,
            })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Ask" }
                a.btn.btn-link href="/skills/assessments" { "Cancel" }
            }
        }
    }
}

fn whom(page: &FormPage) -> Markup {
    if let Some(person) = &page.choices.person {
        return html! { input type="hidden" name="whom" value={ "person-" (person.id) }; (problem(page.error("whom"))) };
    }
    let Some(team) = &page.choices.team else { return html! {} };
    let everybody =
        (format!("team-{}", team.id), format!("Everybody in {} ({})", team.name, page.choices.people.len()));
    let people = page.choices.people.iter().map(|person| (format!("person-{}", person.id), person.name.clone()));
    let options: Vec<(String, String)> = std::iter::once(everybody).chain(people).collect();
    let options: Vec<(&str, &str)> = options.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let input = Input::Select { options: &options, selected: &page.typed.whom };
    html! { (Field { name: "whom", label: "Whom", input, hint: None, error: page.error("whom"), required: true }) }
}

fn skills(page: &FormPage) -> Markup {
    let chosen = |skill: &SkillChoice| page.typed.skills.as_ref().is_none_or(|skills| skills.contains(&skill.id));
    html! {
        fieldset aria-describedby=[page.error("skills").map(|_| "skills-error")] {
            legend { "Skills" }
            @if page.choices.skills.is_empty() { p.quiet { "No skill here: choose another category above." } }
            div.choices {
                @for skill in &page.choices.skills {
                    label.form-check {
                        input.form-check-input type="checkbox" name="skill" value=(skill.id) checked[chosen(skill)];
                        span.form-check-label { (skill.name) }
                    }
                }
            }
            (problem(page.error("skills")))
        }
    }
}

fn problem(error: Option<&str>) -> Markup {
    html! { @if let Some(error) = error { div.invalid-feedback id="skills-error" role="alert" { (error) } } }
}

/// A day from today on.
pub fn due(name: &str, value: &str, error: Option<&str>, now_ms: i64) -> Markup {
    let id = format!("field-{name}");
    html! {
        div.field {
            label.form-label for=(id) { "Until" }
            input.form-control.is-invalid[error.is_some()] type="date" id=(id) name=(name) value=(value) min=(times::date(now_ms)) required
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{id}-error"))];
            @if let Some(error) = error { div.invalid-feedback id={ (id) "-error" } { (error) } }
        }
    }
}
