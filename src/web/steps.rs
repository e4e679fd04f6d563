//! What a browser keeps between two steps of a log-in: sealed, in a cookie of ten minutes.
//!
//! Nobody can read, change or make one, nor use it for another kind of step. That a step is taken once is for
//! `accounts::used_steps` to see to; a stranger who begins steps leaves no trace in the database.

use super::cookies::{self, Life};
use crate::app::App;
use poem::{Request, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const LIFETIME_S: u64 = 600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The password was right, and a second factor is to follow.
    SecondFactor,
    /// A passkey is to sign a challenge.
    Passkey,
    /// Somebody is at the issuer of OpenID Connect.
    Elsewhere,
}

impl Step {
    fn cookie(self) -> &'static str {
        match self {
            Step::SecondFactor => "step-second-factor",
            Step::Passkey => "step-passkey",
            Step::Elsewhere => "step-elsewhere",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    expires_at: i64,
    content: T,
}

/// When a step that is kept now is over, in UTC milliseconds.
pub fn expires_at(app: &App) -> i64 {
    app.now_ms() + LIFETIME_S as i64 * 1000
}

pub fn keep<T: Serialize>(app: &App, response: &mut Response, step: Step, content: &T) {
    let kept = Kept { expires_at: expires_at(app), content };
    let json = serde_json::to_vec(&kept).expect("a step is plain data");
    let sealed = app.seals.seal(step.cookie(), &json);
    cookies::set(response, step.cookie(), &sealed, Life::Seconds(LIFETIME_S), app.config.session.cookie_secure);
}

/// What was kept; `None` when there is nothing, or nothing that counts.
pub fn kept<T: DeserializeOwned>(app: &App, request: &Request, step: Step) -> Option<T> {
    let sealed = cookies::get(request, step.cookie())?;
    let json = app.seals.open(step.cookie(), &sealed)?;
    let kept: Kept<T> = serde_json::from_slice(&json).ok()?;
    (kept.expires_at > app.now_ms()).then_some(kept.content)
}

pub fn drop(app: &App, response: &mut Response, step: Step) {
    cookies::set(response, step.cookie(), "", Life::Seconds(0), app.config.session.cookie_secure);
}
