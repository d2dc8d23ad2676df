//! `/.well-known/security.txt` (RFC 9116): what every installation says alike is a file of `public/`; whom to write to, and at which
//! address this is the true copy, each says for itself.

use crate::render::Web;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// With its end, which a test watches: RFC 9116 wants it less than a year away.
const COMMON: &str = include_str!("../../public/.well-known/security.txt");

/// Not there when nobody is named: a contact that nobody reads is worse.
pub async fn security_txt(State(web): State<Web>) -> Response {
    let Some(contact) = &web.security_contact else { return (StatusCode::NOT_FOUND, "404").into_response() };
    let canonical = web.portal.settings().public_url.join(".well-known/security.txt");
    let canonical = canonical.map(|url| format!("Canonical: {url}\n")).unwrap_or_default();
    let text = format!("Contact: {contact}\n{canonical}{COMMON}");
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")], text)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn it_has_not_expired_and_will_within_a_year() {
        let expires = COMMON.lines().find_map(|line| line.strip_prefix("Expires: ")).unwrap();
        let left = expires.parse::<Timestamp>().unwrap().duration_since(portal::Clock::system().unwrap().now());
        assert!(left.is_positive(), "expired: renew the date in public/.well-known/security.txt");
        assert!(left < SignedDuration::from_hours(366 * 24), "{left:?}");
        assert!(COMMON.contains("Preferred-Languages: it, en\n") && !COMMON.contains("Contact:"), "{COMMON}");
    }
}
