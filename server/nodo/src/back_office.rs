//! The back office: which accounts pagoPA knows of an ente. An account that is not there (for seven days at least) makes the Nodo
//! refuse our answer: it is compared before a notice is published.
//!
//! Source: openapi_backoffice_external_ec.json 1.6.9, `getBrokerIbans`.

use crate::rest::json::instant;
use crate::rest::{Answer, Call, Client, Clock, Peer, PeerError};
use domain::{CodiceFiscaleEnte, Iban};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// `limit`: `maximum` 100.
const LIMIT: u32 = 100;

/// `…/backoffice/external/ec/v1`.
#[derive(Clone, Debug)]
pub struct BackOffice(Client);

/// `CIIbansResource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IbanRegistrato {
    pub ente: CodiceFiscaleEnte,
    pub iban: Iban,
    /// `status` ENABLED.
    pub attivo: bool,
    /// `validityDate`.
    pub valido_da: Timestamp,
    /// `label`: `CUP`, `STANDIN`, …
    pub etichetta: Option<String>,
}

impl IbanRegistrato {
    /// Whether the Nodo lets it pass at `now`.
    pub fn is_usabile(&self, now: Timestamp) -> bool {
        self.attivo && self.valido_da <= now
    }
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElencoIban {
    pub iban: Vec<IbanRegistrato>,
    /// Entries that could not be read: the others are good all the same.
    pub illeggibili: usize,
    /// From 0.
    pub pagina: u64,
    pub pagine: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPage {
    ibans: Vec<Box<RawValue>>,
    page_info: RawPageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPageInfo {
    page: u64,
    total_pages: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    ci_fiscal_code: String,
    iban: String,
    status: String,
    validity_date: String,
    label: Option<String>,
}

impl BackOffice {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("BACK_OFFICE", peer, clock).map(Self)
    }

    /// A page of the accounts of all enti of an intermediary. `pagina` counts from 0.
    pub async fn ibans(&self, broker: &str, pagina: u64) -> Answer<ElencoIban> {
        let query = [("page", pagina.to_string()), ("limit", LIMIT.to_string())];
        let path = ["brokers", broker, "ibans"];
        self.0.send(Call { query: &query, ..Call::get("getBrokerIbans", &path) }, |r| read(r.body)).await
    }
}

fn read(body: &[u8]) -> Result<ElencoIban, &'static str> {
    let page: RawPage = serde_json::from_slice(body).map_err(|_| "not a page of accounts")?;
    let all = page.ibans.len();
    let iban: Vec<IbanRegistrato> = page.ibans.iter().filter_map(|raw| read_iban(raw)).collect();
    Ok(ElencoIban { illeggibili: all - iban.len(), iban, pagina: page.page_info.page, pagine: page.page_info.total_pages })
}

fn read_iban(raw: &RawValue) -> Option<IbanRegistrato> {
    let raw: Raw = serde_json::from_str(raw.get()).ok()?;
    Some(IbanRegistrato {
        ente: CodiceFiscaleEnte::parse(&raw.ci_fiscal_code).ok()?,
        iban: Iban::parse(&raw.iban).ok()?,
        attivo: raw.status.eq_ignore_ascii_case("ENABLED"),
        valido_da: instant(&raw.validity_date)?,
        etichetta: raw.label.filter(|l| !l.is_empty()),
    })
}
