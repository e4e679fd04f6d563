//! Downloads: `/skills/exports/ratings.csv?form=long`, with the filters of the matrix.

use poem::http::header;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::{Filter, Form, Format, What, prepare, stream};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::plugins::skills::READ;
use crate::plugins::skills::as_of::AsOf;
use crate::web::context::Context;
use crate::web::times;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/exports/:file", READ, show)]
}

/// As the form above the matrix sends it: what is not chosen is empty.
#[derive(Deserialize)]
#[serde(default)]
struct Params {
    form: String,
    team: String,
    category: String,
    person: String,
    skill: String,
    as_of: String,
}

impl Default for Params {
    fn default() -> Self {
        let empty = String::new;
        Params {
            form: "long".to_owned(),
            team: empty(),
            category: empty(),
            person: empty(),
            skill: empty(),
            as_of: empty(),
        }
    }
}

impl Params {
    fn filter(&self) -> Filter {
        Filter {
            team_id: self.team.parse().ok(),
            category_id: self.category.parse().ok(),
            person: self.person.clone(),
            skill: self.skill.clone(),
            ..Filter::default()
        }
    }
}

#[handler]
async fn show(cx: Context, Path(file): Path<String>, Query(params): Query<Params>) -> Result<Response> {
    let form = Form::from_name(&params.form).ok_or_else(|| Error::invalid("form", "The form is long or wide."))?;
    let (name, ending) = file.split_once('.').ok_or(Error::NotFound)?;
    let what = What::from_name(name, form).ok_or(Error::NotFound)?;
    let format = Format::from_name(ending).ok_or(Error::NotFound)?;
    let as_of = AsOf::parse(&params.as_of, cx.app.now_ms())?;
    let export = prepare(&cx.app, cx.actor()?, what, &params.filter(), as_of).await?;
    let day = as_of.day().map_or_else(|| times::date(cx.app.now_ms()), |day| day.to_string());
    let disposition = format!("attachment; filename=\"{name}-{day}.{ending}\"");
    let response = Response::builder().content_type(format.content_type());
    let response = response.header(header::CONTENT_DISPOSITION, disposition);
    Ok(response.body(stream::body(cx.app.clone(), export, format)))
}
