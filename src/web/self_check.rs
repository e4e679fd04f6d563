//! Asks this process's own port, as a browser would, whether the security headers are on its answers: what a test of the
//! layers cannot see is what really leaves.

use super::security_headers::SecurityHeaders;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// For one answer.
const PATIENCE: Duration = Duration::from_secs(3);
const LONGEST_HEAD: usize = 32 * 1024;

/// A page, something that is not there, a file, and what never reaches a handler.
const REQUESTS: [(&str, &str); 4] = [
    ("a page", "GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ("nothing", "GET /nothing/is/here HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ("a file", "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ("no HTTP", "this is no request\r\n\r\n"),
];

/// What one answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What was asked for.
    pub asked: &'static str,
    /// `None` when there was no answer.
    pub status: Option<u16>,
    /// Headers that are missing, or say something else.
    pub wrong: Vec<&'static str>,
}

/// Asks the port that this process listens on.
pub async fn check(address: SocketAddr, headers: SecurityHeaders) -> Vec<Checked> {
    let mut checked = Vec::with_capacity(REQUESTS.len());
    for (asked, request) in REQUESTS {
        let head = timeout(PATIENCE, head_of(reachable(address), request)).await;
        checked.push(match head {
            Ok(Ok(head)) => Checked { asked, status: status(&head), wrong: wrong(&head, headers) },
            Ok(Err(_)) | Err(_) => Checked { asked, status: None, wrong: Vec::new() },
        });
    }
    checked
}

/// “All addresses” is none to connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The answer up to the empty line.
async fn head_of(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    while bytes.len() < LONGEST_HEAD && !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        match socket.read(&mut piece).await? {
            0 => break,
            count => bytes.extend_from_slice(&piece[..count]),
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text.split("\r\n\r\n").next().unwrap_or_default().to_owned())
}

fn status(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

fn wrong(head: &str, headers: SecurityHeaders) -> Vec<&'static str> {
    let lines: Vec<(String, &str)> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    let says = |name: &str, value: &str| lines.iter().any(|(found, said)| found == name && *said == value);
    headers.all().filter(|(name, value)| !says(name, value)).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_different_is_named() {
        let headers = SecurityHeaders { hsts: true, xss_protection: false };
        let complete: String =
            headers.all().map(|(name, value)| format!("{}: {value}\r\n", name.to_uppercase())).collect();
        let complete = format!("HTTP/1.1 404 Not Found\r\n{complete}");
        assert_eq!((status(&complete), wrong(&complete, headers)), (Some(404), vec![]));
        let poorer = complete.replace("nosniff", "sniff").replace("STRICT-TRANSPORT-SECURITY", "x-else");
        assert_eq!(wrong(&poorer, headers), ["x-content-type-options", "strict-transport-security"]);
        assert_eq!(status("SSH-2.0"), None);
    }
}
