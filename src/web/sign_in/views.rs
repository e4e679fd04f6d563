//! The pages of the log-in.

use crate::accounts::second_factor::Factors;
use crate::app::App;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, notice};
use maud::{Markup, html};
use serde::Deserialize;

/// No `Debug`: it holds a password.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LogInForm {
    pub email: String,
    pub password: String,
    pub remember: Option<String>,
    pub next: String,
}

/// What is said to who has to wait, whether there is such an account or not.
pub fn wait(seconds: u32) -> String {
    match seconds {
        1 => "Too many attempts. Please try again in a second.".to_owned(),
        2..=119 => format!("Too many attempts. Please try again in {seconds} seconds."),
        _ => format!("Too many attempts. Please try again in {} minutes.", seconds.div_ceil(60)),
    }
}

/// What went wrong, and where it is told.
#[derive(Clone, Copy)]
pub enum Told<'a> {
    Nothing,
    /// Beside the password.
    AtPassword(&'a str),
    /// Above everything.
    Above(&'a str),
}

pub fn log_in_page(app: &App, form: &LogInForm, told: Told) -> Markup {
    let (problem, above) = match told {
        Told::Nothing => (None, None),
        Told::AtPassword(problem) => (Some(problem), None),
        Told::Above(problem) => (None, Some(problem)),
    };
    let days = app.config.session.remember_days;
    let email = Field {
        name: "email",
        label: "E-mail address",
        input: Input::Email { value: &form.email },
        hint: None,
        error: None,
        required: true,
    };
    let password = Field {
        name: "password",
        label: "Password",
        input: Input::Password { autocomplete: "current-password" },
        hint: None,
        error: problem,
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { "Log in" }
            @if let Some(above) = above { (notice(Tone::Danger, above)) }
            @if app.demo { (notice(Tone::Info, "This is the example organisation. The terminal shows four log-ins.")) }
            form method="post" action="/login" {
                input type="hidden" name="next" value=(form.next);
                (email)
                (password)
                (remember_box(form.remember.is_some(), days))
                button.btn.btn-primary type="submit" { "Log in" }
            }
            div.other-ways {
                @if app.config.oidc.issuer.is_some() { (elsewhere(&app.config.oidc.title, &form.next)) }
                (passkey_form("/login/passkey", &form.next, "", "Log in with a passkey"))
            }
            p.card-more { a href="/password-resets" { "Forgot your password?" } }
        } }
    }
}

/// The way to the issuer of OpenID Connect.
fn elsewhere(title: &str, next: &str) -> Markup {
    let next = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    html! { a.btn.btn-outline-secondary href={ "/login/oidc?" (next) } { "Log in with " (title) } }
}

/// Shown where the browser has passkeys.
fn passkey_form(action: &str, next: &str, csrf: &str, label: &str) -> Markup {
    html! {
        form.needs-passkeys method="post" action=(action) data-passkey="get" data-challenge={ (action) "/challenge" } {
            @if !csrf.is_empty() { (csrf_field(csrf)) }
            input type="hidden" name="next" value=(next);
            input type="hidden" name="credential";
            p.invalid-feedback role="alert" data-passkey-problem hidden {}
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Key)) (label) }
        }
    }
}

fn remember_box(checked: bool, days: u64) -> Markup {
    html! {
        div.form-check {
            input.form-check-input type="checkbox" name="remember" value="1" id="remember" checked[checked];
            label.form-check-label for="remember" { "Stay logged in on this device for " (days) " days" }
        }
    }
}

/// The second step: a code of the app, a recovery code, or a passkey, as the person has them.
pub fn second_step_page(factors: &Factors, csrf: &str, problem: Option<&str>) -> Markup {
    let code = Field {
        name: "code",
        label: "Code",
        input: Input::Code,
        hint: Some("The six digits that your app shows now, or one of your recovery codes."),
        error: problem.filter(|_| factors.apps > 0),
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { "One more step" }
            @if let Some(problem) = problem.filter(|_| factors.apps == 0) { (notice(Tone::Danger, problem)) }
            @if factors.apps > 0 {
                form method="post" action="/login/second-factor" {
                    @if !csrf.is_empty() { (csrf_field(csrf)) }
                    (code)
                    button.btn.btn-primary type="submit" { "Log in" }
                }
            }
            @if factors.passkeys > 0 {
                div.other-ways {
                    (passkey_form("/login/second-factor/passkey", "", csrf, "Use a passkey"))
                    p.without-passkeys.quiet { "This browser offers no passkeys here." }
                }
            }
            p.quiet { a href="/login" { "Log in as somebody else" } }
        } }
    }
}
