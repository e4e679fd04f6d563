//! Screens of people: the list and the form.

use super::handlers::{ListQuery, PersonForm, Shown};
use crate::accounts::invitations::WayIn;
use crate::accounts::people::{MAX_NAME_CHARS, Person};
use crate::accounts::roles;
use crate::accounts::teams::Team;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Pager, Tone, csrf_field, empty_state, notice, page_head, pager};
use crate::web::times::day;
use maud::{Markup, html};

pub struct ListPage<'a> {
    pub people: &'a [Person],
    pub teams: &'a [Team],
    pub query: &'a ListQuery,
    /// The number of the first person shown, counted from 1.
    pub first: i64,
    pub total: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub may_write: bool,
    /// Whether people have a page of skills to lead to.
    pub has_skills: bool,
}

pub fn index(list: &ListPage) -> Markup {
    let actions = html! {
        a.btn.btn-outline-secondary href="/people/teams" { (icon(Icon::LayerGroup)) "Teams" }
        @if list.may_write {
            a.btn.btn-outline-secondary href="/people/invitations" { (icon(Icon::Envelope)) "Invitations" }
            a.btn.btn-primary href="/people/new" { (icon(Icon::Plus)) "Add a person" }
        }
    };
    html! {
        (page_head(&[], "People", Some("Who works here, and in which team."), actions))
        (filters(list))
        div id="people" {
            @if list.people.is_empty() { (nobody(list)) } @else { (table(list)) (pages(list)) }
        }
    }
}

/// Filters at each key; without scripts the button does.
fn filters(list: &ListPage) -> Markup {
    html! {
        form.toolbar role="search" method="get" action="/people" hx-get="/people" hx-target="#people" hx-select="#people"
            hx-swap="outerHTML" hx-push-url="true" hx-trigger="input delay:250ms, submit" {
            div.search {
                (icon(Icon::MagnifyingGlass))
                input.form-control type="search" name="text" value=(list.query.text) placeholder="Name or address"
                    aria-label="Name or address" maxlength=(MAX_NAME_CHARS);
            }
            select.form-select name="team" aria-label="Team" {
                option value="" { "All teams" }
                @for team in list.teams {
                    @let id = team.id.to_string();
                    option value=(id) selected[list.query.team == id] { (team.name) }
                }
            }
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Filter)) "Filter" }
            @if list.query.is_filtered() { a.btn.btn-link href="/people" { "Show all" } }
        }
    }
}

fn nobody(list: &ListPage) -> Markup {
    if list.query.is_filtered() {
        let all = html! { a.btn.btn-outline-secondary href="/people" { "Show all people" } };
        return empty_state(
            Icon::Users,
            "Nobody matches",
            "No name and no address contains that, or not in this team.",
            all,
        );
    }
    let add =
        html! { @if list.may_write { a.btn.btn-primary href="/people/new" { (icon(Icon::Plus)) "Add a person" } } };
    empty_state(
        Icon::Users,
        "Nobody here yet",
        "People can be added one by one, or all at once from a file of ratings.",
        add,
    )
}

fn table(list: &ListPage) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="People" { table.table {
            thead { tr {
                th scope="col" { "Name" }
                th.wide-only scope="col" { "Title" }
                th scope="col" { "Team" }
                th.wide-only scope="col" { "E-mail address" }
                @if list.may_write { th.number scope="col" { "Actions" } }
            } }
            tbody { @for person in list.people { (row(person, list)) } }
        } }
    }
}

fn row(person: &Person, list: &ListPage) -> Markup {
    html! {
        tr {
            th scope="row" {
                @if list.has_skills { a href={ "/skills/people/" (person.id) } { (person.name) } } @else { (person.name) }
            }
            td.wide-only { (person.title) }
            td { @if let Some(team) = &person.team { (team) } @else { span.quiet { "no team" } } }
            td.wide-only { @if let Some(email) = &person.email { a href={ "mailto:" (email) } { (email) } } }
            @if list.may_write {
                td.number {
                    a.btn.btn-sm.btn-outline-secondary href={ "/people/" (person.id) "/edit" }
                        aria-label={ "Edit " (person.name) } { (icon(Icon::Pen)) "Edit" }
                }
            }
        }
    }
}

fn pages(list: &ListPage) -> Markup {
    pager(&Pager {
        first: list.first as u64,
        last: list.first as u64 + list.people.len() as u64 - 1,
        total: list.total as u64,
        previous: list.previous.as_deref(),
        next: list.next.as_deref(),
    })
}

pub struct FormPage<'a> {
    pub form: &'a PersonForm,
    pub shown: Shown<'a>,
    pub teams: &'a [Team],
    /// What somebody new can be.
    pub roles: &'a [roles::Offered<'a>],
    pub invalid: Option<&'a Invalid>,
    /// How the person gets in, of one who is there already.
    pub way_in: Option<WayIn>,
    pub csrf: &'a str,
}

