//! Receipts that are fetched instead of received: GPD's list and documents, Biz Events.
//!
//! Source: gpd_payments.json, biz_events.json. A receipt that was lost (`copie` 0) can be had here, as at pagoPA.

use crate::Sandbox;
use crate::problem::Problem;
use crate::ricevute::Emessa;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::Ricevuta;
use domain::ricevuta::{SoggettoRicevuta, VersamentoRicevuta};
use jiff::civil::Date;
use nodo::rest::json::Euro;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// `pageSize`: `maximum` 100.
const PAGE_SIZE_MAX: usize = 100;

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .route("/gpd/payments-receipts-service/v1/payments/{ente}/receipts", get(list))
        .route("/gpd/payments-receipts-service/v1/payments/{ente}/receipts/{iuv}", get(document))
        .route("/receipt-ndp/v1/organizations/{ente}/receipts/{iur}", get(by_iur))
        .route("/receipt-ndp/v1/organizations/{ente}/receipts/{iur}/paymentoptions/{iuv}", get(by_iur_and_iuv))
        .with_state(Arc::clone(sandbox))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filtro {
    page_num: Option<usize>,
    page_size: Option<usize>,
    from: Option<Date>,
    to: Option<Date>,
}

async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ente): Path<String>,
    query: Result<Query<Filtro>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(filtro) = query.map_err(|rejection| Problem::malformed(rejection.body_text()))?;
    let (page, size) = (filtro.page_num.unwrap_or(0), filtro.page_size.unwrap_or(20));
    if size == 0 || size > PAGE_SIZE_MAX || filtro.from.zip(filtro.to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::malformed(format!("pageSize: 1 to {PAGE_SIZE_MAX}; from: not after to")));
    }
    let mut found = sandbox.ricevute.of_ente(&ente);
    let in_days = |day: Date| filtro.from.is_none_or(|from| day >= from) && filtro.to.is_none_or(|to| day <= to);
    found.retain(|e| e.documento.is_some() && e.ricevuta.pagata_il.is_some_and(|t| in_days(t.date())));
    let results: Vec<Value> =
        found.iter().skip(page.saturating_mul(size)).take(size).map(|e| entry(&ente, &e.ricevuta)).collect();
    Ok(Json(json!({
        "currentPageNumber": page, "length": results.len(), "totalPages": found.len().div_ceil(size), "results": results
    })))
}

/// `ReceiptModelResponse`.
fn entry(ente: &str, ricevuta: &Ricevuta) -> Value {
    json!({
        "organizationFiscalCode": ente, "iuv": ricevuta.iuv, "debtor": ricevuta.debitore.identificativo,
        "paymentDateTime": ricevuta.pagata_il, "status": "PAID"
    })
}

async fn document(State(sandbox): State<Arc<Sandbox>>, Path((ente, iuv)): Path<(String, String)>) -> Result<Response, Problem> {
    let found = sandbox.ricevute.of_ente(&ente).into_iter().rev().find(|e| e.ricevuta.iuv == iuv && e.documento.is_some());
    match found.as_deref() {
        Some(Emessa { documento: Some(documento), .. }) => {
            Ok(([(CONTENT_TYPE, "application/xml")], documento.clone()).into_response())
        }
        _ => Err(not_found(format!("Not found a receipt for Organization Fiscal Code {ente} and IUV {iuv}"))),
    }
}

async fn by_iur(State(sandbox): State<Arc<Sandbox>>, Path((ente, iur)): Path<(String, String)>) -> Result<Json<Event>, Problem> {
    find(&sandbox, &ente, |r| r.receipt_id == iur).ok_or_else(|| no_event(&ente, &iur))
}

async fn by_iur_and_iuv(
    State(sandbox): State<Arc<Sandbox>>,
    Path((ente, iur, iuv)): Path<(String, String, String)>,
) -> Result<Json<Event>, Problem> {
    find(&sandbox, &ente, |r| r.receipt_id == iur && r.iuv == iuv).ok_or_else(|| no_event(&ente, &iur))
}

fn find(sandbox: &Sandbox, ente: &str, is_it: impl Fn(&Ricevuta) -> bool) -> Option<Json<Event>> {
    let all = sandbox.ricevute.of_ente(ente);
    all.iter().find(|e| is_it(&e.ricevuta)).map(|e| Json(Event::of(&e.ricevuta)))
}

