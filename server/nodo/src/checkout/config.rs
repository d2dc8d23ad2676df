//! Where Checkout is and how to speak to it.

use crate::rest::SubscriptionKey;
use reqwest::header::HeaderValue;
use url::Url;

/// Which of the two carts to post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckoutVersion {
    V1,
    /// Adds `returnWaitingUrl`.
    V2,
}

/// Where Checkout is and how to speak to it.
#[derive(Clone, Debug)]
pub struct CheckoutConfig {
    /// `https://api.platform.pagopa.it/checkout/ec`: `/v1/carts` or `/v2/carts` is appended.
    pub base_url: Url,
    pub version: CheckoutVersion,
    /// The sandbox needs none.
    pub subscription_key: Option<SubscriptionKey>,
    /// From connecting to the last byte: the citizen waits for it.
    pub timeout_ms: u64,
    /// `scheme://host[:port]` that the address in the answer may have: the citizen is sent there.
    pub redirect_origins: Vec<String>,
}

/// Why this configuration cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the base address of Checkout is not http or https")]
    BaseUrl,
    #[error("not an origin (scheme://host[:port]): {0}")]
    RedirectOrigin(String),
    #[error("no origin is allowed for the address of the payment page")]
    NoRedirectOrigin,
    #[error("the subscription key holds characters a header cannot")]
    SubscriptionKey,
    #[error(transparent)]
    Http(#[from] crate::http::ClientError),
}

impl CheckoutConfig {
    pub(super) fn carts(&self) -> Result<Url, ConfigError> {
        let mut url = self.base_url.clone();
        if !is_http(&url) || url.host().is_none() {
            return Err(ConfigError::BaseUrl);
        }
        url.set_query(None);
        url.set_fragment(None);
        let version = match self.version {
            CheckoutVersion::V1 => "v1",
            CheckoutVersion::V2 => "v2",
        };
        url.path_segments_mut().map_err(|()| ConfigError::BaseUrl)?.pop_if_empty().extend([version, "carts"]);
        Ok(url)
    }

    pub(super) fn key_header(&self) -> Result<Option<HeaderValue>, ConfigError> {
        let Some(key) = &self.subscription_key else { return Ok(None) };
        key.header().map(Some).ok_or(ConfigError::SubscriptionKey)
    }

    /// As browsers write them: lower case, without a default port.
    pub(super) fn origins(&self) -> Result<Vec<String>, ConfigError> {
        if self.redirect_origins.is_empty() {
            return Err(ConfigError::NoRedirectOrigin);
        }
        self.redirect_origins.iter().map(|text| origin(text).ok_or_else(|| ConfigError::RedirectOrigin(text.clone()))).collect()
    }
}

/// A path, a query or a user in the configured text is a misunderstanding: an origin allows every path.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(is_http)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (bare && url.password().is_none()).then(|| url.origin().ascii_serialization())
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str, origins: &[&str]) -> CheckoutConfig {
        CheckoutConfig {
            base_url: Url::parse(base_url).unwrap(),
            version: CheckoutVersion::V2,
            subscription_key: Some(SubscriptionKey::new("segreto")),
            timeout_ms: 1000,
            redirect_origins: origins.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_version_is_appended_to_the_base_address() {
        for base in
            ["http://127.0.0.1:3002/checkout/ec", "http://127.0.0.1:3002/checkout/ec/", "http://127.0.0.1:3002/checkout/ec?x#y"]
        {
            assert_eq!(config(base, &["http://a"]).carts().unwrap().as_str(), "http://127.0.0.1:3002/checkout/ec/v2/carts");
        }
        for bad in ["ftp://a/b", "data:text/plain,a", "file:///etc"] {
            assert!(matches!(config(bad, &["http://a"]).carts(), Err(ConfigError::BaseUrl)), "{bad}");
        }
    }

    #[test]
    fn origins_are_normalised_and_anything_more_than_one_is_refused() {
        let found = config("http://a", &["HTTPS://API.platform.pagopa.it:443", "http://127.0.0.1:3002/"]).origins().unwrap();
        assert_eq!(found, ["https://api.platform.pagopa.it", "http://127.0.0.1:3002"]);
        for bad in ["", "api.platform.pagopa.it", "https://a/path", "https://u@a", "https://a?b", "javascript:1", "*"] {
            assert!(matches!(config("http://a", &[bad]).origins(), Err(ConfigError::RedirectOrigin(_))), "{bad}");
        }
        assert!(matches!(config("http://a", &[]).origins(), Err(ConfigError::NoRedirectOrigin)));
    }

    #[test]
    fn the_key_is_never_shown() {
        let config = config("http://a", &["http://a"]);
        assert!(!format!("{config:?}").contains("segreto"));
        assert!(!format!("{:?}", config.key_header().unwrap()).contains("segreto"));
    }
}
