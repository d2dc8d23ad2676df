//! Flows of this PSP: published on request for the payments it made, then fetched page by page.
//!
//! Source: fdr_organization.json; "Specifiche attuative dei codici identificativi" (name of a flow, causale of the bank transfer). One
//! flow for each ente that money goes to; stamps are not in it, their money goes elsewhere.

use crate::Sandbox;
use crate::problem::Problem;
use crate::ricevuta::{PSP_ID, PSP_NOME};
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::{Importo, Ricevuta};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use nodo::rest::json::{Euro, instant, of_roman};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// `size`: `maximum` 1000.
const SIZE_MAX: usize = 1000;
/// Flows kept; a day of training makes some dozens.
const FLUSSI_MAX: usize = 1_000;

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .route("/fdr-org/service/v1/organizations/{ente}/fdrs", get(list))
        .route("/fdr-org/service/v1/organizations/{ente}/fdrs/{fdr}/revisions/{revision}/psps/{psp}", get(header))
        .route("/fdr-org/service/v1/organizations/{ente}/fdrs/{fdr}/revisions/{revision}/psps/{psp}/payments", get(payments))
        .with_state(Arc::clone(sandbox))
}

/// A revision of a flow.
#[derive(Clone, Debug)]
struct Flusso {
    ente: String,
    nome_ente: String,
    fdr: String,
    revisione: u64,
    pubblicato: Timestamp,
    righe: Vec<Riga>,
    /// What it says of itself; the rows may add up to something else, on request.
    importo: Importo,
}

/// `Payment`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Riga {
    index: usize,
    iuv: String,
    iur: String,
    id_transfer: u8,
    pay: Euro,
    pay_status: &'static str,
    pay_date: String,
}

#[derive(Debug)]
pub(crate) struct Flussi {
    /// Whoever fetched flows remembers their names; a sandbox that starts again must not give them to other payments.
    acceso: Time,
    pubblicati: Mutex<Vec<Flusso>>,
}

