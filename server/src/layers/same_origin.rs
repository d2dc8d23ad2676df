//! Nothing is changed from another site: leptos and plain forms have no defence of their own against forged requests.
//!
//! An unsafe method passes when the browser says it comes from our pages (`Sec-Fetch-Site: same-origin`, or `none` for what
//! the person typed), or, for browsers that do not say, when `Origin` is ours. A client that says neither is no browser, holds
//! no cookie worth stealing, and passes.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Origin;

/// Refuses with 403 what another site made the browser send.
pub async fn layer(State(ours): State<Origin>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_ours(request.headers(), &ours) {
        next.run(request).await
    } else {
        tracing::warn!("a request made by another site was refused");
        (StatusCode::FORBIDDEN, "Richiesta da un altro sito: torna alla pagina e riprova.").into_response()
    }
}

fn is_ours(headers: &HeaderMap, ours: &Origin) -> bool {
    let text = |name| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => match text(header::ORIGIN) {
            Some(origin) => url::Url::parse(origin).is_ok_and(|url| &url.origin() == ours),
            None => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_pages_may_change_things() {
        let ours = url::Url::parse("https://pagamenti.it").unwrap().origin();
        for (headers, passes) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://pagamenti.it")], false),
            (&[("origin", "https://pagamenti.it")], true),
            (&[("origin", "https://evil.org")], false),
            (&[("origin", "http://pagamenti.it")], false),
            (&[("origin", "null")], false),
            (&[], true),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_ours(&map, &ours), passes, "{headers:?}");
        }
    }
}
