//! Runs the built program in an empty folder, with nothing of this process's configuration around it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_quarterdeck");
/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder to work in, and one inside it for what the program keeps for a while.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("quarterdeck-command-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Folder { path: std::env::temp_dir().join(name) };
        std::fs::create_dir_all(folder.temporary()).unwrap();
        folder
    }

    pub fn temporary(&self) -> PathBuf {
        self.path.join("tmp")
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_in(&[], arguments)
    }

    pub fn run_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(Stdio::null());
        Ended::of(command.output().unwrap())
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }

    /// Runs with another standard output.
    pub fn run_into(&self, out: impl Into<Stdio>, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).stdin(Stdio::null()).stdout(out).output().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(&self.path).env_clear().env("TMPDIR", self.temporary());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// What a run of the program left.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    fn of(output: std::process::Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub fn succeeds(self) -> Ended {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn prints(&self, text: &str) -> &Ended {
        assert!(self.out.contains(text), "{text:?} is not in {:?}", self.out);
        self
    }

    #[track_caller]
    pub fn fails_with(&self, text: &str) -> &Ended {
        self.ends_with(1, text)
    }

    #[track_caller]
    pub fn misused(&self, text: &str) -> &Ended {
        self.ends_with(2, text)
    }

    /// One line on standard error, nothing on the other.
    #[track_caller]
    fn ends_with(&self, code: i32, text: &str) -> &Ended {
        let lines: Vec<&str> = self.err.lines().collect();
        assert!(lines.len() == 1 && lines[0].starts_with("quarterdeck: "), "{:?}", self.err);
        assert!(lines[0].contains(text), "{text:?} is not in {:?}", self.err);
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""));
        self
    }
}

/// A program that runs until it is stopped. Its standard error goes to a file, which nobody has to read meanwhile.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    pub fn start(folder: &Folder, arguments: &[&str]) -> Process {
        let log = folder.path.join("log.txt");
        let mut command = folder.command(arguments);
        let child = command.stdin(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        Process { child, log }
    }

    pub fn wait_for_log(&self, text: &str) {
        let begun = Instant::now();
        while !self.logged().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "{text:?} is not in {}", self.logged());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends SIGTERM and waits for the end.
    pub fn stop(mut self) -> Ended {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let code = self.child.wait().unwrap().code();
        let mut out = String::new();
        if let Some(mut rest) = self.child.stdout.take() {
            rest.read_to_string(&mut out).unwrap();
        }
        Ended { code, out, err: self.logged() }
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Process {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that has told its address.
pub struct ServerProcess {
    process: Process,
    temporary: PathBuf,
    pub url: String,
    /// The lines before the address.
    pub printed: Vec<String>,
}

impl ServerProcess {
    pub fn start(folder: &Folder, arguments: &[&str]) -> ServerProcess {
        let mut process = Process::start(folder, arguments);
        let mut lines = BufReader::new(process.child.stdout.take().unwrap()).lines();
        let mut printed = Vec::new();
        let url = loop {
            let line = lines.next().unwrap_or_else(|| panic!("the server ended: {}", process.logged())).unwrap();
            match line.strip_prefix("Quarterdeck is at ") {
                Some(url) => break url.to_owned(),
                None => printed.push(line),
            }
        };
        ServerProcess { process, temporary: folder.temporary(), url, printed }
    }

    /// The answer to a request, head and body.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.url.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub fn demo_folders(&self) -> Vec<PathBuf> {
        std::fs::read_dir(&self.temporary).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    pub fn stop(self) -> Ended {
        self.process.stop()
    }
}
