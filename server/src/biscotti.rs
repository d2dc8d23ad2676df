//! Cookies: what each is for, and one way to read and set them. None says anything about anybody.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use portal::Portal;

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Biscotto {
    /// Who is in; gone with the browser.
    Persona,
    /// A question to a provider of identity, until its answer.
    Accesso,
}

impl Biscotto {
    /// `__Host-` wants https; a browser takes such a one from us alone, for no other path and no neighbour's name (RFC 6265bis).
    fn name(self, portal: &Portal) -> &'static str {
        match (self, portal.settings().public_url.scheme() == "https") {
            (Self::Persona, true) => "__Host-p",
            (Self::Persona, false) => "p",
            (Self::Accesso, true) => "__Host-a",
            (Self::Accesso, false) => "a",
        }
    }

    pub fn read(self, portal: &Portal, headers: &HeaderMap) -> Option<String> {
        let wanted = self.name(portal);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        cookies.flat_map(|line| line.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted).then(|| value.to_owned())
        })
    }

    /// Lax: it must come along when a provider sends the citizen back, and with no form of another site.
    pub fn set<B>(self, portal: &Portal, response: &mut Response<B>, value: &str) {
        let max_age = match self {
            Self::Persona => "",
            // as long as the question is good
            Self::Accesso => "; Max-Age=600",
        };
        self.append(portal, response, value, max_age);
    }

    pub fn clear<B>(self, portal: &Portal, response: &mut Response<B>) {
        self.append(portal, response, "", "; Max-Age=0");
    }

    fn append<B>(self, portal: &Portal, response: &mut Response<B>, value: &str, max_age: &str) {
        let name = self.name(portal);
        let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}
