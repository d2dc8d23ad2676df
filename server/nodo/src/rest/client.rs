//! How one call is made: once, within its budget, judged, noted.

use super::exchange::{digest, masked};
use super::outcome::{is_json, judge, uncertain};
use super::{Answer, Breaker, Budget, Esito, Exchange, Outcome, Peer, PeerError, Problem, Verdict, Why};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// The only place the key may go: never into the address, which proxies log (the OpenAPI would allow `subscription-key` there).
const KEY_HEADER: &str = "Ocp-Apim-Subscription-Key";

/// Tells the time for the Giornale. This package has no clock of its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Speaks to one peer. Cheap to clone; the clones share the breaker.
#[derive(Clone)]
pub struct Client {
    name: &'static str,
    http: reqwest::Client,
    base: Url,
    key: Option<HeaderValue>,
    budget: Budget,
    breaker: Arc<Mutex<Breaker>>,
    clock: Clock,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// What is sent.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl Body {
    /// JSON of a type of ours, which cannot fail but by being unserialisable: then there is no body and the peer says 400.
    pub(crate) fn json<T: serde::Serialize>(value: &T) -> Self {
        Self { content_type: "application/json".to_owned(), bytes: serde_json::to_vec(value).unwrap_or_default() }
    }
}

/// One call of an OpenAPI.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// `operationId`.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// Segments after the base address, not yet escaped.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, String)],
    pub(crate) header: Option<(&'static str, String)>,
    pub(crate) body: Option<Body>,
    /// What it is about; noted masked.
    pub(crate) reference: Option<&'a str>,
    /// The one status that means done.
    pub(crate) expect: u16,
    /// The media type asked for. When it is JSON, an answer that calls itself something else is unreadable.
    pub(crate) accept: &'static str,
    pub(crate) budget: Budget,
}

pub(crate) const JSON: &str = "application/json";

impl<'a> Call<'a> {
    /// A question for JSON.
    pub(crate) fn get(operation: &'static str, path: &'a [&'a str]) -> Self {
        Self {
            operation,
            method: Method::Get,
            path,
            query: &[],
            header: None,
            body: None,
            reference: None,
            expect: 200,
            accept: JSON,
            budget: Budget::CALL,
        }
    }
}

/// An answer with the status hoped for.
#[derive(Debug)]
pub(crate) struct Received<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) location: Option<&'a str>,
}

/// What came, before it is judged.
struct Raw {
    status: u16,
    headers: HeaderMap,
    /// The body, or why it could not be had.
    body: Result<Vec<u8>, Why>,
}

impl Client {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(name: &'static str, peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        peer.check()?;
        let key = match &peer.subscription_key {
            Some(key) => Some(key.header().ok_or(PeerError::SubscriptionKey)?),
            None => None,
        };
        let http = crate::http::client_within(&peer.base_url, peer.budget.connect, peer.budget.total)?;
        let (base, budget) = (peer.base_url.clone(), peer.budget);
        Ok(Self { name, http, base, key, budget, breaker: Arc::default(), clock })
    }

