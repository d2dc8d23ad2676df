//! Faults on request: how the carts endpoint, the REST services, and the provider of identity behave from now on.

use crate::Sandbox;
use crate::guasti_rest::GuastoRest;
use crate::oidc::GuastoOidc;
use crate::posta::GuastoPosta;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Longer than any client that means it waits for Checkout.
const SLOW: Duration = Duration::from_secs(30);

/// What is wrong with `POST …/carts`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuastoCarts {
    #[default]
    Nessuno,
    /// Answers as always, thirty seconds later.
    Lento,
    /// 200 with a body that is no JSON.
    Spazzatura,
    #[serde(rename = "errore_500")]
    Errore500,
    #[serde(rename = "rifiuta_422")]
    Rifiuta422,
    /// 200 and the address in a JSON body, as some gateways turn the 302 into.
    #[serde(rename = "ok_200_json")]
    Ok200Json,
    /// 302 to somebody else's address: following it would hand the citizen over.
    LocationEstranea,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Guasti {
    carts: GuastoCarts,
    rest: GuastoRest,
    posta: GuastoPosta,
    oidc: GuastoOidc,
}

/// What to change; what is not named stays.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cambio {
    carts: Option<GuastoCarts>,
    rest: Option<GuastoRest>,
    posta: Option<GuastoPosta>,
    oidc: Option<GuastoOidc>,
}

/// `GET /guasti`
pub(crate) async fn show(State(sandbox): State<Arc<Sandbox>>) -> Json<Guasti> {
    let (carts, rest) = (sandbox.guasto(), sandbox.guasto_rest());
    let (posta, oidc) = (sandbox.config.posta.guasto(), sandbox.idp.guasto());
    Json(Guasti { carts, rest, posta, oidc })
}

/// `POST /guasti`
pub(crate) async fn set(
    State(sandbox): State<Arc<Sandbox>>,
    body: Result<Json<Cambio>, JsonRejection>,
) -> Result<Json<Guasti>, Problem> {
    let Json(cambio) = body?;
    if cambio.carts.is_none() && cambio.rest.is_none() && cambio.posta.is_none() && cambio.oidc.is_none() {
        return Err(Problem::malformed("carts, rest, posta, oidc: one of them at least"));
    }
    if let Some(carts) = cambio.carts {
        *sandbox.guasto.lock().unwrap_or_else(PoisonError::into_inner) = carts;
    }
    if let Some(rest) = cambio.rest {
        *sandbox.guasto_rest.lock().unwrap_or_else(PoisonError::into_inner) = rest;
    }
    if let Some(posta) = cambio.posta {
        sandbox.config.posta.set(posta);
    }
    if let Some(oidc) = cambio.oidc {
        sandbox.idp.set_guasto(oidc);
    }
    Ok(show(State(sandbox)).await)
}

impl GuastoCarts {
    /// The whole answer, when the fault leaves nothing of the real one.
    pub(crate) async fn instead(self) -> Option<Response> {
        match self {
            Self::Nessuno | Self::Ok200Json => None,
            Self::Lento => {
                tokio::time::sleep(SLOW).await;
                None
            }
            Self::Spazzatura => Some((StatusCode::OK, "\u{fffd}<<<{\"checkoutRedirectUrl\": ").into_response()),
            Self::Errore500 => Some(Problem::internal("guasto richiesto: errore_500").into_response()),
            Self::Rifiuta422 => Some(Problem::unprocessable("guasto richiesto: rifiuta_422").into_response()),
            Self::LocationEstranea => Some(crate::carts::found("https://estranea.example/checkout/pagamento/1")),
        }
    }
}
