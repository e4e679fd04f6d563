//! A server on a port of its own and a client that writes bytes, for what a well-behaved client never does.

use std::{collections::HashMap, io, net::SocketAddr, time::Duration};

use poem::IntoEndpoint;
use quarterdeck::web::server::{Limits, serve};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// Long enough never to pass in a test that works.
pub const NEVER: Duration = Duration::from_secs(60);
/// Short enough to wait for, with real sockets, whose time cannot be injected.
pub const SOON: Duration = Duration::from_millis(200);

pub struct RunningServer {
    pub address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

pub async fn start<E>(endpoint: E, limits: Limits) -> RunningServer
where
    E: IntoEndpoint + Send + 'static,
    E::Endpoint: 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (shutdown, signal) = oneshot::channel();
    // A test that drops its server ends soon, and says so by other means.
    let signal = async move {
        if signal.await.is_err() {
            std::future::pending().await
        }
    };
    let task = tokio::spawn(serve(listener, endpoint, limits, signal));
    RunningServer { address, shutdown, task }
}

impl RunningServer {
    pub async fn client(&self) -> Client {
        Client(BufReader::new(TcpStream::connect(self.address).await.unwrap()))
    }

    /// Tells the server to stop and gives what ends when it has.
    pub fn shut_down(self) -> JoinHandle<io::Result<()>> {
        self.shutdown.send(()).unwrap();
        self.task
    }
}

/// Waits for what has to happen by itself.
pub async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future).await.expect("nothing happened for 20 seconds")
}

pub struct Client(BufReader<TcpStream>);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Client {
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    pub async fn get(&mut self, path: &str) {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).await;
    }

    /// The header of the next answer.
    pub async fn head(&mut self) -> Answer {
        let status = self.line().await;
        let status = status.split(' ').nth(1).unwrap_or_else(|| panic!("no status line: {status:?}")).parse().unwrap();
        let mut headers = HashMap::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.insert(name.to_owned(), value.to_owned());
        }
        Answer { status, headers, body: String::new() }
    }

    /// The next answer, whose length has to be declared.
    pub async fn answer(&mut self) -> Answer {
        let mut answer = self.head().await;
        let mut body = vec![0; answer.headers["content-length"].parse().unwrap()];
        in_time(self.0.read_exact(&mut body)).await.unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    pub async fn line(&mut self) -> String {
        let mut line = String::new();
        in_time(self.0.read_line(&mut line)).await.unwrap();
        line.trim_end().to_owned()
    }

    /// Everything until the server closes the connection.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        match in_time(self.0.read_to_end(&mut rest)).await {
            Err(error) if error.kind() != io::ErrorKind::ConnectionReset => panic!("{error}"),
            _ => String::from_utf8(rest).unwrap(),
        }
    }

    /// Whether the server has closed the connection already.
    pub fn is_closed(&self) -> bool {
        matches!(self.0.get_ref().try_read(&mut [0]), Ok(0))
    }
}
