//! Whom a request is attributed to, with and without proxies.

use std::net::IpAddr;

use poem::{EndpointExt, handler, http::uri::Scheme, web::Data};
use quarterdeck::config::Network;
use quarterdeck::web::{
    client_address::{ClientAddress, ClientAddresses, TrustedProxies, client_address, client_scheme},
    server::Limits,
};

use crate::raw_http::start;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn networks() {
    let table = [
        ("10.0.0.0/8", "10.200.1.2", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("10.1.2.3/8", "10.9.9.9", true),
        ("192.168.1.4", "192.168.1.4", true),
        ("192.168.1.4", "192.168.1.5", false),
        ("192.168.1.4/31", "192.168.1.5", true),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false),
        ("::1", "::1", true),
        ("::/0", "fe80::1", true),
        ("fd00::/8", "fdff::1", true),
        ("fd00::/8", "fe00::1", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true),
    ];
    for (network, address, expected) in table {
        let contains = network.parse::<Network>().unwrap().contains(ip(address));
        assert_eq!(contains, expected, "{address} in {network}");
    }
}

#[test]
fn what_is_no_network_is_refused_by_name() {
    for text in ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "10.0.0.0/-1", "localhost"] {
        let error = TrustedProxies::parse(&["::1", text]).unwrap_err().to_string();
        assert_eq!(error, format!("{text:?} is neither an IP address nor a network such as 10.0.0.0/8"));
    }
}

#[test]
fn the_rightmost_address_that_is_not_ours_counts() {
    let trusted = TrustedProxies::parse(&["10.0.0.0/8", "fd00::/8"]).unwrap();
    let table = [
        ("1.1.1.1", "", "1.1.1.1"),
        ("1.1.1.1", "2.2.2.2", "1.1.1.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "9.9.9.9, 2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "9.9.9.9, 2.2.2.2, 10.0.0.2", "2.2.2.2"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "2.2.2.2:4711", "2.2.2.2"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "9.9.9.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "9.9.9.9, unknown, 10.0.0.2", "10.0.0.2"),
        ("::ffff:10.0.0.1", "2.2.2.2", "2.2.2.2"),
        ("fd00::1", "::ffff:2.2.2.2", "2.2.2.2"),
    ];
    for (peer, forwarded, expected) in table {
        assert_eq!(client_address(ip(peer), forwarded, &trusted), ip(expected), "{peer} for {forwarded:?}");
    }
    assert_eq!(client_address(ip("10.0.0.1"), "2.2.2.2", &TrustedProxies::default()), ip("10.0.0.1"));
}

#[test]
fn the_scheme_is_believed_of_a_trusted_proxy() {
    let trusted = TrustedProxies::parse(&["10.0.0.0/8"]).unwrap();
    let table = [
        ("10.0.0.1", "https", Scheme::HTTPS),
        ("10.0.0.1", "HTTPS", Scheme::HTTPS),
        ("10.0.0.1", "http, https", Scheme::HTTPS),
        ("10.0.0.1", "https, http", Scheme::HTTP),
        ("10.0.0.1", "", Scheme::HTTP),
        ("1.1.1.1", "https", Scheme::HTTP),
    ];
    for (peer, forwarded, expected) in table {
        assert_eq!(client_scheme(ip(peer), forwarded, &trusted), expected, "{peer} with {forwarded:?}");
    }
}

#[handler]
fn who(client: Data<&ClientAddress>) -> String {
    format!("{} {}", client.scheme, client.ip)
}

#[tokio::test]
async fn a_handler_sees_the_client_behind_a_proxy() {
    for (trusted, expected) in [("127.0.0.1", "https 2.2.2.2"), ("10.0.0.1", "http 127.0.0.1")] {
        let trusted = TrustedProxies::parse(&[trusted]).unwrap();
        let server = start(who.with(ClientAddresses { trusted }), Limits::default()).await;
        let mut client = server.client().await;
        client
            .send(
                "GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 2.2.2.2\r\n\
                 X-Forwarded-Proto: https\r\n\r\n",
            )
            .await;
        assert_eq!(client.answer().await.body, expected);
    }
}
