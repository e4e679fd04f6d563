//! The frame around a page: head, navigation, theme switch, log-out, toasts, and htmx's settings. It names no plugin:
//! what the navigation shows is handed in. `page` is for people who are logged in, `bare_page` for log-in and errors.

use super::assets::{self, Icon, icon};
use super::components::{Tone, csrf_field, dismissible_notice, notice};
use maud::{DOCTYPE, Markup, html};

/// htmx swaps no error by itself: the statuses that carry a form (422, 409) are let through on `<body>`. Without a time
/// to settle it does not copy style attributes from the old elements, which the policy forbids.
const HTMX_CONFIG: &str =
    r#"{"extensions":"sse,preload,tt","noSwap":[204,304,"4xx","5xx"],"defaultTimeout":15000,"defaultSettleDelay":0}"#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
    /// What the system asks for.
    #[default]
    Auto,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Auto];

    /// The value of `data-bs-theme` and of the form field `theme`.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "auto",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    fn label_and_icon(self) -> (&'static str, Icon) {
        match self {
            Theme::Light => ("Light theme", Icon::Sun),
            Theme::Dark => ("Dark theme", Icon::Moon),
            Theme::Auto => ("Theme of the system", Icon::CircleHalfStroke),
        }
    }
}

/// Entries that belong together, under a title where there are several.
pub struct NavGroup {
    pub title: Option<&'static str>,
    pub items: Vec<NavItem>,
}

pub struct NavItem {
    pub title: &'static str,
    pub href: &'static str,
    pub icon: Icon,
    pub current: bool,
}

/// Who is logged in, as the navigation shows it.
pub struct Person<'a> {
    pub name: &'a str,
    pub role: &'a str,
    /// How many notices are unread.
    pub unread: i64,
}

/// News of the request before this one.
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

/// What the portal is called, and says to everybody.
#[derive(Clone, Copy)]
pub struct Portal<'a> {
    pub name: &'a str,
    pub announcement: &'a str,
}

pub struct Shell<'a> {
    pub portal: Portal<'a>,
    pub title: &'a str,
    pub nav: &'a [NavGroup],
    pub person: Option<Person<'a>>,
    /// The person as whom an administrator looks at the portal.
    pub viewing: Option<&'a str>,
    pub csrf: &'a str,
    pub theme: Theme,
    pub flash: Option<Flash>,
    /// The address of the page's event stream.
    pub live: Option<&'a str>,
    pub demo: bool,
    /// Further scripts by their asset names. They are the same on every page, because a page that htmx swaps in keeps
    /// the head of the one before it.
    pub scripts: &'a [&'static str],
}

pub fn page(shell: &Shell, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-bs-theme=(shell.theme.name()) {
            head {
                (head(shell.title, shell.portal))
                meta name="htmx-config" content=(HTMX_CONFIG);
                @for name in ["vendor/htmx.min.js", "vendor/hx-sse.min.js", "vendor/hx-preload.min.js", "app.js"] { (script(name)) }
                @for name in shell.scripts { (script(name)) }
            }
            body hx-boost:inherited="true" hx-status:422:inherited="push:false" hx-status:409:inherited="push:false"
                hx-indicator:inherited="#busy" { (body(shell, content)) }
        }
    }
}

/// A page without navigation: a card in the middle. Its one script lets a passkey log in.
pub fn bare_page(portal: Portal, title: &str, theme: Theme, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-bs-theme=(theme.name()) {
            head { (head(title, portal)) (script("passkeys.js")) }
            body { div.bare { main id="main" { p.brand { (icon(Icon::Logo)) (portal.name) } (announcement(portal)) (content) } } }
        }
    }
}

fn announcement(portal: Portal) -> Markup {
    html! { @if !portal.announcement.is_empty() { (notice(Tone::Info, portal.announcement)) } }
}

fn head(title: &str, portal: Portal) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { (title) " · " (portal.name) }
        link rel="icon" type="image/svg+xml" href="/favicon.svg";
        link rel="stylesheet" href=(assets::path("vendor/bootstrap.css"));
        link rel="stylesheet" href=(assets::path("app.css"));
    }
}

fn script(name: &str) -> Markup {
    html! { script src=(assets::path(name)) defer {} }
}