impl FormPage<'_> {
    pub fn title(&self) -> &str {
        match self.shown {
            Shown::New => "Add a person",
            Shown::Edit(saved) | Shown::Conflict(saved) => &saved.name,
        }
    }

    fn action(&self) -> String {
        match self.shown {
            Shown::New => "/people".to_owned(),
            Shown::Edit(saved) | Shown::Conflict(saved) => format!("/people/{}", saved.id),
        }
    }

    /// What the form is based on. After a conflict that is what the other one saved, so that saving again replaces it.
    fn version(&self) -> i64 {
        match self.shown {
            Shown::Conflict(saved) => saved.version,
            Shown::New | Shown::Edit(_) => self.form.version,
        }
    }

    fn field<'a>(&'a self, name: &'a str, label: &'a str, input: Input<'a>) -> Field<'a> {
        let error = self.invalid.and_then(|invalid| invalid.of(name));
        Field { name, label, input, hint: None, error, required: false }
    }
}

pub fn form(page: &FormPage) -> Markup {
    html! {
        (page_head(&[("People", "/people")], page.title(), None, html! {}))
        @if let Shown::Conflict(saved) = page.shown { (both(page, saved)) }
        @if let Some(problem) = page.invalid.and_then(|invalid| invalid.of("")) { (notice(Tone::Danger, problem)) }
        form.form-narrow method="post" action=(page.action()) {
            (csrf_field(page.csrf))
            input type="hidden" name="version" value=(page.version());
            (fields(page))
            div.form-actions {
                button.btn.btn-primary type="submit" {
                    @match page.shown { Shown::New => "Add", Shown::Edit(_) => "Save", Shown::Conflict(_) => "Save mine" }
                }
                @if let Shown::Conflict(saved) = page.shown {
                    a.btn.btn-outline-secondary href={ "/people/" (saved.id) "/edit" } { "Take theirs" }
                }
                a.btn.btn-link href="/people" { "Cancel" }
            }
        }
        @if let (Shown::Edit(saved), Some(way_in)) = (page.shown, page.way_in) { (log_in(saved, way_in, page.csrf)) }
    }
}

/// How the person gets in, and the button that opens a way.
fn log_in(person: &Person, way_in: WayIn, csrf: &str) -> Markup {
    let (text, action) = match way_in {
        WayIn::NoAddress => ("Without an e-mail address there is no log-in.".to_owned(), None),
        WayIn::Uninvited => ("Cannot log in yet.".to_owned(), Some(("invitation", "Send an invitation"))),
        WayIn::Invited { expires_at } => {
            (format!("Is invited until {}.", day(expires_at)), Some(("invitation", "Send the invitation again")))
        }
        WayIn::Password => {
            ("Logs in with a password.".to_owned(), Some(("password-reset", "Send a link for a new password")))
        }
    };
    html! {
        section.form-narrow.log-in {
            h2 { "Log-in" }
            p { (text) }
            @if let Some((way, label)) = action {
                form method="post" action={ "/people/" (person.id) "/" (way) } {
                    (csrf_field(csrf))
                    button.btn.btn-outline-secondary type="submit" { (icon(Icon::Envelope)) (label) }
                }
            }
        }
    }
}

fn fields(page: &FormPage) -> Markup {
    let form = page.form;
    let ids: Vec<String> = page.teams.iter().map(|team| team.id.to_string()).collect();
    let named = ids.iter().zip(page.teams).map(|(id, team)| (id.as_str(), team.name.as_str()));
    let teams: Vec<(&str, &str)> = std::iter::once(("", "No team")).chain(named).collect();
    let name = Input::Text { value: &form.name, max_length: MAX_NAME_CHARS };
    let email = page.field("email", "E-mail address", Input::Email { value: &form.email });
    html! {
        (Field { required: true, ..page.field("name", "Name", name) })
        (page.field("title", "Title", Input::Text { value: &form.title, max_length: MAX_NAME_CHARS }))
        (Field { hint: Some("Who has none can be rated, but cannot log in."), ..email })
        (page.field("team_id", "Team", Input::Select { options: &teams, selected: &form.team_id }))
        @if let Shown::New = page.shown {
            @let role = page.field("role", "Role", Input::Select { options: page.roles, selected: &form.role });
            (Field { required: true, hint: Some("What the person may do in the portal."), ..role })
        }
    }
}

/// What somebody else saved beside what was typed here, where the two differ.
fn both(page: &FormPage, saved: &Person) -> Markup {
    let form = page.form;
    let typed_team = page.teams.iter().find(|team| team.id.to_string() == form.team_id).map_or("", |team| &team.name);
    let lines = [
        ("Name", saved.name.as_str(), form.name.trim()),
        ("Title", saved.title.as_str(), form.title.trim()),
        ("E-mail address", saved.email.as_deref().unwrap_or(""), form.email.trim()),
        ("Team", saved.team.as_deref().unwrap_or(""), typed_team),
    ];
    let shown = |text: &str| html! { @if text.is_empty() { span.quiet { "none" } } @else { (text) } };
    html! {
        (notice(Tone::Warning, "Somebody else saved this person while you were typing. Yours is still in the form and not saved."))
        div.table-frame.form-narrow tabindex="0" role="region" aria-label="Both versions" { table.table {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Theirs, saved" } th scope="col" { "Yours" } } }
            tbody {
                @for (label, theirs, yours) in lines.into_iter().filter(|(_, theirs, yours)| theirs != yours) {
                    tr { th scope="row" { (label) } td { (shown(theirs)) } td { (shown(yours)) } }
                }
            }
        } }
    }
}
