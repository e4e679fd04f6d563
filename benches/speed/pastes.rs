//! A paste of two thousand cells: the preview, and everything up to the answer that it is written.

use crate::client::Connection;
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, Portal, Size};
use std::time::{Duration, Instant};

const ORGANISATION: Size = Size { people: 500, skills: 200, fill: 50 };
const PEOPLE: usize = 50;
const SKILLS: usize = 40;
const PASTES: usize = 12;
const WARM_UP: usize = 2;

pub fn of_two_thousand(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("A paste of 50 × 40 = 2,000 cells, half of them rated before, durable");
    for database in databases.all()? {
        let portal = Portal::start(&database.url, databases.folder(), ORGANISATION, 2)?;
        let (mut previews, mut writes, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..PASTES + WARM_UP {
            let text = text(round);
            let previewed = paste(&portal, &text, "")?;
            let written = paste(&portal, &text, "yes")?;
            if round >= WARM_UP {
                previews.push(previewed);
                writes.push(written);
                sums.push(previewed + written);
            }
        }
        let name = database.name;
        table.line(&format!("{name}: preview and write"), "ms", &Sample::of_times(&sums), Target::AtMost(1000.0));
        table.line(&format!("{name}: preview"), "ms", &Sample::of_times(&previews), Target::None);
        table.line(&format!("{name}: write"), "ms", &Sample::of_times(&writes), Target::None);
        portal.stop();
    }
    Ok(())
}

/// Another level in every cell than in the round before.
fn text(round: usize) -> String {
    let line = |row: usize| {
        (0..SKILLS).map(|column| (1 + (round + row + column) % 5).to_string()).collect::<Vec<_>>().join("\t")
    };
    (0..PEOPLE).map(line).collect::<Vec<_>>().join("\n")
}

fn paste(portal: &Portal, text: &str, at_once: &str) -> Outcome<Duration> {
    let (person, skill) = (portal.people[100].to_string(), portal.skills[20].to_string());
    let fields = [("person_id", person.as_str()), ("skill_id", &skill), ("text", text), ("at_once", at_once)];
    let request = portal.post("/skills/pastes", &fields)?;
    let mut connection = Connection::open(portal.address)?;
    let clock = Instant::now();
    let answer = connection.exchange(&request)?;
    let elapsed = clock.elapsed();
    let is_as_expected = answer.status == 200 && (at_once.is_empty() || answer.wire_bytes < 4000);
    if is_as_expected { Ok(elapsed) } else { Err(format!("a paste was answered {}", answer.status).into()) }
}
