//! The few words that stand beside a cell.

use super::super::super::ratings::model::Cell;
use super::super::super::ratings::views::standing;
use super::super::super::targets::Reason;
use crate::web::times;
use maud::{Markup, html};

pub fn reason(cell: &Cell, reason: Option<&Reason>) -> Markup {
    let values = &cell.rating.values;
    html! {
        p.cell-title { (cell.person) " · " (cell.skill) }
        @if let Some(reason) = reason { p { strong { (reason.title) ". " } (reason.text) } }
        dl {
            @if let Some(confirmed) = values.confirmed {
                dt { "Confirmed" }
                dd {
                    (standing(&cell.scale, confirmed.standing))
                    @if let Some(name) = &cell.rating.confirmed_by { " by " (name) }
                    ", " (times::day(confirmed.at))
                }
            }
            @if let Some(own) = values.own { dt { "Own" } dd { (standing(&cell.scale, own.standing)) ", " (times::day(own.at)) } }
            @if values.confirmed.is_none() && values.own.is_none() && cell.rating.version > 0 {
                dt { "From a file" } dd { (standing(&cell.scale, values.standing)) ", " (times::day(cell.rating.updated_at)) }
            }
            @if let Some(until) = values.valid_until { dt { "Valid until" } dd { (times::day_in_words(&until.to_string())) } }
            @if let Some(suspension) = &values.suspension {
                dt { "Suspended until" } dd { (times::day_in_words(&suspension.until.to_string())) ": " (suspension.reason) }
            }
        }
    }
}
