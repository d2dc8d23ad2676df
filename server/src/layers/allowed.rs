//! Who may call the station at all. Nobody, unless the configuration says so: a receipt that somebody made up would close a debt.

use anyhow::Context as _;
use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// Addresses and networks.
#[derive(Clone, Debug)]
pub struct Allowed(Arc<[IpNet]>);

impl Allowed {
    /// `192.0.2.10`, `192.0.2.0/24`, `2001:db8::/32`.
    ///
    /// # Errors
    /// With the text that is none of these.
    pub fn parse(networks: &[String]) -> anyhow::Result<Self> {
        let parse = |text: &String| {
            let one = text.parse::<IpAddr>().map(IpNet::from);
            one.or_else(|_| text.parse::<IpNet>()).with_context(|| format!("{text} is neither an address nor a network"))
        };
        Ok(Self(networks.iter().map(parse).collect::<anyhow::Result<_>>()?))
    }

    /// This machine alone.
    pub fn loopback() -> Self {
        Self([IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)].map(IpNet::from).into())
    }

    /// As the default: whoever is let in is named.
    pub fn nobody() -> Self {
        Self([].into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an entry is the whole of the internet.
    pub fn has_everybody(&self) -> bool {
        self.0.iter().any(|network| network.prefix_len() == 0)
    }

    /// Whether somebody is named; who is not is noted.
    pub(crate) fn admits(&self, peer: Option<IpAddr>) -> bool {
        let admitted = peer.is_some_and(|peer| self.contains(peer));
        if !admitted {
            tracing::warn!(?peer, "somebody who is not in stazione.allow called the station");
            metrics::counter!("sportello_station_refused_total").increment(1);
        }
        admitted
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        // an IPv4 caller of an IPv6 socket is `::ffff:192.0.2.10`
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Refuses everybody else, before a byte of the body is read. Who the caller is, the connection says: no header is believed.
pub async fn layer(
    State(allowed): State<Allowed>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    if allowed.admits(peer) {
        return next.run(request).await;
    }
    let mut response = Response::new(Body::from("not from here\n"));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_allowed_but_who_is_named() {
        let allowed = |networks: &[&str]| Allowed::parse(&networks.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
        for (networks, address, expected) in [
            (&[][..], "127.0.0.1", false),
            (&["192.0.2.10"], "192.0.2.10", true),
            (&["192.0.2.10"], "192.0.2.11", false),
            (&["192.0.2.0/24"], "192.0.2.255", true),
            (&["192.0.2.0/24"], "192.0.3.0", false),
            (&["192.0.2.0/24"], "::ffff:192.0.2.7", true),
            (&["2001:db8::/32"], "2001:db8::1", true),
            (&["2001:db8::/32"], "2001:db9::1", false),
            (&["198.51.100.1", "192.0.2.0/24"], "198.51.100.1", true),
        ] {
            assert_eq!(allowed(networks).contains(address.parse().unwrap()), expected, "{networks:?} {address}");
        }
        assert!(Allowed::loopback().contains("127.0.0.1".parse().unwrap()));
        for wrong in ["", "pagopa.it", "192.0.2.0/33", "192.0.2"] {
            let error = Allowed::parse(&[wrong.to_owned()]).unwrap_err().to_string();
            assert!(error.contains("neither an address nor a network"), "{wrong}: {error}");
        }
    }
}
