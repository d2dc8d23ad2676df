//! `GET /api/pagamenti/{token}`: tiny JSON, polled by the `payment_status` island.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::pagamento::StatoPagamento;
use portal::Portal;

/// Where a trip to Checkout stands.
///
/// # Errors
/// 404 for an address that is not ours, 503 when nothing can be read now.
pub async fn stato_pagamento(
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Json<StatoPagamento>, StatusCode> {
    match portal.stato_pagamento(&token).await {
        Ok(Some(stato)) => Ok(Json(stato)),
        Ok(None) => Err(StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::error!(%error, "the state of a payment could not be read");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}
