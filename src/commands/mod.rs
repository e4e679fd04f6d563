//! What the command line does, one file for each group of commands. The commands act with the rights of whoever runs
//! the machine; they write results to standard output, and everything else to standard error.

pub mod accounts;
pub mod configuration;
pub mod database;
pub mod doctor;
pub mod exports;
mod failure;
pub mod imports;
mod jobs;
pub mod mail;
mod output;
mod password;
pub mod server;
pub mod sessions;
pub mod worker;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, EnabledPlugins, Flags, Loaded, Log};
use crate::{logging, plugins};
pub use failure::Failure;

/// Reads the configuration and checks what only this part can know: the names of plugins, and their sections.
fn load(flags: &Flags) -> Result<Loaded, Failure> {
    let known: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.id).collect();
    let config = Config::load(flags, &known)?;
    if let EnabledPlugins::Only(ids) = &config.plugins.enabled
        && let Some(unknown) = ids.iter().find(|id| !known.contains(&id.as_str()))
    {
        let problem = format!("{unknown:?} is not a plugin; there are: {}", known.join(", "));
        return Err(config.refuse("plugins.enabled", problem).into());
    }
    for check in plugins::ALL.iter().filter_map(|plugin| plugin.check_config) {
        check(&config)?;
    }
    Ok(config)
}

/// Does something with the portal of this configuration, whose database must be up to date, and closes it again.
async fn with_app(flags: &Flags, work: impl AsyncFnOnce(&App) -> Result<(), Failure>) -> Result<(), Failure> {
    let config = load(flags)?;
    // What a command has to say is its own output; of the log, only what went wrong belongs beside it.
    logging::start(&Log { filter: "error".to_owned(), ..config.log.clone() });
    database::refuse_pending(&config).await?;
    let app = start(config, false).await?;
    let done = work(&app).await;
    app.db.close().await;
    done
}

async fn start(config: Loaded, demo: bool) -> Result<App, Failure> {
    // rustls needs to be told which cryptography to use before the first rediss:// connection. If somebody has told it
    // already, that stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(App::start(config, plugins::ALL, Clock::System, demo).await?)
}