    /// Asks once. `read` sees an answer with the status hoped for.
    pub(crate) async fn send<T>(&self, call: Call<'_>, read: impl FnOnce(&Received<'_>) -> Result<T, &'static str>) -> Answer<T> {
        let safe = call.method == Method::Get;
        let body = call.body.as_ref().map_or(&[][..], |b| &b.bytes);
        let mut exchange = Exchange {
            peer: self.name,
            operation: call.operation,
            reference: call.reference.map(masked),
            started: (self.clock)(),
            took_ms: 0,
            status: None,
            esito: Esito::NonInviato,
            request_bytes: body.len(),
            answer_bytes: 0,
            request_sha256: digest(body),
            answer_sha256: None,
        };
        let Some(url) = self.address(call.path, call.query) else {
            let problem = Problem::unsendable("an identifier that no address can hold");
            return Answer { outcome: Outcome::Refused { problem, permanent: true }, exchange };
        };
        let begin = Instant::now();
        if let Verdict::Wait(left) = self.breaker().ask(begin) {
            return Answer { outcome: Outcome::Retry { after: Some(left), why: Why::Resting }, exchange };
        }
        let budget = call.budget.within(self.budget);
        let expect = call.expect;
        let wants_json = call.accept == JSON;
        let outcome = match self.exchange(url, call, budget).await {
            // no connection, nothing sent: surely without effect
            Err(Why::Unreachable) => Outcome::Retry { after: None, why: Why::Unreachable },
            Err(why) => uncertain(why, safe),
            Ok(Raw { status, headers, body }) => {
                exchange.status = Some(status);
                if let Ok(body) = &body {
                    exchange.answer_bytes = body.len();
                    exchange.answer_sha256 = digest(body);
                }
                match body {
                    _ if status != expect => judge(status, &headers, body.as_deref().unwrap_or_default(), safe),
                    Err(why) => uncertain(why, safe),
                    Ok(_) if wants_json && !is_json(&headers) => uncertain(Why::Unreadable("not JSON"), safe),
                    Ok(body) => {
                        let location = headers.get(LOCATION).and_then(|l| l.to_str().ok());
                        match read(&Received { body: &body, location }) {
                            Ok(value) => Outcome::Done(value),
                            Err(what) => uncertain(Why::Unreadable(what), safe),
                        }
                    }
                }
            }
        };
        exchange.took_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        exchange.esito = esito(&outcome);
        self.learn(&outcome);
        Answer { outcome, exchange }
    }

    async fn exchange(&self, url: Url, call: Call<'_>, budget: Budget) -> Result<Raw, Why> {
        let mut request = match call.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
            Method::Put => self.http.put(url),
            Method::Delete => self.http.delete(url),
        };
        request = request.timeout(budget.total).header(ACCEPT, call.accept);
        if let Some(key) = &self.key {
            request = request.header(KEY_HEADER, key.clone());
        }
        if let Some((name, value)) = call.header {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, body.content_type).body(body.bytes);
        }
        let mut response = request.send().await.map_err(|error| why(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut bytes = Vec::new();
        let body = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if budget.allows(bytes.len() + chunk.len()) => bytes.extend_from_slice(&chunk),
                Ok(Some(_)) => break Err(Why::TooLong),
                Ok(None) => break Ok(bytes),
                Err(error) => break Err(why(&error)),
            }
        };
        Ok(Raw { status, headers, body })
    }

    /// `None` when a segment would be no segment: the rules of addresses read `..` as "one up".
    fn address(&self, path: &[&str], query: &[(&str, String)]) -> Option<Url> {
        let is_dots = |s: &str| {
            let bare = s.to_ascii_lowercase().replace("%2e", ".");
            bare == "." || bare == ".."
        };
        if path.iter().any(|s| s.is_empty() || is_dots(s)) {
            return None;
        }
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Some(url)
    }

    fn learn<T>(&self, outcome: &Outcome<T>) {
        let mut breaker = self.breaker();
        let now = Instant::now();
        match outcome {
            Outcome::Done(_) | Outcome::Refused { .. } => breaker.succeeded(),
            // the quota of the whole key is used up, or the peer is being restarted: all its calls wait
            Outcome::Retry { after: Some(after), why: Why::Status(429 | 503) } => {
                breaker.succeeded();
                breaker.hold(now, *after);
            }
            Outcome::Retry { why: Why::Status(408 | 425 | 429), .. } => breaker.succeeded(),
            Outcome::Retry { .. } | Outcome::Unknown(_) => breaker.failed(now),
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long calls are refused from now on; `None` when they go through. For the operator's page.
    pub fn resting(&self) -> Option<Duration> {
        // a copy: asking must not use up the one call that tries
        match self.breaker().clone().ask(Instant::now()) {
            Verdict::Go => None,
            Verdict::Wait(left) => Some(left),
        }
    }
}

fn why(error: &reqwest::Error) -> Why {
    if error.is_connect() {
        Why::Unreachable
    } else if error.is_timeout() {
        Why::Timeout
    } else {
        Why::CutOff
    }
}

fn esito<T>(outcome: &Outcome<T>) -> Esito {
    match outcome {
        Outcome::Done(_) => Esito::Fatto,
        Outcome::Refused { .. } => Esito::Rifiutato,
        Outcome::Retry { .. } => Esito::Riprova,
        Outcome::Unknown(_) => Esito::Incerto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_identifier_leads_to_another_address() {
        let peer =
            Peer { base_url: Url::parse("http://127.0.0.1:1/gpd/v1/").unwrap(), subscription_key: None, budget: Budget::CALL };
        let client = Client::new("GPD", &peer, Arc::new(|| Timestamp::UNIX_EPOCH)).unwrap();
        let address = |path: &[&str]| client.address(path, &[]).map(|u| u.to_string());
        assert_eq!(address(&["organizations", "7"]).unwrap(), "http://127.0.0.1:1/gpd/v1/organizations/7");
        assert_eq!(address(&["a/../../b?c#d"]).unwrap(), "http://127.0.0.1:1/gpd/v1/a%2F..%2F..%2Fb%3Fc%23d");
        for bad in ["", ".", "..", "%2e%2E", ".%2e"] {
            assert_eq!(address(&["organizations", bad]), None, "{bad}");
        }
        let query = client.address(&["a"], &[("da", "x&y=z".to_owned())]).unwrap();
        assert_eq!(query.query(), Some("da=x%26y%3Dz"));
        assert!(!format!("{client:?}").contains("key"));
    }
}
