//! The screen of the cache.

use crate::cache::Stats;
use crate::config::Cache;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, page_head};
use maud::{Markup, html};

pub fn show(stats: &Stats, config: &Cache, has_redis: bool, csrf: &str) -> Markup {
    let actions = html! {
        form method="post" action="/admin/cache/flush" {
            (csrf_field(csrf))
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Trash)) "Forget everything" }
        }
    };
    let about =
        "What was worked out once and is given to whoever asks next, until something that it was made of changes.";
    let share = (stats.hits * 100).checked_div(stats.hits + stats.loads);
    html! {
        (page_head(&[], "Cache", Some(about), actions))
        div.cards {
            section.card { div.card-body {
                h2 { (icon(Icon::LayerGroup)) "This process" }
                p.figure-big { @match share { Some(share) => { (share) " %" } None => "–" } }
                dl.facts {
                    dt { "Given from memory" } dd { (stats.hits) }
                    dt { "Worked out" } dd { (stats.loads) }
                    dt { "Kept now" } dd { (stats.entries) " of " (config.max_entries) }
                    dt { "At most for" } dd { (config.ttl_s) " s" }
                }
            } }
            section.card { div.card-body {
                h2 { (icon(Icon::Users)) "Other processes" }
                p { @if has_redis { "They hear of each change, and of a flush, through Redis." }
                    @else { "There is no Redis, so each process knows its own changes alone, and trusts its memory briefly where a database is shared." } }
            } }
        }
    }
}
