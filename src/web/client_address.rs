//! Who is really asking: the peer of the connection, or, if that is one of our own proxies, whom it speaks for.
//!
//! Anyone can send X-Forwarded-For, so it counts only from a proxy that the configuration lists, and is read from the
//! right: each proxy appends the address it saw, and the first one that is not ours is the last that we can believe.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

use poem::{
    Endpoint, Middleware, Request, Result,
    http::{HeaderMap, uri::Scheme},
};

/// An IP address or a network, such as `10.0.0.0/8`, `::1` or `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in this network. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let host_bits = 32 - u32::from(self.prefix);
                (network.to_bits() ^ address.to_bits()).checked_shr(host_bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let host_bits = 128 - u32::from(self.prefix);
                (network.to_bits() ^ address.to_bits()).checked_shr(host_bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| invalid()))?;
        if prefix > bits {
            return Err(invalid());
        }
        Ok(Self { address, prefix })
    }
}

/// What was written is neither an address nor a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidNetwork(String);

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is neither an IP address nor a network such as 10.0.0.0/8", self.0)
    }
}

impl std::error::Error for InvalidNetwork {}

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
