//! The matrix in its other modes, and as it was on a day that is past, against the level mode of today.

use crate::client::Connection;
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size, scatter};
use quarterdeck::plugins::skills::TOPIC;
use quarterdeck::sql;
use quarterdeck::web::times;
use serde::Serialize;
use std::time::{Duration, Instant};

const ORGANISATION: Size = Size { people: 1000, skills: 400, fill: 20 };
/// Of a hundred cells, so many are asked for.
const ASKED: u64 = 20;
/// How often each rating was changed before it became what it is.
const CHANGES_EACH: i64 = 3;
const OPENINGS: usize = 60;
const WARM_UP: usize = 10;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const AT_ONCE: usize = 20_000;

/// Windows that nobody has opened since the last change, in turn in one mode and in the other.
pub fn against_levels(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section(
        "Window of 50 × 40 in other modes against the level mode (1,000 people × 400 skills, a fifth asked for)",
    );
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), ORGANISATION, 2)?;
        portal.runtime.block_on(ask_for(&portal))?;
        let modes = [
            ("gap", Target::AtMost(1.3)),
            ("interest", Target::None),
            ("validation", Target::None),
            ("age", Target::None),
        ];
        for (mode, target) in modes {
            let (levels, others) = in_turn(&portal, "", &format!("mode={mode}&"))?;
            let ratio = Sample::of([others.median() / levels.median()]);
            table.line(&format!("{}, {mode}: ratio of medians", database.name), "", &ratio, target);
            table.line(&format!("{}, {mode}", database.name), "ms", &others, Target::None);
            table.line(&format!("{}, level beside it", database.name), "ms", &levels, Target::None);
        }
        portal.stop();
    }
    Ok(())
}

/// Windows of a day that is past, none of them opened before, in turn with those of today.
pub fn of_the_past(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section(
        "Window of 50 × 40 as of a day that is past against today's (1,000 people × 400 skills, 240,000 events)",
    );
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), ORGANISATION, 2)?;
        portal.runtime.block_on(add_events(&portal))?;
        let day = times::date(portal.app.now_ms() - 45 * DAY_MS);
        let (today, past) = in_turn(&portal, "", &format!("as_of={day}&"))?;
        let ratio = Sample::of([past.median() / today.median()]);
        table.line(&format!("{}: ratio of medians", database.name), "", &ratio, Target::AtMost(2.0));
        table.line(&format!("{}: as of {day}", database.name), "ms", &past, Target::None);
        table.line(&format!("{}: today", database.name), "ms", &today, Target::None);
        portal.stop();
    }
    Ok(())
}

fn in_turn(portal: &Portal, one: &str, other: &str) -> Outcome<(Sample, Sample)> {
    let mut connection = Connection::open(portal.address)?;
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for round in 0..OPENINGS + WARM_UP {
        let times = [open(portal, &mut connection, one, round)?, open(portal, &mut connection, other, round)?];
        if round >= WARM_UP {
            ones.push(times[0]);
            others.push(times[1]);
        }
    }
    Ok((Sample::of_times(&ones), Sample::of_times(&others)))
}

fn open(portal: &Portal, connection: &mut Connection, fields: &str, round: usize) -> Outcome<Duration> {
    let place = |axis, count: usize, width: usize| scatter(round as u64, axis) % (count - width) as u64;
    let (line, column) = (place(1, portal.people.len(), 60), place(2, portal.skills.len(), 40));
    let request = portal.get(&format!("/skills/window?{fields}line={line}&lines=54&column={column}&columns=40"));
    portal.runtime.block_on(portal.app.publish(TOPIC, "1:1"));
    let clock = Instant::now();
    let answer = connection.exchange(&request)?;
    let elapsed = clock.elapsed();
    if answer.status == 200 { Ok(elapsed) } else { Err(format!("the portal answered {}", answer.status).into()) }
}

#[derive(Serialize)]
struct Asked {
    person_id: i64,
    skill_id: i64,
    level: i64,
}

async fn ask_for(portal: &Portal) -> Outcome<()> {
    let cells = portal.people.iter().flat_map(|person| portal.skills.iter().map(move |skill| (*person, *skill)));
    let rows = cells.filter_map(|(person_id, skill_id)| {
        let chance = scatter(skill_id as u64, person_id as u64);
        (chance % 100 < ASKED).then_some(Asked { person_id, skill_id, level: (1 + chance / 100 % 5) as i64 * 100 })
    });
    let rows: Vec<Asked> = rows.collect();
    let mut tx = portal.app.db.begin().await?;
    for rows in rows.chunks(AT_ONCE) {
        let query = tx.q(sql!(
            "INSERT INTO requirements (person_id, skill_id, level)
             SELECT item.person_id, item.skill_id, item.level FROM {rows person_id i64, skill_id i64, level i64}"
        ));
        query.bind_rows(rows).execute().await?;
    }
    let query = tx.q(sql!(
        "INSERT INTO requirement_events (person_id, skill_id, at, level) SELECT person_id, skill_id, 0, level FROM requirements"
    ));
    query.execute().await?;
    quarterdeck::plugins::skills::summaries::recount(&mut tx, &portal.people, &portal.skills).await?;
    tx.commit().await?;
    Ok(portal.app.db.analyze().await?)
}

/// Every rating was changed once a month.
async fn add_events(portal: &Portal) -> Outcome<()> {
    let now_ms = portal.app.now_ms();
    let mut tx = portal.app.db.begin().await?;
    for change in (0..CHANGES_EACH).rev() {
        let query = tx.q(sql!(
            "INSERT INTO rating_events (person_id, skill_id, at, origin, level, not_applicable, interest, note)
             SELECT person_id, skill_id, ?, 'cell', level, not_applicable, interest, note FROM ratings"
        ));
        query.bind(now_ms - change * 30 * DAY_MS).execute().await?;
    }
    tx.commit().await?;
    Ok(portal.app.db.analyze().await?)
}
