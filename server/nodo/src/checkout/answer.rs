//! What Checkout answers, and who must act when it is not an address.

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// Bytes of an answer: an address or a ProblemJson, a few hundred in practice.
const BODY_MAX: usize = 64 * 1024;
/// Characters of a reason that are kept: it goes to a log and to the help desk.
const DETAIL_MAX: usize = 200;
/// Where a gateway that turns the 302 into a 200 may put the address.
const ADDRESS_FIELDS: [&str; 4] = ["checkoutRedirectUrl", "redirectUrl", "location", "url"];

/// Why there is no address.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// 400, 422: the cart is not to its liking; asking again does not help.
    #[error("Checkout refused the cart ({status}): {detail}")]
    Refused { status: u16, detail: String },
    /// 429, 503: later.
    #[error("Checkout is busy")]
    Busy { retry_after: Option<Duration> },
    #[error("Checkout cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("Checkout did not answer in time")]
    Timeout,
    /// An answer that cannot be used, or that must not: the address leads elsewhere.
    #[error("an answer of Checkout that cannot be used: {0}")]
    BadAnswer(&'static str),
    #[error("Checkout failed ({status})")]
    Failed { status: u16 },
}

impl CheckoutError {
    /// Without the address of Checkout: the message is logged.
    pub(super) fn of(error: reqwest::Error) -> Self {
        if error.is_timeout() && !error.is_connect() { Self::Timeout } else { Self::Unreachable(error.without_url()) }
    }
}

/// RFC 9457, as far as it is of use.
#[derive(Default, Deserialize)]
struct ProblemJson {
    title: Option<String>,
    detail: Option<String>,
}

/// The address of the payment page, when it leads to one of `origins`.
pub(super) async fn read(response: Response, asked: &Url, origins: &[String]) -> Result<Url, CheckoutError> {
    let status = response.status();
    match status {
        StatusCode::FOUND => {
            let location = response.headers().get(LOCATION).ok_or(CheckoutError::BadAnswer("302 without Location"))?;
            let location = location.to_str().map_err(|_| CheckoutError::BadAnswer("a Location that is no address"))?;
            address(location, asked, origins)
        }
        StatusCode::OK => {
            let body = body(response).await?;
            let json: serde_json::Value =
                serde_json::from_slice(&body).map_err(|_| CheckoutError::BadAnswer("200 without JSON"))?;
            let text = ADDRESS_FIELDS.iter().find_map(|field| json.get(field)?.as_str());
            address(text.ok_or(CheckoutError::BadAnswer("200 without an address"))?, asked, origins)
        }
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Err(CheckoutError::Refused { status: status.as_u16(), detail: detail(&body(response).await.unwrap_or_default()) })
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Err(CheckoutError::Busy { retry_after: retry_after(response.headers()) })
        }
        status if status.is_client_error() || status.is_server_error() => Err(CheckoutError::Failed { status: status.as_u16() }),
        _ => Err(CheckoutError::BadAnswer("a status it does not have")),
    }
}

/// The citizen is sent there: only to an origin we know, and without a user in the address, which could pass for one.
fn address(text: &str, asked: &Url, origins: &[String]) -> Result<Url, CheckoutError> {
    let url = asked.join(text).map_err(|_| CheckoutError::BadAnswer("a Location that is no address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(CheckoutError::BadAnswer("an address with a user in it"));
    }
    if !origins.contains(&url.origin().ascii_serialization()) {
        return Err(CheckoutError::BadAnswer("an address that leads elsewhere"));
    }
    Ok(url)
}

/// The body, as long as it is short.
async fn body(mut response: Response) -> Result<Vec<u8>, CheckoutError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(CheckoutError::of)? {
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(CheckoutError::BadAnswer("too long"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// One line of what Checkout says, empty when it says nothing we can read.
fn detail(body: &[u8]) -> String {
    let problem: ProblemJson = serde_json::from_slice(body).unwrap_or_default();
    let text = problem.detail.or(problem.title).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(DETAIL_MAX).collect()
}

/// In seconds; a date is not worth a clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citizen_is_sent_to_a_known_origin_only() {
        let asked = Url::parse("https://api.platform.pagopa.it/checkout/ec/v1/carts").unwrap();
        let origins = ["https://api.platform.pagopa.it".to_owned(), "https://checkout.pagopa.it".to_owned()];
        for good in [
            "https://api.platform.pagopa.it/ecommerce/checkout/v1/carts/1/redirect?clientId=x",
            "/a",
            "https://CHECKOUT.pagopa.it:443/c",
        ] {
            assert!(address(good, &asked, &origins).is_ok(), "{good}");
        }
        for bad in [
            "https://evil.example/",
            "//evil.example/",
            "\\\\evil.example\\",
            "http://api.platform.pagopa.it/",
            "https://api.platform.pagopa.it:8443/",
            "https://api.platform.pagopa.it.evil.example/",
            "https://api.platform.pagopa.it@evil.example/",
            "https://u:p@api.platform.pagopa.it/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
        ] {
            assert!(matches!(address(bad, &asked, &origins), Err(CheckoutError::BadAnswer(_))), "{bad}");
        }
    }
}
