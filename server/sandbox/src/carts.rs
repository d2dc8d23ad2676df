//! `POST /checkout/ec/v1/carts` and `/v2/carts`: the portal hands a cart over.

use crate::cart_request::{CartRequest, RawCart, Version};
use crate::guasti::GuastoCarts;
use crate::problem::Problem;
use crate::psp::{self, Incarico};
use crate::{Sandbox, caso};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

type Body = Result<Json<RawCart>, JsonRejection>;

pub(crate) async fn create_v1(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Response {
    answer(&sandbox, body, Version::V1).await
}

pub(crate) async fn create_v2(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Response {
    answer(&sandbox, body, Version::V2).await
}

async fn answer(sandbox: &Sandbox, body: Body, version: Version) -> Response {
    let guasto = sandbox.guasto();
    if let Some(instead) = guasto.instead().await {
        return instead;
    }
    match create(sandbox, body, version).await {
        Ok(url) if guasto == GuastoCarts::Ok200Json => Json(serde_json::json!({ "checkoutRedirectUrl": url })).into_response(),
        Ok(url) => found(&url),
        Err(problem) => {
            tracing::warn!(status = problem.status.as_u16(), detail = problem.detail, "Checkout refuses a cart");
            problem.into_response()
        }
    }
}

/// Judges the cart, asks the station for each of its notices, keeps it; the address of its page.
async fn create(sandbox: &Sandbox, body: Body, version: Version) -> Result<String, Problem> {
    let Json(raw) = body?;
    let cart = CartRequest::parse(raw, version, &sandbox.config).map_err(Problem::malformed)?;
    if let Some(notice) = cart.duplicate() {
        return Err(Problem::unprocessable(format!("avviso {} presente due volte", notice.numero)));
    }
    check_positions(sandbox, &cart).await?;
    let id = caso::id().map_err(|error| Problem::internal(error.to_string()))?;
    let url = sandbox.config.address(&format!("/checkout/pagamento/{id}"));
    sandbox.carrelli.insert(id, cart);
    Ok(url)
}

/// Checkout's `checkPosition`: the Nodo verifies every notice before anybody sees the page.
async fn check_positions(sandbox: &Sandbox, cart: &CartRequest) -> Result<(), Problem> {
    for notice in &cart.notices {
        let numero = &notice.numero;
        let incarico = Incarico::new(&sandbox.config, notice.ente.clone(), numero.clone())
            .ok_or_else(|| Problem::unprocessable(format!("avviso {numero}: PPT_DOMINIO_SCONOSCIUTO, ente {}", notice.ente)))?;
        let (passo, _) = psp::verify(&sandbox.stazione, &incarico).await;
        if !passo.is_ok() {
            let code = passo.fault_code.unwrap_or_default();
            let motivo = passo.motivo.unwrap_or_default();
            return Err(Problem::unprocessable(format!("avviso {numero}: {code}, {motivo}")));
        }
    }
    Ok(())
}

/// 302, as the OpenAPI has it; axum's `Redirect` knows 303, 307 and 308.
pub(crate) fn found(url: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, url)]).into_response()
}
