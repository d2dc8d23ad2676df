//! Thousands of positions in a file: handed over at once, worked off over there, asked about later.
//!
//! Source: gpd_massive_v2.json 0.5.3; `BlobService.java`, `FileUploadController.java` of pagopa-gpd-upload: a ZIP with one JSON in it,
//! at most 100 MiB unpacked; 202 with the address of the status in `Location`. Positions are published by it, not drafted. Limit of the
//! gateway: 10 calls a second.

use super::PaymentPositionModel;
use crate::rest::{Answer, Body, Budget, Call, Client, Clock, Method, Peer, PeerError, hex, json};
use domain::CodiceFiscaleEnte;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Bytes of the JSON in a file: about 10,000 positions. pagoPA takes 100 MiB; a file that fails half-way is better small.
const FILE_MAX: usize = 32 * 1024 * 1024;

/// `…/upload/gpd/debt-positions-service/v2`.
#[derive(Clone, Debug)]
pub struct Massive(Client);

/// What is to be done with the positions of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carico<'a> {
    Crea(&'a [PaymentPositionModel]),
    Aggiorna(&'a [PaymentPositionModel]),
    /// By iupd.
    Cancella(&'a [String]),
}

/// A file ready to be sent. `Debug` does not show it: it is full of people.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    method: Method,
    operation: &'static str,
    zip: Vec<u8>,
}

/// Too many positions for one file: cut them in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more positions than fit into a file")]
pub struct TooLarge;

/// `operationStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoCarico {
    InProgress,
    Completed,
    /// Some positions were refused.
    CompletedWithWarnings,
    /// All were.
    CompletedUnsuccessfully,
}

/// `UploadStatusDTO`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avanzamento {
    pub stato: StatoCarico,
    pub lavorate: u64,
    pub inviate: u64,
    pub iniziato: Option<Timestamp>,
}

/// `UploadReportDTO`: what became of each position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rapporto {
    pub lavorate: u64,
    pub inviate: u64,
    pub esiti: Vec<EsitoCarico>,
}

/// The positions that ended alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EsitoCarico {
    /// As GPD would have answered to each: 200, 201, 400, 404, 409, …
    pub status_code: u16,
    #[serde(default)]
    pub status_message: String,
    #[serde(default)]
    pub iupds: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Positions<'a> {
    payment_positions: &'a [PaymentPositionModel],
}

#[derive(Serialize)]
struct Iupds<'a> {
    #[serde(rename = "paymentPositionIUPDs")]
    iupds: &'a [String],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawStatus {
    processed_item: u64,
    submitted_item: u64,
    start_time: Option<String>,
    operation_status: StatoCarico,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReport {
    processed_item: u64,
    submitted_item: u64,
    responses: Option<Vec<EsitoCarico>>,
}

impl File {
    /// # Errors
    /// [`TooLarge`].
    pub fn new(carico: Carico<'_>) -> Result<Self, TooLarge> {
        let (method, operation, json) = match carico {
            Carico::Crea(positions) => {
                (Method::Post, "create-debt-positions-by-file-upload", bytes(&Positions { payment_positions: positions }))
            }
            Carico::Aggiorna(positions) => {
                (Method::Put, "update-debt-positions-by-file-upload", bytes(&Positions { payment_positions: positions }))
            }
            Carico::Cancella(iupds) => (Method::Delete, "delete-debt-positions-by-file-upload", bytes(&Iupds { iupds })),
        };
        let zip = json.filter(|j| j.len() <= FILE_MAX).and_then(|j| crate::zip::stored("posizioni.json", &j)).ok_or(TooLarge)?;
        Ok(Self { method, operation, zip })
    }

    /// `multipart/form-data` with the one part `file`. The boundary is a digest of the content: it does not occur in it.
    fn body(&self) -> Body {
        let boundary = format!("sportello-{}", hex(&Sha256::digest(&self.zip)));
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"posizioni.zip\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let bytes = [head.as_bytes(), &self.zip, tail.as_bytes()].concat();
        Body { content_type: format!("multipart/form-data; boundary={boundary}"), bytes }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("operation", &self.operation).field("bytes", &self.zip.len()).finish()
    }
}

fn bytes<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

impl Massive {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("GPD_UPLOAD", peer, clock).map(Self)
    }

    /// Hands a file over; its identifier comes back. After an [`Unknown`](crate::rest::Outcome::Unknown) the same file may be sent
    /// again: what was created is then refused one by one, 409.
    pub async fn upload(&self, broker: &str, ente: &CodiceFiscaleEnte, file: &File) -> Answer<String> {
        let path = ["brokers", broker, "organizations", ente.as_str(), "debtpositions", "file"];
        let call = Call {
            method: file.method,
            body: Some(file.body()),
            expect: 202,
            accept: "*/*",
            budget: Budget::FLOW,
            ..Call::get(file.operation, &path)
        };
        self.0.send(call, |r| r.location.and_then(file_id).ok_or("202 without the address of the status")).await
    }

    pub async fn status(&self, broker: &str, ente: &CodiceFiscaleEnte, file_id: &str) -> Answer<Avanzamento> {
        let path = ["brokers", broker, "organizations", ente.as_str(), "debtpositions", "file", file_id, "status"];
        let call = Call { reference: Some(file_id), ..Call::get("get-debt-positions-upload-status", &path) };
        self.0.send(call, |r| read_status(r.body)).await
    }

    /// 425 (a [`Retry`](crate::rest::Outcome::Retry)) until the file is worked off.
    pub async fn report(&self, broker: &str, ente: &CodiceFiscaleEnte, file_id: &str) -> Answer<Rapporto> {
        let path = ["brokers", broker, "organizations", ente.as_str(), "debtpositions", "file", file_id, "report"];
        let call =
            Call { reference: Some(file_id), budget: Budget::FLOW, ..Call::get("get-debt-positions-upload-report", &path) };
        self.0.send(call, |r| read_report(r.body)).await
    }
}

pub(crate) fn read_status(body: &[u8]) -> Result<Avanzamento, &'static str> {
    let raw: RawStatus = serde_json::from_slice(body).map_err(|_| "not a status")?;
    Ok(Avanzamento {
        stato: raw.operation_status,
        lavorate: raw.processed_item,
        inviate: raw.submitted_item,
        iniziato: raw.start_time.as_deref().and_then(json::instant),
    })
}

pub(crate) fn read_report(body: &[u8]) -> Result<Rapporto, &'static str> {
    let raw: RawReport = serde_json::from_slice(body).map_err(|_| "not a report")?;
    Ok(Rapporto { lavorate: raw.processed_item, inviate: raw.submitted_item, esiti: raw.responses.unwrap_or_default() })
}

/// `…/file/{file-id}/status`
pub(crate) fn file_id(location: &str) -> Option<String> {
    let id = location.strip_suffix("/status")?.rsplit_once("/file/")?.1;
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    ((1..=100).contains(&id.len()) && id.bytes().all(legal)).then(|| id.to_owned())
}
