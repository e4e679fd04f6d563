//! A server that goes away and comes back when a test says so: a relay to the real one, on a port that it keeps.

use crate::raw_http::in_time;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub struct Gate {
    address: SocketAddr,
    target: String,
    relay: JoinHandle<()>,
}

impl Gate {
    /// An open gate to the server of an address such as `mysql://user:password@host:port/name`, and the address that
    /// leads through it.
    pub async fn before(url: &str) -> (Gate, String) {
        let target = host_and_port(url).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let through = url.replace(&target, &address.to_string());
        (Gate { address, relay: tokio::spawn(relay(listener, target.clone())), target }, through)
    }

    /// Cuts every connection and refuses new ones.
    pub async fn shut(&mut self) {
        self.relay.abort();
        let ended = (&mut self.relay).await;
        assert!(ended.unwrap_err().is_cancelled());
    }

    pub async fn open(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.relay = tokio::spawn(relay(listener, self.target.clone()));
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

fn host_and_port(url: &str) -> &str {
    let rest = url.split_once("://").unwrap().1;
    let rest = rest.split('/').next().unwrap();
    rest.rsplit('@').next().unwrap()
}

async fn relay(listener: TcpListener, target: String) {
    let mut connections = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let target = target.clone();
        connections.spawn(async move {
            let mut server = TcpStream::connect(target).await.unwrap();
            // Either side may leave as it likes.
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

/// Waits until something holds that happens by itself.
pub async fn until(holds: impl AsyncFn() -> bool) {
    in_time(async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}
