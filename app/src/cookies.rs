//! The cookies of a citizen's browser: each a name here, none with personal data. `server` writes them, pages may read them.
//!
//! | name | holds | how long |
//! |---|---|---|
//! | `s` | an opaque id: this browser went to Checkout | a day |
//! | `c` | the cart: slugs and sealed tokens ([`portal::carrello`]) | a day |
//! | `b` | a draft to take up again ([`portal::ripresa`]) | a week |
//! | `a` | a question to a provider of identity ([`portal::accesso`]) | until its answer, ten minutes |
//! | `p` | an opaque id: who is in | as long as the browser is open |
//!
//! `HttpOnly` and `SameSite=Lax`: they come along when Checkout or a provider of identity sends the citizen back, and with no form of
//! another site. Where there is TLS also `Secure`, and `__Host-` in front of the name, which keeps other hosts of the domain from writing
//! them (RFC 6265bis).

use http::{HeaderMap, HeaderValue, header};
use portal::Portal;

/// Which of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    Sessione,
    Carrello,
    Ripresa,
    Accesso,
    Persona,
}

impl Cookie {
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Sessione, false) => "s",
            (Self::Sessione, true) => "__Host-s",
            (Self::Carrello, false) => "c",
            (Self::Carrello, true) => "__Host-c",
            (Self::Ripresa, false) => "b",
            (Self::Ripresa, true) => "__Host-b",
            (Self::Accesso, false) => "a",
            (Self::Accesso, true) => "__Host-a",
            (Self::Persona, false) => "p",
            (Self::Persona, true) => "__Host-p",
        }
    }

    /// `None`: gone with the browser.
    fn seconds(self) -> Option<i64> {
        match self {
            Self::Sessione => Some(24 * 3_600),
            Self::Carrello => Some(portal::carrello::CARRELLO_TTL.as_secs()),
            Self::Ripresa => Some(portal::ripresa::RIPRESA_TTL.as_secs()),
            Self::Accesso => Some(portal::accesso::ACCESSO_TTL.as_secs()),
            Self::Persona => None,
        }
    }

    /// What the browser sent; empty is as good as none.
    pub fn read(self, portal: &Portal, headers: &HeaderMap) -> Option<String> {
        let wanted = self.name(is_https(portal));
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        lines.flat_map(|line| line.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted && !value.is_empty()).then(|| value.to_owned())
        })
    }

    /// As [`Cookie::read`], of the request whose page is being made.
    pub fn of_request(self, portal: &Portal) -> Option<String> {
        let parts: http::request::Parts = leptos::prelude::use_context()?;
        self.read(portal, &parts.headers)
    }

    /// For the browser to keep; nothing: for it to forget.
    pub fn write(self, portal: &Portal, value: &str) -> Option<HeaderValue> {
        let https = is_https(portal);
        let (name, secure) = (self.name(https), if https { "; Secure" } else { "" });
        let seconds = if value.is_empty() { Some(0) } else { self.seconds() };
        let max_age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}")).ok()
    }
}

fn is_https(portal: &Portal) -> bool {
    portal.settings().public_url.scheme() == "https"
}
