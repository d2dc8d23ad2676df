//! `POST /pagopa/pa`: raw bytes in, raw bytes out. Which operation it is, the body says: SOAPAction may be quoted, bare or absent.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use nodo::pa_for_node::{DecodeError, operation};
use portal::Portal;
use portal::stazione::Risposta;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Below the 15 s after which the Nodo gives a receipt up for this time (SANP, "Livelli di servizio").
const DEADLINE: Duration = Duration::from_secs(10);

/// Answers the Nodo.
pub async fn pa_for_node(
    State(portal): State<Portal>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "no Content-Encoding here");
    }
    let started = Instant::now();
    let peer = peer.map(|Extension(ConnectInfo(address))| address.ip().to_string());
    let answer = tokio::time::timeout(DEADLINE, portal.answer_nodo(&body, peer.as_deref())).await;
    let response = match answer {
        Ok(Risposta::Soap(bytes)) => {
            let mut response = Response::new(Body::from(bytes));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
            response
        }
        Ok(Risposta::NotSoap(why)) => plain(StatusCode::BAD_REQUEST, why),
        Ok(Risposta::Unavailable) | Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "try again later"),
    };
    let primitiva = primitiva(&body);
    let status = response.status().as_u16().to_string();
    metrics::counter!("sportello_station_answers_total", "primitiva" => primitiva, "status" => status).increment(1);
    metrics::histogram!(crate::metriche::STATION_SECONDS, "primitiva" => primitiva).record(started.elapsed());
    response
}

/// For the SLA, which is one for each primitive.
fn primitiva(body: &[u8]) -> &'static str {
    match operation(body) {
        Ok(operation) | Err(DecodeError::Invalid { operation, .. }) => operation.name(),
        Err(DecodeError::NotSoap(_)) => "nessuna",
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
