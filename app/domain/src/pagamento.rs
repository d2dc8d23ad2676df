//! One trip to Checkout (tentativo): from the click on "Paga" to the receipt. Coming back changes the page, never the money:
//! only a receipt closes a payment.

use crate::transitions::{Edge, Table};
use serde::{Deserialize, Serialize};

/// Where a trip to Checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoTentativo {
    /// Written down; Checkout not asked yet.
    Creato,
    /// Checkout gave an address; the citizen is there.
    Inviato,
    /// The citizen came back; what Checkout said is an indication, not a proof.
    Ritornato,
    /// Checkout refused the cart or did not answer.
    Fallito,
    /// Nothing came in time.
    Scaduto,
    ChiusoDaRicevuta,
}

/// What moves a [`StatoTentativo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoTentativo {
    Invia,
    Fallisce,
    Ritorna,
    Scade,
    Ricevuta,
}

use EventoTentativo as E;
use StatoTentativo as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a trip. The receipt may arrive at any time, also before we have written that the cart was accepted.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "tentativo",
    states: &[S::Creato, S::Inviato, S::Ritornato, S::Fallito, S::Scaduto, S::ChiusoDaRicevuta],
    initial: S::Creato,
    finals: &[S::ChiusoDaRicevuta, S::Fallito, S::Scaduto],
    edges: &[
        edge(S::Creato, E::Invia, S::Inviato),
        edge(S::Creato, E::Fallisce, S::Fallito),
        edge(S::Inviato, E::Ritorna, S::Ritornato),
        // late, or after the receipt: the return is noted, what is known stays known
        edge(S::Scaduto, E::Ritorna, S::Ritornato),
        edge(S::ChiusoDaRicevuta, E::Ritorna, S::ChiusoDaRicevuta),
        edge(S::Creato, E::Scade, S::Scaduto),
        edge(S::Inviato, E::Scade, S::Scaduto),
        edge(S::Ritornato, E::Scade, S::Scaduto),
        edge(S::Creato, E::Ricevuta, S::ChiusoDaRicevuta),
        edge(S::Inviato, E::Ricevuta, S::ChiusoDaRicevuta),
        edge(S::Ritornato, E::Ricevuta, S::ChiusoDaRicevuta),
        edge(S::Fallito, E::Ricevuta, S::ChiusoDaRicevuta),
        edge(S::Scaduto, E::Ricevuta, S::ChiusoDaRicevuta),
    ],
};

/// Which of our return addresses Checkout sent the citizen to. Not a proof of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EsitoDichiarato {
    Ok,
    Annullato,
    Errore,
    /// Checkout v2: the outcome will be known later.
    Attesa,
}

/// What the outcome page says. Also the JSON polled by the `payment_status` island.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EsitoPagamento {
    /// The citizen is, or may still be, at Checkout.
    InCorso,
    /// Back from Checkout; the receipt is awaited.
    InVerifica,
    /// The receipt is here.
    Pagato,
    /// Interrupted by the citizen.
    Interrotto,
    /// Refused or failed.
    NonRiuscito,
}

impl EsitoPagamento {
    /// From what is written down.
    pub fn of(stato: StatoTentativo, dichiarato: Option<EsitoDichiarato>) -> Self {
        match (stato, dichiarato) {
            (S::ChiusoDaRicevuta, _) => Self::Pagato,
            (S::Creato | S::Inviato, _) => Self::InCorso,
            (S::Ritornato, Some(EsitoDichiarato::Annullato)) => Self::Interrotto,
            (S::Ritornato, Some(EsitoDichiarato::Errore)) => Self::NonRiuscito,
            (S::Ritornato, _) => Self::InVerifica,
            (S::Fallito | S::Scaduto, _) => Self::NonRiuscito,
        }
    }

    /// True while the page is worth asking again.
    pub fn may_change_soon(self) -> bool {
        matches!(self, Self::InCorso | Self::InVerifica)
    }
}

/// Body of `GET /api/pagamenti/{token}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatoPagamento {
    pub esito: EsitoPagamento,
    /// How many receipts of it are here: of a cart they come one by one.
    #[serde(default)]
    pub ricevute: u8,
}
