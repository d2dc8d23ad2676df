//! The cookies of a citizen's browser: each a name here, none with personal data. `server` writes them, pages may read them.
//!
//! | name | holds | how long |
//! |---|---|---|
//! | `s` | an opaque id: this browser went to Checkout | a day |
//! | `c` | the cart: slugs and sealed tokens ([`portal::carrello`]) | a day |
//! | `b` | a draft to take up again ([`portal::ripresa`]) | a week |
//!
//! `HttpOnly` and `SameSite=Lax`; where there is TLS also `Secure`, and `__Host-` in front of the name, which keeps other hosts of the
//! domain from writing them.

use http::{HeaderMap, HeaderValue, header};
use portal::Portal;

/// Which of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    Sessione,
    Carrello,
    Ripresa,
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
        }
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Sessione => 24 * 3_600,
            Self::Carrello => portal::carrello::CARRELLO_TTL.as_secs(),
            Self::Ripresa => portal::ripresa::RIPRESA_TTL.as_secs(),
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
        let seconds = if value.is_empty() { 0 } else { self.seconds() };
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")).ok()
    }
}

fn is_https(portal: &Portal) -> bool {
    portal.settings().public_url.scheme() == "https"
}
