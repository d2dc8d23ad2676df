//! The printer of notices: looks at what it is given as the OpenAPI says, and answers with a page that says it is no notice.
//!
//! Source: print-payment-notice-service.json (external).

use crate::problem::Problem;
use crate::{Sandbox, caso};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use nodo::print_notice::{Cartella, Modello, NOTICES_MAX, StatoCartella};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A thousand papers of 2 KB each.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// Folders kept; the printer forgets them after some days too.
const CARTELLE_MAX: usize = 1_000;
const MODELLI: [Modello; 4] = [Modello::Unica, Modello::UnicaPoste, Modello::Rate, Modello::RatePoste];

type Body = Result<Json<Value>, JsonRejection>;

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    let at = |path: &str| format!("/print-payment-notice-service/external/v1/notices/{path}");
    Router::new()
        .route(&at("generate"), post(generate))
        .route(&at("generate-massive"), post(massive))
        .route(&at("folder/{id}/status"), get(status))
        .route(&at("folder/{id}/url"), get(url))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Arc::clone(sandbox))
}

/// Folders by the key they were asked with, and by their name.
#[derive(Debug, Default)]
pub(crate) struct Cartelle(Mutex<BTreeMap<String, (String, Cartella)>>);

impl Cartelle {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (String, Cartella)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: &str) -> Option<Cartella> {
        self.lock().values().find(|(found, _)| found == id).map(|(_, cartella)| cartella.clone())
    }
}

async fn generate(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Result<Response, Problem> {
    let Json(item) = body?;
    judge(&sandbox, &item)?;
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/pdf")], page()).into_response())
}

async fn massive(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Body) -> Result<Json<Value>, Problem> {
    let Json(request) = body?;
    let key = headers.get("idempotency-key").and_then(|k| k.to_str().ok()).filter(|k| !k.is_empty());
    let key = key.ok_or_else(|| Problem::malformed("Idempotency-Key: required"))?.to_owned();
    let notices = request["notices"].as_array().filter(|n| (1..=NOTICES_MAX).contains(&n.len()));
    let notices = notices.ok_or_else(|| Problem::malformed(format!("notices: 1 to {NOTICES_MAX}")))?;
    let mut cartelle = sandbox.cartelle.lock();
    if let Some((id, _)) = cartelle.get(&key) {
        return Ok(Json(json!({ "folder_id": id })));
    }
    if cartelle.len() >= CARTELLE_MAX {
        return Err(Problem::unprocessable(format!("this sandbox holds {CARTELLE_MAX} folders and is full")));
    }
    let (mut processed_notices, mut notices_in_error) = (Vec::new(), Vec::new());
    for notice in notices {
        let code = notice.pointer("/data/notice/code").and_then(Value::as_str).unwrap_or_default().to_owned();
        if judge(&sandbox, notice).is_ok() { processed_notices.push(code) } else { notices_in_error.push(code) }
    }
    let status = match (processed_notices.is_empty(), notices_in_error.is_empty()) {
        (_, true) => StatoCartella::Processed,
        (false, false) => StatoCartella::ProcessedWithFailures,
        (true, false) => StatoCartella::Failed,
    };
    let id = caso::id().map_err(|error| Problem::internal(error.to_string()))?;
    cartelle.insert(key, (id.clone(), Cartella { status, notices_in_error, processed_notices }));
    Ok(Json(json!({ "folder_id": id })))
}

async fn status(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Result<Json<Cartella>, Problem> {
    sandbox.cartelle.find(&id).map(Json).ok_or_else(|| no_folder(&id))
}

async fn url(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    sandbox.cartelle.find(&id).ok_or_else(|| no_folder(&id))?;
    Ok(Json(json!({ "signedUrl": sandbox.config.address(&format!("/stampe/{id}")) })))
}

/// `GET /stampe/{id}`: what the signed address leads to.
pub(crate) async fn stampe(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Result<Response, Problem> {
    sandbox.cartelle.find(&id).ok_or_else(|| no_folder(&id))?;
    Ok(([(CONTENT_TYPE, "application/pdf")], page()).into_response())
}

fn no_folder(id: &str) -> Problem {
    Problem { status: StatusCode::NOT_FOUND, title: "Not Found", detail: format!("Folder {id} not found") }
}

/// `NoticeGenerationRequestItem`: what is mandatory is there, nothing is too long, the ente is known.
fn judge(sandbox: &Sandbox, item: &Value) -> Result<(), Problem> {
    let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str);
    for (pointer, max) in [
        ("/data/notice/subject", 90),
        ("/data/debtor/fullName", 70),
        ("/data/debtor/address", 140),
        ("/data/debtor/buildingNumber", usize::MAX),
        ("/data/debtor/postalCode", usize::MAX),
        ("/data/debtor/city", usize::MAX),
        ("/data/debtor/province", usize::MAX),
    ] {
        if text(pointer).is_none_or(|t| t.chars().count() > max) {
            return Err(Problem::malformed(format!("{pointer}: missing or too long")));
        }
    }
    let modello = MODELLI.into_iter().find(|m| text("/templateId") == Some(m.template_id()));
    let modello = modello.ok_or_else(|| Problem::malformed("templateId: none of the templates"))?;
    let amount = |v: &Value| v.as_i64().is_some_and(|cents| (1..=99_999_999_999).contains(&cents));
    let code = |v: &Value| v.as_str().is_some_and(|c| c.len() == 18);
    let notice = &item["data"]["notice"];
    if !code(&notice["code"]) || !amount(&notice["paymentAmount"]) {
        return Err(Problem::malformed("code: 18 characters; paymentAmount: 1 to 99999999999"));
    }
    let plan = notice["installments"].as_array();
    if matches!(modello, Modello::Rate | Modello::RatePoste) && plan.is_none_or(|p| p.len() < 2) {
        return Err(Problem::malformed("installments: at least 2"));
    }
    if plan.into_iter().flatten().any(|i| !code(&i["code"]) || !amount(&i["amount"])) {
        return Err(Problem::malformed("installments: a code or an amount that is none"));
    }
    let ente = text("/data/creditorInstitution/taxCode").unwrap_or_default();
    if sandbox.config.ente(ente).is_none() {
        return Err(Problem {
            status: StatusCode::NOT_FOUND,
            title: "Not Found",
            detail: format!("Institution {ente} not found"),
        });
    }
    Ok(())
}

/// One page of PDF 1.4 with one line on it.
fn page() -> Vec<u8> {
    let text = "BT /F1 18 Tf 72 760 Td (Ambiente di prova - questo non e' un avviso di pagamento) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (object, number) in objects.iter().zip(1..) {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let xref = pdf.len();
    let size = objects.len() + 1;
    pdf.push_str(&format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n"));
    pdf.into_bytes()
}
