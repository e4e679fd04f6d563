//! The finder in a large organisation: several skills, each with a level, some with an interest, over all people.

use crate::client::Connection;
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size, scatter};
use quarterdeck::sql;
use std::time::{Duration, Instant};

/// 5,000 people × 2,000 skills with 1,000,000 ratings.
const LARGE: Size = Size { people: 5000, skills: 2000, fill: 10 };
const SEARCHES: usize = 60;
/// The first ones find neither prepared statements nor pages in memory.
const WARM_UP: usize = 5;
/// What the answer to somebody who waits for it may take.
const AT_MOST_MS: f64 = 100.0;
/// How many people are rated on the skill that everybody has, as first aid or a language is.
const COMMON: usize = 5000;

pub fn large(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("Finder over 5,000 people × 2,000 skills (1,000,000 ratings), the whole page");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), LARGE, 2)?;
        portal.runtime.block_on(everybody_has(&portal, portal.skills[0]))?;
        for (name, skills) in [("one skill", 1), ("two skills", 2), ("five skills", 5)] {
            let times = searches(&portal, |round| query(&portal, round, skills, ""))?;
            let target = Target::AtMost(AT_MOST_MS);
            table.line(&format!("{}, {name}", database.name), "ms", &Sample::of_times(&times), target);
        }
        let times = searches(&portal, |round| query(&portal, round, 2, "&team=7"))?;
        let target = Target::AtMost(AT_MOST_MS);
        table.line(&format!("{}, two skills in a team", database.name), "ms", &Sample::of_times(&times), target);
        let common = format!("&skill={}&level=3", portal.skills[0]);
        let times = searches(&portal, |round| query(&portal, round, 1, &common))?;
        let name = format!("{}, with a skill that everybody has", database.name);
        table.line(&name, "ms", &Sample::of_times(&times), target);
        portal.stop();
    }
    Ok(())
}

async fn everybody_has(portal: &Portal, skill: i64) -> Outcome<()> {
    assert!(portal.people.len() >= COMMON);
    let query = portal.app.db.q(sql!("DELETE FROM ratings WHERE skill_id = ?"));
    query.bind(skill).execute().await?;
    let query = portal.app.db.q(sql!(
        "INSERT INTO ratings (person_id, skill_id, level, not_applicable, interest, note, version, updated_at)
         SELECT p.id, ?, 400, FALSE, 2, '', 1, ? FROM people p"
    ));
    query.bind(skill).bind(portal.app.now_ms()).execute().await?;
    Ok(())
}

/// Other skills in each round, and none of them twice, so that no answer comes out of a memory.
fn query(portal: &Portal, round: usize, skills: u64, more: &str) -> String {
    let others = portal.skills.len() as u64 - 1;
    let first = scatter(round as u64, skills) % others;
    let skill = |number: u64| portal.skills[1 + ((first + number * 37) % others) as usize];
    let conditions: Vec<String> = (0..skills).map(|number| format!("skill={}&level=3", skill(number))).collect();
    format!("/skills/finder?{}{more}", conditions.join("&"))
}

fn searches(portal: &Portal, query: impl Fn(usize) -> String) -> Outcome<Vec<Duration>> {
    let mut connection = Connection::open(portal.address)?;
    let mut times = Vec::with_capacity(SEARCHES);
    for round in 0..SEARCHES + WARM_UP {
        let request = portal.get(&query(round));
        let clock = Instant::now();
        let answer = connection.exchange(&request)?;
        let elapsed = clock.elapsed();
        if answer.status != 200 {
            return Err(format!("the finder answered {}", answer.status).into());
        }
        if round >= WARM_UP {
            times.push(elapsed);
        }
    }
    Ok(times)
}
