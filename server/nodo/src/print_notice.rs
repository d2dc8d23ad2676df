//! pagoPA prints notices: the paper of one debtor at once, of a thousand in a folder to be fetched later.
//!
//! Source: print-payment-notice-service.json 0.9.8 (external). Dates are `dd/MM/yyyy`, amounts cents. The paper wants the debtor's
//! address, which no payment needs and a position does not have: it is given by whoever prints.

use crate::rest::{Answer, Body, Budget, Call, Client, Clock, Method, Peer, PeerError};
use domain::{Opzione, Posizione, Rata};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// `maxItems` of a massive request.
pub const NOTICES_MAX: usize = 1000;
/// `subject`: `maxLength`.
const SUBJECT_MAX: usize = 90;
/// `fullName`, `address`.
const NOME_MAX: usize = 70;
const INDIRIZZO_MAX: usize = 140;

/// `…/print-payment-notice-service/external/v1`.
#[derive(Clone, Debug)]
pub struct PrintNotice(Client);

/// Where the paper goes. `Debug` does not tell.
#[derive(Clone, PartialEq, Eq)]
pub struct Indirizzo {
    pub via: String,
    pub civico: String,
    pub cap: String,
    pub comune: String,
    pub provincia: String,
}

/// `templateId`: which paper. Their names: `GET /notices/templates`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modello {
    Unica,
    /// With the bulletin of Poste.
    UnicaPoste,
    Rate,
    RatePoste,
}

/// Why a position cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NonStampabile {
    #[error("the paper needs a single payment")]
    SenzaUnica,
    /// `installments`: `minItems` 2.
    #[error("the paper of instalments needs two of them at least")]
    PocheRate,
}

/// `NoticeGenerationRequestItem`. `Debug` does not show it: it names a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Richiesta {
    template_id: String,
    data: Data,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    notice: Notice,
    creditor_institution: Institution,
    debtor: Debtor,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    installments: Option<Vec<Installment>>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installment {
    code: String,
    amount: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Institution {
    tax_code: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Debtor {
    tax_code: String,
    full_name: String,
    address: String,
    building_number: String,
    postal_code: String,
    city: String,
    province: String,
}

/// `status` of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoCartella {
    Inserted,
    Processing,
    Completing,
    Failed,
    Processed,
    ProcessedWithFailures,
}

/// `GetGenerationRequestStatusResource`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cartella {
    pub status: StatoCartella,
    /// Items that could not be printed.
    pub notices_in_error: Vec<String>,
    pub processed_notices: Vec<String>,
}

impl Modello {
    pub const fn template_id(self) -> &'static str {
        match self {
            Self::Unica => "TemplateSingleInstalment",
            Self::UnicaPoste => "TemplateSingleInstalmentPoste",
            Self::Rate => "TemplateInstalments",
            Self::RatePoste => "TemplateInstalmentsPoste",
        }
    }

    const fn has_instalments(self) -> bool {
        matches!(self, Self::Rate | Self::RatePoste)
    }
}

impl Richiesta {
    /// The notice of a position, for one of the papers.
    ///
    /// # Errors
    /// See [`NonStampabile`].
    pub fn new(posizione: &Posizione, indirizzo: &Indirizzo, modello: Modello) -> Result<Self, NonStampabile> {
        let single = posizione.rate.iter().find(|r| r.opzione == Opzione::Unica).ok_or(NonStampabile::SenzaUnica)?;
        let plan: Vec<&Rata> = posizione.rate.iter().filter(|r| r.opzione != Opzione::Unica).collect();
        if modello.has_instalments() && plan.len() < 2 {
            return Err(NonStampabile::PocheRate);
        }
        let installment = |rata: &&Rata| Installment {
            code: rata.numero.to_string(),
            amount: rata.importo.cents(),
            due_date: rata.scadenza.map(italian),
        };
        let debitore = &posizione.debitore;
        Ok(Self {
            template_id: modello.template_id().to_owned(),
            data: Data {
                notice: Notice {
                    subject: cut(&posizione.causale, SUBJECT_MAX),
                    code: Some(single.numero.to_string()),
                    payment_amount: Some(single.importo.cents()),
                    due_date: single.scadenza.map(italian),
                    installments: modello.has_instalments().then(|| plan.iter().map(installment).collect()),
                },
                creditor_institution: Institution { tax_code: posizione.ente.to_string() },
                debtor: Debtor {
                    tax_code: debitore.codice_fiscale.as_str().to_owned(),
                    full_name: cut(&debitore.nome, NOME_MAX),
                    address: cut(&indirizzo.via, INDIRIZZO_MAX),
                    building_number: indirizzo.civico.clone(),
                    postal_code: indirizzo.cap.clone(),
                    city: indirizzo.comune.clone(),
                    province: indirizzo.provincia.clone(),
                },
            },
        })
    }
}

