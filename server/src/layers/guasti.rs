//! No citizen is left with a bare line, or nothing: what refuses a request before it comes to a page (a limit, a deadline, a method, a
//! panic) answers in a few words, which are enough for a program. A browser that asked for a page gets one: what happened, whether money
//! moved, what to do, the reference.

use crate::render::Web;
use app::context::Guasto;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, header};
use axum::middleware::Next;

/// What the refusal said to the browser itself, and the page must not lose.
const KEPT: [header::HeaderName; 2] = [header::RETRY_AFTER, header::ALLOW];

pub async fn layer(State(web): State<Web>, request: Request, next: Next) -> Response<Body> {
    if !asks_for_a_page(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let again = parts.clone();
    let refused = next.run(Request::from_parts(parts, body)).await;
    let status = refused.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(refused.headers()) {
        return refused;
    }
    let mut page = web.page_again(Request::from_parts(again, Body::empty()), Guasto(status), status).await;
    for name in KEPT {
        if let Some(value) = refused.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// As every browser does when a person goes somewhere or sends a form, and as nothing does that a page loads.
fn asks_for_a_page(request: &Request) -> bool {
    let accepted = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    *request.method() != Method::HEAD && accepted.into_iter().any(|value| value.contains("text/html"))
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
