//! How fast the portal is, as ratios measured in one run: `scripts/bench`, or `cargo bench` for SQLite alone.
//!
//! Every figure compares the portal with something that runs beside it: the same bytes out of memory, the bare
//! statement, the small organisation. So it says the same on a slow and on a fast machine, where a time would not.
//! Arguments choose parts: `cargo bench -- windows saves`.

mod client;
mod databases;
mod figures;
mod finder;
mod modes;
mod pastes;
mod portal;
mod processes;
mod roles;
mod saves;
mod sessions;
mod windows;

use databases::Databases;
use figures::Table;
use portal::Outcome;
use std::process::ExitCode;

type Part = fn(&Databases, &mut Table) -> Outcome<()>;

const PARTS: &[(&str, Part)] = &[
    ("roles", roles::checks),
    ("windows", windows::from_memory),
    ("changes", windows::after_a_change),
    ("sizes", windows::small_and_large),
    ("saves", saves::alone),
    ("writers", saves::side_by_side),
    ("finder", finder::large),
    ("modes", modes::against_levels),
    ("past", modes::of_the_past),
    ("pastes", pastes::of_two_thousand),
    ("sessions", sessions::look_ups),
    ("logins", sessions::log_ins),
    ("imports", processes::imports),
    ("server", processes::server),
];

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            println!("\n{missed} missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<usize> {
    // cargo passes --bench.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let Some(unknown) = wanted.iter().find(|name| !PARTS.iter().any(|(part, _)| part == name)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("{unknown:?} is no part; there are: {}", names.join(", ")).into());
    }
    let databases = Databases::find()?;
    // The portal writes its log as it does in production: that is a part of what a request costs.
    quarterdeck::logging::start(&portal::load("sqlite://unused.db", databases.folder())?.log);
    let mut table = Table::default();
    for (_, part) in PARTS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|one| one == name)) {
        part(&databases, &mut table)?;
    }
    Ok(table.missed)
}
