//! The command line, and nothing else: what each command does stands in `quarterdeck::commands`.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};
use quarterdeck::commands::accounts::{NewAdministrator, NewPassword, NewToken};
use quarterdeck::commands::doctor::Examination;
use quarterdeck::commands::exports::Export;
use quarterdeck::commands::imports::Import;
use quarterdeck::commands::sessions::Revoked;
use quarterdeck::commands::{self, Failure};
use quarterdeck::config::Flags;
use std::process::ExitCode;

/// A portal for teams that keep something running: skills, work, on-call, handoffs.
///
/// Options are read from config.toml, .env and the environment; `quarterdeck config show` tells where each came from.
#[derive(Parser)]
#[command(name = "quarterdeck", version)]
struct CommandLine {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal
    Server {
        /// Serve an example organisation to this machine alone; the log-ins are printed
        #[arg(long)]
        demo: bool,
    },
    /// Run the background jobs
    Worker,
    /// Bring the database up to date
    #[command(visible_alias = "init-db")]
    Migrate,
    /// Make what every installation starts with: roles, scales, categories. Running it again changes nothing
    InitData,
    /// Make a person an administrator, or make a new one
    CreateAdmin(NewAdministrator),
    /// Set the password of a person, who can then log in
    SetPassword(NewPassword),
    /// Make an API token for a person and print it
    CreateToken(NewToken),
    /// Take a file of ratings, skills or role profiles in, all of it or nothing
    Import(Import),
    /// Write ratings, skills or people as CSV or XLSX
    Export(Export),
    /// Look whether the audit log is as it was sealed. It mends nothing
    Doctor(Examination),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The open sessions
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// The mails that wait to be sent
    #[command(subcommand)]
    Mail(MailCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print every option, its value and where that came from; secrets are masked
    Show,
}

#[derive(Subcommand)]
enum SessionsCommand {
    /// Print who is logged in, from where
    List,
    /// End a session, those of a person, or all
    Revoke(Revoked),
    /// Remove the rows of sessions that have ended by themselves
    Purge,
}

#[derive(Subcommand)]
enum MailCommand {
    /// Send a mail at once, and tell what the server says
    SendTest {
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
    /// Print what waits to be sent, and what was given up and why
    Queue,
    /// Try once more to send what was given up
    Retry,
}

fn main() -> ExitCode {
    let arguments = match CommandLine::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the process could not start its threads: {error}")))
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("quarterdeck: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(CommandLine { flags, command }: CommandLine) -> Result<(), Failure> {
    match command {
        Command::Server { demo } => commands::server::run(&flags, demo).await,
        Command::Worker => commands::worker::run(&flags).await,
        Command::Migrate => commands::database::migrate(&flags).await,
        Command::InitData => commands::database::init_data(&flags).await,
        Command::CreateAdmin(new) => commands::accounts::create_admin(&flags, new).await,
        Command::SetPassword(new) => commands::accounts::set_password(&flags, new).await,
        Command::CreateToken(new) => commands::accounts::create_token(&flags, new).await,
        Command::Import(import) => commands::imports::run(&flags, import).await,
        Command::Export(export) => commands::exports::run(&flags, export).await,
        Command::Doctor(examination) => commands::doctor::run(&flags, examination).await,
        Command::Config(ConfigCommand::Show) => commands::configuration::show(&flags),
        Command::Sessions(SessionsCommand::List) => commands::sessions::list(&flags).await,
        Command::Sessions(SessionsCommand::Revoke(which)) => commands::sessions::revoke(&flags, which).await,
        Command::Sessions(SessionsCommand::Purge) => commands::sessions::purge(&flags).await,
        Command::Mail(MailCommand::SendTest { address }) => commands::mail::send_test(&flags, &address).await,
        Command::Mail(MailCommand::Queue) => commands::mail::queue(&flags).await,
        Command::Mail(MailCommand::Retry) => commands::mail::retry(&flags).await,
    }
}

/// Help goes out as it is; of a mistake, what is wrong in one line.
fn explain(error: &clap::Error) -> ExitCode {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
        // Nobody reads on; there is nobody to tell.
        let _ = error.print();
    } else {
        eprintln!("quarterdeck: {}", one_line(error));
    }
    ExitCode::from(error.exit_code() as u8)
}

fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let said = text.trim_start_matches("error: ").lines().take_while(|line| !line.is_empty());
    let said = said.map(str::trim).collect::<Vec<_>>().join(" ");
    match error.get(ContextKind::SuggestedArg).or_else(|| error.get(ContextKind::SuggestedSubcommand)) {
        Some(ContextValue::String(suggested)) => format!("{said}; did you mean {suggested}?"),
        Some(ContextValue::Strings(suggested)) => format!("{said}; did you mean {}?", suggested.join(" or ")),
        _ => format!("{said}; see quarterdeck --help"),
    }
}
