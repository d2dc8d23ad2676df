//! `POST /payment-options/organizations/{ente}/notices/{numero}`: pagoPA asks which ways there are to pay a notice.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use portal::Portal;
use std::time::Instant;

/// Answers pagoPA.
pub async fn opzioni(State(portal): State<Portal>, Path((ente, numero)): Path<(String, String)>) -> Response<Body> {
    let started = Instant::now();
    let (status, bytes) = portal.answer_opzioni(&ente, &numero).await;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let status = status.to_string();
    metrics::counter!("sportello_station_answers_total", "primitiva" => "paymentOptions", "status" => status).increment(1);
    metrics::histogram!(crate::metriche::STATION_SECONDS, "primitiva" => "paymentOptions").record(started.elapsed());
    response
}
