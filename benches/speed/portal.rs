//! A portal with an organisation of the size that is asked for, on a database of its own, served on loopback.

use crate::client::{Answer, Connection, request};
use quarterdeck::accounts::people::NewPerson;
use quarterdeck::accounts::sessions::Origin;
use quarterdeck::accounts::{roles, roster, teams};
use quarterdeck::app::{App, database_options};
use quarterdeck::clock::Clock;
use quarterdeck::config::{Config, Flags, Loaded, Surroundings};
use quarterdeck::db::Db;
use quarterdeck::plugins::skills::catalogue::model::{self as catalogue, NewSkill};
use quarterdeck::plugins::skills::categories::model as categories;
use quarterdeck::plugins::skills::scales;
use quarterdeck::plugins::skills::summaries::recount;
use quarterdeck::web::server::{Limits, serve};
use quarterdeck::{plugins, sql, web};
use serde::Serialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::future::pending;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many rows one statement brings in.
const AT_ONCE: usize = 20_000;
/// People in a team.
pub const TEAM: usize = 12;

/// How large the organisation is, and how many of a hundred cells are rated.
#[derive(Clone, Copy)]
pub struct Size {
    pub people: usize,
    pub skills: usize,
    pub fill: u64,
}

pub struct Portal {
    pub runtime: Runtime,
    pub app: App,
    pub address: SocketAddr,
    pub people: Vec<i64>,
    pub skills: Vec<i64>,
    cookie: String,
    csrf: String,
    threads: Threads,
}

impl Portal {
    /// `url` names an empty database. `workers` is how many threads answer.
    pub fn start(url: &str, folder: &Path, size: Size, workers: usize) -> Outcome<Portal> {
        let threads = Threads::default();
        let runtime = threads.runtime(workers)?;
        let config = load(url, folder)?;
        let (app, people, skills) = runtime.block_on(organisation(config, size))?;
        let administrator = people[0];
        let (cookie, csrf) = runtime.block_on(sign_in(&app, administrator))?;
        let endpoint = web::endpoint(&app, plugins::api(&app));
        let address = runtime.block_on(listen(endpoint))?;
        Ok(Portal { runtime, app, address, people, skills, cookie, csrf, threads })
    }

    /// The header lines of a browser that is logged in.
    pub fn headers(&self) -> String {
        format!("Cookie: {}\r\nAccept-Encoding: zstd\r\nSec-Fetch-Site: same-origin\r\n", self.cookie)
    }

    pub fn get(&self, path: &str) -> Vec<u8> {
        request("GET", path, &self.headers(), "")
    }

    /// A form that htmx sends.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Outcome<Vec<u8>> {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        let headers = format!(
            "{}Content-Type: application/x-www-form-urlencoded\r\nHX-Request: true\r\nHX-Request-Type: partial\r\n",
            self.headers()
        );
        Ok(request("POST", path, &headers, &serde_urlencoded::to_string(fields)?))
    }

    pub fn ask(&self, request: &[u8]) -> Outcome<Answer> {
        let answer = Connection::open(self.address)?.exchange(request)?;
        if answer.status == 200 { Ok(answer) } else { Err(format!("the portal answered {}", answer.status).into()) }
    }

    /// The processor time that the threads of this portal have had.
    pub fn processor_time(&self) -> Outcome<Duration> {
        self.threads.time()
    }

    pub fn stop(self) {
        self.runtime.block_on(self.app.db.close());
        self.runtime.shutdown_timeout(Duration::from_secs(5));
    }
}

/// Serves an endpoint with the portal's own accept loop on any port of this machine.
pub async fn listen(endpoint: impl poem::Endpoint + 'static) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, endpoint, Limits::default(), pending()));
    Ok(address)
}

/// Where the kernel tells how long each thread of a runtime has run.
#[derive(Clone, Default)]
struct Threads(Arc<Mutex<Vec<String>>>);

impl Threads {
    fn runtime(&self, workers: usize) -> Outcome<Runtime> {
        let threads = self.0.clone();
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(workers).enable_all().on_thread_start(move || {
            if let Ok(path) = std::fs::read_link("/proc/thread-self") {
                threads.lock().expect("nothing panics here").push(format!("/proc/{}/schedstat", path.display()));
            }
        });
        Ok(builder.build()?)
    }

    /// The first number of schedstat is nanoseconds on a processor. A thread that has ended counts no more.
    fn time(&self) -> Outcome<Duration> {
        let paths = self.0.lock().expect("nothing panics here");
        let texts = paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        let times = texts.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok());
        Ok(Duration::from_nanos(times.sum()))
    }
}

