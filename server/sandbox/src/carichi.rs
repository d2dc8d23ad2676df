//! Files of positions: unpacked, worked off like single calls, reported.
//!
//! Source: gpd_massive_v2.json; `BlobService.java`, `StatusService.java` of pagopa-gpd-upload. Asked at once, a file is still in
//! progress; asked again, it is done.

use crate::gpd::{Carico, work_off};
use crate::problem::Problem;
use crate::{Sandbox, caso};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use nodo::gpd::PaymentPositionModel;
use nodo::gpd::massive::{EsitoCarico, StatoCarico};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// pagoPA takes 100 MiB unpacked; a file stored without compression is as large as what is in it.
const BODY_MAX: usize = 40 * 1024 * 1024;
/// Files kept.
const CARICHI_MAX: usize = 1_000;

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    let at = |rest: &str| {
        format!("/upload/gpd/debt-positions-service/v2/brokers/{{broker}}/organizations/{{ente}}/debtpositions/file{rest}")
    };
    Router::new()
        .route(&at(""), post(create).put(update).delete(delete))
        .route(&at("/{file}/status"), get(status))
        .route(&at("/{file}/report"), get(report))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Arc::clone(sandbox))
}

/// A file that was worked off.
#[derive(Clone, Debug)]
struct Lavorato {
    ente: String,
    inviate: usize,
    esiti: Vec<EsitoCarico>,
    start: String,
    /// Somebody asked how far it is.
    asked: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Carichi(Mutex<BTreeMap<String, Lavorato>>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Positions {
    payment_positions: Vec<PaymentPositionModel>,
}

#[derive(Deserialize)]
struct Iupds {
    #[serde(rename = "paymentPositionIUPDs")]
    iupds: Vec<String>,
}

type Names = Path<(String, String)>;

async fn create(State(sandbox): State<Arc<Sandbox>>, names: Names, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let Positions { payment_positions } = content(&headers, &body)?;
    accept(&sandbox, names, Carico::Crea(payment_positions))
}

async fn update(State(sandbox): State<Arc<Sandbox>>, names: Names, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let Positions { payment_positions } = content(&headers, &body)?;
    accept(&sandbox, names, Carico::Aggiorna(payment_positions))
}

async fn delete(State(sandbox): State<Arc<Sandbox>>, names: Names, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let Iupds { iupds } = content(&headers, &body)?;
    accept(&sandbox, names, Carico::Cancella(iupds))
}

fn accept(sandbox: &Sandbox, Path((broker, ente)): Names, carico: Carico) -> Result<Response, Problem> {
    if sandbox.config.ente(&ente).is_none_or(|e| e.intermediario != broker) {
        let detail = format!("the broker {broker} has no mandate of {ente}");
        return Err(Problem { status: StatusCode::FORBIDDEN, title: "Forbidden", detail });
    }
    let id = caso::id().map_err(|error| Problem::internal(error.to_string()))?;
    let now = sandbox.now();
    let single = work_off(&sandbox.gpd, &ente, carico, now);
    let inviate = single.len();
    let mut esiti: Vec<EsitoCarico> = Vec::new();
    for (iupd, status_code) in single {
        match esiti.iter_mut().find(|e| e.status_code == status_code) {
            Some(esito) => esito.iupds.push(iupd),
            None => esiti.push(EsitoCarico { status_code, status_message: message(status_code).to_owned(), iupds: vec![iupd] }),
        }
    }
    let mut all = sandbox.carichi.0.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= CARICHI_MAX {
        return Err(Problem::unprocessable(format!("this sandbox holds {CARICHI_MAX} files and is full")));
    }
    let location = format!("brokers/{broker}/organizations/{ente}/debtpositions/file/{id}/status");
    all.insert(id, Lavorato { ente, inviate, esiti, start: now.to_string(), asked: false });
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)]).into_response())
}

/// `StatusService.getDetail`.
fn message(status: u16) -> &'static str {
    match status {
        200 => "Debt position operation OK",
        201 => "Debt position CREATED",
        404 => "Debt position NOT FOUND",
        409 => "Debt position IUPD or NAV/IUV already exists for organization code",
        _ => "Bad request",
    }
}

