//! The built program as a process: what an import takes of time and memory, how much a server at rest holds, how soon
//! it answers, and what a browser is sent for its first page.

use crate::client::{Answer, Connection, request};
use crate::databases::Databases;
use crate::figures::{Sample, Table, Target};
use crate::portal::{Outcome, scatter};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_quarterdeck");

/// 1,000 people by 100 skills, as one row for each rating.
pub fn imports(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("quarterdeck import ratings: a file of 100,000 ratings into an empty portal");
    let file = databases.folder().join("ratings.csv");
    std::fs::write(&file, ratings(1000, 100)?)?;
    for database in databases.all()? {
        for step in ["migrate", "init-data"] {
            let status = program(databases.folder(), &database.url).arg(step).stdout(Stdio::null()).status()?;
            assert!(status.success(), "{step} failed");
        }
        let clock = Instant::now();
        let mut command = program(databases.folder(), &database.url);
        let mut import = command.args(["import", "ratings"]).arg(&file).stdout(Stdio::null()).spawn()?;
        let memory = peak_memory(&mut import)?;
        let status = import.wait()?;
        let seconds = clock.elapsed().as_secs_f64();
        assert!(status.success(), "the import failed");
        table.line(&format!("{}: time", database.name), "s", &Sample::of([seconds]), Target::AtMost(30.0));
        table.line(&format!("{}: peak memory", database.name), "MB", &Sample::of([memory]), Target::AtMost(200.0));
    }
    Ok(())
}

fn ratings(people: u64, skills: u64) -> Result<String, std::fmt::Error> {
    let mut text = "name,email,team,title,category,skill,level,interest\n".to_owned();
    for person in 0..people {
        for skill in 0..skills {
            let chance = scatter(person, skill);
            let (team, category, level, interest) = (person / 12, skill / 10, 1 + chance % 5, chance / 8 % 4);
            writeln!(
                text,
                "Person {person:05},person.{person}@example.org,Team {team:03},Engineer,Category {category:02},Skill {skill:04},{level},{interest}"
            )?;
        }
    }
    Ok(text)
}

/// In megabytes, read from the kernel until the process ends.
fn peak_memory(process: &mut Child) -> Outcome<f64> {
    let mut peak = 0.0;
    while process.try_wait()?.is_none() {
        peak = memory(process.id(), "VmHWM:").unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(peak)
}

fn memory(process: u32, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

fn program(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env("DATABASE_URL", url).env_remove("PORT").stderr(Stdio::null());
    command
}

const STARTS: usize = 9;

/// The server of the demo, because that is the one with log-ins.
pub fn server(databases: &Databases, table: &mut Table) -> Outcome<()> {
    table.section("The server as a process (SQLite, the example organisation)");
    let database = databases.sqlite();
    // The first start makes the database.
    Server::start(databases.folder(), &database.url)?.stop()?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(databases.folder(), &database.url)?;
        times.push(server.answered_after);
        server.stop()?;
    }
    table.line("start to first answer, migrated database", "ms", &Sample::of_times(&times), Target::AtMost(300.0));
    let server = Server::start(databases.folder(), &database.url)?;
    let mut browser = Browser { address: server.address, cookie: String::new(), seen: BTreeSet::new(), bytes: 0 };
    browser.log_in(&server.email, &server.password)?;
    browser.visit("/skills")?;
    let kilobytes = Sample::of([browser.bytes as f64 / 1000.0]);
    table.line(
        "log-in page, log-in, matrix and all their files, nothing cached",
        "KB",
        &kilobytes,
        Target::AtMost(75.0),
    );
    let files: Vec<&str> = browser.seen.iter().map(String::as_str).collect();
    table.note(&format!("files: {}", files.join(" ")));
    for path in ["/", "/people", "/skills/catalogue", "/skills?team=1", "/account/sessions"] {
        browser.visit(path)?;
    }
    // What was freed is given back and what was begun has ended.
    std::thread::sleep(Duration::from_secs(2));
    let resident = memory(server.process.id(), "VmRSS:").ok_or("the server is gone")?;
    table.line("memory at rest, after log-in and six pages", "MB", &Sample::of([resident]), Target::AtMost(40.0));
    let peak = memory(server.process.id(), "VmHWM:").ok_or("the server is gone")?;
    table.line("peak memory", "MB", &Sample::of([peak]), Target::None);
    server.stop()
}

struct Server {
    process: Child,
    address: SocketAddr,
    answered_after: Duration,
    email: String,
    password: String,
}

impl Server {
    fn start(folder: &Path, url: &str) -> Outcome<Server> {
        let clock = Instant::now();
        let mut command = program(folder, url);
        let mut process = command.args(["server", "--demo", "--port", "0"]).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let (mut email, mut password) = (String::new(), String::new());
        for line in BufReader::new(output).lines() {
            let line = line?;
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["administrator", address, secret] = words[..] {
                (email, password) = (address.to_owned(), secret.to_owned());
            }
            if let Some(address) = line.strip_prefix("Quarterdeck is at http://") {
                let address = address.trim().parse()?;
                let answer = Connection::open(address)?.exchange(&request("GET", "/login", "", ""))?;
                assert_eq!(answer.status, 200);
                return Ok(Server { process, address, answered_after: clock.elapsed(), email, password });
            }
        }
        process.wait()?;
        Err("the server ended before it listened".into())
    }

    fn stop(mut self) -> Outcome<()> {
        // The standard library can only kill, which would leave the database's log to the next start.
        Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        self.process.wait()?;
        Ok(())
    }
}

/// Fetches pages and the files that they name, each once.
struct Browser {
    address: SocketAddr,
    cookie: String,
    seen: BTreeSet<String>,
    bytes: usize,
}

impl Browser {
    fn log_in(&mut self, email: &str, password: &str) -> Outcome<()> {
        self.visit("/login")?;
        let body = serde_urlencoded::to_string([("email", email), ("password", password)])?;
        let answer = self.send("POST", "/login", "Content-Type: application/x-www-form-urlencoded\r\n", &body)?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        self.cookie = format!("Cookie: {}\r\n", cookie.ok_or("the log-in failed")?);
        Ok(())
    }

    fn visit(&mut self, path: &str) -> Outcome<()> {
        let page = self.send("GET", path, "", "")?;
        if page.status != 200 {
            return Err(format!("{path} was answered {}", page.status).into());
        }
        let html = text(&page)?;
        for file in files(&html) {
            if self.seen.insert(file.clone()) {
                let answer = self.send("GET", &file, "", "")?;
                assert_eq!(answer.status, 200, "{file}");
            }
        }
        Ok(())
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Outcome<Answer> {
        let path = path.split('#').next().unwrap_or(path);
        let headers = format!("{}Accept-Encoding: gzip, deflate, br, zstd\r\n{headers}", self.cookie);
        let answer = Connection::open(self.address)?.exchange(&request(method, path, &headers, body))?;
        self.bytes += answer.wire_bytes;
        Ok(answer)
    }
}

fn text(page: &Answer) -> Outcome<String> {
    Ok(match page.header("content-encoding") {
        Some("zstd") => String::from_utf8(zstd::decode_all(&page.body[..])?)?,
        None => String::from_utf8(page.body.clone())?,
        Some(other) => return Err(format!("{other} was not expected").into()),
    })
}

/// The addresses of style sheets, scripts, images and icons of a page.
fn files(html: &str) -> BTreeSet<String> {
    let quoted = html.split('"').filter(|part| part.starts_with("/assets/") || *part == "/favicon.svg");
    quoted.map(|file| file.split('#').next().unwrap_or(file).to_owned()).collect()
}
