//! Who sees one's ratings and who may change them, by team, role and name.

use super::super::settings::Visibility;
use super::model::{Owner, Viewers};
use crate::accounts::Actor;
use crate::accounts::roles::Holder;
use crate::web::components::page_head;
use maud::{Markup, html};

/// Names beyond these are counted.
const MOST_NAMES: usize = 12;

pub fn show(actor: &Actor, viewers: &Viewers) -> Markup {
    let about = match viewers.visibility {
        Visibility::Everybody => "This portal shows the ratings of everybody to all who may see the skills matrix.",
        Visibility::Team => "This portal shows ratings inside of a team, and to those who look after a skill.",
    };
    let own = actor.person_id.map(|id| format!("/skills/people/{id}"));
    let own = own.as_deref().map(|href| ("My skills", href));
    let trail: Vec<(&str, &str)> = [("Skills matrix", "/skills")].into_iter().chain(own).collect();
    html! {
        (page_head(&trail, "Who sees your ratings", Some(about), html! {}))
        div.sight {
            section.card { div.card-body { h2 { "See your ratings" } (seeing(viewers)) } }
            section.card { div.card-body { h2 { "Change your ratings" } (changing(viewers)) } }
        }
    }
}

fn seeing(viewers: &Viewers) -> Markup {
    html! {
        dl.facts {
            dt { "You" } dd { "Everything, with its whole history." }
            @match viewers.visibility {
                Visibility::Everybody => {
                    dt { "By role" }
                    dd { ul { @for held in &viewers.readers { li { (held.role) " " span.quiet { (people(held.people)) } } } } }
                }
                Visibility::Team => {
                    dt { "Your team" } dd { (team(viewers)) }
                    dt { "Owners of skills" } dd { (owners(&viewers.owners)) }
                    dt { "By role" } dd { (holders(&viewers.see_all)) }
                }
            }
        }
    }
}

fn changing(viewers: &Viewers) -> Markup {
    html! {
        dl.facts {
            dt { "You" }
            dd { @if viewers.may_rate_oneself { "Your own level, interest, note and evidence." } @else { "Nothing: your role only reads." } }
            dt { "Who leads your team" }
            dd { @if viewers.leads.is_empty() { span.quiet { "Nobody." } } @else { (holders(&viewers.leads)) } }
            dt { "Owners of skills" } dd { (owners(&viewers.owners)) }
            dt { "By role" } dd { (holders(&viewers.rate_all)) }
        }
    }
}

fn team(viewers: &Viewers) -> Markup {
    match &viewers.team {
        Some((name, count)) => html! { (name) " " span.quiet { (people(*count)) ", you among them" } },
        None => html! { span.quiet { "You are in no team." } },
    }
}

fn owners(owners: &[Owner]) -> Markup {
    html! {
        @if owners.is_empty() { span.quiet { "No skill has an owner yet." } } @else {
            "On the skills that they look after:"
            ul {
                @for owner in owners.iter().take(MOST_NAMES) {
                    li { (owner.name) " " span.quiet { (owner.skills) @if owner.skills == 1 { " skill" } @else { " skills" } } }
                }
                (further(owners.len()))
            }
        }
    }
}

fn holders(holders: &[Holder]) -> Markup {
    html! {
        ul {
            @for holder in holders.iter().take(MOST_NAMES) { li { (holder.name) " " span.quiet { (holder.role) } } }
            (further(holders.len()))
        }
    }
}

fn further(count: usize) -> Markup {
    html! { @if count > MOST_NAMES { li.quiet { "and " (count - MOST_NAMES) " more" } } }
}

fn people(count: i64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}
