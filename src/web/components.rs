//! The parts that screens are made of: plain functions from data to markup, without a request or a database.
//! Their looks are in `assets/css/4-components.css` and `5-matrix.css`; levels are drawn there by class alone.

use super::assets::{Icon, icon};
use crate::accounts::secrets::random_token;
use maud::{Markup, Render, html};

/// What kind of news a notice brings; it decides on colour and icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Success,
    Info,
    Warning,
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Success => "alert-success",
            Tone::Info => "alert-info",
            Tone::Warning => "alert-warning",
            Tone::Danger => "alert-danger",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Tone::Success => Icon::CircleCheck,
            Tone::Info => Icon::CircleInfo,
            Tone::Warning | Tone::Danger => Icon::TriangleExclamation,
        }
    }

    /// An alert interrupts what a screen reader says; good news waits.
    fn role(self) -> &'static str {
        match self {
            Tone::Success | Tone::Info => "status",
            Tone::Warning | Tone::Danger => "alert",
        }
    }
}

/// A message in the page, above or beside what it is about.
pub fn notice(tone: Tone, content: impl Render) -> Markup {
    html! { div class={ "alert " (tone.class()) } role=(tone.role()) { (icon(tone.icon())) div { (content) } } }
}

/// A message in the corner, to send along with any answer that htmx swaps in.
pub fn toast(tone: Tone, text: &str) -> Markup {
    html! {
        hx-partial hx-target="#toasts" hx-swap="beforeend" { (dismissible_notice(tone, text)) }
    }
}

/// A notice with a button that closes it; the button shows only where scripts run.
pub fn dismissible_notice(tone: Tone, text: &str) -> Markup {
    html! {
        div class={ "alert " (tone.class()) } role=(tone.role()) {
            (icon(tone.icon()))
            div { (text) }
            button.btn-close.needs-js type="button" data-dismiss aria-label="Close" {}
        }
    }
}

/// The hidden field that each form with a POST carries.
pub fn csrf_field(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// Numbers a form, so that one that is sent twice counts once.
pub fn submission_field() -> Markup {
    let number: String = random_token().chars().take(32).collect();
    html! { input type="hidden" name="submission" value=(number); }
}

/// What a field takes in, with the value that it shows.
pub enum Input<'a> {
    Text {
        value: &'a str,
        max_length: usize,
    },
    /// A text with suggestions, as what is to be typed and a word about it: `choices` at once, and while somebody types
    /// those that `href` answers with `options`.
    Suggested {
        value: &'a str,
        max_length: usize,
        choices: &'a [(String, String)],
        href: Option<&'a str>,
    },
    Email {
        value: &'a str,
    },
    /// `autocomplete` is `current-password` or `new-password`. The value is never sent back.
    Password {
        autocomplete: &'static str,
    },
    /// A code that is shown once, on a phone or on paper. The value is never sent back.
    Code,
    Number {
        value: &'a str,
        min: &'a str,
        max: &'a str,
        step: &'a str,
    },
    TextArea {
        value: &'a str,
        rows: u8,
        max_length: usize,
    },
    /// Options as value and label.
    Select {
        options: &'a [(&'a str, &'a str)],
        selected: &'a str,
    },
    /// `accept` as in HTML: `.csv,.xlsx`.
    File {
        accept: &'static str,
    },
}

/// A label with its input, a hint, and the error that a 422 answer brings.
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub input: Input<'a>,
    pub hint: Option<&'a str>,
    pub error: Option<&'a str>,
    pub required: bool,
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        self.identified(&format!("field-{}", self.name))
    }
}

