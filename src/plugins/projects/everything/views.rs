//! The board over all projects: a card moves on the board of its own project, whose columns have names of their own.

use super::super::board::views::card;
use super::super::tasks::filter::Filter;
use super::super::tasks::work::views::filter_form;
use super::model::{Column, SHOWN};
use crate::web::assets::{Icon, icon};
use crate::web::components::page_head;
use jiff::civil::Date;
use maud::{Markup, html};

const PATH: &str = "/projects/board";

pub fn board(filter: &Filter, columns: &[Column], today: Date) -> Markup {
    let actions = html! { a.btn.btn-outline-secondary href="/projects" { (icon(Icon::DiagramProject)) "Projects" } };
    html! {
        (page_head(&[("Projects", "/projects")], "All projects", None, actions))
        (filter_form(PATH, filter, "#everything", false))
        div.board.everything id="everything" data-list="everything" {
            @for column in columns {
                section.column aria-labelledby={ "kind-" (column.kind.name()) } {
                    header {
                        h2 id={ "kind-" (column.kind.name()) } { span class={ "status " (column.kind.name()) } { (column.kind.title()) } }
                        span.column-count { (column.tasks.len()) @if column.has_more { "+" } }
                    }
                    ol.cards { @for task in &column.tasks { (card(task, today)) } }
                    @if column.has_more { p.further.quiet { "The first " (SHOWN) ". The filter finds others." } }
                }
            }
        }
    }
}
