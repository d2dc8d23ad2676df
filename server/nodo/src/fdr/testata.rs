//! What a flow says of itself.

use super::IdFlusso;
use super::elenco::is_name;
use crate::rest::json::{Euro, instant, integer};
use domain::{CodiceFiscaleEnte, Importo};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

/// `SingleFlowResponse`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Testata {
    pub fdr: IdFlusso,
    pub revisione: u64,
    /// `fdrDate`: grows with each revision.
    pub data_flusso: Timestamp,
    pub pubblicato: Option<Timestamp>,
    pub psp: String,
    pub nome_psp: Option<String>,
    /// `receiver/organizationId`: should be who asked.
    pub ente: Option<CodiceFiscaleEnte>,
    /// `regulation`, the TRN of the bank transfer: what it is recognised by on the account.
    pub regolamento: String,
    pub data_regolamento: Option<Date>,
    pub bic: Option<String>,
    pub pagamenti: u64,
    /// What the bank transfer is worth.
    pub importo: Importo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    fdr: String,
    #[serde(deserialize_with = "integer")]
    revision: u64,
    fdr_date: String,
    published: Option<String>,
    sender: RawSender,
    receiver: Option<RawReceiver>,
    regulation: String,
    regulation_date: Option<String>,
    bic_code_pouring_bank: Option<String>,
    #[serde(deserialize_with = "integer")]
    tot_payments: u64,
    sum_payments: Euro,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSender {
    psp_id: String,
    psp_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReceiver {
    organization_id: Option<String>,
}

/// What is only shown: without the characters that no text can hold, and no longer than `companyName` anywhere.
fn line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(140).collect()
}

/// `computed…` is not read: it is what the server added up, in floats.
pub(crate) fn read(body: &[u8]) -> Result<Testata, &'static str> {
    let raw: Raw = serde_json::from_slice(body).map_err(|_| "not a flow")?;
    Ok(Testata {
        fdr: IdFlusso::parse(&raw.fdr).ok_or("fdr: not the name of a flow")?,
        revisione: raw.revision,
        data_flusso: instant(&raw.fdr_date).ok_or("fdrDate: not an instant")?,
        pubblicato: raw.published.as_deref().and_then(instant),
        psp: Some(raw.sender.psp_id).filter(|p| is_name(p)).ok_or("pspId: not 1 to 35 characters, or some that are none")?,
        nome_psp: raw.sender.psp_name.map(|name| line(&name)),
        ente: raw.receiver.and_then(|r| CodiceFiscaleEnte::parse(&r.organization_id?).ok()),
        regolamento: Some(raw.regulation)
            .filter(|r| is_name(r))
            .ok_or("regulation: not 1 to 35 characters, or some that are none")?,
        // a day, were it written as an instant
        data_regolamento: raw.regulation_date.and_then(|d| d.get(..10)?.parse().ok()),
        bic: raw.bic_code_pouring_bank.map(|bic| line(&bic)),
        pagamenti: raw.tot_payments,
        importo: raw.sum_payments.0,
    })
}