impl Field<'_> {
    /// With an id of its own, where a page has several fields of one name.
    pub fn identified(&self, id: &str) -> Markup {
        html! {
            div.field {
                label.form-label for=(id) {
                    (self.label) @if !self.required { " " span.quiet { "(optional)" } }
                }
                (self.control(id))
                @if let Some(error) = self.error { div.invalid-feedback id={ (id) "-error" } { (error) } }
                @if let Some(hint) = self.hint { div.form-text id={ (id) "-hint" } { (hint) } }
            }
        }
    }

    fn control(&self, id: &str) -> Markup {
        let (name, required, invalid) = (self.name, self.required, self.error.map(|_| "true"));
        let described = self.described_by(id);
        let class = if self.error.is_some() { "form-control is-invalid" } else { "form-control" };
        // Repeated per kind, since Maud has no spread of attributes.
        match &self.input {
            Input::Text { value, max_length } => html! {
                input type="text" class=(class) id=(id) name=(name) value=(value) maxlength=(max_length) required[required]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
            Input::Suggested { value, max_length, choices, href } => html! {
                input type="text" class=(class) id=(id) name=(name) value=(value) maxlength=(max_length) required[required]
                    autocomplete="off" list={ (id) "-choices" } aria-invalid=[invalid] aria-describedby=[described]
                    hx-get=[href] hx-trigger=[href.map(|_| "input delay:150ms")] hx-sync=[href.map(|_| "this:replace")]
                    hx-target=[href.map(|_| format!("#{id}-choices"))] hx-swap=[href.map(|_| "innerHTML")];
                datalist id={ (id) "-choices" } { (options(choices)) }
            },
            Input::Email { value } => html! {
                input type="email" class=(class) id=(id) name=(name) value=(value) maxlength="190" autocomplete="username"
                    required[required] aria-invalid=[invalid] aria-describedby=[described];
            },
            Input::Password { autocomplete } => html! {
                input type="password" class=(class) id=(id) name=(name) autocomplete=(autocomplete) required[required]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
            Input::Code => html! {
                input type="text" class=(class) id=(id) name=(name) autocomplete="one-time-code" autocapitalize="none"
                    spellcheck="false" maxlength="40" required[required] aria-invalid=[invalid] aria-describedby=[described];
            },
            Input::Number { value, min, max, step } => html! {
                input type="number" class=(class) id=(id) name=(name) value=(value) min=(min) max=(max) step=(step)
                    inputmode="decimal" required[required] aria-invalid=[invalid] aria-describedby=[described];
            },
            Input::TextArea { value, rows, max_length } => html! {
                textarea class=(class) id=(id) name=(name) rows=(rows) maxlength=(max_length) required[required]
                    aria-invalid=[invalid] aria-describedby=[described] { "\n" (value) }
            },
            Input::Select { options, selected } => html! {
                select class={ "form-select" @if self.error.is_some() { " is-invalid" } } id=(id) name=(name)
                    required[required] aria-invalid=[invalid] aria-describedby=[described] {
                    @for (value, label) in *options {
                        option value=(value) selected[value == selected] { (label) }
                    }
                }
            },
            Input::File { accept } => html! {
                input type="file" class=(class) id=(id) name=(name) accept=(accept) required[required]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
        }
    }

    fn described_by(&self, id: &str) -> Option<String> {
        let error = self.error.map(|_| format!("{id}-error"));
        let hint = self.hint.map(|_| format!("{id}-hint"));
        let ids: Vec<String> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// The suggestions of a field: what is to be typed, and a word about it.
pub fn options(choices: &[(String, String)]) -> Markup {
    html! { @for (value, about) in choices { option value=(value) { (about) } } }
}

/// What stands where a list would stand: what is missing, and the button that mends it.
pub fn empty_state(symbol: Icon, title: &str, text: &str, action: Markup) -> Markup {
    html! { div.empty { (icon(symbol)) h2 { (title) } p { (text) } (action) } }
}

/// The head of a page: the way here (label and address, outermost first), the title, a line about it, and actions.
pub fn page_head(trail: &[(&str, &str)], title: &str, about: Option<&str>, actions: Markup) -> Markup {
    html! {
        header.page-head {
            div {
                @if !trail.is_empty() {
                    nav aria-label="Breadcrumb" {
                        ol.breadcrumb { @for (label, href) in trail { li.breadcrumb-item { a href=(href) { (label) } } } }
                    }
                }
                h1 { (title) }
                @if let Some(about) = about { p { (about) } }
            }
            div.page-actions { (actions) }
        }
    }
}

/// Which rows of how many are shown, counted from 1, and the addresses of the pages beside this one.
pub struct Pager<'a> {
    pub first: u64,
    pub last: u64,
    pub total: u64,
    pub previous: Option<&'a str>,
    pub next: Option<&'a str>,
}

pub fn pager(pager: &Pager) -> Markup {
    let step = |href: Option<&str>, label: &str| match href {
        Some(href) => html! { li.page-item { a.page-link href=(href) { (label) } } },
        None => html! { li.page-item.disabled { span.page-link { (label) } } },
    };
    html! {
        nav.pager aria-label="Pages" {
            span { (pager.first) "–" (pager.last) " of " (pager.total) }
            ul.pagination { (step(pager.previous, "Previous")) (step(pager.next, "Next")) }
        }
    }
}

/// How a level is drawn: the same class on a cell of the matrix and on `level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    NotApplicable,
    Zero,
    Quarter,
    Half,
    ThreeQuarters,
    Full,
}

impl Glyph {
    /// `share` is the level divided by its scale's highest one, 0 to 1. Any level above zero shows at least a quarter,
    /// and the full circle is kept for the top eighth of the scale.
    pub fn of_share(share: f64) -> Self {
        match share {
            share if share <= 0.0 => Glyph::Zero,
            share if share < 0.375 => Glyph::Quarter,
            share if share < 0.625 => Glyph::Half,
            share if share < 0.875 => Glyph::ThreeQuarters,
            _ => Glyph::Full,
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Glyph::NotApplicable => "na",
            Glyph::Zero => "l0",
            Glyph::Quarter => "lq1",
            Glyph::Half => "lq2",
            Glyph::ThreeQuarters => "lq3",
            Glyph::Full => "lq4",
        }
    }
}

/// A level outside the matrix: in a list, a legend, a conflict.
pub fn level(glyph: Glyph, text: &str) -> Markup {
    html! { span class={ "level " (glyph.class()) } { (text) } }
}

/// What went wrong, in words for the person, with the number that finds it in the log.
pub fn error_page(status: u16, title: &str, text: &str, request_id: Option<&str>) -> Markup {
    html! {
        div.card {
            div.card-body {
                p.error-status { (status) }
                h1 { (title) }
                p { (text) }
                @if let Some(id) = request_id { p.quiet { "If you ask for help, give this number: " code { (id) } } }
                a.btn.btn-outline-secondary href="/" { (icon(Icon::House)) "To the start page" }
            }
        }
    }
}
