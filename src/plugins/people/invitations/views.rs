//! Screens of invitations: the list, the form, and the link where no mail is sent.

use super::super::handlers::PersonForm;
use crate::accounts::invitations::{Invitation, Invited};
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::roles;
use crate::accounts::teams::Team;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::times::{ago, day};
use maud::{Markup, html};

const TRAIL: &[(&str, &str)] = &[("People", "/people")];
const BELOW: &[(&str, &str)] = &[("People", "/people"), ("Invitations", "/people/invitations")];

pub fn index(open: &[Invitation], now_ms: i64, csrf: &str) -> Markup {
    let invite = html! { a.btn.btn-primary href="/people/invitations/new" { (icon(Icon::Plus)) "Invite somebody" } };
    let about = "Who was invited and has not chosen a password yet.";
    html! {
        (page_head(TRAIL, "Invitations", Some(about), html! { @if !open.is_empty() { (invite) } }))
        @if open.is_empty() {
            @let how = "Whoever you invite is sent a link, chooses a password and is in.";
            (empty_state(Icon::Envelope, "No open invitations", how, invite))
        } @else {
            div.table-frame tabindex="0" role="region" aria-label="Open invitations" { table.table {
                thead { tr {
                    th scope="col" { "Name" }
                    th.wide-only scope="col" { "Team" }
                    th.wide-only scope="col" { "Sent" }
                    th.wide-only scope="col" { "Valid until" }
                    th.number scope="col" { "Actions" }
                } }
                tbody { @for invitation in open { (row(invitation, now_ms, csrf)) } }
            } }
        }
    }
}

fn row(invitation: &Invitation, now_ms: i64, csrf: &str) -> Markup {
    let address = format!("/people/invitations/{}", invitation.id);
    html! {
        tr {
            th scope="row" {
                a href={ "/people/" (invitation.person_id) "/edit" } { (invitation.name) }
                div.below-name { (invitation.email) }
                div.below-name.narrow-only { "Valid until: " (valid_until(invitation, now_ms)) }
            }
            td.wide-only { @if let Some(team) = &invitation.team { (team) } @else { span.quiet { "no team" } } }
            td.wide-only {
                (ago(invitation.sent_at, now_ms))
                @if let Some(inviter) = &invitation.inviter { div.quiet { "by " (inviter) } }
            }
            td.wide-only { (valid_until(invitation, now_ms)) }
            td.number {
                div.row-actions {
                    (button(&format!("{address}/sending"), "Send again", &invitation.name, csrf))
                    (button(&format!("{address}/withdrawal"), "Withdraw", &invitation.name, csrf))
                }
            }
        }
    }
}

fn valid_until(invitation: &Invitation, now_ms: i64) -> Markup {
    html! { @if invitation.expires_at > now_ms { (day(invitation.expires_at)) } @else { span.badge { "expired" } } }
}

fn button(action: &str, label: &str, name: &str, csrf: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (csrf_field(csrf))
            button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ (label) ": " (name) } { (label) }
        }
    }
}

pub struct FormPage<'a> {
    pub form: &'a PersonForm,
    pub teams: &'a [Team],
    /// What somebody new can be.
    pub roles: &'a [roles::Offered<'a>],
    pub invalid: Option<&'a Invalid>,
    /// Else the link is shown to who invites.
    pub is_mailed: bool,
    pub csrf: &'a str,
}

impl FormPage<'_> {
    fn field<'a>(&'a self, name: &'a str, label: &'a str, input: Input<'a>, required: bool) -> Field<'a> {
        let error = self.invalid.and_then(|invalid| invalid.of(name));
        Field { name, label, input, hint: None, error, required }
    }
}

pub fn form(page: &FormPage) -> Markup {
    let about = match page.is_mailed {
        true => "A mail goes out with a link, valid for seven days.",
        false => "No mail is sent from here: you are shown a link to pass on, valid for seven days.",
    };
    html! {
        (page_head(BELOW, "Invite somebody", Some(about), html! {}))
        @if let Some(problem) = page.invalid.and_then(|invalid| invalid.of("")) { (notice(Tone::Danger, problem)) }
        form.form-narrow method="post" action="/people/invitations" {
            (csrf_field(page.csrf))
            (fields(page))
            div.form-actions {
                button.btn.btn-primary type="submit" { "Invite" }
                a.btn.btn-link href="/people/invitations" { "Cancel" }
            }
        }
    }
}

fn fields(page: &FormPage) -> Markup {
    let form = page.form;
    let ids: Vec<String> = page.teams.iter().map(|team| team.id.to_string()).collect();
    let named = ids.iter().zip(page.teams).map(|(id, team)| (id.as_str(), team.name.as_str()));
    let teams: Vec<(&str, &str)> = std::iter::once(("", "No team")).chain(named).collect();
    let text = |value| Input::Text { value, max_length: MAX_NAME_CHARS };
    let role = Input::Select { options: page.roles, selected: &form.role };
    html! {
        (page.field("name", "Name", text(&form.name), true))
        (page.field("email", "E-mail address", text(&form.email), true))
        (page.field("title", "Title", text(&form.title), false))
        (page.field("team_id", "Team", Input::Select { options: &teams, selected: &form.team_id }, false))
        (Field { hint: Some("What the person may do in the portal."), ..page.field("role", "Role", role, true) })
    }
}

/// Shown once.
pub fn link(invited: &Invited, link: &str) -> Markup {
    let title = format!("Invitation of {}", invited.name);
    let what =
        "No mail is sent from here. Pass this link on yourself: it is not shown again, and lets in whoever has it.";
    html! {
        (page_head(BELOW, &title, None, html! {}))
        (notice(Tone::Info, what))
        p { input.form-control.one-time-link type="text" value=(link) readonly aria-label="Link of the invitation"; }
        p.quiet { "It works once, within seven days. If it is lost, send the invitation again: that makes a new one." }
        a.btn.btn-outline-secondary href="/people/invitations" { "To the invitations" }
    }
}
