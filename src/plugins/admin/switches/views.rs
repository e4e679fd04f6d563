//! The screen of the plugins.

use super::model::{Line, State};
use crate::web::components::{Tone, csrf_field, notice, page_head};
use maud::{Markup, html};

pub const CONFLICT: &str =
    "Somebody else switched this plugin in the meantime. This is how it is now; nothing was changed.";

pub fn index(lines: &[Line], problem: Option<&str>, csrf: &str) -> Markup {
    let about = "What is off is gone from the navigation, from the API and from the background jobs, in every process, with \
                 the next request. Its data stays.";
    html! {
        (page_head(&[], "Plugins", Some(about), html! {}))
        @if let Some(problem) = problem { (notice(Tone::Warning, problem)) }
        div.table-frame tabindex="0" role="region" aria-label="Plugins" { table.table {
            thead { tr { th scope="col" { "Plugin" } th scope="col" { "State" } th.wide-only scope="col" { "Addresses" } th.number scope="col" { "Action" } } }
            tbody { @for line in lines { (row(line, csrf)) } }
        } }
    }
}

fn row(line: &Line, csrf: &str) -> Markup {
    html! {
        tr {
            th scope="row" { (line.plugin.title) }
            td { (state(line.state)) }
            td.wide-only { code { (line.plugin.mount) } }
            td.actions { @match line.state {
                State::On => { (button(line, csrf, "false", "Switch off")) }
                State::Off => { (button(line, csrf, "true", "Switch on")) }
                State::Always | State::Excluded => {}
            } }
        }
    }
}

fn state(state: State) -> Markup {
    match state {
        State::Always => html! { span.badge.good { "on" } " " span.quiet { "cannot be switched off" } },
        State::On => html! { span.badge.good { "on" } },
        State::Off => html! { span.badge.warn { "off" } },
        State::Excluded => {
            html! { span.badge { "left out" } " " span.quiet { "by the option " code { "plugins.enabled" } } }
        }
    }
}

fn button(line: &Line, csrf: &str, on: &str, label: &str) -> Markup {
    html! {
        form method="post" action={ "/admin/plugins/" (line.plugin.id) } {
            (csrf_field(csrf))
            input type="hidden" name="version" value=(line.version);
            button.btn.btn-sm.btn-outline-secondary type="submit" name="on" value=(on) aria-label={ (label) ": " (line.plugin.title) } { (label) }
        }
    }
}
