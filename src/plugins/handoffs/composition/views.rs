//! The form that begins a handoff.

use super::super::model::Severity;
use super::handlers::BeginForm;
use super::model::MAX_TITLE_CHARS;
use crate::accounts::teams::Team;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::submission_field;
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times::moment;
use maud::{Markup, html};

pub const TITLE: &str = "Hand off";

pub struct BeginPage<'a> {
    pub form: &'a BeginForm,
    pub own_team: Option<i64>,
    pub may_choose: bool,
    pub teams: &'a [Team],
    /// Who could receive it.
    pub people: Vec<(i64, &'a str)>,
    pub invalid: Option<&'a Invalid>,
    pub csrf: &'a str,
}

impl BeginPage<'_> {
    fn own(&self) -> Option<&Team> {
        self.teams.iter().find(|team| Some(team.id) == self.own_team)
    }
}

pub fn begin(page: &BeginPage, now_ms: i64) -> Markup {
    if page.own().is_none() && !page.may_choose {
        let action = html! { a.btn.btn-outline-secondary href="/handoffs" { "To the handoffs" } };
        return empty_state(
            Icon::Users,
            "You are in no team",
            "One hands off for a team. Ask whoever looks after people to put you into yours.",
            action,
        );
    }
    let about = "What changed since the last handoff of the team, and what is still open, is filled in for you.";
    html! {
        (page_head(&[("Handoffs", "/handoffs")], TITLE, Some(about), html! {}))
        @if let Some(problem) = page.invalid.and_then(|invalid| invalid.of("")) { (notice(Tone::Danger, problem)) }
        form.form-narrow method="post" action="/handoffs" {
            (csrf_field(page.csrf))
            (submission_field())
            (fields(page, now_ms))
            div.form-actions {
                button.btn.btn-primary type="submit" { (icon(Icon::Handshake)) "Fill it in" }
                a.btn.btn-link href="/handoffs" { "Cancel" }
            }
        }
    }
}

fn fields(page: &BeginPage, now_ms: i64) -> Markup {
    let form = page.form;
    let error = |name: &str| page.invalid.and_then(|invalid| invalid.of(name));
    let ids: Vec<String> = page.teams.iter().map(|team| team.id.to_string()).collect();
    let teams: Vec<(&str, &str)> =
        ids.iter().zip(page.teams).map(|(id, team)| (id.as_str(), team.name.as_str())).collect();
    let own = page.own_team.map(|id| id.to_string()).unwrap_or_default();
    let team = if form.team_id.is_empty() { own.as_str() } else { form.team_id.as_str() };
    let suggested = format!("{}, {}", page.own().map_or("Handoff", |team| &team.name), moment(now_ms));
    let title = if form.title.is_empty() && page.invalid.is_none() { suggested.as_str() } else { form.title.as_str() };
    let field = |name, label, input, hint| Field { name, label, input, hint, error: error(name), required: true };
    html! {
        @if page.may_choose {
            (field("team_id", "For the team", Input::Select { options: &teams, selected: team }, None))
        } @else { input type="hidden" name="team_id" value=(own); }
        (field("title", "Title", Input::Text { value: title, max_length: MAX_TITLE_CHARS }, None))
        (receiver_field(&form.receiver, page.teams, &page.people, error("receiver")))
        (severity_field(&form.severity))
    }
}

/// A person, or whoever of a team takes it.
pub fn receiver_field(selected: &str, teams: &[Team], people: &[(i64, &str)], error: Option<&str>) -> Markup {
    html! {
        div.field {
            label.form-label for="field-receiver" { "To" }
            select.form-select.is-invalid[error.is_some()] id="field-receiver" name="receiver" aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| "field-receiver-error")] {
                option value="" { "Say so later" }
                optgroup label="Whoever of a team takes it" {
                    @for team in teams { @let key = format!("t{}", team.id); option value=(key) selected[key == selected] { (team.name) } }
                }
                optgroup label="One person" {
                    @for (id, name) in people { @let key = format!("p{id}"); option value=(key) selected[key == selected] { (name) } }
                }
            }
            @if let Some(error) = error { div.invalid-feedback id="field-receiver-error" { (error) } }
        }
    }
}

pub fn severity_field(selected: &str) -> Markup {
    let selected = Severity::from_name(selected).unwrap_or(Severity::Stable);
    html! {
        fieldset.severities {
            legend.form-label { "How things stand" }
            div.severity-choices {
                @for severity in Severity::ALL {
                    label class={ "severity " (severity.name()) } {
                        input type="radio" name="severity" value=(severity.name()) checked[severity == selected];
                        span { (severity.title()) }
                    }
                }
            }
        }
    }
}