pub fn load(url: &str, folder: &Path) -> Outcome<Loaded> {
    let around = Surroundings { directory: folder.to_owned(), environment: BTreeMap::new() };
    let set = vec![format!("database.url={url}"), "log.format=json".to_owned()];
    let flags = Flags { profile: Some("development".to_owned()), set, ..Flags::default() };
    let sections: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.id).collect();
    Config::load_in(&around, &flags, &sections).map_err(|error| error.to_string().into())
}

async fn sign_in(app: &App, person_id: i64) -> Outcome<(String, String)> {
    let mut tx = app.db.begin().await?;
    roles::assign(&mut tx, person_id, roles::ADMINISTRATOR).await?;
    tx.commit().await?;
    let (token, session) = app.sessions.open(person_id, false, &Origin::default()).await?;
    Ok((format!("session={token}"), session.csrf))
}

async fn organisation(config: Loaded, size: Size) -> Outcome<(App, Vec<i64>, Vec<i64>)> {
    Db::migrate(&database_options(&config)).await?;
    let app = App::start(config, plugins::ALL, Clock::System, false).await?;
    roles::init(&app.db, &app.permissions(), app.now_ms()).await?;
    for init in app.plugins.iter().filter_map(|plugin| plugin.init_data) {
        init(&app).await?;
    }
    let people = add_people(&app, size.people).await?;
    let skills = add_skills(&app, size.skills).await?;
    add_ratings(&app, &people, &skills, size.fill).await?;
    // As an import does.
    app.db.analyze().await?;
    Ok((app, people, skills))
}

async fn add_people(app: &App, count: usize) -> Outcome<Vec<i64>> {
    let mut tx = app.db.begin().await?;
    let mut people = Vec::with_capacity(count);
    for team in 0..count.div_ceil(TEAM) {
        let team_id = teams::insert(&mut tx, &format!("Team {team:04}"), app.now_ms()).await?;
        people.extend((team * TEAM..count.min((team + 1) * TEAM)).map(|number| NewPerson {
            name: format!("Person {number:05} of the Team"),
            email: format!("person.{number}@example.org"),
            title: "Systems engineer".to_owned(),
            team_id: Some(team_id),
        }));
    }
    let ids = roster::add(&mut tx, &people, app.now_ms()).await?;
    teams::rank(&mut tx).await?;
    tx.commit().await?;
    Ok(ids)
}

async fn add_skills(app: &App, count: usize) -> Outcome<Vec<i64>> {
    let scales = scales::all(app).await?;
    let scale = scales.named("Dreyfus 1–5").ok_or("the scale is not there")?;
    let mut tx = app.db.begin().await?;
    let mut ids = Vec::with_capacity(count);
    for number in 0..count {
        let category = categories::category_id(&mut tx, &format!("Category {:03}", number / 10), app.now_ms()).await?;
        let new = NewSkill { name: format!("Skill number {number:04}"), ..NewSkill::default() };
        ids.push(catalogue::insert(&mut tx, category, scale.id, &new, app.now_ms()).await?);
    }
    categories::rank(&mut tx).await?;
    tx.commit().await?;
    Ok(ids)
}

#[derive(Serialize)]
struct Row {
    person_id: i64,
    skill_id: i64,
    level: i64,
}

async fn add_ratings(app: &App, people: &[i64], skills: &[i64], fill: u64) -> Outcome<()> {
    let cells = people.iter().flat_map(|person| skills.iter().map(move |skill| (*person, *skill)));
    let rows = cells.filter_map(|(person_id, skill_id)| {
        let chance = scatter(person_id as u64, skill_id as u64);
        let level = (1 + chance / 100 % 5) as i64 * 100;
        (chance % 100 < fill).then_some(Row { person_id, skill_id, level })
    });
    let rows: Vec<Row> = rows.collect();
    let mut tx = app.db.begin().await?;
    for rows in rows.chunks(AT_ONCE) {
        let query = tx.q(sql!(
            "INSERT INTO ratings (person_id, skill_id, level, not_applicable, interest, note, version, updated_at)
             SELECT item.person_id, item.skill_id, item.level, FALSE, NULL, '', 1, ? FROM {rows person_id i64, skill_id i64, level i64}"
        ));
        query.bind(app.now_ms()).bind_rows(rows).execute().await?;
    }
    recount(&mut tx, people, skills).await?;
    Ok(tx.commit().await?)
}

/// The same number for the same cell in every run, and no pattern that an index could profit by (splitmix64).
pub fn scatter(one: u64, other: u64) -> u64 {
    let mut mixed = (one << 32 | other).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
