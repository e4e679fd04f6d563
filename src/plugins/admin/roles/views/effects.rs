//! People × permissions: who gains and who loses what.

use super::super::model::{PermissionGroup, permission_title};
use crate::accounts::roles::{Effect, Rights};
use crate::web::components::{Tone, notice};
use maud::{Markup, html};

/// More people than these are counted.
const SHOWN: usize = 50;

pub fn told(effects: &[Effect], groups: &[PermissionGroup]) -> Markup {
    let gaining = effects.iter().filter(|effect| !effect.gains.is_empty()).count();
    let losing = effects.iter().filter(|effect| !effect.loses.is_empty()).count();
    if effects.is_empty() {
        return notice(Tone::Info, "Nobody gains or loses anything by this.");
    }
    html! {
        h2 { (counted(gaining)) " something, " (losing) @if losing == 1 { " loses" } @else { " lose" } " something" }
        div.table-frame tabindex="0" role="region" aria-label="Who gains and loses what" { table.table.effects {
            thead { tr { th scope="col" { "Person" } th scope="col" { "Gains" } th scope="col" { "Loses" } } }
            tbody { @for effect in effects.iter().take(SHOWN) { (row(effect, groups)) } }
        } }
        @if effects.len() > SHOWN { p.quiet { "and " (effects.len() - SHOWN) " more people" } }
    }
}

fn counted(people: usize) -> String {
    if people == 1 { "1 person gains".to_owned() } else { format!("{people} people gain") }
}

fn row(effect: &Effect, groups: &[PermissionGroup]) -> Markup {
    html! {
        tr {
            th scope="row" { (effect.name) }
            td data-label="Gains" { (rights(&effect.gains, groups, "good")) }
            td data-label="Loses" { (rights(&effect.loses, groups, "bad")) }
        }
    }
}

fn rights(rights: &Rights, groups: &[PermissionGroup], tone: &str) -> Markup {
    html! {
        @if rights.is_empty() { span.quiet { "–" } }
        span.rights {
            @if rights.everything { span class={ "badge " (tone) } { "everything" } }
            @for name in &rights.permissions { span class={ "badge " (tone) } { (permission_title(groups, name)) } }
            @for route in &rights.routes { span class={ "badge " (tone) } { (route) } }
        }
    }
}
