//! Windows of the matrix: against the same bytes out of memory, against their bare queries after a change, and in a
//! small organisation against a large one.

use crate::client::{Connection, load};
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size, TEAM, listen, scatter};
use poem::endpoint::make_sync;
use poem::http::{HeaderName, HeaderValue};
use poem::{EndpointExt, Response};
use quarterdeck::accounts;
use quarterdeck::app::App;
use quarterdeck::plugins::skills::matrix::blocks::{Block, Skills, blocks};
use quarterdeck::plugins::skills::matrix::marks::model::WINDOW_MARKS;
use quarterdeck::plugins::skills::matrix::model::{self, PersonRow, SkillColumn};
use quarterdeck::plugins::skills::{CATALOGUE_TOPIC, TOPIC};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Half of the cells are rated: fuller than most matrices.
const DENSE: Size = Size { people: 400, skills: 120, fill: 50 };
const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_millis(400);
const CONNECTIONS: usize = 32;

/// A warm window against the same bytes sent by the same server from memory: the same accept loop and the same layers
/// (log, counters, headers) around an endpoint that does nothing else. The bare accept loop is told beside it.
pub fn from_memory(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("Warm window against the same bytes out of memory (SQLite, one server thread, 32 connections)");
    let database = databases.sqlite();
    // One thread, so that the client has a processor left and the server is what is measured.
    let portal = Portal::start(&database.url, databases.folder(), DENSE, 1)?;
    for (name, lines, columns, least) in [("50 × 40", 54, 40, 0.5), ("200 × 60", 216, 60, 0.35)] {
        let request = portal.get(&format!("/skills/window?lines={lines}&columns={columns}"));
        let bytes = portal.ask(&request)?.wire_bytes;
        let memory = portal.runtime.block_on(same_answer(&portal, &request, Around::Layers))?;
        let bare = portal.runtime.block_on(same_answer(&portal, &request, Around::Nothing))?;
        assert_eq!(Connection::open(memory)?.exchange(&request)?.wire_bytes, bytes, "the answers differ in length");
        let mut rounds = Vec::new();
        let mut alone = Vec::new();
        for _ in 0..ROUNDS {
            alone.push(measure(&portal, bare, &request, bytes)?.processor_us);
            rounds
                .push((measure(&portal, memory, &request, bytes)?, measure(&portal, portal.address, &request, bytes)?));
        }
        let column = |value: fn(&(Rate, Rate)) -> f64| Sample::of(rounds.iter().map(value));
        let what = format!("{name}, {:.1} KB sent", bytes as f64 / 1000.0);
        table.line(
            &format!("{what}: throughput, ratio"),
            "",
            &column(|(m, w)| w.per_second / m.per_second),
            Target::AtLeast(least),
        );
        let ratio = column(|(memory, window)| memory.processor_us / window.processor_us);
        table.line(&format!("{name}: answers per processor second, ratio"), "", &ratio, Target::AtLeast(least));
        table.line(&format!("{name}: window"), "answers/s", &column(|(_, window)| window.per_second), Target::None);
        table.line(
            &format!("{name}: out of memory"),
            "answers/s",
            &column(|(memory, _)| memory.per_second),
            Target::None,
        );
        table.line(
            &format!("{name}: window"),
            "µs processor",
            &column(|(_, window)| window.processor_us),
            Target::None,
        );
        table.line(
            &format!("{name}: out of memory"),
            "µs processor",
            &column(|(memory, _)| memory.processor_us),
            Target::None,
        );
        table.line(&format!("{name}: bare accept loop"), "µs processor", &Sample::of(alone), Target::None);
    }
    portal.stop();
    Ok(())
}

/// What a server made of an answer.
struct Rate {
    per_second: f64,
    /// Processor time of the server's threads for one answer.
    processor_us: f64,
}

