//! The frame around each page of the administration: its sub-navigation, beside the content or above it on a phone.

use super::SECTIONS;
use crate::accounts::Permission;
use crate::web::context::Context;
use maud::{Markup, html};
use poem::Response;

/// A line of the sub-navigation, shown to those who hold the permission.
pub struct Section {
    pub group: Group,
    pub title: &'static str,
    pub href: &'static str,
    pub permission: Permission,
}

/// What lines stand together. Their order is the order of `SECTIONS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The overview, which stands by itself.
    Top,
    People,
    System,
    Record,
}

impl Group {
    const ALL: [Group; 4] = [Group::Top, Group::People, Group::System, Group::Record];

    fn title(self) -> Option<&'static str> {
        match self {
            Group::Top => None,
            Group::People => Some("People"),
            Group::System => Some("System"),
            Group::Record => Some("Record"),
        }
    }
}

/// A page of the administration.
pub fn page(cx: &Context, title: &str, content: Markup) -> Response {
    cx.page(title, framed(cx, content))
}

/// The content within the frame, for answers that are no plain page.
pub fn framed(cx: &Context, content: Markup) -> Markup {
    html! {
        div.admin {
            nav.admin-nav aria-label="Administration" {
                @for group in Group::ALL { (lines(cx, group)) }
            }
            div.admin-content { (content) }
        }
    }
}

fn lines(cx: &Context, group: Group) -> Markup {
    let current = current(cx);
    let lines = SECTIONS.iter().filter(|section| section.group == group && cx.may(section.permission));
    let lines: Vec<&Section> = lines.collect();
    html! {
        @if !lines.is_empty() {
            @if let Some(title) = group.title() { p { (title) } }
            ul {
                @for line in lines {
                    li { a href=(line.href) aria-current=[(Some(line.href) == current).then_some("page")] { (line.title) } }
                }
            }
        }
    }
}

/// The section with the longest address that the page lies at or below.
fn current(cx: &Context) -> Option<&'static str> {
    let path = cx.here.split('?').next().unwrap_or_default();
    let below = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    SECTIONS.iter().map(|section| section.href).filter(|href| below(href)).max_by_key(|href| href.len())
}
