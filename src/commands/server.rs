//! `server`: from the configuration to an open port, and back to closed pools after SIGTERM.

use super::{Failure, database, load, output, start, worker};
use crate::accounts::setup;
use crate::app::App;
use crate::config::Flags;
use crate::demo::{self, Stage};
use crate::web::server::{Limits, serve, shutdown_signal};
use crate::{logging, plugins, web};
use futures_util::FutureExt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;

pub async fn run(flags: &Flags, demo: bool) -> Result<(), Failure> {
    // First of all, so that a stop during the start is one that cleans up.
    let stop = shutdown_signal().map_err(|error| Failure::new(format!("signals cannot be listened to: {error}")))?;
    let mut config = load(flags)?;
    let stage = if demo { Some(Stage::set(&mut config)?) } else { None };
    logging::start(&config.log);
    web::metrics::install();
    database::make_ready(&config).await?;
    let app = start(config, demo).await?;
    let ended = open(&app, stop).await;
    app.db.close().await;
    drop(stage);
    ended
}

async fn open(app: &App, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Failure> {
    // Before anything is counted: what comes earlier is lost.
    web::metrics::install();
    database::ensure_data(app).await?;
    let log_ins = if app.demo { demo::open(app).await? } else { Vec::new() };
    if !app.demo {
        demo::close(app).await?;
    }
    warn_of_scarce_connections(app).await;
    let listener = listen(app).await?;
    let local = listener.local_addr().map_err(|error| cannot_listen(app, &error))?;
    let address = reachable(local);
    app.listens_at(address);
    tell_set_up_link(app).await?;
    for log_in in log_ins {
        output::line(&format!("  {:<13}  {:<32}  {}", log_in.role, log_in.email, log_in.password))?;
    }
    output::line(&format!("Quarterdeck is at http://{address}"))?;
    serve_until(app, listener, stop).await
}

async fn serve_until(
    app: &App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let stop = stop.shared();
    tokio::spawn(app.bus.clone().listen());
    tokio::spawn(app.uses.clone().keep_writing(app.db.clone(), app.clock.clone()));
    let endpoint = web::endpoint(app, plugins::api(app));
    let served = serve(listener, endpoint, limits(app), stop.clone());
    let jobs = async {
        if app.config.jobs.in_server {
            worker::run_jobs(app, stop).await;
        }
    };
    let (served, ()) = tokio::join!(served, jobs);
    if let Err(error) = app.uses.write(&app.db, app.now_ms()).await {
        tracing::warn!(%error, "the last uses of routes are not counted");
    }
    served.map_err(|error| cannot_listen(app, &error))
}

fn limits(app: &App) -> Limits {
    let http = &app.config.http;
    Limits {
        max_connections: http.max_connections,
        header_timeout: Duration::from_secs(http.header_timeout_s),
        idle_timeout: Duration::from_secs(http.idle_timeout_s),
        drain: Duration::from_secs(http.drain_s),
        headers: web::security_headers::SecurityHeaders { hsts: http.hsts, xss_protection: http.xss_protection },
    }
}

async fn listen(app: &App) -> Result<TcpListener, Failure> {
    let http = &app.config.http;
    TcpListener::bind((http.bind, http.port)).await.map_err(|error| cannot_listen(app, &error))
}

fn cannot_listen(app: &App, error: &std::io::Error) -> Failure {
    let http = &app.config.http;
    Failure::new(format!("cannot listen on {}: {error}", SocketAddr::new(http.bind, http.port)))
}

/// An address to type into a browser here: "all addresses" is none.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// As a warning, so that it is seen whatever the log leaves out: until somebody follows it, nobody can log in.
async fn tell_set_up_link(app: &App) -> Result<(), Failure> {
    let Some(token) = setup::new_link(&app.db, app.now_ms()).await? else { return Ok(()) };
    tracing::warn!("Open {}/setup/{token} to create the first administrator", app.site());
    Ok(())
}

/// A pool that the database server cannot fill makes requests wait, and fail, under load only.
async fn warn_of_scarce_connections(app: &App) {
    let database = &app.config.database;
    let wanted = i64::from(database.pool_size) * i64::from(database.processes);
    match app.db.connection_limit().await {
        Ok(Some(limit)) if wanted > limit => tracing::warn!(
            pool_size = database.pool_size,
            processes = database.processes,
            limit,
            "the pools of all processes are larger than the connections that the database server allows"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the database server does not tell how many connections it allows"),
    }
}
