//! Taking back the last change, and a batch.

use super::super::READ;
use super::reversals::model::{self, Reversal};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::{Tone, toast};
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        // Whose ratings may be changed back depends on the people, so the model decides.
        Route::post("/skills/reversals", READ, create),
        Route::post("/skills/batches/:id/reversal", READ, create_of_batch),
    ]
}

/// The matrix shows what changed by itself, as it does with the changes of others.
#[handler]
async fn create(cx: Context) -> Result<Response> {
    let reversal = model::revert_last(&cx.app, cx.actor()?).await?;
    Ok(match reversal {
        Some(reversal) => done(&cx, &reversal),
        None => told(&cx, Tone::Info, "There is nothing of today to take back."),
    })
}

#[handler]
async fn create_of_batch(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let reversal = model::revert(&cx.app, cx.actor()?, id).await?;
    Ok(done(&cx, &reversal))
}

fn done(cx: &Context, reversal: &Reversal) -> Response {
    let Reversal { title, cells, .. } = reversal;
    let mut text = match cells {
        0 | 1 => format!("Taken back: {title}."),
        cells => format!("Taken back: {title}, {cells} ratings."),
    };
    let kept = reversal.wiped.kept_text();
    if let Some(kept) = &kept {
        text = format!("{text} {kept}");
    }
    let tone = if kept.is_some() { Tone::Warning } else { Tone::Success };
    if reversal.is_import && !cx.is_partial() {
        return cx.see_other_with("/skills/imports", tone, &text);
    }
    told(cx, tone, &text)
}

fn told(cx: &Context, tone: Tone, text: &str) -> Response {
    if cx.is_partial() { cx.fragment(toast(tone, text)) } else { cx.see_other_with("/skills", tone, text) }
}
