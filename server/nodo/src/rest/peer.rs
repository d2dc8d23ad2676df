//! Where a peer is, how to be recognised there, and how long it may take.

use reqwest::header::HeaderValue;
use std::fmt;
use std::time::Duration;
use url::Url;

/// `Ocp-Apim-Subscription-Key`. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SubscriptionKey(String);

impl SubscriptionKey {
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// As a header that is not logged; `None` when it holds characters a header cannot.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut header = HeaderValue::from_str(&self.0).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

impl fmt::Debug for SubscriptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubscriptionKey(…)")
    }
}

/// What one call may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Until the connection stands, TLS included. It is part of `total`.
    pub connect: Duration,
    /// From the first byte sent to the last received.
    pub total: Duration,
    /// Bytes of an answer.
    pub answer_max: usize,
}

impl Budget {
    /// One position, one receipt, one page of a list. GPD's own load tests ask for p99 below 2 s; 15 s is what SANP ("Indicatori di
    /// qualità") grants a list. 1 MiB: a position of 100 instalments with five transfers each is about 250 KB.
    pub const CALL: Self = Self { connect: Duration::from_secs(3), total: Duration::from_secs(15), answer_max: 1024 * 1024 };
    /// A page of a flow, a PDF, a file of positions. SANP grants 60 s for a flow. 8 MiB: a page of 1,000 payments of an FdR is about
    /// 250 KB, a notice with its fonts 200 KB.
    pub const FLOW: Self = Self { connect: Duration::from_secs(3), total: Duration::from_secs(60), answer_max: 8 * 1024 * 1024 };

    /// The narrower of two in each respect.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self {
            connect: self.connect.min(other.connect),
            total: self.total.min(other.total),
            answer_max: self.answer_max.min(other.answer_max),
        }
    }
}

/// A service of pagoPA.
#[derive(Clone, Debug)]
pub struct Peer {
    /// `https://api.platform.pagopa.it/gpd/debt-positions-service/v1`: the paths of the OpenAPI are appended.
    pub base_url: Url,
    /// One for each product and environment. The sandbox needs none.
    pub subscription_key: Option<SubscriptionKey>,
    /// Bounds every call, also those that would be allowed more.
    pub budget: Budget,
}

/// Why a peer cannot be called at all.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    #[error("the base address is not http or https, or has a user, a query or a fragment in it")]
    BaseUrl,
    #[error("the subscription key holds characters a header cannot")]
    SubscriptionKey,
    #[error(transparent)]
    Http(#[from] crate::http::ClientError),
}

impl Peer {
    pub(super) fn check(&self) -> Result<(), PeerError> {
        let url = &self.base_url;
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        // a key in the address would end in every log of every proxy
        if matches!(url.scheme(), "http" | "https") && url.has_host() && bare { Ok(()) } else { Err(PeerError::BaseUrl) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_more_than_a_path_is_refused() {
        let peer = |url: &str| Peer { base_url: Url::parse(url).unwrap(), subscription_key: None, budget: Budget::CALL };
        for good in ["http://127.0.0.1:3002/gpd", "https://api.platform.pagopa.it/gpd/debt-positions-service/v1/"] {
            assert!(peer(good).check().is_ok(), "{good}");
        }
        for bad in ["ftp://a/", "https://u@a/", "https://u:p@a/", "https://a/?subscription-key=1", "https://a/#b", "data:,a"] {
            assert!(matches!(peer(bad).check(), Err(PeerError::BaseUrl)), "{bad}");
        }
    }

    #[test]
    fn the_narrower_budget_wins_and_the_key_is_never_shown() {
        let short = Budget { total: Duration::from_secs(2), ..Budget::FLOW };
        assert_eq!(short.within(Budget::CALL), Budget { total: Duration::from_secs(2), ..Budget::CALL });
        let key = SubscriptionKey::new("segreto");
        assert!(!format!("{key:?} {:?}", key.header()).contains("segreto"));
        assert!(SubscriptionKey::new("a\nb").header().is_none());
    }
}
