//! What is noted of a call in the Giornale degli eventi: who, what, when, how it ended. No body, no key, no identifier in full.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// How a call ended, for the Giornale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Esito {
    Fatto,
    Rifiutato,
    Riprova,
    Incerto,
    /// The breaker was open: nothing was sent.
    NonInviato,
}

/// One call, as the Giornale keeps it (SANP: for 24 months at least).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// `GPD`, `FDR`, …
    pub peer: &'static str,
    /// `operationId` of the OpenAPI.
    pub operation: &'static str,
    /// What it was about, masked: `3020…84`.
    pub reference: Option<String>,
    pub started: Timestamp,
    pub took_ms: u64,
    /// `None`: no answer.
    pub status: Option<u16>,
    pub esito: Esito,
    pub request_bytes: usize,
    pub answer_bytes: usize,
    /// Of the bodies, in hexadecimal; `None` where there is none. With a copy kept elsewhere they prove what was said.
    pub request_sha256: Option<String>,
    pub answer_sha256: Option<String>,
}

/// Enough of an identifier to recognise it beside the whole, not enough to use it: `3020…84`. Short ones not at all.
pub fn masked(id: &str) -> String {
    let chars: Vec<char> = id.chars().filter(|c| !c.is_control()).collect();
    if chars.len() < 12 {
        return "…".to_owned();
    }
    let (head, tail) = (&chars[..4], &chars[chars.len() - 2..]);
    head.iter().chain(['…'].iter()).chain(tail).collect()
}

pub(super) fn digest(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| hex(&Sha256::digest(bytes)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_recognised_and_not_told() {
        assert_eq!(masked("302000000000000184"), "3020…84");
        assert_eq!(masked("77777777777"), "…");
        assert_eq!(masked("èèèèèèèèèèèè\n"), "èèèè…èè");
        assert_eq!(masked(""), "…");
    }

    #[test]
    fn a_digest_is_that_of_the_bytes_and_of_nothing_there_is_none() {
        assert_eq!(digest(b""), None);
        assert_eq!(digest(b"abc").unwrap(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
