//! Biz Events: one receipt that never came, asked for by the IUR that a flow (FdR) told.
//!
//! Source: biz_events.json of pagopa-api; `CtReceiptModelResponse.java` of pagopa-biz-events-service; SANP 3.12.0 "Recupero ricevuta":
//! at most [`CALLS_PER_HOUR`] calls, only after a flow named the payment, "assolutamente vietato" in a loop. The caller keeps count.
//!
//! Its JSON has no `paymentNote` and no `standIn`: a receipt from here says neither which cart it was nor that the station was down.

use crate::rest::json::Euro;
use crate::rest::{Answer, Call, Client, Clock, Peer, PeerError};
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{CodiceFiscaleEnte, NumeroAvviso, Ricevuta};
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;

/// For each subscription key.
pub const CALLS_PER_HOUR: u32 = 10;

/// `…/receipt-ndp/v1`.
#[derive(Clone, Debug)]
pub struct BizEvents(Client);

/// A receipt as it was fetched: the bytes, and what they say. `Debug` leaves the bytes out: they name people.
#[derive(Clone)]
pub struct Recuperata {
    pub bytes: Vec<u8>,
    /// Of the right shape, were it with facts nobody can understand: somebody must look at it then.
    pub letta: Result<Ricevuta, &'static str>,
}

impl fmt::Debug for Recuperata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recuperata").field("bytes", &self.bytes.len()).field("letta", &self.letta).finish()
    }
}

impl BizEvents {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("BIZ_EVENTS", peer, clock).map(Self)
    }

    /// By its IUR alone.
    pub async fn by_iur(&self, ente: &CodiceFiscaleEnte, iur: &str) -> Answer<Recuperata> {
        let path = ["organizations", ente.as_str(), "receipts", iur];
        self.0.send(Call { reference: Some(iur), ..Call::get("getOrganizationReceiptIur", &path) }, |r| fetched(r.body)).await
    }

    /// By IUR and IUV, as a row of a flow has both: 404 when they do not belong together.
    pub async fn by_iur_and_iuv(&self, ente: &CodiceFiscaleEnte, iur: &str, iuv: &str) -> Answer<Recuperata> {
        let path = ["organizations", ente.as_str(), "receipts", iur, "paymentoptions", iuv];
        let call = Call { reference: Some(iur), ..Call::get("getOrganizationReceiptIuvIur", &path) };
        self.0.send(call, |r| fetched(r.body)).await
    }
}

/// Reads a receipt again that was fetched before and kept.
///
/// # Errors
/// What is missing or cannot be understood, in a few words.
pub fn decode(bytes: &[u8]) -> Result<Ricevuta, &'static str> {
    fetched(bytes)?.letta
}

pub(crate) fn fetched(body: &[u8]) -> Result<Recuperata, &'static str> {
    let raw: RawReceipt = serde_json::from_slice(body).map_err(|_| "not a receipt")?;
    Ok(Recuperata { bytes: body.to_vec(), letta: read(raw).and_then(storable) })
}

/// JSON can say U+0000, and PostgreSQL cannot keep it (nor XML): such a receipt would fail for ever on its way into the record.
fn storable(ricevuta: Ricevuta) -> Result<Ricevuta, &'static str> {
    // every text of it, escaped as JSON escapes
    let text = serde_json::to_string(&ricevuta).map_err(|_| "a receipt that cannot be written down")?;
    if text.contains("\\u0000") { Err("a text with U+0000") } else { Ok(ricevuta) }
}

