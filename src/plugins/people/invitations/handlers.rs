//! Routes of invitations, and of the button that starts a new password for somebody.

use super::super::handlers::PersonForm;
use super::model;
use super::views::{self, FormPage};
use crate::accounts::invitations::{self, Invited};
use crate::accounts::{WRITE, roles, teams};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/invitations", WRITE, index),
        Route::get("/people/invitations/new", WRITE, new),
        Route::post("/people/invitations", WRITE, create),
        Route::post("/people/invitations/:id/sending", WRITE, send_again),
        Route::post("/people/invitations/:id/withdrawal", WRITE, withdraw),
        Route::post("/people/:id/invitation", WRITE, invite),
        Route::post("/people/:id/password-reset", WRITE, start_reset),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let open = invitations::list(&cx.app.db, cx.actor()?).await?;
    Ok(cx.page("Invitations", views::index(&open, cx.app.now_ms(), cx.csrf())))
}

#[handler]
async fn new(cx: Context) -> Result<Response> {
    let form = PersonForm { role: roles::USUAL.to_owned(), ..PersonForm::default() };
    form_page(&cx, &form, None).await
}

#[handler]
async fn create(cx: Context, Form(form): Form<PersonForm>) -> Result<Response> {
    match model::invite_new(&cx.app, cx.actor()?, &form.new_person(), &form.role).await {
        Ok(invited) => Ok(told(&cx, &invited)),
        Err(Error::Invalid(invalid)) => {
            let mut response = form_page(&cx, &form, Some(&invalid)).await?;
            response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn send_again(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let invited = model::send_again(&cx.app, cx.actor()?, id).await;
    told_or_not(&cx, invited, "/people/invitations")
}

#[handler]
async fn withdraw(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let name = invitations::withdraw(&cx.app.db, cx.actor()?, id, cx.app.now_ms()).await?;
    let text = format!("The invitation of {name} was withdrawn. Its link does not work any more.");
    Ok(cx.see_other_with("/people/invitations", Tone::Success, &text))
}

/// Somebody who is there already.
#[handler]
async fn invite(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let invited = model::invite(&cx.app, cx.actor()?, id).await;
    told_or_not(&cx, invited, &format!("/people/{id}/edit"))
}

#[handler]
async fn start_reset(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let back = format!("/people/{id}/edit");
    match model::start_reset(&cx.app, cx.actor()?, id).await {
        Ok(email) => {
            let text = format!("A link for a new password is on its way to {email}.");
            Ok(cx.see_other_with(&back, Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => Ok(cx.see_other_with(&back, Tone::Warning, &invalid.to_string())),
        Err(other) => Err(other),
    }
}

/// The link is shown in the answer itself, because nothing but its hash is kept.
fn told(cx: &Context, invited: &Invited) -> Response {
    match &invited.link {
        None => {
            let text = format!("An invitation is on its way to {}.", invited.email);
            cx.see_other_with("/people/invitations", Tone::Success, &text)
        }
        Some(link) => cx.page("Invitation", views::link(invited, link)),
    }
}

fn told_or_not(cx: &Context, invited: Result<Invited>, back: &str) -> Result<Response> {
    match invited {
        Ok(invited) => Ok(told(cx, &invited)),
        Err(Error::Invalid(invalid)) => Ok(cx.see_other_with(back, Tone::Warning, &invalid.to_string())),
        Err(other) => Err(other),
    }
}

async fn form_page(cx: &Context, form: &PersonForm, invalid: Option<&Invalid>) -> Result<Response> {
    let teams = teams::all(&cx.app.db, cx.actor()?).await?;
    let page = FormPage {
        form,
        teams: &teams,
        roles: &roles::for_new_people(cx.actor()?),
        invalid,
        is_mailed: cx.app.outbox.is_on(),
        csrf: cx.csrf(),
    };
    Ok(cx.page("Invite somebody", views::form(&page)))
}
