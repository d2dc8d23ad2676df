//! What an answer means for whoever asked.

use super::{Budget, Exchange};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;

/// Characters of a reason that are kept: it goes to a log and to the help desk.
const DETAIL_MAX: usize = 300;

/// How a call ended, and what is noted of it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    pub outcome: Outcome<T>,
    /// To be written to the Giornale degli eventi, whatever the outcome.
    pub exchange: Exchange,
}

/// The four ways a call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    Done(T),
    /// The peer read the request and says no. `permanent`: the same request will be refused for ever; otherwise something outside it
    /// has to be mended first (a key, a mandate of the broker).
    Refused {
        problem: Problem,
        permanent: bool,
    },
    /// Surely without effect: ask again, not before `after`.
    Retry {
        after: Option<Duration>,
        why: Why,
    },
    /// It may have happened: read back before asking again. Only for calls that change something; the others end in `Retry`.
    Unknown(Why),
}

/// Why there is no answer to go by. Never a piece of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("cannot be reached")]
    Unreachable,
    #[error("did not answer in time")]
    Timeout,
    #[error("broke off in the middle of the answer")]
    CutOff,
    #[error("answered more bytes than it may")]
    TooLong,
    #[error("status {0}")]
    Status(u16),
    /// The status was right and the body was not: HTML, truncated JSON, an amount nobody can owe.
    #[error("answered something unreadable: {0}")]
    Unreadable(&'static str),
    #[error("failed too often lately and is left alone for a while")]
    Resting,
}

/// What the peer says is wrong: ProblemJson (GPD, Biz Events, ACA, …) or ErrorResponse (FdR). `Debug` leaves out what it says in
/// words, which may quote the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: u16,
    /// `appErrorCode` of FdR; the others have none.
    pub code: Option<String>,
    pub title: String,
    pub detail: String,
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

impl Problem {
    /// A request that must not even be sent.
    pub(crate) fn unsendable(title: &str) -> Self {
        Self { status: 0, code: None, title: title.to_owned(), detail: String::new() }
    }

    /// What can be read of a body that should be a problem.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let raw: RawProblem = serde_json::from_slice(body).unwrap_or_default();
        let messages = raw.errors.unwrap_or_default().into_iter().filter_map(|e| e.message).collect::<Vec<_>>().join("; ");
        Self {
            status,
            code: raw.app_error_code.map(|c| line(&c)).filter(|c| !c.is_empty()),
            title: line(&raw.title.or(raw.http_status_description).unwrap_or_default()),
            detail: line(&raw.detail.or(raw.error_message).unwrap_or(messages)),
        }
    }
}

/// Members of both kinds, none of them certain.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawProblem {
    title: Option<String>,
    detail: Option<String>,
    app_error_code: Option<String>,
    http_status_description: Option<String>,
    error_message: Option<String>,
    errors: Option<Vec<RawError>>,
}

#[derive(Deserialize)]
struct RawError {
    message: Option<String>,
}

/// One line, short enough for a log.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(DETAIL_MAX).collect::<String>().trim().to_owned()
}

impl<T> Outcome<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(value) => Outcome::Done(f(value)),
            Self::Refused { problem, permanent } => Outcome::Refused { problem, permanent },
            Self::Retry { after, why } => Outcome::Retry { after, why },
            Self::Unknown(why) => Outcome::Unknown(why),
        }
    }

    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(value) => Some(value),
            _ => None,
        }
    }

    /// The status of a refusal.
    pub fn refused(&self) -> Option<u16> {
        match self {
            Self::Refused { problem, .. } => Some(problem.status),
            _ => None,
        }
    }
}

impl<T> Answer<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { outcome: self.outcome.map(f), exchange: self.exchange }
    }
}