async fn status(
    State(sandbox): State<Arc<Sandbox>>,
    Path((_, ente, file)): Path<(String, String, String)>,
) -> Result<Json<Value>, Problem> {
    let mut all = sandbox.carichi.0.lock().unwrap_or_else(PoisonError::into_inner);
    let found = all.get_mut(&file).filter(|l| l.ente == ente).ok_or_else(|| no_file(&file))?;
    let done = std::mem::replace(&mut found.asked, true);
    let failed = found.esiti.iter().filter(|e| e.status_code >= 400).count();
    let stato = match failed {
        _ if !done => StatoCarico::InProgress,
        0 => StatoCarico::Completed,
        n if n == found.esiti.len() => StatoCarico::CompletedUnsuccessfully,
        _ => StatoCarico::CompletedWithWarnings,
    };
    let processed = if done { found.inviate } else { 0 };
    Ok(Json(json!({
        "fileId": file, "processedItem": processed, "submittedItem": found.inviate, "startTime": found.start, "operationStatus": stato
    })))
}

async fn report(
    State(sandbox): State<Arc<Sandbox>>,
    Path((_, ente, file)): Path<(String, String, String)>,
) -> Result<Json<Value>, Problem> {
    let all = sandbox.carichi.0.lock().unwrap_or_else(PoisonError::into_inner);
    let found = all.get(&file).filter(|l| l.ente == ente).ok_or_else(|| no_file(&file))?;
    if !found.asked {
        let detail = "The report has not been generated yet, wait for the operations to complete.".to_owned();
        return Err(Problem { status: StatusCode::TOO_EARLY, title: "Too Early", detail });
    }
    Ok(Json(json!({
        "fileId": file, "processedItem": found.inviate, "submittedItem": found.inviate, "responses": found.esiti,
        "startTime": found.start, "endTime": found.start
    })))
}

fn no_file(id: &str) -> Problem {
    Problem { status: StatusCode::NOT_FOUND, title: "Not Found", detail: format!("Upload {id} not found") }
}

/// The JSON in the ZIP in the part `file` of the form.
fn content<T: for<'de> Deserialize<'de>>(headers: &HeaderMap, body: &[u8]) -> Result<T, Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    let part = file_part(content_type, body)
        .ok_or_else(|| Problem::malformed("multipart/form-data with a part 'file' that is a .zip"))?;
    let json = unzip(part).ok_or_else(|| Problem::malformed("UNZIP ERROR: one .json, stored without compression"))?;
    serde_json::from_slice(json).map_err(|error| Problem::malformed(format!("INVALID JSON: {error}")))
}

fn file_part<'b>(content_type: &str, body: &'b [u8]) -> Option<&'b [u8]> {
    let boundary = content_type.strip_prefix("multipart/form-data;")?.trim().strip_prefix("boundary=")?.trim_matches('"');
    let rest = body.strip_prefix(format!("--{boundary}\r\n").as_bytes())?;
    let head_end = find(rest, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&rest[..head_end]).ok()?;
    let (part, end) = (&rest[head_end + 4..], format!("\r\n--{boundary}--"));
    let is_file = head.contains("name=\"file\"") && head.contains(".zip\"");
    is_file.then_some(&part[..find(part, end.as_bytes())?])
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

/// The first entry, when it is stored and a JSON. Real ZIPs are compressed; our client's are not.
fn unzip(zip: &[u8]) -> Option<&[u8]> {
    let half = |at: usize| Some(usize::from(u16::from_le_bytes(zip.get(at..at + 2)?.try_into().ok()?)));
    let word = |at: usize| usize::try_from(u32::from_le_bytes(zip.get(at..at + 4)?.try_into().ok()?)).ok();
    if !zip.starts_with(b"PK\x03\x04") || half(8)? != 0 {
        return None;
    }
    let name_end = 30 + half(26)?;
    let begin = name_end + half(28)?;
    let content = zip.get(begin..begin.checked_add(word(18)?)?)?;
    zip.get(30..name_end)?.ends_with(b".json").then_some(content)
}
