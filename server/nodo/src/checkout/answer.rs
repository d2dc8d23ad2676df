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
pub(crate) fn address(text: &str, asked: &Url, origins: &[String]) -> Result<Url, CheckoutError> {
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

/// One line of what Checkout says, empty when it says nothing we can read. It may quote the cart: words with a digit or an @ in them
/// (notice numbers, IBANs, addresses) are left out.
pub(crate) fn detail(body: &[u8]) -> String {
    let problem: ProblemJson = serde_json::from_slice(body).unwrap_or_default();
    let text = problem.detail.or(problem.title).unwrap_or_default();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let quotes = |word: &str| word.contains('@') || word.chars().any(char::is_numeric);
    let told = text.split_whitespace().map(|word| if quotes(word) { "…" } else { word }).collect::<Vec<_>>().join(" ");
    told.chars().take(DETAIL_MAX).collect()
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
    fn a_refusal_is_told_in_one_line_and_quotes_nobody() {
        for (body, told) in [
            (r#"{"title":"Bad Request","detail":"a cart\nwithout notices"}"#, "a cart without notices"),
            (r#"{"title":"Bad Request","detail":"emailNotice mario@example.it is not valid"}"#, "emailNotice … is not valid"),
            (r#"{"detail":"notice 302000000000000184 of 80001230459 is paid"}"#, "notice … of … is paid"),
            (r#"{"title":"debtor RSSMRA85T10A562S unknown"}"#, "debtor … unknown"),
            // an escape sequence of a terminal
            (r#"{"title":"\u001b[31m Conflict\r\n"}"#, "… Conflict"),
            (r#"{"status":400}"#, ""),
            ("<html>", ""),
        ] {
            assert_eq!(detail(body.as_bytes()), told, "{body}");
        }
        assert!(detail(format!(r#"{{"detail":"{}"}}"#, "x ".repeat(5_000)).as_bytes()).len() <= DETAIL_MAX);
    }

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
        // family 21 of `server/tests/portal/hostile.rs`
        let elsewhere = [
            ("another host", "https://evil.example/"),
            ("no scheme", "//evil.example/"),
            ("backslashes", "\\\\evil.example\\"),
            ("one of each", "/\\evil.example/"),
            ("three slashes", "https:///evil.example/"),
            ("blanks and tabs inside", " ht\ttps://evil\n.example/"),
            ("without TLS", "http://api.platform.pagopa.it/"),
            ("another port", "https://api.platform.pagopa.it:8443/"),
            ("ours as a prefix", "https://api.platform.pagopa.it.evil.example/"),
            ("ours as a suffix", "https://evilcheckout.pagopa.it/"),
            ("ours as a user", "https://api.platform.pagopa.it@evil.example/"),
            ("a user", "https://u:p@api.platform.pagopa.it/"),
            ("an empty user", "https://@evil.example/"),
            ("a dot behind the host", "https://checkout.pagopa.it./"),
            ("escaped host", "https://checkout.pagopa.it%2f.evil.example/"),
            ("look-alike host", "https://checkout.p\u{430}gopa.it/"),
            ("a script", "javascript:alert(1)"),
            ("a script with ours in it", "javascript://checkout.pagopa.it/%0aalert(1)"),
            ("a document", "data:text/html,x"),
            ("a file", "file:///etc/passwd"),
            ("nothing behind the scheme", "https://"),
        ];
        assert!(elsewhere.len() >= 10);
        for (name, bad) in elsewhere {
            let read = address(bad, &asked, &origins);
            assert!(matches!(read, Err(CheckoutError::BadAnswer(_))), "{name}: {read:?}");
        }
    }
}