/// The verdict on an answer that is not the one hoped for. `safe`: the call changes nothing.
pub(super) fn judge<T>(status: u16, headers: &HeaderMap, body: &[u8], safe: bool) -> Outcome<T> {
    let after = retry_after(headers);
    match status {
        // 425: the report is not ready yet (GPD upload)
        408 | 425 | 429 => Outcome::Retry { after, why: Why::Status(status) },
        // 401 and 403: the key, or the broker's mandate for this ente
        401 | 403 | 407 => Outcome::Refused { problem: Problem::read(status, body), permanent: false },
        400..=499 => Outcome::Refused { problem: Problem::read(status, body), permanent: true },
        // said before the work begins
        503 => Outcome::Retry { after, why: Why::Status(status) },
        _ => uncertain(Why::Status(status), safe),
    }
}

/// Something may have happened over there.
pub(super) fn uncertain<T>(why: Why, safe: bool) -> Outcome<T> {
    if safe { Outcome::Retry { after: None, why } } else { Outcome::Unknown(why) }
}

/// A body that says it is JSON, or says nothing. A proxy's HTML with status 200 is none.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence = value.to_str().ok().and_then(|v| v.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json")
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// In seconds; a date is not worth a clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

impl Budget {
    pub(super) fn allows(&self, bytes: usize) -> bool {
        bytes <= self.answer_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn verdict(status: u16, safe: bool) -> Outcome<()> {
        judge(status, &HeaderMap::new(), b"{\"title\":\"t\",\"detail\":\"d\"}", safe)
    }

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        for status in [400, 404, 409, 410, 415, 422] {
            assert!(matches!(verdict(status, false), Outcome::Refused { permanent: true, .. }), "{status}");
        }
        for status in [401, 403] {
            assert!(matches!(verdict(status, false), Outcome::Refused { permanent: false, .. }), "{status}");
        }
        for status in [408, 425, 429, 503] {
            assert_eq!(verdict(status, false), Outcome::Retry { after: None, why: Why::Status(status) });
        }
    }

    #[test]
    fn what_may_have_happened_is_unknown_only_where_it_matters() {
        for status in [200, 204, 301, 302, 303, 307, 500, 502, 504, 599] {
            assert_eq!(verdict(status, false), Outcome::Unknown(Why::Status(status)));
            assert_eq!(verdict(status, true), Outcome::Retry { after: None, why: Why::Status(status) });
        }
    }

    #[test]
    fn problems_of_both_kinds_are_read_and_cut_to_a_line() {
        let gpd = Problem::read(409, br#"{"title":"Conflict","status":409,"detail":"riga\n1"}"#);
        assert_eq!((gpd.title.as_str(), gpd.detail.as_str(), gpd.code), ("Conflict", "riga 1", None));
        let fdr = Problem::read(
            404,
            br#"{"httpStatusCode":404,"httpStatusDescription":"Not Found","appErrorCode":"FDR-3001","errors":[{"message":"Flow not found"}]}"#,
        );
        assert_eq!(
            (fdr.code.as_deref(), fdr.title.as_str(), fdr.detail.as_str()),
            (Some("FDR-3001"), "Not Found", "Flow not found")
        );
        assert_eq!(Problem::read(400, b"<html>").title, "");
        assert_eq!(Problem::read(400, format!("{{\"detail\":\"{}\"}}", "x".repeat(5_000)).as_bytes()).detail.len(), DETAIL_MAX);
        assert!(!format!("{gpd:?}", gpd = Problem::read(400, br#"{"detail":"RSSMRA85T10A562S"}"#)).contains("RSSMRA"));
    }

    #[test]
    fn json_is_what_calls_itself_so_or_nothing() {
        let headers = |value: &'static str| HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))]);
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json", "text/json"] {
            assert!(is_json(&headers(good)), "{good}");
        }
        for bad in ["text/html", "text/html; application/json", "application/xml", ""] {
            assert!(!is_json(&headers(bad)), "{bad}");
        }
        assert!(is_json(&HeaderMap::new()));
    }

    #[test]
    fn retry_after_is_seconds_or_nothing() {
        let after = |value: &'static str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]));
        assert_eq!(after(" 7 "), Some(Duration::from_secs(7)));
        for bad in ["", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999999"] {
            assert_eq!(after(bad), None, "{bad}");
        }
    }
}
