//! Every request has a reference: the citizen reads it to the help desk, the log has it on every line.

use app::context::Riferimento;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

/// Letters and digits that nobody confuses on the phone.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

fn new_reference() -> String {
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        return "SENZA-RIF".to_owned();
    }
    let text: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    format!("{}-{}", &text[..4], &text[4..])
}

/// Gives the request its reference and writes one line about it. The path is the route's pattern: tokens and notice numbers
/// stand in paths, and may not stand in logs.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let reference = new_reference();
    request.extensions_mut().insert(Riferimento(reference.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(nessuna)", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("richiesta", rif = reference);
    let started = tokio::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(%method, route, status, elapsed_ms, "answered"));
    metrics::counter!("sportello_http_responses_total", "route" => route, "status" => status.to_string()).increment(1);
    if let Ok(value) = HeaderValue::from_str(&reference) {
        response.headers_mut().insert("x-riferimento", value);
    }
    response
}