fn measure(portal: &Portal, address: SocketAddr, request: &[u8], bytes: usize) -> Outcome<Rate> {
    let (processor, clock) = (portal.processor_time()?, Instant::now());
    let answers = load(address, request, CONNECTIONS, bytes, ROUND)? as f64;
    let elapsed = clock.elapsed();
    let used = portal.processor_time()?.saturating_sub(processor);
    Ok(Rate { per_second: answers / elapsed.as_secs_f64(), processor_us: used.as_secs_f64() * 1e6 / answers })
}

/// Person, skill, level, not applicable, interest, lapsed.
type Mark = (i64, i64, Option<i64>, bool, Option<i64>, bool);

/// What an endpoint that answers from memory is served with.
enum Around {
    /// All that surrounds an answer of the portal.
    Layers,
    Nothing,
}

/// An endpoint that gives the answer of the portal, head and body, from memory.
async fn same_answer(portal: &Portal, request: &[u8], around: Around) -> Outcome<SocketAddr> {
    let answer = portal.ask(request)?;
    let body = bytes::Bytes::from(answer.body);
    let own = ["content-length", "date"];
    let mut headers = Vec::new();
    for (name, value) in answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str())) {
        headers.push((HeaderName::try_from(name)?, HeaderValue::try_from(value)?));
    }
    let endpoint = make_sync(move |_| {
        let mut response = Response::builder().body(body.clone());
        response.headers_mut().extend(headers.iter().cloned());
        response
    });
    match around {
        Around::Nothing => listen(endpoint.boxed()).await,
        Around::Layers => listen(quarterdeck::web::layers(&portal.app, endpoint)).await,
    }
}

const CHANGES: usize = 60;
const WINDOW_PEOPLE: i64 = 50;
const WINDOW_SKILLS: i64 = 40;

/// The first answer after a change against the window's three queries, run as the window runs them.
pub fn after_a_change(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("First window of 50 × 40 after a change against its three queries by themselves");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), DENSE, 2)?;
        let request = portal.get("/skills/window?lines=54&columns=40");
        let mut connection = Connection::open(portal.address)?;
        let (mut answers, mut queries) = (Vec::new(), Vec::new());
        for round in 0..CHANGES + 10 {
            portal.runtime.block_on(portal.app.publish(TOPIC, "1:1"));
            let clock = Instant::now();
            let answer = connection.exchange(&request)?;
            let answered = clock.elapsed();
            assert_eq!(answer.status, 200);
            let clock = Instant::now();
            portal.runtime.block_on(three_queries(&portal.app))?;
            let queried = clock.elapsed();
            // The first ones find neither prepared statements nor pages in memory.
            if round >= 10 {
                answers.push(answered);
                queries.push(queried);
            }
        }
        let ratios = answers.iter().zip(&queries).map(|(answer, query)| answer.as_secs_f64() / query.as_secs_f64());
        table.line(&format!("{}: ratio", database.name), "", &Sample::of(ratios), Target::AtMost(1.5));
        table.line(&format!("{}: first answer", database.name), "ms", &Sample::of_times(&answers), Target::None);
        table.line(&format!("{}: three queries", database.name), "ms", &Sample::of_times(&queries), Target::None);
        portal.stop();
    }
    Ok(())
}

async fn three_queries(app: &App) -> Outcome<()> {
    let people =
        app.db.q(model::WINDOW_PEOPLE).bind(0i64).bind(0i64).bind(0i64).bind("%").bind(WINDOW_PEOPLE).bind(0i64);
    let skills =
        app.db.q(model::WINDOW_SKILLS).bind(0i64).bind(i64::MAX).bind("%").bind("%").bind(WINDOW_SKILLS).bind(0i64);
    let (people, skills) = tokio::try_join!(people.all::<PersonRow>(), skills.all::<SkillColumn>())?;
    let people: Vec<i64> = people.iter().map(|person| person.id).collect();
    let skills: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    let blocks = blocks(&people, &skills);
    let [Block { people, skills: Skills::Between(first, last) }] = blocks[..] else {
        return Err("the ids of the skills do not lie together".into());
    };
    let marks = app.db.q(WINDOW_MARKS.between).bind_list(people).bind(first).bind(last);
    let marks: Vec<Mark> = marks.all().await?;
    assert!(!marks.is_empty());
    Ok(())
}

