//! The receipt (ricevuta telematica, RT): what proves that money moved.
//!
//! Source: `ctReceipt` and `ctReceiptV2` in paForNode.xsd, SANP 3.12.0. Texts are kept as they came.

use crate::transitions::{Edge, Table};
use crate::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a receipt stands with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoRicevuta {
    /// Stored, not yet judged.
    Ricevuta,
    /// All as expected.
    Valida,
    /// Real money with something odd about it: see its anomalies.
    Anomala,
    /// Cannot be understood, or contradicts another one: somebody must look.
    Quarantena,
    /// Looked at and settled.
    Risolta,
}

/// What moves a [`StatoRicevuta`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoRicevuta {
    Convalida,
    Segnala,
    Isola,
    Risolve,
}

use EventoRicevuta as E;
use StatoRicevuta as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a receipt.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "ricevuta",
    states: &[S::Ricevuta, S::Valida, S::Anomala, S::Quarantena, S::Risolta],
    initial: S::Ricevuta,
    finals: &[S::Valida, S::Risolta],
    edges: &[
        edge(S::Ricevuta, E::Convalida, S::Valida),
        edge(S::Ricevuta, E::Segnala, S::Anomala),
        edge(S::Ricevuta, E::Isola, S::Quarantena),
        edge(S::Anomala, E::Risolve, S::Risolta),
        edge(S::Quarantena, E::Risolve, S::Risolta),
    ],
};

/// What is odd about a receipt. Each is shown to the ente and settled by a person. `Debug` leaves out what the sender wrote: it ends in
/// logs, and a receipt may say anything in any place.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "tipo", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Anomalia {
    /// No position of ours has this notice.
    PosizioneSconosciuta,
    PosizioneInBozza,
    PosizioneAnnullata,
    PosizioneScaduta,
    ImportoDiverso {
        atteso: Importo,
        pagato: Importo,
    },
    /// The debt was paid already: a refund is due.
    DoppioPagamento,
    /// `Σ transfer ≠ paymentAmount`.
    SommaVersamenti {
        somma_cents: i64,
    },
    /// Addressed to a station that is not the ente's.
    StazioneInattesa {
        stazione: String,
    },
    /// `idBrokerPA` is not the ente's.
    IntermediarioInatteso {
        intermediario: String,
    },
    /// The receipt's IUV is not the one in its notice number.
    IuvDiverso,
    /// `outcome` KO in a receipt: the Nodo sends only OK ones.
    EsitoNegativo,
}

impl fmt::Debug for Anomalia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PosizioneSconosciuta => f.write_str("PosizioneSconosciuta"),
            Self::PosizioneInBozza => f.write_str("PosizioneInBozza"),
            Self::PosizioneAnnullata => f.write_str("PosizioneAnnullata"),
            Self::PosizioneScaduta => f.write_str("PosizioneScaduta"),
            Self::ImportoDiverso { atteso, pagato } => {
                write!(f, "ImportoDiverso {{ atteso: {}, pagato: {} }}", atteso.cents(), pagato.cents())
            }
            Self::DoppioPagamento => f.write_str("DoppioPagamento"),
            Self::SommaVersamenti { somma_cents } => write!(f, "SommaVersamenti {{ somma_cents: {somma_cents} }}"),
            Self::StazioneInattesa { .. } => f.write_str("StazioneInattesa(…)"),
            Self::IntermediarioInatteso { .. } => f.write_str("IntermediarioInatteso(…)"),
            Self::IuvDiverso => f.write_str("IuvDiverso"),
            Self::EsitoNegativo => f.write_str("EsitoNegativo"),
        }
    }
}

/// A person or body as the receipt names it. `Debug` names nobody: it ends in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoggettoRicevuta {
    /// Codice fiscale, partita IVA or `ANONIMO`; 2 to 16 characters.
    pub identificativo: String,
    pub nome: String,
    pub email: Option<String>,
}

impl fmt::Debug for SoggettoRicevuta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoggettoRicevuta(…)")
    }
}

/// One transfer as it was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersamentoRicevuta {
    /// `idTransfer`, 1 to 5.
    pub indice: u8,
    pub importo: Importo,
    pub ente: CodiceFiscaleEnte,
    pub nome_ente: Option<String>,
    /// `None` for a digital revenue stamp.
    pub iban: Option<String>,
    /// `MBDAttachment`: the stamp itself, base64 as it came.
    pub bollo: Option<String>,
    pub causale: String,
    pub tassonomia: String,
    pub metadata: Vec<(String, String)>,
}

/// Who moved the money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Psp {
    pub id: String,
    pub codice_fiscale: Option<String>,
    pub partita_iva: Option<String>,
    pub nome: String,
    pub canale: String,
    pub descrizione_canale: String,
}

/// A receipt as domain facts. The raw bytes are kept apart, with their digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ricevuta {
    /// `receiptId` = paymentToken = IUR, ≤ 35: the key that links it to the FdR row.
    pub receipt_id: String,
    pub numero_avviso: NumeroAvviso,
    /// The primary ente of the notice (`fiscalCode`); the addressee (`idPA`) may be another one.
    pub ente: CodiceFiscaleEnte,
    pub esito_ok: bool,
    /// `creditorReferenceId`.
    pub iuv: String,
    pub importo: Importo,
    pub descrizione: String,
    pub nome_ente: String,
    pub ufficio: Option<String>,
    pub debitore: SoggettoRicevuta,
    pub versante: Option<SoggettoRicevuta>,
    pub versamenti: Vec<VersamentoRicevuta>,
    pub psp: Psp,
    /// `CP`, `BBT`, …: as sent by the PSP.
    pub metodo: Option<String>,
    /// `paymentNote`: our idCart comes back here.
    pub nota: Option<String>,
    pub commissione: Option<Importo>,
    /// `paymentDateTime`, civil time of Europe/Rome.
    pub pagata_il: Option<DateTime>,
    pub data_applicazione: Option<Date>,
    /// `transferDate`: when the money reaches the ente's account.
    pub data_accredito: Option<Date>,
    pub metadata: Vec<(String, String)>,
    pub stand_in: bool,
}

impl Ricevuta {
    /// Whether both tell of one payment of the same money in the same parts, however much else each tells. Biz Events leaves out what
    /// the Nodo says of the cart and of stand-in, and spells texts in its own way.
    #[must_use]
    pub fn is_same_payment(&self, other: &Self) -> bool {
        let parts = |r: &Self| {
            let mut parts: Vec<_> = r.versamenti.iter().map(|v| (v.indice, v.importo, v.ente.clone())).collect();
            parts.sort();
            parts
        };
        self.receipt_id == other.receipt_id
            && self.numero_avviso == other.numero_avviso
            && self.ente == other.ente
            && self.esito_ok == other.esito_ok
            && self.iuv == other.iuv
            && self.importo == other.importo
            && parts(self) == parts(other)
    }

    /// What is odd about it on its own, without knowing the position.
    pub fn anomalie(&self) -> Vec<Anomalia> {
        let mut anomalie = Vec::new();
        let somma_cents = self.versamenti.iter().map(|v| v.importo.cents()).sum::<i64>();
        if somma_cents != self.importo.cents() {
            anomalie.push(Anomalia::SommaVersamenti { somma_cents });
        }
        if self.iuv != self.numero_avviso.iuv().as_str() {
            anomalie.push(Anomalia::IuvDiverso);
        }
        if !self.esito_ok {
            anomalie.push(Anomalia::EsitoNegativo);
        }
        anomalie
    }
}