/// `CtReceiptModelResponse`. What the OpenAPI calls mandatory and no receipt can do without is mandatory here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReceipt {
    receipt_id: String,
    notice_number: String,
    fiscal_code: String,
    outcome: String,
    creditor_reference_id: String,
    payment_amount: Euro,
    description: Option<String>,
    company_name: Option<String>,
    office_name: Option<String>,
    debtor: RawSubject,
    transfer_list: Vec<RawTransfer>,
    #[serde(rename = "idPSP")]
    id_psp: String,
    psp_fiscal_code: Option<String>,
    #[serde(rename = "pspPartitaIVA")]
    psp_partita_iva: Option<String>,
    psp_company_name: Option<String>,
    id_channel: Option<String>,
    channel_description: Option<String>,
    payer: Option<RawSubject>,
    payment_method: Option<String>,
    fee: Option<Euro>,
    /// The day alone.
    payment_date_time: Option<Date>,
    /// Civil time of Europe/Rome.
    payment_date_time_formatted: Option<DateTime>,
    application_date: Option<Date>,
    transfer_date: Option<Date>,
    metadata: Option<Vec<RawEntry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSubject {
    entity_unique_identifier_value: String,
    full_name: String,
    /// `email` in the OpenAPI, `eMail` where Java names it.
    #[serde(alias = "eMail")]
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTransfer {
    id_transfer: Option<u8>,
    transfer_amount: Euro,
    #[serde(rename = "fiscalCodePA")]
    fiscal_code_pa: String,
    /// The OpenAPI calls both mandatory; a transfer has one of them.
    iban: Option<String>,
    mbd_attachment: Option<String>,
    remittance_information: Option<String>,
    transfer_category: Option<String>,
    metadata: Option<Vec<RawEntry>>,
}

#[derive(Deserialize)]
struct RawEntry {
    key: Option<String>,
    value: Option<String>,
}

fn read(raw: RawReceipt) -> Result<Ricevuta, &'static str> {
    if raw.receipt_id.is_empty() || raw.receipt_id.chars().count() > 35 {
        return Err("receiptId: not 1 to 35 characters");
    }
    let esito_ok = match raw.outcome.as_str() {
        "OK" => true,
        "KO" => false,
        _ => return Err("outcome: not one of its values"),
    };
    let mut seen = BTreeSet::new();
    let mut versamenti = Vec::new();
    for (transfer, position) in raw.transfer_list.into_iter().zip(1..) {
        let versamento = transfer.read(position)?;
        if !seen.insert(versamento.indice) {
            return Err("transferList: the same idTransfer twice");
        }
        versamenti.push(versamento);
    }
    if versamenti.is_empty() {
        return Err("transferList: empty");
    }
    Ok(Ricevuta {
        receipt_id: raw.receipt_id,
        numero_avviso: NumeroAvviso::parse(&raw.notice_number).map_err(|_| "noticeNumber: not a notice number")?,
        ente: CodiceFiscaleEnte::parse(&raw.fiscal_code).map_err(|_| "fiscalCode: not 11 digits")?,
        esito_ok,
        iuv: raw.creditor_reference_id,
        importo: raw.payment_amount.0,
        descrizione: raw.description.unwrap_or_default(),
        nome_ente: raw.company_name.unwrap_or_default(),
        ufficio: filled(raw.office_name),
        debitore: raw.debtor.read(),
        versante: raw.payer.map(RawSubject::read),
        versamenti,
        psp: Psp {
            id: raw.id_psp,
            codice_fiscale: filled(raw.psp_fiscal_code),
            partita_iva: filled(raw.psp_partita_iva),
            nome: raw.psp_company_name.unwrap_or_default(),
            canale: raw.id_channel.unwrap_or_default(),
            descrizione_canale: raw.channel_description.unwrap_or_default(),
        },
        metodo: filled(raw.payment_method),
        nota: None,
        commissione: raw.fee.map(|fee| fee.0),
        pagata_il: raw.payment_date_time_formatted.or(raw.payment_date_time.map(|day| day.at(0, 0, 0, 0))),
        data_applicazione: raw.application_date,
        data_accredito: raw.transfer_date,
        metadata: entries(raw.metadata),
        stand_in: false,
    })
}

impl RawSubject {
    fn read(self) -> SoggettoRicevuta {
        SoggettoRicevuta { identificativo: self.entity_unique_identifier_value, nome: self.full_name, email: filled(self.email) }
    }
}

impl RawTransfer {
    /// `position`: its place in the list, where it has no number.
    fn read(self, position: u8) -> Result<VersamentoRicevuta, &'static str> {
        let (iban, bollo) = (filled(self.iban), filled(self.mbd_attachment));
        if iban.is_none() && bollo.is_none() {
            return Err("transferList: neither iban nor mbdAttachment");
        }
        Ok(VersamentoRicevuta {
            indice: self.id_transfer.unwrap_or(position),
            importo: self.transfer_amount.0,
            ente: CodiceFiscaleEnte::parse(&self.fiscal_code_pa).map_err(|_| "fiscalCodePA: not 11 digits")?,
            nome_ente: None,
            iban,
            bollo,
            causale: self.remittance_information.unwrap_or_default(),
            tassonomia: self.transfer_category.unwrap_or_default(),
            metadata: entries(self.metadata),
        })
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

fn entries(raw: Option<Vec<RawEntry>>) -> Vec<(String, String)> {
    raw.unwrap_or_default().into_iter().filter_map(|e| Some((e.key?, e.value.unwrap_or_default()))).collect()
}
