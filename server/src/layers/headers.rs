//! Headers that keep a page from being used against whoever reads it.

use app::context::{PERMISSIONS_POLICY, WITHOUT_CAMERA};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Origine;

/// Of `frame-ancestors`: in no frame at all.
pub const NOBODY: &str = "'none'";

/// Exactly these sites may show a page in a frame.
pub fn frame_ancestors(origini: &[Origine]) -> String {
    if origini.is_empty() { NOBODY.to_owned() } else { origini.iter().map(Origine::as_str).collect::<Vec<_>>().join(" ") }
}

/// The policy of a page: our own files, the one script with this nonce, forms to us and on to Checkout.
pub fn content_security_policy(nonce: &str, form_origins: &[String], ancestors: &str) -> String {
    // Chromium applies form-action to the redirects that follow a form: Checkout's origins must be in it
    let forms = form_origins.join(" ");
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self' {forms}; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
    )
}

/// On every answer of the public listener. `https`: also HSTS.
pub async fn layer(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // addresses hold tokens: they are nobody else's business. With `no-referrer` a form would name `null` for its origin (Fetch, "append
        // a request `Origin` header"), and browsers that send no `Sec-Fetch-Site` (Safari before 16.4) could not send any
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(PERMISSIONS_POLICY) {
        // a page that reads codes with the camera says so itself
        headers.insert(HeaderName::from_static(PERMISSIONS_POLICY), HeaderValue::from_static(WITHOUT_CAMERA));
    }
    // for browsers that know no frame-ancestors; it cannot name the sites that may
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    if policy.is_none_or(|policy| policy.contains("frame-ancestors 'none'")) {
        headers.insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY"));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        // pages show the state they read: never an older one, never on a shared computer
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_in_the_frames_of_the_sites_that_are_named_and_in_no_other() {
        let sites = ["https://a.example", "https://b.example:8443"].map(|text| Origine::parse(text).unwrap());
        assert_eq!(frame_ancestors(&[]), NOBODY);
        let policy = content_security_policy("n", &[], &frame_ancestors(&sites));
        assert!(policy.ends_with("; frame-ancestors https://a.example https://b.example:8443"), "{policy}");
    }
}