#[derive(Serialize)]
struct Massive<'a> {
    notices: &'a [Richiesta],
}

#[derive(Deserialize)]
struct Folder {
    folder_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    signed_url: String,
}

impl PrintNotice {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("PRINT", peer, clock).map(Self)
    }

    /// The paper of one notice, a PDF. 404: pagoPA's back office has no logo and accounts of this ente. Changes nothing over there,
    /// for whoever asks again after an [`Unknown`](crate::rest::Outcome::Unknown).
    pub async fn generate(&self, richiesta: &Richiesta) -> Answer<Vec<u8>> {
        let call = Call {
            method: Method::Post,
            body: Some(Body::json(richiesta)),
            reference: richiesta.data.notice.code.as_deref(),
            expect: 201,
            accept: "application/pdf",
            budget: Budget::FLOW,
            ..Call::get("generateNotice", &["notices", "generate"])
        };
        self.0.send(call, |r| if r.body.starts_with(b"%PDF-") { Ok(r.body.to_vec()) } else { Err("not a PDF") }).await
    }

    /// Up to [`NOTICES_MAX`] papers; the identifier of their folder. The same `key` again is the same folder: choose it from what is
    /// printed, not at random.
    pub async fn generate_massive(&self, richieste: &[Richiesta], key: &str) -> Answer<String> {
        let call = Call {
            method: Method::Post,
            header: Some(("Idempotency-Key", key.to_owned())),
            body: Some(Body::json(&Massive { notices: richieste })),
            budget: Budget::FLOW,
            ..Call::get("generateNoticeMassiveRequest", &["notices", "generate-massive"])
        };
        self.0
            .send(call, |r| {
                let Folder { folder_id } = serde_json::from_slice(r.body).map_err(|_| "not a folder")?;
                if folder_id.is_empty() || folder_id.len() > 100 { Err("a folder without a name") } else { Ok(folder_id) }
            })
            .await
    }

    pub async fn folder(&self, folder_id: &str) -> Answer<Cartella> {
        let path = ["notices", "folder", folder_id, "status"];
        let call = Call { reference: Some(folder_id), ..Call::get("getFolderStatus", &path) };
        self.0.send(call, |r| serde_json::from_slice(r.body).map_err(|_| "not the status of a folder")).await
    }

    /// Where the papers of a folder can be had for some minutes. The address is a secret: whoever has it has the papers.
    pub async fn folder_url(&self, folder_id: &str) -> Answer<Url> {
        let path = ["notices", "folder", folder_id, "url"];
        let call = Call { reference: Some(folder_id), ..Call::get("getFolderSignedUrlResource", &path) };
        self.0
            .send(call, |r| {
                let Signed { signed_url } = serde_json::from_slice(r.body).map_err(|_| "not a signed address")?;
                let url = Url::parse(&signed_url).map_err(|_| "not a signed address")?;
                // the sandbox signs addresses of its own
                if matches!(url.scheme(), "https" | "http") && url.has_host() { Ok(url) } else { Err("not a signed address") }
            })
            .await
    }
}

fn italian(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

fn cut(text: &str, max: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(max).collect()
}

impl fmt::Debug for Richiesta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Richiesta").field("template_id", &self.template_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Indirizzo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Indirizzo(…)")
    }
}
