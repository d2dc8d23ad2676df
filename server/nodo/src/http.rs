//! One way to build an HTTP client for a peer of pagoPA.
//!
//! reqwest is built without a TLS provider of its own and *panics* where none is installed. Here that is an error; and plain http, as
//! the sandbox and the tests speak it, needs none.

use reqwest::redirect::Policy;
use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A peer that is up accepts a connection at once; the rest of the time is for the answer.
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Why no client can be built.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// `rustls::crypto::ring::default_provider().install_default()` is the first thing a binary does.
    #[error("no TLS provider is installed")]
    NoTlsProvider,
    #[error("the HTTP client cannot be built")]
    Build(#[source] reqwest::Error),
}

/// A client for one peer: redirects are answers like others, `timeout` counts from connecting to the last byte. A peer spoken to in
/// plain http (the sandbox) is reached without proxy and can be reached in no other way.
///
/// # Errors
/// See [`ClientError`].
pub fn client(peer: &Url, timeout: Duration) -> Result<reqwest::Client, ClientError> {
    client_within(peer, CONNECT_MAX, timeout)
}

/// The same, with a limit of its own for the connection.
///
/// # Errors
/// See [`ClientError`].
pub fn client_within(peer: &Url, connect: Duration, timeout: Duration) -> Result<reqwest::Client, ClientError> {
    let builder = reqwest::Client::builder().redirect(Policy::none()).timeout(timeout).connect_timeout(timeout.min(connect));
    let builder = if peer.scheme() == "http" {
        // trusts nobody: no TLS handshake of this client can succeed
        let no_tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| ClientError::NoTlsProvider)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        builder.no_proxy().tls_backend_preconfigured(no_tls)
    } else if CryptoProvider::get_default().is_none() {
        return Err(ClientError::NoTlsProvider);
    } else {
        builder.https_only(true)
    };
    builder.build().map_err(ClientError::Build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_for_plain_http_needs_no_provider_and_one_for_https_tells_that_it_does() {
        let second = Duration::from_secs(1);
        assert!(client(&Url::parse("http://127.0.0.1:1/").unwrap(), second).is_ok());
        assert!(CryptoProvider::get_default().is_none(), "building a client installs nothing");
        let https = client(&Url::parse("https://api.platform.pagopa.it/").unwrap(), second);
        assert!(matches!(https, Err(ClientError::NoTlsProvider)), "{https:?}");
    }
}