fn no_event(ente: &str, iur: &str) -> Problem {
    not_found(format!("Not found a biz event with id {iur} for {ente}"))
}

fn not_found(detail: String) -> Problem {
    Problem { status: StatusCode::NOT_FOUND, title: "Not Found", detail }
}

/// `CtReceiptModelResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    receipt_id: String,
    notice_number: String,
    fiscal_code: String,
    outcome: &'static str,
    creditor_reference_id: String,
    payment_amount: Euro,
    description: String,
    company_name: String,
    office_name: Option<String>,
    debtor: Subject,
    transfer_list: Vec<Transfer>,
    #[serde(rename = "idPSP")]
    id_psp: String,
    psp_fiscal_code: Option<String>,
    #[serde(rename = "pspPartitaIVA")]
    psp_partita_iva: Option<String>,
    psp_company_name: String,
    id_channel: String,
    channel_description: String,
    payer: Option<Subject>,
    payment_method: Option<String>,
    fee: Option<Euro>,
    payment_date_time: Option<String>,
    payment_date_time_formatted: Option<String>,
    application_date: Option<String>,
    transfer_date: Option<String>,
    metadata: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    entity_unique_identifier_type: &'static str,
    entity_unique_identifier_value: String,
    full_name: String,
    email: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    id_transfer: u8,
    transfer_amount: Euro,
    #[serde(rename = "fiscalCodePA")]
    fiscal_code_pa: String,
    /// `null` beside the other, as Java says what is not there.
    iban: Option<String>,
    mbd_attachment: Option<String>,
    remittance_information: String,
    transfer_category: String,
    metadata: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    key: String,
    value: String,
}

impl Event {
    fn of(r: &Ricevuta) -> Self {
        Self {
            receipt_id: r.receipt_id.clone(),
            notice_number: r.numero_avviso.to_string(),
            fiscal_code: r.ente.to_string(),
            outcome: "OK",
            creditor_reference_id: r.iuv.clone(),
            payment_amount: Euro(r.importo),
            description: r.descrizione.clone(),
            company_name: r.nome_ente.clone(),
            office_name: r.ufficio.clone(),
            debtor: Subject::of(&r.debitore),
            transfer_list: r.versamenti.iter().map(Transfer::of).collect(),
            id_psp: r.psp.id.clone(),
            psp_fiscal_code: r.psp.codice_fiscale.clone(),
            psp_partita_iva: r.psp.partita_iva.clone(),
            psp_company_name: r.psp.nome.clone(),
            id_channel: r.psp.canale.clone(),
            channel_description: r.psp.descrizione_canale.clone(),
            payer: r.versante.as_ref().map(Subject::of),
            payment_method: r.metodo.clone(),
            fee: r.commissione.map(Euro),
            payment_date_time: r.pagata_il.map(|t| t.date().to_string()),
            payment_date_time_formatted: r.pagata_il.map(|t| t.to_string()),
            application_date: r.data_applicazione.map(|d| d.to_string()),
            transfer_date: r.data_accredito.map(|d| d.to_string()),
            metadata: entries(&r.metadata),
        }
    }
}

impl Subject {
    fn of(s: &SoggettoRicevuta) -> Self {
        Self {
            entity_unique_identifier_type: if s.identificativo.len() == 11 { "G" } else { "F" },
            entity_unique_identifier_value: s.identificativo.clone(),
            full_name: s.nome.clone(),
            email: s.email.clone(),
        }
    }
}

impl Transfer {
    fn of(v: &VersamentoRicevuta) -> Self {
        Self {
            id_transfer: v.indice,
            transfer_amount: Euro(v.importo),
            fiscal_code_pa: v.ente.to_string(),
            iban: v.iban.clone(),
            mbd_attachment: v.bollo.clone(),
            remittance_information: v.causale.clone(),
            transfer_category: v.tassonomia.clone(),
            metadata: entries(&v.metadata),
        }
    }
}

fn entries(pairs: &[(String, String)]) -> Vec<Entry> {
    pairs.iter().map(|(key, value)| Entry { key: key.clone(), value: value.clone() }).collect()
}
