//! What the sandbox is told when it starts.

use crate::posta::Cassetta;
use jiff::civil::DateTime;
use std::fmt;
use std::sync::Arc;
use url::Url;

/// Civil time of Europe/Rome, now. The Nodo writes `paymentDateTime` without an offset (SANP), so there is no zone to know here.
pub type Orologio = Arc<dyn Fn() -> DateTime + Send + Sync>;

/// Where the sandbox is, whom it calls and whom it knows.
#[derive(Clone)]
pub struct SandboxConfig {
    /// How browsers reach it: `http://127.0.0.1:3002`.
    pub base_url: Url,
    /// The station under test: `http://127.0.0.1:3001/pagopa/pa`. For `https` the binary must have installed a TLS provider.
    pub stazione_url: Url,
    /// The enti registered at this Nodo.
    pub enti: Vec<EnteSandbox>,
    /// `scheme://host[:port]` that return addresses of a cart may have; empty: any.
    pub allowed_return_origins: Vec<String>,
    /// How long the receipt takes after a payment on the Checkout page, unless the page says otherwise.
    pub checkout_delay_ms: u64,
    /// Where letters go: shared with whoever serves the socket of the mail ([`crate::posta::serve`]).
    pub posta: Cassetta,
    /// Who can come in by the provider of identity.
    pub persone: Vec<PersonaSandbox>,
    pub clock: Orologio,
}

impl SandboxConfig {
    /// Long enough to see the page that waits, short enough not to bore whoever trains.
    pub const CHECKOUT_DELAY_MS: u64 = 1_500;

    /// With the usual delay, and any return address.
    pub fn new(base_url: Url, stazione_url: Url, enti: Vec<EnteSandbox>, clock: Orologio) -> Self {
        let checkout_delay_ms = Self::CHECKOUT_DELAY_MS;
        let (allowed_return_origins, posta, persone) = (Vec::new(), Cassetta::default(), Vec::new());
        Self { base_url, stazione_url, enti, allowed_return_origins, checkout_delay_ms, posta, persone, clock }
    }

    pub(crate) fn ente(&self, codice_fiscale: &str) -> Option<&EnteSandbox> {
        self.enti.iter().find(|e| e.codice_fiscale == codice_fiscale)
    }

    /// An address of ours, as a browser reaches it.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }

    pub(crate) fn permits_return_to(&self, url: &Url) -> bool {
        let origin = url.origin().ascii_serialization();
        self.allowed_return_origins.is_empty() || self.allowed_return_origins.iter().any(|o| o.trim_end_matches('/') == origin)
    }
}

impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("base_url", &self.base_url.as_str())
            .field("stazione_url", &self.stazione_url.as_str())
            .field("enti", &self.enti)
            .field("allowed_return_origins", &self.allowed_return_origins)
            .field("checkout_delay_ms", &self.checkout_delay_ms)
            .finish_non_exhaustive()
    }
}

/// Somebody who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonaSandbox {
    pub codice_fiscale: String,
    pub nome: String,
    pub cognome: String,
}

/// An ente as the Nodo has it on its books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteSandbox {
    /// `idPA`: 11 digits.
    pub codice_fiscale: String,
    /// `idBrokerPA`.
    pub intermediario: String,
    /// `idStation`.
    pub stazione: String,
    /// Accounts registered for it; empty: any account passes.
    pub ibans: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_origins_may_be_returned_to() {
        let url = |text: &str| Url::parse(text).unwrap();
        let clock: Orologio = Arc::new(|| jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0));
        let mut config =
            SandboxConfig::new(url("http://127.0.0.1:3002/"), url("http://127.0.0.1:3001/pagopa/pa"), Vec::new(), clock);
        assert!(config.permits_return_to(&url("https://anywhere.example/ok")));
        config.allowed_return_origins = vec!["http://127.0.0.1:3000/".to_owned()];
        assert!(config.permits_return_to(&url("http://127.0.0.1:3000/esito?x=1")));
        for other in [
            "http://127.0.0.1:3001/esito",
            "https://127.0.0.1:3000/esito",
            "http://127.0.0.1.example/",
            "http://127.0.0.1:3000@evil.example/",
        ] {
            assert!(!config.permits_return_to(&url(other)), "{other}");
        }
        assert_eq!(config.address("/x"), "http://127.0.0.1:3002/x");
    }
}
