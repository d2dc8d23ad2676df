//! A debt (posizione), the ways to pay it (rate, each with its notice) and what each is made of (versamenti).
//!
//! The station's answer for a notice is [`Posizione::pagabile`]; what a receipt changes is [`Posizione::on_receipt`]. Both are
//! pure. Source: SANP, "Posizione debitoria"; the position stays open until the receipt, getPayment locks nothing.

use crate::ricevuta::Anomalia;
use crate::transitions::{Edge, Table};
use crate::{Atto, CodiceFiscale, CodiceFiscaleEnte, Iban, Importo, Iuv, NumeroAvviso, Ricevuta, Tassonomia};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a debt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoPosizione {
    /// Written, not yet payable: the Nodo does not know it.
    Bozza,
    Aperta,
    /// Some instalments paid, not all.
    ParzialmentePagata,
    Pagata,
    Annullata,
    /// Past its due date, and not payable after it.
    Scaduta,
    /// A draft, or a notice that somebody asked for at a counter, that nobody paid: deleted with all that was in it. No position is
    /// ever read in this state: only its steps remain.
    Eliminata,
}

/// What moves a [`StatoPosizione`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoPosizione {
    Pubblica,
    Annulla,
    /// Its time is over: personal data goes.
    Elimina,
    Scade,
    Riapre,
    /// A receipt for an instalment while others are due.
    Acconto,
    /// The receipt that settles the debt.
    Saldo,
    /// A receipt for something already paid: the money is real, a refund is due.
    Doppione,
}

use EventoPosizione as E;
use StatoPosizione as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a position. A receipt is a fact: whatever we thought, it moves the position; a deleted one is not there any more,
/// and its receipt is one for a notice we do not know.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "posizione",
    states: &[S::Bozza, S::Aperta, S::ParzialmentePagata, S::Pagata, S::Annullata, S::Scaduta, S::Eliminata],
    initial: S::Bozza,
    finals: &[S::Pagata, S::Eliminata],
    edges: &[
        edge(S::Bozza, E::Pubblica, S::Aperta),
        edge(S::Bozza, E::Annulla, S::Annullata),
        edge(S::Bozza, E::Elimina, S::Eliminata),
        edge(S::Annullata, E::Elimina, S::Eliminata),
        edge(S::Aperta, E::Annulla, S::Annullata),
        edge(S::Scaduta, E::Annulla, S::Annullata),
        edge(S::Aperta, E::Scade, S::Scaduta),
        edge(S::Scaduta, E::Riapre, S::Aperta),
        edge(S::Annullata, E::Riapre, S::Aperta),
        edge(S::Bozza, E::Acconto, S::ParzialmentePagata),
        edge(S::Aperta, E::Acconto, S::ParzialmentePagata),
        edge(S::ParzialmentePagata, E::Acconto, S::ParzialmentePagata),
        edge(S::Annullata, E::Acconto, S::ParzialmentePagata),
        edge(S::Scaduta, E::Acconto, S::ParzialmentePagata),
        edge(S::Bozza, E::Saldo, S::Pagata),
        edge(S::Aperta, E::Saldo, S::Pagata),
        edge(S::ParzialmentePagata, E::Saldo, S::Pagata),
        edge(S::Annullata, E::Saldo, S::Pagata),
        edge(S::Scaduta, E::Saldo, S::Pagata),
        edge(S::ParzialmentePagata, E::Doppione, S::ParzialmentePagata),
        edge(S::Pagata, E::Doppione, S::Pagata),
    ],
};

/// Whoever owes or pays. `Debug` names nobody: it ends in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Soggetto {
    pub codice_fiscale: CodiceFiscale,
    /// Name and surname, or company name; ≤ 70 characters.
    pub nome: String,
    pub email: Option<String>,
}

impl fmt::Debug for Soggetto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Soggetto").field("codice_fiscale", &self.codice_fiscale).finish_non_exhaustive()
    }
}

