//! What it costs to find out who is behind a request, and what a hundred log-ins at once cost everybody else.

use crate::client::{Connection, request};
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size};
use quarterdeck::accounts::sessions::Origin;
use quarterdeck::accounts::{Owner, people};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SMALL: Size = Size { people: 50, skills: 20, fill: 50 };
const LOOK_UPS: u32 = 2_000;
const ROUNDS: usize = 30;
/// Of one look-up of a session and its person that this process has just read.
const WARM_AT_MOST_US: f64 = 20.0;

const LOG_INS: usize = 100;
const PASSWORD: &str = "seven grey herons";
const PAGE: &str = "/people";
const PAGES_ALONE: usize = 600;
/// How much longer a page may take at most, of a hundred pages, while the log-ins run.
const SLOWER_AT_MOST: f64 = 2.0;

pub fn look_ups(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("Who is behind a request: session and person, read by this process within the last two seconds");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), SMALL, 2)?;
        let (sessions, person) = (portal.app.sessions.clone(), portal.people[1]);
        let sample = portal.runtime.block_on(async move {
            let (token, _) = sessions.open(person, false, &Origin::default()).await?;
            let mut times = Vec::with_capacity(ROUNDS);
            for _ in 0..ROUNDS {
                // Reads it into this process, so that what follows is warm.
                sessions.resume(&token).await?.ok_or("the session is gone")?;
                let clock = Instant::now();
                for _ in 0..LOOK_UPS {
                    let (session, _) = sessions.resume(&token).await?.ok_or("the session is gone")?;
                    sessions.lacks_factor(person, Some(&session)).await?;
                }
                times.push(clock.elapsed().as_secs_f64() * 1e6 / f64::from(LOOK_UPS));
            }
            Outcome::Ok(Sample::of(times))
        })?;
        table.line(database.name, "µs", &sample, Target::AtMost(WARM_AT_MOST_US));
        portal.stop();
    }
    Ok(())
}

pub fn log_ins(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("A page of somebody who is logged in, alone and while a hundred people log in at once");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), SMALL, 2)?;
        portal.runtime.block_on(give_password(&portal))?;
        let page = portal.get(PAGE);
        let mut connection = Connection::open(portal.address)?;
        let alone = pages(&mut connection, &page, |count| count < PAGES_ALONE)?;
        let done = AtomicBool::new(false);
        let crowd = std::thread::scope(|scope| {
            let crowd = scope.spawn(|| {
                let answered = crowd(portal.address);
                done.store(true, Ordering::Relaxed);
                answered
            });
            let beside = pages(&mut connection, &page, |_| !done.load(Ordering::Relaxed));
            Outcome::Ok((beside?, crowd.join().map_err(|_| "the log-ins panicked")?))
        });
        let (beside, answered) = crowd?;
        let p99 = |times: &[Duration]| Sample::of_times(times).quantile(0.99);
        let name = &database.name;
        table.line(&format!("{name}: alone, p99"), "ms", &Sample::of([p99(&alone)]), Target::None);
        table.line(&format!("{name}: beside the log-ins, p99"), "ms", &Sample::of([p99(&beside)]), Target::None);
        let ratio = Sample::of([p99(&beside) / p99(&alone)]);
        table.line(&format!("{name}: p99 beside ÷ alone"), "", &ratio, Target::AtMost(SLOWER_AT_MOST));
        table.note(&format!(
            "{} pages meanwhile; of the log-ins {} went in, {} were told to wait",
            beside.len(),
            answered.0,
            answered.1
        ));
        portal.stop();
    }
    Ok(())
}

/// The same password for all: only its hash costs.
async fn give_password(portal: &Portal) -> Outcome<()> {
    let app = &portal.app;
    let hash = app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await?;
    for person in &portal.people {
        people::set_password(&app.db, *person, &hash, app.now_ms()).await?;
    }
    Ok(())
}

fn pages(connection: &mut Connection, page: &[u8], go_on: impl Fn(usize) -> bool) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    while go_on(times.len()) || times.is_empty() {
        let clock = Instant::now();
        let answer = connection.exchange(page)?;
        times.push(clock.elapsed());
        if answer.status != 200 {
            return Err(format!("{PAGE} was answered {}", answer.status).into());
        }
    }
    Ok(times)
}

/// Everybody at once; how many went in, and how many were told to wait.
fn crowd(address: SocketAddr) -> (usize, usize) {
    let log_in = |number: usize| -> Outcome<u16> {
        let email = format!("person.{}@example.org", number % SMALL.people);
        let form = serde_urlencoded::to_string([("email", email.as_str()), ("password", PASSWORD)])?;
        let headers = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
        Ok(Connection::open(address)?.exchange(&request("POST", "/login", headers, &form))?.status)
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..LOG_INS).map(|number| scope.spawn(move || log_in(number).ok())).collect();
        let statuses = all.into_iter().filter_map(|one| one.join().ok()?);
        statuses.fold((0, 0), |(went_in, waited), status| match status {
            303 => (went_in + 1, waited),
            _ => (went_in, waited + 1),
        })
    })
}
