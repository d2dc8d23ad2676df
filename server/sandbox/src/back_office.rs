//! The back office: the accounts of the enti an intermediary works for. What the Nodo checks answers against.
//!
//! Source: openapi_backoffice_external_ec.json, `getBrokerIbans`.

use crate::Sandbox;
use crate::problem::Problem;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// `limit`: `maximum` 100.
const LIMIT_MAX: usize = 100;

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    Router::new().route("/backoffice/external/ec/v1/brokers/{broker}/ibans", get(ibans)).with_state(Arc::clone(sandbox))
}

#[derive(Deserialize)]
struct Pagina {
    page: usize,
    limit: Option<usize>,
}

async fn ibans(
    State(sandbox): State<Arc<Sandbox>>,
    Path(broker): Path<String>,
    query: Result<Query<Pagina>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(Pagina { page, limit }) = query.map_err(|rejection| Problem::malformed(rejection.body_text()))?;
    let limit = limit.unwrap_or(10);
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Problem::malformed(format!("limit: 1 to {LIMIT_MAX}")));
    }
    let enti = sandbox.config.enti.iter().filter(|e| e.intermediario == broker);
    let all: Vec<Value> = enti
        .flat_map(|ente| {
            ente.ibans.iter().map(|iban| {
                json!({
                    "ciFiscalCode": ente.codice_fiscale, "ciName": format!("Ente {}", ente.codice_fiscale), "iban": iban,
                    "status": "ENABLED", "validityDate": "2024-01-01T00:00:00Z", "description": "Conto di tesoreria"
                })
            })
        })
        .collect();
    if all.is_empty() {
        let detail = format!("No ibans found for broker {broker}");
        return Err(Problem { status: StatusCode::NOT_FOUND, title: "Not Found", detail });
    }
    let total = all.len();
    let ibans: Vec<&Value> = all.iter().skip(page.saturating_mul(limit)).take(limit).collect();
    Ok(Json(json!({
        "ibans": ibans,
        "pageInfo": { "page": page, "limit": limit, "totalElements": total, "totalPages": total.div_ceil(limit) }
    })))
}
