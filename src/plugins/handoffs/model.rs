//! A handoff, who sees it, and who may do what with it. Responsibility moves when it is accepted, not when it is sent.

use super::{ALL, LEAD, READ, WRITE};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Query, Tx};
use crate::error::{Error, Result};
use crate::sql;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Sent,
    Accepted,
    Declined,
    Withdrawn,
}

impl State {
    pub const ALL: [State; 5] = [State::Draft, State::Sent, State::Accepted, State::Declined, State::Withdrawn];

    pub fn name(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sent => "sent",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            State::Draft => "Draft",
            State::Sent => "Waits to be accepted",
            State::Accepted => "Accepted",
            State::Declined => "Declined",
            State::Withdrawn => "Withdrawn",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How things stand, as the first letter of I-PASS asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Stable,
    Watch,
    Unstable,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Stable, Severity::Watch, Severity::Unstable];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Stable => "stable",
            Severity::Watch => "watch",
            Severity::Unstable => "unstable",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Severity::Stable => "Stable",
            Severity::Watch => "Watch",
            Severity::Unstable => "Unstable",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// To whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    Person {
        id: i64,
        name: String,
    },
    /// Whoever of the team takes it.
    Team {
        id: i64,
        name: String,
    },
}

impl Receiver {
    pub fn name(&self) -> &str {
        match self {
            Receiver::Person { name, .. } | Receiver::Team { name, .. } => name,
        }
    }

    /// As forms name it: `p7`, `t3`.
    pub fn key(&self) -> String {
        match self {
            Receiver::Person { id, .. } => format!("p{id}"),
            Receiver::Team { id, .. } => format!("t{id}"),
        }
    }
}

/// What an actor is to a handoff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_author: bool,
    /// Of the team whose responsibility it is.
    pub is_of_team: bool,
    pub is_receiver: bool,
    /// Leads either team, or everything.
    pub is_lead: bool,
    pub may_write: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    pub id: i64,
    pub team_id: i64,
    pub team: String,
    pub author_id: i64,
    pub author: String,
    pub receiver: Option<Receiver>,
    pub severity: Severity,
    pub title: String,
    pub template: String,
    pub state: State,
    pub since_at: i64,
    pub sent_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// Who brought it out of “sent”.
    pub ended_by: Option<(i64, String)>,
    pub synthesis: String,
    pub reason: String,
    pub escalated_at: Option<i64>,
    pub version: i64,
    pub created_at: i64,
    pub standing: Standing,
}

impl Handoff {
    pub fn path(&self) -> String {
        path(self.id)
    }

    /// Whoever is responsible now: until it is accepted that is who hands off.
    pub fn responsible(&self) -> &str {
        match (&self.state, &self.ended_by) {
            (State::Accepted, Some((_, name))) => name,
            _ => &self.author,
        }
    }

    /// Writes into the draft: two may do so at once.
    pub fn may_write(&self) -> bool {
        let Standing { is_author, is_of_team, is_lead, may_write, .. } = self.standing;
        self.state == State::Draft && may_write && (is_author || is_of_team || is_lead)
    }

    pub fn may_send(&self) -> bool {
        self.state == State::Draft && self.standing.may_write && (self.standing.is_author || self.standing.is_lead)
    }

    /// Accepts or declines it.
    pub fn may_answer(&self) -> bool {
        self.state == State::Sent && self.standing.may_write && self.standing.is_receiver
    }

    pub fn may_withdraw(&self) -> bool {
        let is_open = matches!(self.state, State::Draft | State::Sent);
        is_open && self.standing.may_write && (self.standing.is_author || self.standing.is_lead)
    }

    /// Sends it to somebody else, or takes it, because the receiver is missing.
    pub fn may_redirect(&self) -> bool {
        self.state == State::Sent && self.standing.may_write && self.standing.is_lead
    }

    /// Asks before it is accepted, and answers.
    pub fn may_ask(&self) -> bool {
        let Standing { is_author, is_of_team, is_receiver, is_lead, may_write } = self.standing;
        self.state == State::Sent && may_write && (is_author || is_of_team || is_receiver || is_lead)
    }

    /// Closes items, and opens them again.
    pub fn may_close_items(&self) -> bool {
        let Standing { is_author, is_of_team, is_receiver, is_lead, may_write } = self.standing;
        may_write && (is_author || is_of_team || is_receiver || is_lead)
    }
}

