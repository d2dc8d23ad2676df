//! `POST /psp/pay`: a payment at a counter, step by step, with the oddities a test wants.

use crate::problem::Problem;
use crate::psp::{self, Consegna, Incarico};
use crate::ricevuta::{Canale, Pagamento, issue};
use crate::scelta::{COPIE_MAX, RITARDO_MAX_MS};
use crate::stazione::{Outcome, Passo};
use crate::{Sandbox, SandboxConfig, caso};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use domain::ricevuta::SoggettoRicevuta;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// `stText35` of the identifiers; `receiptId` keeps to it as well (it is the IUR of the FdR).
const ID_MAX: usize = 35;

/// The body. Unknown members are refused: a misspelt one would make a test prove nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayRequest {
    codice_fiscale_ente: String,
    numero_avviso: String,
    #[serde(default)]
    esito: EsitoSportello,
    /// Between the payment and the receipt.
    #[serde(default)]
    ritardo_ms: u64,
    #[serde(default = "one")]
    copie: u32,
    /// Sent instead of the ente's own.
    stazione: Option<String>,
    intermediario: Option<String>,
    /// Of the primitives: 1 or 2.
    #[serde(default = "two")]
    versione: u8,
    /// Pay this instead of what is due.
    importo_cents: Option<i64>,
    receipt_id: Option<String>,
    #[serde(default)]
    stand_in: bool,
    /// Who stands at the counter: the receipt's `payer`.
    versante: Option<SoggettoRicevuta>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
enum EsitoSportello {
    #[default]
    #[serde(rename = "OK")]
    Ok,
    /// The PSP gives up after getPayment: the Nodo sends no receipt for that.
    #[serde(rename = "KO")]
    Ko,
}

fn one() -> u32 {
    1
}

fn two() -> u8 {
    2
}

/// What happened.
#[derive(Debug, Serialize)]
pub(crate) struct PayAnswer {
    passi: Vec<Passo>,
    /// `None` when nothing was paid. A receipt that is lost (`copie` 0) has one: the money moved.
    receipt_id: Option<String>,
}

/// The body, judged.
#[derive(Debug)]
struct Ordine {
    incarico: Incarico,
    pagamento: Option<Pagamento>,
    ritardo: Duration,
    copie: u32,
}

pub(crate) async fn pay(
    State(sandbox): State<Arc<Sandbox>>,
    body: Result<Json<PayRequest>, JsonRejection>,
) -> Result<Json<PayAnswer>, Problem> {
    let Json(request) = body?;
    let Ordine { incarico, pagamento, ritardo, copie } = parse(request, &sandbox.config)?;
    let mut passi = Vec::new();
    let activated = psp::activate(&sandbox.stazione, &incarico, &mut passi).await;
    let (Some(data), Some(pagamento)) = (activated, pagamento) else {
        return Ok(Json(PayAnswer { passi, receipt_id: None }));
    };
    let receipt_id = Some(pagamento.receipt_id.clone());
    let consegna = Consegna::new(incarico.clone(), issue(&incarico, &data, pagamento), &sandbox.ricevute, false);
    tokio::time::sleep(ritardo).await;
    for _ in 0..copie {
        let passo = consegna.send(&sandbox.stazione).await;
        let stop = passo.outcome != Some(Outcome::Ok);
        passi.push(passo);
        if stop {
            break;
        }
    }
    Ok(Json(PayAnswer { passi, receipt_id }))
}

fn parse(request: PayRequest, config: &SandboxConfig) -> Result<Ordine, Problem> {
    let ente = CodiceFiscaleEnte::parse(&request.codice_fiscale_ente)
        .map_err(|reason| Problem::malformed(format!("codice_fiscale_ente: {reason}")))?;
    let numero =
        NumeroAvviso::parse(&request.numero_avviso).map_err(|reason| Problem::malformed(format!("numero_avviso: {reason}")))?;
    if request.ritardo_ms > RITARDO_MAX_MS || request.copie > COPIE_MAX {
        return Err(Problem::malformed(format!("ritardo_ms: at most {RITARDO_MAX_MS}; copie: at most {COPIE_MAX}")));
    }
    for (name, text) in
        [("stazione", &request.stazione), ("intermediario", &request.intermediario), ("receipt_id", &request.receipt_id)]
    {
        if text.as_ref().is_some_and(|t| t.is_empty() || t.chars().count() > ID_MAX) {
            return Err(Problem::malformed(format!("{name}: 1 to {ID_MAX} characters")));
        }
    }
    if let Some(SoggettoRicevuta { identificativo, nome, email }) = &request.versante {
        let email_ok = email.as_ref().is_none_or(|e| domain::testo::email(e).is_ok());
        if !(2..=16).contains(&identificativo.chars().count()) || !(1..=70).contains(&nome.chars().count()) || !email_ok {
            return Err(Problem::malformed("versante: identificativo 2 to 16 characters, nome 1 to 70, email if any"));
        }
    }
    let importo = match request.importo_cents.map(|cents| Importo::from_cents(cents).filter(|i| !i.is_zero())) {
        Some(None) => return Err(Problem::malformed("importo_cents: 1 to 99999999999")),
        Some(given) => given,
        None => None,
    };
    let v2 = match request.versione {
        1 => false,
        2 => true,
        _ => return Err(Problem::malformed("versione: 1 or 2")),
    };
    let unknown = || Problem::unprocessable(format!("PPT_DOMINIO_SCONOSCIUTO, ente {}", request.codice_fiscale_ente));
    let mut incarico = Incarico { v2, ..Incarico::new(config, ente, numero).ok_or_else(unknown)? };
    if let Some(stazione) = request.stazione {
        incarico.instradamento.stazione = stazione;
    }
    if let Some(intermediario) = request.intermediario {
        incarico.instradamento.intermediario = intermediario;
    }
    let receipt_id = match request.receipt_id {
        Some(id) => id,
        None => caso::id().map_err(|error| Problem::internal(error.to_string()))?,
    };
    let (canale, stand_in, now) = (Canale::Sportello, request.stand_in, (config.clock)());
    let pagamento = Pagamento { receipt_id, canale, importo, stand_in, versante: request.versante, now };
    Ok(Ordine {
        incarico,
        pagamento: (request.esito == EsitoSportello::Ok).then_some(pagamento),
        ritardo: Duration::from_millis(request.ritardo_ms),
        copie: request.copie,
    })
}