/// A debt towards an ente.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posizione {
    /// Opaque, ours.
    pub id: String,
    pub ente: CodiceFiscaleEnte,
    /// Slug of the service, when it is known.
    pub servizio: Option<String>,
    pub stato: StatoPosizione,
    /// ≤ 140 characters, no personal data.
    pub causale: String,
    pub debitore: Soggetto,
    /// Who pays, when not the debtor.
    pub versante: Option<Soggetto>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atto: Option<Atto>,
    /// One way to pay at least; each has its notice number.
    pub rate: Vec<Rata>,
}

/// Which way to pay the debt a [`Rata`] is. `Unica` and the instalments are alternatives: paying one closes the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "tipo", rename_all = "snake_case")]
pub enum Opzione {
    Unica,
    Rata { numero: u8, di: u8 },
}

/// A way to pay a position, or an instalment of it: what one notice number names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rata {
    pub numero: NumeroAvviso,
    pub opzione: Opzione,
    pub importo: Importo,
    pub scadenza: Option<Date>,
    /// `switchToExpired`: after the due date it can no longer be paid.
    pub non_oltre_scadenza: bool,
    pub pagata: bool,
    /// 1 to 5, adding up to `importo`: [`Rata::faults`].
    pub versamenti: Vec<Versamento>,
}

/// One transfer of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versamento {
    pub ente: CodiceFiscaleEnte,
    pub nome_ente: String,
    pub importo: Importo,
    pub accredito: Accredito,
    pub tassonomia: Tassonomia,
    pub causale: String,
    /// `None`: the ente books it as it books the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imputazione: Option<Imputazione>,
}

/// Where the ente books a transfer: its chapter of revenue and the assessment (D.Lgs. 118/2011, art. 53). Nothing that pagoPA is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imputazione {
    pub capitolo: Option<String>,
    pub accertamento: Option<String>,
    pub anno: Option<u16>,
}

/// Where a transfer goes: an account, or a digital revenue stamp (marca da bollo).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tipo", rename_all = "snake_case")]
pub enum Accredito {
    Conto {
        iban: Iban,
        postale: Option<Iban>,
    },
    /// `hash_documento`: base64 of the SHA-256 of the document; `provincia`: two letters of the debtor's residence.
    Bollo {
        hash_documento: String,
        provincia: String,
    },
}

/// Why a notice cannot be paid now; each is one fault code of the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NonPagabile {
    Sconosciuta,
    Pagata,
    Annullata,
    Scaduta,
}

/// What a receipt changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effetto {
    pub evento: EventoPosizione,
    pub stato: StatoPosizione,
    /// Index in [`Posizione::rate`] of the option that becomes paid.
    pub rata: usize,
    pub anomalie: Vec<Anomalia>,
}

impl Rata {
    pub const VERSAMENTI_MAX: usize = 5;

    pub fn iuv(&self) -> Iuv {
        self.numero.iuv()
    }

    /// True when every transfer has a postal account (`allCCP`).
    pub fn all_ccp(&self) -> bool {
        self.versamenti
            .iter()
            .all(|v| matches!(&v.accredito, Accredito::Conto { iban, postale } if postale.is_some() || iban.is_postale()))
    }

    pub fn ha_bollo(&self) -> bool {
        self.versamenti.iter().any(|v| matches!(v.accredito, Accredito::Bollo { .. }))
    }

    pub fn is_scaduta(&self, oggi: Date) -> bool {
        self.non_oltre_scadenza && self.scadenza.is_some_and(|scadenza| oggi > scadenza)
    }

    /// What is wrong with it: no transfer or more than five, a zero amount, transfers that do not add up. Empty when sound.
    pub fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        if self.versamenti.is_empty() || self.versamenti.len() > Self::VERSAMENTI_MAX {
            faults.push("1 to 5 transfers");
        }
        if self.importo.is_zero() || self.versamenti.iter().any(|v| v.importo.is_zero()) {
            faults.push("amounts above zero");
        }
        if Importo::sum(self.versamenti.iter().map(|v| v.importo)) != Some(self.importo) {
            faults.push("transfers that add up to the amount");
        }
        faults
    }
}