pub fn path(id: i64) -> String {
    format!("/handoffs/{id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    team_id: i64,
    team: String,
    author_id: i64,
    author: String,
    receiver_id: Option<i64>,
    receiver: Option<String>,
    receiver_team_id: Option<i64>,
    receiver_team: Option<String>,
    severity: String,
    title: String,
    template: String,
    state: String,
    since_at: i64,
    sent_at: Option<i64>,
    ended_at: Option<i64>,
    ended_by: Option<i64>,
    ender: Option<String>,
    synthesis: String,
    reason: String,
    escalated_at: Option<i64>,
    version: i64,
    created_at: i64,
}

impl Row {
    fn handoff(self, actor: &Actor) -> Handoff {
        let standing = self.standing(actor);
        let receiver = match (self.receiver_id.zip(self.receiver), self.receiver_team_id.zip(self.receiver_team)) {
            (Some((id, name)), _) => Some(Receiver::Person { id, name }),
            (None, Some((id, name))) => Some(Receiver::Team { id, name }),
            (None, None) => None,
        };
        Handoff {
            id: self.id,
            team_id: self.team_id,
            team: self.team,
            author_id: self.author_id,
            author: self.author,
            receiver,
            severity: Severity::from_name(&self.severity).unwrap_or(Severity::Watch),
            title: self.title,
            template: self.template,
            state: State::from_name(&self.state).unwrap_or(State::Withdrawn),
            since_at: self.since_at,
            sent_at: self.sent_at,
            ended_at: self.ended_at,
            ended_by: self.ended_by.zip(self.ender),
            synthesis: self.synthesis,
            reason: self.reason,
            escalated_at: self.escalated_at,
            version: self.version,
            created_at: self.created_at,
            standing,
        }
    }

    fn standing(&self, actor: &Actor) -> Standing {
        let team = |id: Option<i64>| id.is_some() && actor.team_id == id;
        let is_of_team = team(Some(self.team_id));
        let is_of_receivers = self.receiver_id.is_none() && team(self.receiver_team_id);
        let is_author = actor.is(self.author_id);
        Standing {
            is_author,
            is_of_team,
            // Nobody accepts from themselves: that would be no handoff.
            is_receiver: !is_author && (self.receiver_id.is_some_and(|id| actor.is(id)) || is_of_receivers),
            is_lead: actor.may(ALL) || (actor.may(LEAD) && (is_of_team || team(self.receiver_team_id))),
            may_write: actor.may(WRITE) || actor.may(ALL),
        }
    }
}

/// Binds the seven parameters of the scope: all, or a handoff of one's own team, to it, or to or by oneself.
fn bind_scope<'e>(query: Query<'e>, actor: &Actor) -> Query<'e> {
    let (person, team) = (actor.person_id.unwrap_or(0), actor.team_id.unwrap_or(0));
    let query = query.bind(i64::from(actor.may(ALL))).bind(team).bind(team);
    query.bind(person).bind(person).bind(person)
}

/// A handoff that the actor may see; any other looks missing.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Handoff> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT h.id, h.team_id, t.name AS team, h.author_id, a.name AS author, h.receiver_id, r.name AS receiver,
          h.receiver_team_id, rt.name AS receiver_team, h.severity, h.title, h.template, h.state, h.since_at, h.sent_at,
          h.ended_at, h.ended_by, e.name AS ender, h.synthesis, h.reason, h.escalated_at, h.version, h.created_at
         FROM handoffs h JOIN teams t ON t.id = h.team_id JOIN people a ON a.id = h.author_id
         LEFT JOIN people r ON r.id = h.receiver_id LEFT JOIN teams rt ON rt.id = h.receiver_team_id
         LEFT JOIN people e ON e.id = h.ended_by
         WHERE h.id = ? AND (? = 1 OR h.team_id = ? OR h.receiver_team_id = ? OR h.author_id = ? OR h.receiver_id = ? OR h.ended_by = ?)"
    ));
    let row: Row = bind_scope(query.bind(id), actor).one().await?;
    Ok(row.handoff(actor))
}

/// Whether somebody may hand off at all: for pages that offer it.
pub fn may_begin(actor: &Actor) -> bool {
    actor.may(WRITE) && (actor.team_id.is_some() || actor.may(ALL))
}

/// Which handoffs are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub team_id: Option<i64>,
    pub state: Option<State>,
    /// Looked for in titles, parts and items.
    pub text: String,
}

