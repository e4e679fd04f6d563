//! The screen of the overview.

use super::model::{Installation, Overview, People};
use crate::web::assets::{Icon, icon};
use crate::web::components::page_head;
use crate::web::times;
use maud::{Markup, html};

pub fn index(overview: &Overview) -> Markup {
    html! {
        (page_head(&[], "Administration", Some("What runs here, and who uses it."), html! {}))
        div.cards {
            (people(&overview.people, overview.open_sessions))
            (installation(&overview.installation))
        }
    }
}

fn people(people: &People, open_sessions: i64) -> Markup {
    html! {
        section.card { div.card-body {
            h2 { (icon(Icon::Users)) "People" }
            p.figure-big { (people.active) }
            dl.facts {
                dt { "Administrators" } dd { (people.administrators) }
                dt { "Without a password" } dd { (people.without_password) }
                dt { "Deactivated" } dd { (people.inactive) }
                dt { "Teams" } dd { a href="/people/teams" { (people.teams) } }
                dt { "Open sessions" } dd { (open_sessions) }
            }
        } }
    }
}

fn installation(installation: &Installation) -> Markup {
    html! {
        section.card { div.card-body {
            h2 { (icon(Icon::Gear)) "Installation" }
            p.figure-big { (installation.version) }
            dl.facts {
                dt { "Profile" } dd { (installation.profile.name()) }
                dt { "Database" } dd { (installation.database) }
                dt { "Redis" } dd { @if installation.has_redis { "in use" } @else { "none, so one process serves alone" } }
                dt { "Plugins" } dd { (installation.plugins.join(", ")) }
                dt { "Running since" } dd { (times::moment(installation.started_at)) " UTC" }
            }
        } }
    }
}
