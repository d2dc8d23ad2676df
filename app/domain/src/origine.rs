//! Whose page it is, as browsers compare it: scheme, host and port (RFC 6454). What an ente registers for the sites that may show our
//! pages in a frame.

use crate::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `https://www.comune.it`, exact: no wildcard, no path, the port only where it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origine(String);

/// Of a host name (RFC 1035 §2.3.4), and of one of its parts.
const HOST_MAX: usize = 253;
const LABEL_MAX: usize = 63;
/// Scheme, host, port.
const MAX: u16 = 8 + 253 + 6;

impl Origine {
    /// Capitals are made small and a final slash is read over: so browsers show and copy addresses. A name with accents is refused,
    /// browsers send it as `xn--…`. `http` is for the machine one sits at alone, and anybody's page could be changed on its way.
    ///
    /// # Errors
    /// `Missing`, `TooLong`, `BadCharacters` in the host, `BadFormat` for anything but an origin.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Reason::Missing);
        }
        if text.len() > usize::from(MAX) + 1 {
            return Err(Reason::TooLong { max: MAX });
        }
        let text = text.to_ascii_lowercase();
        let (scheme, rest) = text.split_once("://").ok_or(Reason::BadFormat)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@', '\\']) {
            return Err(Reason::BadFormat);
        }
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(parse_port(port)?)),
            None => (rest, None),
        };
        let local = is_local(host);
        if !local {
            check_name(host)?;
        }
        let own = match scheme {
            "https" => 443,
            "http" if local => 80,
            _ => return Err(Reason::BadFormat),
        };
        let port = port.filter(|port| *port != own).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{scheme}://{host}{port}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// On the machine of whoever looks at it: a comune's site that is tried out.
    pub fn is_local(&self) -> bool {
        let host = self.0.split_once("://").map_or("", |(_, rest)| rest);
        is_local(host.split(':').next().unwrap_or_default())
    }
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1")
}

/// A name of the internet: letters, digits and dashes, at least two parts, the last with a letter (so no bare address).
fn check_name(host: &str) -> Result<(), Reason> {
    let label = |label: &str| {
        let characters = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        characters && (1..=LABEL_MAX).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.is_empty() || host.len() > HOST_MAX || !host.split('.').all(label) {
        return Err(Reason::BadCharacters);
    }
    match host.rsplit_once('.') {
        Some((_, last)) if last.bytes().any(|b| b.is_ascii_lowercase()) => Ok(()),
        _ => Err(Reason::BadFormat),
    }
}

fn parse_port(text: &str) -> Result<u16, Reason> {
    // `+80` and `080` are numbers to Rust, and no ports
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| digits).ok_or(Reason::BadFormat)
}

impl fmt::Display for Origine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Origine {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Origine> for String {
    fn from(origine: Origine) -> Self {
        origine.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_a_browser_sends_it() {
        for (typed, sent) in [
            ("https://www.comune.valdoria.it", "https://www.comune.valdoria.it"),
            (" HTTPS://WWW.Comune.Valdoria.it/ ", "https://www.comune.valdoria.it"),
            ("https://comune.it:443", "https://comune.it"),
            ("https://comune.it:8443/", "https://comune.it:8443"),
            ("https://xn--citt-2na.example", "https://xn--citt-2na.example"),
            ("http://localhost:3590", "http://localhost:3590"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://localhost", "https://localhost"),
        ] {
            let origine = Origine::parse(typed).unwrap();
            assert_eq!(origine.as_str(), sent, "{typed}");
            assert_eq!(Origine::parse(sent), Ok(origine), "once more changes nothing");
        }
    }

    #[test]
    fn nothing_that_names_more_than_one_site_or_no_site_is_taken() {
        for bad in [
            "",
            " ",
            "*",
            "https://*",
            "https://*.comune.it",
            "https://comune.it/pagamenti",
            "https://comune.it//",
            "https://comune.it?x",
            "https://comune.it#x",
            "https://a@comune.it",
            "https://comune.it\\@evil.example",
            "https://comune.it; script-src *",
            "https://comune.it https://evil.example",
            "https://comune.it,evil.example",
            "https://comune.it'",
            "https://città.example",
            "https://comune..it",
            "https://-comune.it",
            "https://comune.it:",
            "https://comune.it:0",
            "https://comune.it:080",
            "https://comune.it:+80",
            "https://comune.it:65536",
            "https://comune.it:*",
            "https://10.0.0.1",
            "https://[::1]",
            "https://intranet",
            "http://comune.it",
            "http://localhost.comune.it",
            "ws://comune.it",
            "comune.it",
            "null",
            "data:text/html,x",
        ] {
            assert!(Origine::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Origine::parse(&format!("https://{}", "a".repeat(300))), Err(Reason::TooLong { max: 267 }));
        assert_eq!(Origine::parse(&format!("https://{}.it", "a".repeat(64))), Err(Reason::BadCharacters));
    }

    #[test]
    fn what_is_on_this_machine_is_known_as_such() {
        for (origine, local) in [
            ("http://localhost:3590", true),
            ("https://127.0.0.1", true),
            ("https://localhost.it", false),
            ("https://comune.it", false),
        ] {
            assert_eq!(Origine::parse(origine).unwrap().is_local(), local, "{origine}");
        }
    }
}
