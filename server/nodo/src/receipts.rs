//! Receipts of an ente whose positions GPD keeps: fetched, where no broadcast station receives them.
//!
//! Source: gpd_payments.json of pagopa-api; `ReceiptModelResponse.java`, `PartnerService.java` of pagopa-gpd-payments (the document is
//! the paSendRT request as it came, without its envelope; one that failed at first is kept with it). About three months deep.
//! pagoPA discourages polling: this is for what a broadcast station missed.

use crate::pa_for_node::{DecodeError, SendRtRequest, decode_receipt};
use crate::rest::{Answer, Call, Client, Clock, Peer, PeerError};
use domain::{CodiceFiscaleEnte, Iuv};
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fmt;

/// `pageSize`: `maximum` 100.
const PAGE_SIZE: u32 = 100;

/// `…/gpd/payments-receipts-service/v1`.
#[derive(Clone, Debug)]
pub struct Receipts(Client);

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elenco {
    pub ricevute: Vec<InElenco>,
    /// From 0.
    pub pagina: u32,
    pub pagine: u32,
    /// Entries that could not be read: the others are good all the same.
    pub illeggibili: usize,
}

/// What the list tells of a receipt. It names the debtor too; that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InElenco {
    pub iuv: String,
    /// As it came, without offset.
    pub pagata_il: Option<DateTime>,
}

/// A receipt as it was fetched: the bytes, which are the proof, and what they say. `Debug` leaves the bytes out: they name people.
#[derive(Clone)]
pub struct Documento {
    pub bytes: Vec<u8>,
    /// Well-formed and a receipt, were it one that cannot be understood: somebody must look at it then.
    pub letta: Result<SendRtRequest, DecodeError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPage {
    current_page_number: u32,
    total_pages: u32,
    results: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEntry {
    iuv: String,
    payment_date_time: Option<String>,
}

impl fmt::Debug for Documento {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documento").field("bytes", &self.bytes.len()).field("letta", &self.letta).finish()
    }
}

impl Receipts {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("GPD_RECEIPTS", peer, clock).map(Self)
    }

    /// A page of the receipts of some days, both included. `pagina` counts from 0. A page behind the last is 404 or empty.
    pub async fn list(&self, ente: &CodiceFiscaleEnte, da: Date, a: Date, pagina: u32) -> Answer<Elenco> {
        let query = [
            ("pageNum", pagina.to_string()),
            ("pageSize", PAGE_SIZE.to_string()),
            ("from", da.to_string()),
            ("to", a.to_string()),
        ];
        let path = ["payments", ente.as_str(), "receipts"];
        self.0.send(Call { query: &query, ..Call::get("getOrganizationReceipts", &path) }, |r| read_page(r.body)).await
    }

    /// The receipt of a payment. 404: none; 422: GPD does not think the position paid yet.
    pub async fn fetch(&self, ente: &CodiceFiscaleEnte, iuv: &Iuv) -> Answer<Documento> {
        let path = ["payments", ente.as_str(), "receipts", iuv.as_str()];
        let call = Call { reference: Some(iuv.as_str()), accept: "application/xml", ..Call::get("getReceiptByIUV", &path) };
        self.0
            .send(call, |r| match decode_receipt(r.body) {
                Err(DecodeError::NotSoap(why)) => Err(why),
                letta => Ok(Documento { bytes: r.body.to_vec(), letta }),
            })
            .await
    }
}

pub(crate) fn read_page(body: &[u8]) -> Result<Elenco, &'static str> {
    let page: RawPage = serde_json::from_slice(body).map_err(|_| "not a page of receipts")?;
    let all = page.results.len();
    let ricevute: Vec<InElenco> = page.results.iter().filter_map(|raw| read_entry(raw)).collect();
    Ok(Elenco { pagina: page.current_page_number, pagine: page.total_pages, illeggibili: all - ricevute.len(), ricevute })
}

fn read_entry(raw: &RawValue) -> Option<InElenco> {
    let entry: RawEntry = serde_json::from_str(raw.get()).ok()?;
    let plausible = (1..=35).contains(&entry.iuv.len()) && entry.iuv.bytes().all(|b| b.is_ascii_alphanumeric());
    let pagata_il = entry.payment_date_time.and_then(|t| t.parse().ok());
    plausible.then_some(InElenco { iuv: entry.iuv, pagata_il })
}