const SMALL: Size = Size { people: 50, skills: 80, fill: 10 };
const LARGE: Size = Size { people: 5000, skills: 2000, fill: 10 };
const OPENINGS: usize = 60;

/// Opening a window that nobody has opened since the last change, in turn here and there.
pub fn small_and_large(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("Opening a window of 50 × 40: 5,000 people × 2,000 skills (1,000,000 ratings) against 50 × 80");
    for (small, large) in databases.all()?.into_iter().zip(databases.all()?) {
        let name = small.name;
        let small = Portal::start(&small.url, databases.folder(), SMALL, 2).map(|portal| (portal, small))?;
        let large = Portal::start(&large.url, databases.folder(), LARGE, 2).map(|portal| (portal, large))?;
        for (place, is_far) in [("first window", false), ("any window", true)] {
            let (mut ones, mut others) = (Vec::new(), Vec::new());
            for round in 0..OPENINGS + 10 {
                let one = open_window(&small.0, if is_far { Some(round) } else { None })?;
                let other = open_window(&large.0, if is_far { Some(round) } else { None })?;
                if round >= 10 {
                    ones.push(one);
                    others.push(other);
                }
            }
            let (ones, others) = (Sample::of_times(&ones), Sample::of_times(&others));
            let ratio = Sample::of([others.median() / ones.median()]);
            table.line(&format!("{name}, {place}: ratio of medians"), "", &ratio, Target::AtMost(1.3));
            table.line(&format!("{name}, {place}: 50 people"), "ms", &ones, Target::None);
            table.line(&format!("{name}, {place}: 5,000 people"), "ms", &others, Target::None);
        }
        let first = [&small.0, &large.0].map(|portal| (0..20).map(|_| open_page(portal)).collect::<Outcome<Vec<_>>>());
        let [small_first, large_first] = first;
        table.line(
            &format!("{name}, page after a change of people: 50 people"),
            "ms",
            &Sample::of_times(&small_first?),
            Target::None,
        );
        table.line(
            &format!("{name}, page after a change of people: 5,000"),
            "ms",
            &Sample::of_times(&large_first?),
            Target::None,
        );
        small.0.stop();
        large.0.stop();
    }
    Ok(())
}

/// The window at the top, or somewhere in the organisation.
fn open_window(portal: &Portal, round: Option<usize>) -> Outcome<Duration> {
    let place = |round: usize, axis: u64, count: usize, width: usize| match count.saturating_sub(width) as u64 {
        0 => 0,
        free => scatter(round as u64, axis) % free,
    };
    // Each team has a line of its own.
    let lines = portal.people.len() + portal.people.len().div_ceil(TEAM);
    let line = round.map_or(0, |round| place(round, 1, lines, 54));
    let column = round.map_or(0, |round| place(round, 2, portal.skills.len(), 40));
    let request = portal.get(&format!("/skills/window?line={line}&lines=54&column={column}&columns=40"));
    portal.runtime.block_on(portal.app.publish(TOPIC, "1:1"));
    timed(portal, &request)
}

fn open_page(portal: &Portal) -> Outcome<Duration> {
    for topic in [accounts::TOPIC, CATALOGUE_TOPIC, TOPIC] {
        portal.runtime.block_on(portal.app.publish(topic, "*"));
    }
    timed(portal, &portal.get("/skills"))
}

fn timed(portal: &Portal, request: &[u8]) -> Outcome<Duration> {
    let mut connection = Connection::open(portal.address)?;
    let clock = Instant::now();
    let answer = connection.exchange(request)?;
    let elapsed = clock.elapsed();
    if answer.status == 200 { Ok(elapsed) } else { Err(format!("the portal answered {}", answer.status).into()) }
}
