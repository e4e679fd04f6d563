//! The form of a plan: trainer, level, day.

use super::super::super::assessments::requests::views::due;
use super::super::super::assessments::rules::MAX_NOTE_CHARS;
use super::super::super::levels::{Level, Scale, Standing};
use super::super::super::ratings::model::{Cell, Rating};
use super::super::super::ratings::views::{level_options, standing};
use super::super::model::Plan;
use super::handlers::PlanForm;
use super::model::Trainer;
use crate::error::Invalid;
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use maud::{Markup, html};

/// Whom and what the plan is about.
pub struct Subject {
    pub plan_id: Option<i64>,
    pub person_id: i64,
    pub person: String,
    pub team_id: Option<i64>,
    pub skill_id: i64,
    pub skill: String,
    pub scale: Scale,
    pub required: Option<Level>,
    pub rating: Rating,
    /// The trainer of before, who need not be one of those suggested.
    pub trainer: Option<(i64, String)>,
    /// What somebody else saved meanwhile.
    pub theirs: Option<Plan>,
}

impl Subject {
    pub fn of_cell(cell: &Cell) -> Self {
        Subject {
            plan_id: None,
            person_id: cell.rating.person_id,
            person: cell.person.clone(),
            team_id: cell.team_id,
            skill_id: cell.rating.skill_id,
            skill: cell.skill.clone(),
            scale: cell.scale.clone(),
            required: cell.required,
            rating: cell.rating.clone(),
            trainer: None,
            theirs: None,
        }
    }

    pub fn of_plan(plan: &Plan, is_conflict: bool) -> Self {
        Subject {
            plan_id: Some(plan.id),
            person_id: plan.person_id,
            person: plan.person.clone(),
            team_id: plan.team_id,
            skill_id: plan.skill_id,
            skill: plan.skill.clone(),
            scale: plan.scale.clone(),
            required: None,
            rating: plan.rating.clone(),
            trainer: plan.trainer_id.zip(plan.trainer.clone()),
            theirs: is_conflict.then(|| plan.clone()),
        }
    }

    fn action(&self) -> String {
        self.plan_id.map_or_else(|| "/skills/training".to_owned(), |id| format!("/skills/training/{id}"))
    }

    fn back(&self) -> String {
        let page = format!("/skills/people/{}?skill={}", self.person_id, self.skill_id);
        self.plan_id.map_or(page, |id| format!("/skills/training/{id}"))
    }
}

pub struct FormPage<'a> {
    pub subject: &'a Subject,
    pub form: &'a PlanForm,
    pub trainers: &'a [Trainer],
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
    let (subject, form) = (page.subject, page.form);
    let title = format!("Training of {} in {}", subject.person, subject.skill);
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Training", "/skills/training")], &title, None, html! {}))
        (now(subject))
        @if let Some(theirs) = &subject.theirs { (both(theirs)) }
        form.form-narrow method="post" action=(subject.action()) {
            (csrf_field(page.csrf))
            input type="hidden" name="person" value=(subject.person_id);
            input type="hidden" name="skill" value=(subject.skill_id);
            input type="hidden" name="version" value=(form.version);
            (level(page))
            (trainer(page))
            (due("due", &form.due, page.error("due"), page.now_ms))
            (Field {
                name: "note", label: "Note", input: Input::TextArea { value: &form.note, rows: 2, max_length: MAX_NOTE_CHARS }, hint: None,
                error: page.error("note"), required: false,
            })
            div.form-actions {
                button.btn.btn-primary type="submit" { @if subject.theirs.is_some() { "Save mine" } @else if subject.plan_id.is_some() { "Save" } @else { "Plan it" } }
                a.btn.btn-link href=(subject.back()) { @if subject.theirs.is_some() { "Keep theirs" } @else { "Cancel" } }
            }
        }
    }
}

fn now(subject: &Subject) -> Markup {
    html! {
        dl.facts {
            dt { "Now" } dd { (standing(&subject.scale, subject.rating.values.standing)) @if subject.rating.lapsed { " " span.badge.bad { "lapsed" } } }
            @if let Some(required) = subject.required { dt { "Required" } dd { (standing(&subject.scale, Standing::At(required))) } }
        }
    }
}

fn both(theirs: &Plan) -> Markup {
    notice(
        Tone::Warning,
        html! {
            "Somebody else saved this plan while you were typing: level " (theirs.scale.code(theirs.level)) ", "
            (theirs.trainer.as_deref().unwrap_or("no trainer")) ", until " (theirs.due) ". Yours is still in the form and not saved."
        },
    )
}

fn level(page: &FormPage) -> Markup {
    let scale = &page.subject.scale;
    // What is not rated, and what does not apply, is no level to reach.
    let choices =
        std::iter::once((String::new(), "Choose a level".to_owned())).chain(level_options(scale).into_iter().skip(2));
    let choices: Vec<(String, String)> = choices.collect();
    let options: Vec<(&str, &str)> = choices.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let hint = scale.range();
    let (input, hint) = match scale.has_fractions() {
        true => (Input::Text { value: &page.form.level, max_length: 20 }, Some(hint.as_str())),
        false => (Input::Select { options: &options, selected: &page.form.level }, None),
    };
    html! { (Field { name: "level", label: "Level to reach", input, hint, error: page.error("level"), required: true }) }
}

fn trainer(page: &FormPage) -> Markup {
    let scale = &page.subject.scale;
    let suggested = page.trainers.iter().map(|trainer| {
        let team = trainer.team.as_deref().map(|team| format!(", {team}")).unwrap_or_default();
        let level = scale.code(Level::from_hundredths(trainer.level));
        (trainer.id.to_string(), format!("{} (level {level}{team})", trainer.name))
    });
    let is_new = |id: i64| !page.trainers.iter().any(|trainer| trainer.id == id);
    let before =
        page.subject.trainer.iter().filter(|(id, _)| is_new(*id)).map(|(id, name)| (id.to_string(), name.clone()));
    let choices: Vec<(String, String)> = std::iter::once((String::new(), "Nobody of ours: see the note".to_owned()))
        .chain(before)
        .chain(suggested)
        .collect();
    let options: Vec<(&str, &str)> = choices.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let input = Input::Select { options: &options, selected: &page.form.trainer };
    let hint = "Suggested are those who are best at it. The trainer may complete the plan, which confirms the level.";
    html! { (Field { name: "trainer", label: "Trainer", input, hint: Some(hint), error: page.error("trainer"), required: false }) }
}