impl Posizione {
    pub fn rata(&self, numero: &NumeroAvviso) -> Option<&Rata> {
        self.rate.iter().find(|r| &r.numero == numero)
    }

    /// Whether a notice of this position can be paid today (`oggi` in Europe/Rome).
    ///
    /// Order of the reasons as SANP and GPD: unknown, paid, cancelled, expired.
    ///
    /// # Errors
    /// Why not.
    pub fn pagabile(&self, numero: &NumeroAvviso, oggi: Date) -> Result<&Rata, NonPagabile> {
        let rata = self.rata(numero).ok_or(NonPagabile::Sconosciuta)?;
        match self.stato {
            S::Bozza | S::Eliminata => return Err(NonPagabile::Sconosciuta),
            S::Pagata => return Err(NonPagabile::Pagata),
            S::Annullata => return Err(NonPagabile::Annullata),
            S::Aperta | S::ParzialmentePagata | S::Scaduta => {}
        }
        if rata.pagata || self.other_option_paid(rata) {
            return Err(NonPagabile::Pagata);
        }
        if self.stato == S::Scaduta || rata.is_scaduta(oggi) {
            return Err(NonPagabile::Scaduta);
        }
        Ok(rata)
    }

    /// The single payment is settled by an instalment, and the other way round.
    fn other_option_paid(&self, rata: &Rata) -> bool {
        self.rate.iter().any(|other| other.pagata && (other.opzione == Opzione::Unica) != (rata.opzione == Opzione::Unica))
    }

    /// The last day of a reduced amount: the whole, for less than the whole costs otherwise, and not after its due date (a fine within
    /// five days). Which of two wholes is paid, the citizen chooses; either settles the debt.
    pub fn ridotto_entro(&self, rata: &Rata) -> Option<Date> {
        let costs_more = |other: &Rata| other.opzione == Opzione::Unica && other.importo > rata.importo;
        let ridotto = rata.opzione == Opzione::Unica && rata.non_oltre_scadenza && self.rate.iter().any(costs_more);
        rata.scadenza.filter(|_| ridotto)
    }

    /// What a receipt for one of its notices changes; `None` when the notice is not of this position.
    pub fn on_receipt(&self, ricevuta: &Ricevuta, oggi: Date) -> Option<Effetto> {
        let index = self.rate.iter().position(|r| r.numero == ricevuta.numero_avviso)?;
        let rata = &self.rate[index];
        let mut anomalie = Vec::new();
        if ricevuta.importo != rata.importo {
            anomalie.push(Anomalia::ImportoDiverso { atteso: rata.importo, pagato: ricevuta.importo });
        }
        match self.stato {
            S::Annullata => anomalie.push(Anomalia::PosizioneAnnullata),
            S::Bozza => anomalie.push(Anomalia::PosizioneInBozza),
            S::Scaduta => anomalie.push(Anomalia::PosizioneScaduta),
            _ if rata.is_scaduta(oggi) => anomalie.push(Anomalia::PosizioneScaduta),
            _ => {}
        }
        let settled = self.stato == S::Pagata || (rata.opzione != Opzione::Unica && self.other_option_paid(rata));
        if rata.pagata || settled || self.other_option_paid(rata) {
            anomalie.push(Anomalia::DoppioPagamento);
        }
        let evento = if rata.pagata || settled {
            E::Doppione
        } else if rata.opzione == Opzione::Unica {
            // whatever instalments were paid before: the whole debt is covered now, and they are to be given back
            E::Saldo
        } else {
            let others_due = self.rate.iter().enumerate().any(|(i, r)| i != index && r.opzione != Opzione::Unica && !r.pagata);
            if others_due { E::Acconto } else { E::Saldo }
        };
        // a table without this edge would be a fault of the table: the tests walk every state
        let stato = TRANSIZIONI.advance(self.stato, evento).unwrap_or(self.stato);
        Some(Effetto { evento, stato, rata: index, anomalie })
    }
}
