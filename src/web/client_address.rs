//! Who is really asking: the peer of the connection, or, if that is one of our own proxies, whom it speaks for.
//!
//! Anyone can send X-Forwarded-For, so it counts only from a proxy that the configuration lists, and is read from the
//! right: each proxy appends the address it saw, and the first one that is not ours is the last that we can believe.

use crate::config::{InvalidNetwork, Network};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use poem::{
    Endpoint, Middleware, Request, Result,
    http::{HeaderMap, uri::Scheme},
};

/// The proxies whose word about the client counts. Empty means: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// # Errors
    /// With the first entry that is neither an address nor a network.
    pub fn parse(entries: &[impl AsRef<str>]) -> Result<Self, InvalidNetwork> {
        entries.iter().map(|entry| entry.as_ref().parse()).collect::<Result<_, _>>().map(Self)
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// The client's address. `forwarded_for` is the value of X-Forwarded-For, `""` without one.
///
/// An entry that is no address ends the search: what stands left of it was vouched for by nobody.
pub fn client_address(peer: IpAddr, forwarded_for: &str, trusted: &TrustedProxies) -> IpAddr {
    let mut client = peer.to_canonical();
    for entry in forwarded_for.rsplit(',') {
        if !trusted.trusts(client) {
            break;
        }
        let Some(address) = forwarded_address(entry.trim()) else { break };
        client = address.to_canonical();
    }
    client
}

/// The scheme that the client used. `forwarded_proto` is the value of X-Forwarded-Proto; its last entry counts, which
/// is what the nearest proxy wrote.
pub fn client_scheme(peer: IpAddr, forwarded_proto: &str, trusted: &TrustedProxies) -> Scheme {
    let nearest = forwarded_proto.rsplit(',').next().unwrap_or_default().trim();
    if nearest.eq_ignore_ascii_case("https") && trusted.trusts(peer) { Scheme::HTTPS } else { Scheme::HTTP }
}

/// An address with or without a port, as proxies write them.
fn forwarded_address(entry: &str) -> Option<IpAddr> {
    let bracketed = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare = bracketed.unwrap_or(entry).parse().ok();
    bare.or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Where a request came from. [`ClientAddresses`] puts it into the request's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    /// `0.0.0.0` for a request that came through no socket, as in a test.
    pub ip: IpAddr,
    pub scheme: Scheme,
}

/// The middleware that finds out a request's [`ClientAddress`].
#[derive(Clone, Debug, Default)]
pub struct ClientAddresses {
    pub trusted: TrustedProxies,
}

impl<E: Endpoint> Middleware<E> for ClientAddresses {
    type Output = ClientAddressesEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        ClientAddressesEndpoint { inner, trusted: self.trusted.clone() }
    }
}

/// What [`ClientAddresses`] makes of an endpoint.
pub struct ClientAddressesEndpoint<E> {
    inner: E,
    trusted: TrustedProxies,
}

impl<E: Endpoint> Endpoint for ClientAddressesEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> Result<E::Output> {
        let peer = peer_ip(&request);
        let ip = client_address(peer, &joined(request.headers(), "x-forwarded-for"), &self.trusted);
        let scheme = client_scheme(peer, &joined(request.headers(), "x-forwarded-proto"), &self.trusted);
        request.set_data(ClientAddress { ip, scheme });
        self.inner.call(request).await
    }
}

/// The address of the connection's other end, `0.0.0.0` where there is no connection.
pub fn peer_ip(request: &Request) -> IpAddr {
    request.remote_addr().as_socket_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip)
}

/// Several headers of one name are one list (RFC 9110, section 5.3).
fn joined(headers: &HeaderMap, name: &str) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}
