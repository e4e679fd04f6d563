//! A small HTTP/1.1 client over keep-alive connections. It does so little that most of the machine is left to the
//! server: one request is a constant, and of an answer only the status and the length are read.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Larger than any answer that is measured.
const BUFFER_BYTES: usize = 512 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);

/// What came back for a request.
pub struct Answer {
    pub status: u16,
    /// Names in lower case, values as they came.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Of head and body together.
    pub wire_bytes: usize,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// A request as it goes over the wire. `headers` are lines that end in CRLF.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n{body}").into_bytes()
}

/// A connection that waits for each answer.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, buffer: vec![0; BUFFER_BYTES] })
    }

    pub fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        loop {
            let count = self.stream.read(&mut self.buffer[filled..])?;
            filled += count;
            if let Some(head) = head(&self.buffer[..filled])?
                && filled >= head.bytes + head.body_bytes
            {
                return Ok(answer(&self.buffer[..filled], &head));
            }
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

struct Head {
    status: u16,
    bytes: usize,
    body_bytes: usize,
}

/// The head of an answer, once it is there as a whole.
fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes[..end]);
    let status = text.get(9..12).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let length = fields(&text).find(|(name, _)| name == "content-length").and_then(|(_, length)| length.parse().ok());
    let has_no_body = status == 304 || status == 204;
    let body_bytes = if has_no_body { 0 } else { length.ok_or(io::ErrorKind::InvalidData)? };
    Ok(Some(Head { status, bytes: end + 4, body_bytes }))
}

fn fields(head: &str) -> impl Iterator<Item = (String, &str)> {
    let fields = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
}

fn answer(bytes: &[u8], head: &Head) -> Answer {
    let text = String::from_utf8_lossy(&bytes[..head.bytes]);
    Answer {
        status: head.status,
        headers: fields(&text).map(|(name, value)| (name, value.to_owned())).collect(),
        body: bytes[head.bytes..head.bytes + head.body_bytes].to_vec(),
        wire_bytes: head.bytes + head.body_bytes,
    }
}

/// Sends the same request over `connections` at once for a while and counts the answers, which must all be `bytes` long.
/// It runs on the thread of the caller alone.
pub fn load(address: SocketAddr, request: &[u8], connections: usize, bytes: usize, time: Duration) -> io::Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let until = Instant::now() + time;
        let one = async || -> io::Result<u64> {
            let mut stream = tokio::net::TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut buffer = vec![0; BUFFER_BYTES];
            let mut answers = 0;
            while Instant::now() < until {
                stream.write_all(request).await?;
                let mut filled = 0;
                while filled < bytes {
                    match stream.read(&mut buffer[filled..]).await? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        count => filled += count,
                    }
                }
                let is_as_expected = filled == bytes && buffer.starts_with(b"HTTP/1.1 200");
                if !is_as_expected {
                    return Err(io::Error::other(String::from_utf8_lossy(&buffer[..filled.min(400)])));
                }
                answers += 1;
            }
            Ok(answers)
        };
        let counts = futures_util::future::try_join_all((0..connections).map(|_| one())).await?;
        Ok(counts.into_iter().sum())
    })
}
