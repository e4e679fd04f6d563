//! Adds the security headers to what hyper answers by itself: a request that is no HTTP (400), or whose head is too long
//! (431), never reaches the endpoint that would add them.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{io::AsyncWrite, net::TcpStream};

/// What hyper writes for such a request is shorter, and is a head alone.
const LONGEST: usize = 512;

/// The refusal that is being written in place of hyper's own.
pub(super) struct Refusal {
    bytes: Vec<u8>,
    written: usize,
    /// How long hyper's own was, which is what it wants to hear.
    told: usize,
}

impl Refusal {
    /// `None` of anything but a refusal of hyper's own. The endpoint's answers carry the headers already, and have a body
    /// or come in more than one piece.
    pub(super) fn of(bytes: &[u8], headers: &str) -> Option<Refusal> {
        let is_refusal = bytes.len() <= LONGEST && bytes.starts_with(b"HTTP/1.1 4") && bytes.ends_with(b"\r\n\r\n");
        let text = std::str::from_utf8(bytes).ok().filter(|_| is_refusal)?.to_ascii_lowercase();
        let is_bare = text.contains("\r\ncontent-length: 0\r\n") && !text.contains("\r\nx-content-type-options:");
        let is_one_head = text.matches("\r\n\r\n").count() == 1;
        if !is_bare || !is_one_head {
            return None;
        }
        let head = &bytes[..bytes.len() - b"\r\n".len()];
        Some(Refusal { bytes: [head, headers.as_bytes(), b"\r\n"].concat(), written: 0, told: bytes.len() })
    }

    /// Writes on, and answers as if hyper's own had been written once all of it is.
    pub(super) fn poll_write(&mut self, socket: &mut TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while self.written < self.bytes.len() {
            let written = ready!(Pin::new(&mut *socket).poll_write(cx, &self.bytes[self.written..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
        }
        Poll::Ready(Ok(self.told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[u8] =
        b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";

    #[test]
    fn a_refusal_of_hypers_own_gets_the_headers_behind_its_own() {
        let refusal = Refusal::of(OWN, "x-frame-options: SAMEORIGIN\r\n").unwrap();
        assert!(refusal.bytes.ends_with(b"date: x\r\nx-frame-options: SAMEORIGIN\r\n\r\n"));
        assert_eq!(refusal.told, OWN.len());
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let with_body = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno";
        let complete = b"HTTP/1.1 404 Not Found\r\nx-content-type-options: nosniff\r\ncontent-length: 0\r\n\r\n";
        let fine = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        let two = [OWN, OWN].concat();
        for bytes in [&with_body[..], complete, fine, &two, b"", b"\r\n\r\n", b"HTTP/1.1 4\xff\r\n\r\n"] {
            assert!(Refusal::of(bytes, "a: b\r\n").is_none());
        }
    }
}