/// The latest first.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, limit: i64, offset: i64) -> Result<Vec<Handoff>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT h.id, h.team_id, t.name AS team, h.author_id, a.name AS author, h.receiver_id, r.name AS receiver,
          h.receiver_team_id, rt.name AS receiver_team, h.severity, h.title, h.template, h.state, h.since_at, h.sent_at,
          h.ended_at, h.ended_by, e.name AS ender, h.synthesis, h.reason, h.escalated_at, h.version, h.created_at
         FROM handoffs h JOIN teams t ON t.id = h.team_id JOIN people a ON a.id = h.author_id
         LEFT JOIN people r ON r.id = h.receiver_id LEFT JOIN teams rt ON rt.id = h.receiver_team_id
         LEFT JOIN people e ON e.id = h.ended_by
         WHERE (? = 0 OR h.team_id = ? OR h.receiver_team_id = ?) AND (? = '' OR h.state = ?)
          AND (? = '%%' OR h.title_key LIKE ? ESCAPE '!'
           OR EXISTS (SELECT 1 FROM handoff_sections s WHERE s.handoff_id = h.id AND s.body_key LIKE ? ESCAPE '!')
           OR EXISTS (SELECT 1 FROM handoff_entries n JOIN handoff_items i ON i.id = n.item_id
             WHERE n.handoff_id = h.id AND i.title_key LIKE ? ESCAPE '!'))
          AND (? = 1 OR h.team_id = ? OR h.receiver_team_id = ? OR h.author_id = ? OR h.receiver_id = ? OR h.ended_by = ?)
         ORDER BY h.id DESC LIMIT ? OFFSET ?"
    ));
    let (team, state) = (filter.team_id.unwrap_or(0), filter.state.map_or("", State::name));
    let text = db::contains(filter.text.trim());
    let query = query.bind(team).bind(team).bind(team).bind(state).bind(state);
    let query = query.bind(text.clone()).bind(text.clone()).bind(text.clone()).bind(text);
    let rows: Vec<Row> = bind_scope(query, actor).bind(limit).bind(offset).all().await?;
    Ok(rows.into_iter().map(|row| row.handoff(actor)).collect())
}

/// Those that wait for the actor, the longest first, and those of the actor that nobody has accepted yet.
pub async fn open(app: &App, actor: &Actor) -> Result<(Vec<Handoff>, Vec<Handoff>)> {
    let sent = Filter { state: Some(State::Sent), ..Filter::default() };
    let mut sent = list(app, actor, &sent, 200, 0).await?;
    sent.reverse();
    let (mine, rest): (Vec<Handoff>, Vec<Handoff>) = sent.into_iter().partition(|handoff| handoff.standing.is_author);
    Ok((rest.into_iter().filter(Handoff::may_answer).collect(), mine))
}

/// Who is responsible for a team now: who accepted its last handoff.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Responsible {
    pub handoff_id: i64,
    pub person_id: i64,
    pub name: String,
    pub since: i64,
}

pub async fn responsible(app: &App, actor: &Actor, team_id: i64) -> Result<Option<Responsible>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT h.id AS handoff_id, p.id AS person_id, p.name, h.ended_at AS since FROM handoffs h JOIN people p ON p.id = h.ended_by
         WHERE h.state = 'accepted' AND (h.receiver_team_id = ? OR (h.receiver_team_id IS NULL AND h.team_id = ?))
         ORDER BY h.ended_at DESC, h.id DESC LIMIT 1"
    ));
    Ok(query.bind(team_id).bind(team_id).optional().await?)
}

/// What somebody is told who comes too late.
pub async fn too_late(app: &App, actor: &Actor, id: i64) -> Result<Error> {
    let handoff = get(app, actor, id).await?;
    let who = handoff.ended_by.as_ref().map_or("Somebody", |(_, name)| name);
    Ok(Error::Conflict(match handoff.state {
        State::Accepted => format!("{who} has accepted this handoff already, and is responsible now."),
        State::Declined => format!("{who} has declined this handoff."),
        State::Withdrawn => format!("{who} has withdrawn this handoff."),
        State::Draft => "This handoff has not been sent yet.".to_owned(),
        State::Sent => "This handoff has been sent already.".to_owned(),
    }))
}

/// Who may accept it: the person, or the active people of the team beside the author.
pub async fn receivers(tx: &mut Tx, handoff: &Handoff) -> db::Result<Vec<i64>> {
    match &handoff.receiver {
        None => Ok(Vec::new()),
        Some(Receiver::Person { id, .. }) => Ok(vec![*id]),
        Some(Receiver::Team { id, .. }) => {
            let query = tx.q(sql!("SELECT id FROM people WHERE team_id = ? AND active = TRUE AND id <> ? ORDER BY id"));
            let rows: Vec<(i64,)> = query.bind(*id).bind(handoff.author_id).all().await?;
            Ok(rows.into_iter().map(|(id,)| id).collect())
        }
    }
}
