//! Who calls: the address of the connection, or what a proxy that is named in `web.proxies` says of its own caller.

use crate::layers::allowed::Allowed;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// `X-Forwarded-For`: each proxy adds the address that called it at the end. Only what ours added is believed: from the end, the first
/// address that is not one of ours. `Forwarded` (RFC 7239) is not read: two headers could say two things.
const HEADER: &str = "x-forwarded-for";
/// Proxies in a row; who sends more wants us to read.
const HOPS_MAX: usize = 20;

/// The caller's address. All who come without one (tests that open no socket) are the same caller.
pub fn address_of(proxies: &Allowed, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    told(proxies, peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), request.headers())
}

fn told(proxies: &Allowed, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !proxies.contains(peer) {
        return peer;
    }
    let lines: Vec<_> = headers.get_all(HEADER).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut farthest = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS_MAX) {
        let Some(address) = read(text.trim()) else { return farthest };
        farthest = address;
        if !proxies.contains(address) {
            return address;
        }
    }
    farthest
}

/// With the port that some proxies add, too.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_what_a_named_proxy_says_is_believed() {
        let proxies = Allowed::parse(&["10.0.0.0/8".to_owned(), "2001:db8:ffff::/48".to_owned()]).unwrap();
        for (peer, lines, expected) in [
            // nobody we know: whatever he says
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("203.0.113.9", &[], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            // what the caller wrote himself stands before what our proxy added
            ("10.0.0.1", &["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.7"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.8, 10.0.0.7"], "10.0.0.8"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["2001:db8::1"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            // what cannot be read ends it: all those share the proxy's limits
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, "], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.7"], "10.0.0.7"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(HEADER, HeaderValue::from_static(line));
            }
            assert_eq!(told(&proxies, peer.parse().unwrap(), &headers), expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
            assert_eq!(told(&Allowed::nobody(), peer.parse().unwrap(), &headers), peer.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn a_header_without_end_is_not_read_to_its_end() {
        let mut headers = HeaderMap::new();
        headers.append(HEADER, HeaderValue::from_str(&["10.0.0.7"; 5_000].join(",")).unwrap());
        assert_eq!(
            told(&Allowed::parse(&["10.0.0.0/8".to_owned()]).unwrap(), "10.0.0.1".parse().unwrap(), &headers).to_string(),
            "10.0.0.7"
        );
    }
}
