//! The live event stream: one per page, naming what changed. The page then asks for what it shows of that.
//!
//! A browser that comes back says which message it saw last, and gets the ones it missed, or "resync" when they are too
//! old. The stream ends within two seconds of its session, and at once when the server stops.

use super::context::Context;
use super::server::Drain;
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::{Change, Message, News, Replay};
use crate::notices;
use crate::plugin::{Access, Route};
use futures_util::stream::{self, Stream, StreamExt};
use poem::web::Query;
use poem::web::sse::{Event, SSE};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How often the session behind a stream is looked at.
const SESSION_CHECK: Duration = Duration::from_millis(1500);
/// A proxy may close a connection that is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

pub fn routes() -> Vec<Route> {
    vec![Route::get("/live", Access::SignedIn, show)]
}

#[derive(Deserialize)]
struct Topic {
    topic: String,
}

#[handler]
async fn show(cx: Context, Query(query): Query<Topic>, drain: Drain, request: &Request) -> Result<Response> {
    let needed = cx.app.topic_permission(&query.topic).ok_or(Error::NotFound)?;
    cx.actor()?.require(needed)?;
    // Subscribed before the replay is read: nothing may fall between the two.
    let listener = cx.app.bus.subscribe();
    let missed = match request.header("last-event-id") {
        Some(last_id) => cx.app.bus.since(last_id).await,
        None => Replay::Messages(Vec::new()),
    };
    // Who was missing nothing, or too much, goes on from here. Others have an id already, and get further ones.
    let is_fresh = request.header("last-event-id").is_none() || missed == Replay::Resync;
    let here = if is_fresh { cx.app.bus.newest(cx.app.now_ms()).await } else { None };
    let session_id = cx.signed_in.session.as_ref().map(|session| session.id);
    let ended = session_end(cx.app.clone(), session_id);
    let wanted = Wanted { topic: query.topic, person: cx.actor()?.person_id.map(|id| id.to_string()) };
    let events = events(wanted, missed, here, listener)
        .take_until(Box::pin(async move { drain.started().await }))
        .take_until(Box::pin(ended));
    let mut response = SSE::new(events).keep_alive(KEEP_ALIVE).into_response();
    // Some proxies hold back what they think is a page.
    response.headers_mut().insert("x-accel-buffering", poem::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// What a page is told of: its topic, and the notices of the person who looks at it.
struct Wanted {
    topic: String,
    person: Option<String>,
}

impl Wanted {
    fn includes(&self, change: &Change) -> bool {
        let is_own = || change.id == "*" || self.person.as_ref() == Some(&change.id);
        change.topic == self.topic || (change.topic == notices::TOPIC && is_own())
    }
}

/// What was missed, then what comes. A message that is in both is sent once. `here` is the id to go on from if the
/// connection breaks before anything changed.
fn events(
    wanted: Wanted,
    missed: Replay,
    here: Option<String>,
    listener: broadcast::Receiver<News>,
) -> impl Stream<Item = Event> {
    let (first, last_sent) = match missed {
        Replay::Resync => (vec![resync()], None),
        Replay::Messages(messages) => {
            let last = messages.last().map(|message| message.id.clone());
            let missed = messages.iter().filter(|message| wanted.includes(&message.change));
            (missed.map(|message| event(message)).collect(), last)
        }
    };
    let state = Listening { wanted, listener, last_replayed: last_sent };
    // The stream says something at once, so that the browser knows that it is connected.
    let hello = Event::message("{}").event_type("hello");
    let hello = here.into_iter().fold(hello, |hello, id| hello.id(id));
    stream::once(async move { hello }).chain(stream::iter(first)).chain(stream::unfold(state, next))
}

struct Listening {
    wanted: Wanted,
    listener: broadcast::Receiver<News>,
    last_replayed: Option<String>,
}

async fn next(mut state: Listening) -> Option<(Event, Listening)> {
    loop {
        match state.listener.recv().await {
            Ok(News::Changed(message)) if !state.wanted.includes(&message.change) || state.was_replayed(&message) => {}
            Ok(News::Changed(message)) => return Some((event(&message), state)),
            Ok(News::Resync) => return Some((resync(), state)),
            // This stream was too slow to take all; the page looks at everything again.
            Err(RecvError::Lagged(_)) => return Some((resync(), state)),
            Err(RecvError::Closed) => return None,
        }
    }
}

impl Listening {
    fn was_replayed(&self, message: &Message) -> bool {
        self.last_replayed.as_ref().is_some_and(|last| !comes_after(&message.id, last))
    }
}

/// Ids are milliseconds and a number, `1790000000000-0`.
fn comes_after(id: &str, other: &str) -> bool {
    let parts = |id: &str| {
        let (ms, number) = id.split_once('-')?;
        Some((ms.parse::<u64>().ok()?, number.parse::<u64>().ok()?))
    };
    parts(id) > parts(other)
}

fn event(message: &Message) -> Event {
    let data = serde_json::to_string(&message.change).expect("a change is plain text");
    // The bell hears of notices by a name of their own, so that no script of a page takes them for its rows.
    let name = if message.change.topic == notices::TOPIC { "notices" } else { "changed" };
    Event::message(data).event_type(name).id(message.id.clone())
}

fn resync() -> Event {
    Event::message("{}").event_type("resync")
}

/// Returns when the session is over. A stream that a bearer token opened lives as long as its connection.
async fn session_end(app: App, session_id: Option<i64>) {
    let Some(session_id) = session_id else { return std::future::pending().await };
    let mut ticks = tokio::time::interval(SESSION_CHECK);
    loop {
        ticks.tick().await;
        // A database that is away for a moment ends nobody's session.
        if let Ok(false) = app.sessions.is_open(session_id).await {
            return;
        }
    }
}
