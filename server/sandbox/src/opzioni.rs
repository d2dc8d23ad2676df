//! `POST /psp/opzioni`: pagoPA asks the station of an ente which ways there are to pay a notice, and judges the answer.
//!
//! Source: orgs_payment_options.json. The station answers under `/payment-options` of the host its SOAP endpoint is on.

use crate::Sandbox;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use nodo::payment_options::{PaymentOptionsResponse, decode_answer, decode_error};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// As long as the Nodo waits for a verify.
const ATTESA: Duration = Duration::from_secs(7);
/// 100 instalments are about 30 KB.
const ANSWER_MAX: usize = 1024 * 1024;

/// The names go out as they are: a test may want one that is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpzioniRequest {
    codice_fiscale_ente: String,
    numero_avviso: String,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct OpzioniResult {
    /// `None`: no answer came.
    http: Option<u16>,
    /// `ODP-…` of a refusal.
    codice: Option<&'static str>,
    opzioni: Option<PaymentOptionsResponse>,
    /// Why the answer is no answer, for whoever has to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    motivo: Option<String>,
}

pub(crate) async fn opzioni(
    State(sandbox): State<Arc<Sandbox>>,
    body: Result<Json<OpzioniRequest>, JsonRejection>,
) -> Result<Json<OpzioniResult>, Problem> {
    let Json(request) = body?;
    let url = address(&sandbox.config.stazione_url, &request)
        .ok_or_else(|| Problem::malformed("codice_fiscale_ente, numero_avviso: no address can hold them"))?;
    Ok(Json(match ask(url).await {
        Ok((http, body)) => judge(http, &body),
        Err(motivo) => OpzioniResult { motivo: Some(motivo), ..OpzioniResult::default() },
    }))
}

fn judge(http: u16, body: &[u8]) -> OpzioniResult {
    let result = OpzioniResult { http: Some(http), ..OpzioniResult::default() };
    if http != 200 {
        return match decode_error(http, body) {
            Some(odp) => OpzioniResult { codice: Some(odp.code()), ..result },
            None => OpzioniResult { motivo: Some("no ErrorResponse, or not the one of its status".to_owned()), ..result },
        };
    }
    match decode_answer(body) {
        Ok(opzioni) => OpzioniResult { opzioni: Some(opzioni), ..result },
        Err(motivo) => OpzioniResult { motivo: Some(motivo.to_owned()), ..result },
    }
}

fn address(stazione: &Url, request: &OpzioniRequest) -> Option<Url> {
    let names = [request.codice_fiscale_ente.as_str(), request.numero_avviso.as_str()];
    if names.iter().any(|n| matches!(*n, "" | "." | "..")) {
        return None;
    }
    let mut url = stazione.join("/payment-options/organizations").ok()?;
    url.path_segments_mut().ok()?.extend([names[0], "notices", names[1]]);
    Some(url)
}

async fn ask(url: Url) -> Result<(u16, Vec<u8>), String> {
    let client = nodo::http::client(&url, ATTESA).map_err(|error| error.to_string())?;
    let mut response = client.post(url).send().await.map_err(|error| error.without_url().to_string())?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
        if bytes.len() + chunk.len() > ANSWER_MAX {
            return Err(format!("more than {ANSWER_MAX} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((response.status().as_u16(), bytes))
}
