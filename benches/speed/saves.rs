//! Saving a rating: against the bare UPDATE with the same durability, and with many who write at once.

use crate::client::Connection;
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size, scatter};
use quarterdeck::sql;
use std::collections::HashMap;
use std::time::{Duration, Instant};

const TEAMWORK: Size = Size { people: 64, skills: 60, fill: 100 };
const SAVES: usize = 300;

/// One person saves cell after cell, through the form that the matrix sends.
pub fn alone(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("One rating saved against the bare UPDATE, both durable (SQLite: synchronous = FULL)");
    let database = databases.sqlite();
    let portal = Portal::start(&database.url, databases.folder(), TEAMWORK, 2)?;
    let mut connection = Connection::open(portal.address)?;
    let mut versions = Versions::default();
    let (mut saves, mut updates) = (Vec::new(), Vec::new());
    for round in 0..SAVES + 20 {
        let cell = cell(&portal, round, &portal.people);
        let saved = save(&portal, &mut connection, cell, &mut versions)?;
        let updated = bare_update(&portal, cell, &mut versions)?;
        if round >= 20 {
            saves.push(saved);
            updates.push(updated);
        }
    }
    let ratios = saves.iter().zip(&updates).map(|(save, update)| save.as_secs_f64() / update.as_secs_f64());
    table.line("SQLite: ratio", "", &Sample::of(ratios), Target::AtMost(3.0));
    table.line("SQLite: save", "ms", &Sample::of_times(&saves), Target::None);
    table.line("SQLite: bare UPDATE", "ms", &Sample::of_times(&updates), Target::None);
    portal.stop();
    Ok(())
}

const WRITERS: usize = 16;
const SAVES_EACH: usize = 120;
/// The first saves open the connections of the pool and prepare its statements. Sixteen of them would be more than the one
/// in a hundred that is looked at.
const WARM_UP: usize = 10;

/// Sixteen people save at once, each in the rows of their own four people, all in the same columns.
pub fn side_by_side(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("16 writers at once, durable: the time of a save");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), TEAMWORK, 2)?;
        let times = std::thread::scope(|scope| {
            let writers: Vec<_> = portal.people.chunks(portal.people.len() / WRITERS).take(WRITERS).collect();
            let writers = writers.into_iter().map(|people| {
                let portal = &portal;
                scope.spawn(move || writer(portal, people).map_err(|error| error.to_string()))
            });
            let writers: Vec<_> = writers.collect();
            let times = writers.into_iter().map(|writer| writer.join().expect("a writer panicked"));
            times.collect::<Result<Vec<_>, String>>()
        })?;
        let times: Vec<Duration> = times.into_iter().flatten().collect();
        let sample = Sample::of_times(&times);
        let p99 = Sample::of([sample.quantile(0.99)]);
        let target = if database.name == "MariaDB" { Target::AtMost(50.0) } else { Target::None };
        table.line(&format!("{}: p99", database.name), "ms", &p99, target);
        table.line(&format!("{}: all", database.name), "ms", &sample, Target::None);
        portal.stop();
    }
    Ok(())
}

fn writer(portal: &Portal, people: &[i64]) -> Outcome<Vec<Duration>> {
    let mut connection = Connection::open(portal.address)?;
    let mut versions = Versions::default();
    let mut times = Vec::with_capacity(SAVES_EACH);
    for round in 0..WARM_UP + SAVES_EACH {
        let cell = cell(portal, round + people[0] as usize, people);
        let saved = save(portal, &mut connection, cell, &mut versions)?;
        if round >= WARM_UP {
            times.push(saved);
        }
    }
    Ok(times)
}

/// How often each cell was written; the organisation began with version 1 everywhere.
#[derive(Default)]
struct Versions(HashMap<(i64, i64), i64>);

impl Versions {
    fn now(&self, cell: (i64, i64)) -> i64 {
        self.0.get(&cell).copied().unwrap_or(1)
    }

    fn written(&mut self, cell: (i64, i64)) {
        *self.0.entry(cell).or_insert(1) += 1;
    }
}

fn cell(portal: &Portal, round: usize, people: &[i64]) -> (i64, i64) {
    let chance = scatter(round as u64, 7) as usize;
    (people[chance % people.len()], portal.skills[chance / 1000 % portal.skills.len()])
}

/// The level changes with every version, so that there is always something to write.
fn level(version: i64) -> i64 {
    version % 5 + 1
}

fn save(portal: &Portal, connection: &mut Connection, cell: (i64, i64), versions: &mut Versions) -> Outcome<Duration> {
    let version = versions.now(cell);
    let (level, interest) = (level(version).to_string(), (version % 4).to_string());
    let fields = [("level", level.as_str()), ("interest", &interest), ("version", &version.to_string())];
    let request = portal.post(&format!("/skills/ratings/{}/{}", cell.0, cell.1), &fields)?;
    let clock = Instant::now();
    let answer = connection.exchange(&request)?;
    let elapsed = clock.elapsed();
    if answer.status != 200 {
        return Err(format!("a save was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
    }
    versions.written(cell);
    Ok(elapsed)
}

fn bare_update(portal: &Portal, cell: (i64, i64), versions: &mut Versions) -> Outcome<Duration> {
    let version = versions.now(cell);
    let query = portal.app.db.q(sql!(
        "UPDATE ratings SET level = ?, interest = ?, updated_at = ?, version = version + 1
         WHERE person_id = ? AND skill_id = ? AND version = ?"
    ));
    let query = query.bind(level(version) * 100).bind(version % 4).bind(portal.app.now_ms());
    let query = query.bind(cell.0).bind(cell.1).bind(version);
    let clock = Instant::now();
    let rows = portal.runtime.block_on(query.execute())?;
    let elapsed = clock.elapsed();
    assert_eq!(rows, 1, "the bare UPDATE found its row");
    versions.written(cell);
    Ok(elapsed)
}
