//! The set-up of the first administrator.

use super::{CookieNews, OriginOf};
use crate::accounts::people::NewPerson;
use crate::accounts::{MIN_PASSWORD_CHARS, setup};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::components::{Field, Input, Tone};
use crate::web::context::Context;
use crate::web::form::Form;
use maud::{Markup, html};
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/setup/:token", Access::Public, new_form), Route::post("/setup/:token", Access::Public, create)]
}

#[derive(Deserialize, Default)]
struct SetUp {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[handler]
async fn new_form(cx: Context, Path(token): Path<String>) -> Result<Response> {
    if !setup::link_is_open(&cx.app.db, &token).await? {
        return Err(Error::NotFound);
    }
    Ok(cx.page("Set up", setup_page(&SetUp::default(), None)))
}

#[handler]
async fn create(cx: Context, from: OriginOf, Path(token): Path<String>, Form(form): Form<SetUp>) -> Result<Response> {
    let app = &cx.app;
    let new = NewPerson { name: form.name.clone(), email: form.email.clone(), ..NewPerson::default() };
    let password = form.password.clone();
    let made = setup::use_link(&app.db, &app.followers, &app.passwords, &token, &new, password, app.now_ms()).await;
    let person_id = match made {
        Ok(id) => id,
        Err(Error::Invalid(invalid)) => return Ok(cx.invalid_page("Set up", setup_page(&form, Some(&invalid)))),
        Err(other) => return Err(other),
    };
    let (token, _) = app.sessions.open(person_id, false, &from.origin).await?;
    let mut response = cx.see_other_with("/", Tone::Success, "Welcome. You are the first administrator.");
    CookieNews::Renewed { token, remember: None }.tell(app, &mut response);
    Ok(response)
}

fn setup_page(form: &SetUp, invalid: Option<&Invalid>) -> Markup {
    let error = |field| invalid.and_then(|invalid| invalid.of(field));
    let hint = format!("At least {MIN_PASSWORD_CHARS} characters.");
    let field =
        |name: &'static str, label, input, hint| Field { name, label, input, hint, error: error(name), required: true };
    html! {
        div.card { div.card-body {
            h1 { "Set up Quarterdeck" }
            p { "Nobody can sign in yet. Make the first administrator; this link works once." }
            form method="post" {
                (field("name", "Your name", Input::Text { value: &form.name, max_length: 190 }, None))
                (field("email", "E-mail address", Input::Email { value: &form.email }, None))
                (field("password", "Password", Input::Password { autocomplete: "new-password" }, Some(hint.as_str())))
                button.btn.btn-primary type="submit" { "Create the administrator" }
            }
        } }
    }
}