impl Flussi {
    pub(crate) fn new(acceso: DateTime) -> Self {
        Self { acceso: acceso.time(), pubblicati: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Flusso>> {
        self.pubblicati.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The day, the PSP, and what tells it from all others of the day: when this sandbox began, and a number.
    fn nome(&self, day: Date, progressive: usize) -> String {
        format!("{day}{PSP_ID}-{}{progressive:04}", self.acceso.strftime("%H%M%S"))
    }
}

/// The body. Unknown members are refused: a misspelt one would make a test prove nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pubblica {
    /// Every ente when it is not given.
    codice_fiscale_ente: Option<String>,
    /// A new revision of this flow instead of a new flow.
    ripubblica: Option<String>,
    /// Receipts that are left out of the flow; in a new revision they are taken out.
    #[serde(default)]
    senza: Vec<String>,
    /// Added to the total the flow says of itself.
    #[serde(default)]
    somma_in_piu_cents: i64,
}

/// What was published, and the causale of the bank transfer that goes with it.
#[derive(Debug, Serialize)]
struct Pubblicato {
    codice_fiscale_ente: String,
    fdr: String,
    revisione: u64,
    psp: &'static str,
    pagamenti: usize,
    importo_cents: i64,
    causale: String,
}

/// `POST /fdr/pubblica`
pub(crate) async fn pubblica(
    State(sandbox): State<Arc<Sandbox>>,
    body: Result<Json<Pubblica>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(richiesta) = body?;
    let now = sandbox.now();
    let mut flussi = sandbox.flussi.lock();
    let mut nuovi = match &richiesta.ripubblica {
        Some(fdr) => vec![revision(&flussi, fdr, &richiesta, now)?],
        None => new_flows(&sandbox, &flussi, &richiesta, now),
    };
    for flusso in &mut nuovi {
        let due = Importo::sum(flusso.righe.iter().map(|r| r.pay.0)).map(Importo::cents);
        let said = due.and_then(|cents| Importo::from_cents(cents.checked_add(richiesta.somma_in_piu_cents)?));
        flusso.importo = said.ok_or_else(|| Problem::malformed("somma_in_piu_cents: a total that no amount can hold"))?;
    }
    if flussi.len() + nuovi.len() > FLUSSI_MAX {
        return Err(Problem::unprocessable(format!("this sandbox holds {FLUSSI_MAX} flows and is full")));
    }
    for flusso in &nuovi {
        for riga in &flusso.righe {
            sandbox.gpd.report(&flusso.ente, &riga.iuv, &riga.id_transfer.to_string(), &flusso.fdr, now);
        }
    }
    let told: Vec<Pubblicato> = nuovi.iter().map(Flusso::pubblicato).collect();
    flussi.extend(nuovi);
    Ok(Json(json!({ "flussi": told })))
}

/// For each ente the transfers no flow has told yet.
fn new_flows(sandbox: &Sandbox, flussi: &[Flusso], richiesta: &Pubblica, now: Timestamp) -> Vec<Flusso> {
    let told: BTreeSet<(&str, u8)> =
        flussi.iter().flat_map(|f| f.righe.iter().map(|r| (r.iur.as_str(), r.id_transfer))).collect();
    let day = (sandbox.config.clock)().date();
    let mut nuovi: Vec<Flusso> = Vec::new();
    for emessa in sandbox.ricevute.all() {
        let ricevuta = &emessa.ricevuta;
        if richiesta.senza.contains(&ricevuta.receipt_id) {
            continue;
        }
        for versamento in ricevuta.versamenti.iter().filter(|v| v.iban.is_some()) {
            let ente = versamento.ente.as_str();
            let wanted = richiesta.codice_fiscale_ente.as_ref().is_none_or(|e| e == ente);
            if !wanted || told.contains(&(ricevuta.receipt_id.as_str(), versamento.indice)) {
                continue;
            }
            let index = match nuovi.iter().position(|f| f.ente == ente) {
                Some(index) => index,
                None => {
                    let progressive = flussi.len() + nuovi.len() + 1;
                    nuovi.push(Flusso {
                        ente: ente.to_owned(),
                        nome_ente: versamento.nome_ente.clone().unwrap_or_else(|| ricevuta.nome_ente.clone()),
                        fdr: sandbox.flussi.nome(day, progressive),
                        revisione: 1,
                        pubblicato: now,
                        righe: Vec::new(),
                        importo: Importo::ZERO,
                    });
                    nuovi.len() - 1
                }
            };
            let righe = &mut nuovi[index].righe;
            righe.push(riga(righe.len() + 1, ricevuta, versamento.indice, versamento.importo, now));
        }
    }
    nuovi
}

fn riga(index: usize, ricevuta: &Ricevuta, id_transfer: u8, importo: Importo, now: Timestamp) -> Riga {
    let paid = ricevuta.pagata_il.and_then(of_roman).unwrap_or(now);
    Riga {
        index,
        iuv: ricevuta.iuv.clone(),
        iur: ricevuta.receipt_id.clone(),
        id_transfer,
        pay: Euro(importo),
        pay_status: if ricevuta.stand_in { "STAND_IN" } else { "EXECUTED" },
        pay_date: paid.to_string(),
    }
}

fn revision(flussi: &[Flusso], fdr: &str, richiesta: &Pubblica, now: Timestamp) -> Result<Flusso, Problem> {
    let latest = flussi.iter().filter(|f| f.fdr == fdr).max_by_key(|f| f.revisione);
    let mut flusso =
        latest.cloned().ok_or_else(|| Problem::unprocessable(format!("FDR-3001, Flow with ID [{fdr}] not found.")))?;
    flusso.righe.retain(|r| !richiesta.senza.contains(&r.iur));
    for (riga, index) in flusso.righe.iter_mut().zip(1..) {
        riga.index = index;
    }
    (flusso.revisione, flusso.pubblicato) = (flusso.revisione + 1, now);
    Ok(flusso)
}

impl Flusso {
    fn pubblicato(&self) -> Pubblicato {
        Pubblicato {
            codice_fiscale_ente: self.ente.clone(),
            fdr: self.fdr.clone(),
            revisione: self.revisione,
            psp: PSP_ID,
            pagamenti: self.righe.len(),
            importo_cents: self.importo.cents(),
            causale: format!("/PUR/LGPE-RIVERSAMENTO/URI/{}", self.fdr),
        }
    }

    /// `SingleFlowResponse`, but for its amounts.
    fn header(&self) -> Header<'_> {
        let day = self.pubblicato.to_string();
        Header {
            status: "PUBLISHED",
            revision: self.revisione,
            fdr: &self.fdr,
            fdr_date: day.clone(),
            regulation: format!("TRN{}", self.fdr.chars().filter(char::is_ascii_digit).collect::<String>()),
            regulation_date: day.chars().take(10).collect(),
            bic_code_pouring_bank: "SBXITMMXXX",
            sender: json!({
                "type": "ABI_CODE", "id": PSP_ID, "pspId": PSP_ID, "pspName": PSP_NOME, "pspBrokerId": PSP_ID,
                "channelId": format!("{PSP_ID}_01")
            }),
            receiver: json!({ "id": self.ente, "organizationId": self.ente, "organizationName": self.nome_ente }),
            published: day,
            tot_payments: self.righe.len(),
            sum_payments: Euro(self.importo),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'a> {
    status: &'static str,
    revision: u64,
    fdr: &'a str,
    fdr_date: String,
    regulation: String,
    regulation_date: String,
    bic_code_pouring_bank: &'static str,
    sender: Value,
    receiver: Value,
    published: String,
    tot_payments: usize,
    sum_payments: Euro,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filtro {
    page: Option<usize>,
    size: Option<usize>,
    published_gt: Option<String>,
    psp_id: Option<String>,
}

/// `ErrorResponse`.
fn no(status: StatusCode, code: &str, message: String) -> Response {
    let body = json!({
        "httpStatusCode": status.as_u16(), "httpStatusDescription": status.canonical_reason().unwrap_or_default(),
        "appErrorCode": code, "errors": [{ "message": message }]
    });
    (status, Json(body)).into_response()
}

/// Page and size, from 1.
fn paging(query: Result<Query<Filtro>, QueryRejection>) -> Result<(Filtro, usize, usize), Box<Response>> {
    let bad = |what: String| Box::new(no(StatusCode::BAD_REQUEST, "FDR-1000", what));
    let Query(filtro) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let (page, size) = (filtro.page.unwrap_or(1), filtro.size.unwrap_or(SIZE_MAX));
    if page == 0 || size == 0 || size > SIZE_MAX {
        return Err(bad("page: from 1; size: 1 to 1000".to_owned()));
    }
    Ok((filtro, page, size))
}

fn page_of<T: Serialize + Clone>(all: &[T], page: usize, size: usize) -> Response {
    let data: Vec<T> = all.iter().skip((page - 1).saturating_mul(size)).take(size).cloned().collect();
    Json(Page {
        metadata: json!({ "pageSize": size, "pageNumber": page, "totPage": all.len().div_ceil(size) }),
        count: data.len(),
        data,
    })
    .into_response()
}

#[derive(Serialize)]
struct Page<T> {
    metadata: Value,
    count: usize,
    data: Vec<T>,
}

async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ente): Path<String>,
    query: Result<Query<Filtro>, QueryRejection>,
) -> Response {
    let (filtro, page, size) = match paging(query) {
        Ok(paging) => paging,
        Err(response) => return *response,
    };
    let after = match filtro.published_gt.as_deref().map(instant) {
        Some(None) => return no(StatusCode::BAD_REQUEST, "FDR-1002", "publishedGt: not an instant".to_owned()),
        Some(after) => after,
        None => None,
    };
    let flussi = sandbox.flussi.lock();
    let latest = |f: &&Flusso| !flussi.iter().any(|other| other.fdr == f.fdr && other.revisione > f.revisione);
    let wanted = |f: &&Flusso| {
        f.ente == ente && after.is_none_or(|t| f.pubblicato > t) && filtro.psp_id.as_ref().is_none_or(|psp| psp == PSP_ID)
    };
    let found: Vec<Value> = flussi
        .iter()
        .filter(wanted)
        .filter(latest)
        .map(|f| {
            let published = f.pubblicato.to_string();
            json!({ "fdr": f.fdr, "pspId": PSP_ID, "revision": f.revisione, "published": published, "flowDate": published })
        })
        .collect();
    page_of(&found, page, size)
}

type Names = Path<(String, String, u64, String)>;

fn find(sandbox: &Sandbox, Path((ente, fdr, revision, psp)): Names) -> Result<Flusso, Box<Response>> {
    let flussi = sandbox.flussi.lock();
    let found = flussi.iter().find(|f| f.ente == ente && f.fdr == fdr && f.revisione == revision && psp == PSP_ID);
    found.cloned().ok_or_else(|| Box::new(no(StatusCode::NOT_FOUND, "FDR-3001", format!("Flow with ID [{fdr}] not found."))))
}

async fn header(State(sandbox): State<Arc<Sandbox>>, names: Names) -> Response {
    match find(&sandbox, names) {
        Ok(flusso) => Json(flusso.header()).into_response(),
        Err(response) => *response,
    }
}

async fn payments(State(sandbox): State<Arc<Sandbox>>, names: Names, query: Result<Query<Filtro>, QueryRejection>) -> Response {
    let (_, page, size) = match paging(query) {
        Ok(paging) => paging,
        Err(response) => return *response,
    };
    match find(&sandbox, names) {
        Ok(flusso) => page_of(&flusso.righe, page, size),
        Err(response) => *response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// "Specifiche attuative", §"Identificativo flusso": at most 35 characters.
    #[test]
    fn a_sandbox_that_starts_again_names_its_flows_otherwise() {
        let day = date(2026, 3, 2);
        let [first, second] = [Flussi::new(day.at(9, 30, 15, 0)), Flussi::new(day.at(9, 30, 16, 0))].map(|f| f.nome(day, 1));
        assert_eq!((first.as_str(), second.as_str()), ("2026-03-02SBXITPSP-0930150001", "2026-03-02SBXITPSP-0930160001"));
        assert!(first.len() <= 35);
    }
}
