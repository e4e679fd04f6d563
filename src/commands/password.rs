//! Asks for a password, on the terminal without showing it, or on standard input for scripts.

use super::Failure;
use std::io::{IsTerminal, Write, stderr, stdin};
use std::process::{Command, Stdio};

pub(super) fn from_stdin() -> Result<String, Failure> {
    read_line()
}

/// Asks twice, because what is typed cannot be seen.
pub(super) fn ask() -> Result<String, Failure> {
    if !stdin().is_terminal() {
        let text = "give the password after the name, or with --password-stdin: there is no terminal to ask on";
        return Err(Failure::new(text));
    }
    let _hidden = HiddenInput::begin()?;
    let password = ask_once("Password: ")?;
    if password != ask_once("Once more: ")? {
        return Err(Failure::new("the two passwords differ; nothing was changed"));
    }
    Ok(password)
}

fn ask_once(prompt: &str) -> Result<String, Failure> {
    eprint!("{prompt}");
    // A prompt that cannot be shown is no reason to fail.
    let _ = stderr().flush();
    let answer = read_line();
    eprintln!();
    answer
}

fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    match stdin().read_line(&mut line) {
        Ok(0) => Err(Failure::new("there was no password on standard input")),
        Ok(_) => Ok(line.trim_end_matches(['\n', '\r']).to_owned()),
        Err(error) => Err(Failure::new(format!("the password cannot be read: {error}"))),
    }
}

/// The terminal shows nothing of what is typed until this is dropped.
struct HiddenInput;

impl HiddenInput {
    fn begin() -> Result<Self, Failure> {
        match stty("-echo") {
            true => Ok(HiddenInput),
            false => Err(Failure::new("the terminal cannot hide what is typed; use --password-stdin")),
        }
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        stty("echo");
    }
}

/// POSIX has the command wherever it has terminals; calling the system itself would take unsafe code.
fn stty(mode: &str) -> bool {
    let status = Command::new("stty").arg(mode).stdin(Stdio::inherit()).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