fn body(shell: &Shell, content: Markup) -> Markup {
    html! {
        a.skip href="#main" { "Skip to the content" }
        div id="busy" {}
        @if let Some(name) = shell.viewing { (viewing_bar(name, shell.csrf)) }
        div.shell {
            (navigation(shell))
            main id="main" tabindex="-1" {
                (announcement(shell.portal))
                @if let Some(flash) = &shell.flash { (dismissible_notice(flash.tone, &flash.text)) }
                (content)
            }
        }
        div id="toasts" aria-live="polite" {}
        // The stream never ends, so it must not keep the progress bar going.
        @if let Some(url) = shell.live { div hx-sse:connect=(url) hx-swap="none" hx-indicator="this" hidden {} }
    }
}

/// Says on every page that somebody else is looked at, and ends that.
fn viewing_bar(name: &str, csrf: &str) -> Markup {
    html! {
        aside.viewing-bar aria-label="View as" {
            (icon(Icon::Eye))
            span { "You see the portal as " strong { (name) } ", and can only look." }
            form method="post" action="/viewing/closure" hx-boost="false" {
                (csrf_field(csrf))
                button.btn.btn-sm.btn-outline-secondary type="submit" { "End" }
            }
        }
    }
}

fn navigation(shell: &Shell) -> Markup {
    html! {
        header.nav-side {
            input.menu-toggle id="menu" type="checkbox" aria-label="Menu" autocomplete="off";
            div.nav-top {
                a.brand href="/" {
                    (icon(Icon::Logo)) span.brand-name { (shell.portal.name) }
                    @if shell.demo { span.demo-mark { "demo" } }
                }
                @if let Some(person) = &shell.person {
                    // What the live stream says is heard here; without one, the next page tells.
                    div id="bell" hx-get="/notices/bell" hx-trigger="notices from:body, resync from:body" hx-swap="innerHTML" { (bell(person.unread)) }
                }
                label.menu-button for="menu" { (icon(Icon::Bars)) }
            }
            nav.nav-links aria-label="Main" {
                @for group in shell.nav { (nav_group(group)) }
            }
            div.nav-foot {
                (theme_switch(shell))
                @if let Some(person) = &shell.person { (who(person, shell.csrf)) }
            }
        }
    }
}

fn nav_group(group: &NavGroup) -> Markup {
    html! {
        @if let Some(title) = group.title { p.nav-title { (title) } }
        ul aria-label=[group.title] {
            @for item in &group.items {
                li { a href=(item.href) aria-current=[item.current.then_some("page")] { (icon(item.icon)) (item.title) } }
            }
        }
    }
}

/// The way to the notices, with the number of those that are unread.
pub fn bell(unread: i64) -> Markup {
    let label = if unread == 0 { "Notices".to_owned() } else { format!("Notices, {unread} unread") };
    html! {
        a.bell href="/notices" title=(label) aria-label=(label) {
            (icon(Icon::Bell))
            @if unread > 0 { span.bell-count aria-hidden="true" { @if unread > 99 { "99+" } @else { (unread) } } }
        }
    }
}

/// Works by itself as a form; app.js changes the page at once, and the answer (204 for htmx) changes nothing more.
fn theme_switch(shell: &Shell) -> Markup {
    html! {
        form.theme-switch method="post" action="/theme" hx-post="/theme" hx-swap="none" aria-label="Theme" {
            (csrf_field(shell.csrf))
            @for theme in Theme::ALL {
                @let (label, symbol) = theme.label_and_icon();
                button type="submit" name="theme" value=(theme.name()) title=(label) aria-label=(label)
                    aria-pressed=(theme == shell.theme) { (icon(symbol)) }
            }
        }
    }
}

/// The log-out leaves htmx aside, so that nothing of the session's pages stays in the browser's memory.
fn who(person: &Person, csrf: &str) -> Markup {
    html! {
        div.who {
            span.who-initials aria-hidden="true" { (initials(person.name)) }
            a.who-name href="/account" title="Your account" { (person.name) small { (person.role) } }
            form method="post" action="/logout" hx-boost="false" {
                (csrf_field(csrf))
                button type="submit" title="Log out" aria-label="Log out" { (icon(Icon::RightFromBracket)) }
            }
        }
    }
}

/// First letters of the first and the last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}
