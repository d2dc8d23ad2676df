//! Checkout: a cart goes there, the address of its payment page comes back.
//!
//! Source: checkout_v1.json and checkout_v2.json of pagopa-api, SANP 3.12.0 "Pagamento presso frontend dell'EC". A return address is
//! no proof of payment: only the receipt is.

mod answer;
mod cart;
mod config;

pub(crate) use answer::{address, detail};

pub use crate::rest::SubscriptionKey;
pub use answer::CheckoutError;
pub use cart::{Cart, CartNotice};
pub use config::{CheckoutConfig, CheckoutVersion, ConfigError};

use reqwest::header::{ACCEPT, HeaderValue};
use std::time::Duration;
use url::Url;

/// The only place the key may go: never into the address, which proxies log.
const KEY_HEADER: &str = "Ocp-Apim-Subscription-Key";

/// Speaks to Checkout. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Checkout {
    http: reqwest::Client,
    carts: Url,
    version: CheckoutVersion,
    key: Option<HeaderValue>,
    redirect_origins: Vec<String>,
    timeout: Duration,
}

impl Checkout {
    /// # Errors
    /// See [`ConfigError`].
    pub fn new(config: CheckoutConfig) -> Result<Self, ConfigError> {
        let (carts, timeout) = (config.carts()?, Duration::from_millis(config.timeout_ms));
        Ok(Self {
            http: crate::http::client(&carts, timeout)?,
            timeout,
            version: config.version,
            key: config.key_header()?,
            redirect_origins: config.origins()?,
            carts,
        })
    }

    /// How long an answer is waited for.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Hands the cart over; the citizen's browser goes to the address that comes back.
    ///
    /// # Errors
    /// See [`CheckoutError`].
    pub async fn post_cart(&self, cart: &Cart) -> Result<Url, CheckoutError> {
        let mut request = self.http.post(self.carts.clone()).header(ACCEPT, "application/json").json(&cart.body(self.version));
        if let Some(key) = &self.key {
            request = request.header(KEY_HEADER, key.clone());
        }
        let response = request.send().await.map_err(CheckoutError::of)?;
        answer::read(response, &self.carts, &self.redirect_origins).await
    }
}
