//! A letter to somebody (e-mail): what it is about, and how far it got.

use crate::transitions::{Edge, Table};
use serde::{Deserialize, Serialize};

/// What a letter is about. One event, one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TipoLettera {
    /// A payment arrived.
    Ricevuta,
    /// Somebody typed this address to be reminded of a due date: is it theirs?
    Conferma,
    /// A due date comes near, and its notice is not paid.
    Promemoria,
}

/// How far a letter got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoLettera {
    /// Written down; nobody has it.
    DaInviare,
    /// Being handed over to the server of the mail: from here on it may have it.
    Affidata,
    /// The server said that it has it.
    Inviata,
    /// The server will not have it.
    Rifiutata,
    /// Whoever handed it over died, or the line broke, before the server answered: it may have it, and does not get it again.
    Incerta,
    /// Nobody needs it any more: paid meanwhile, called off, or too old to be news.
    Tralasciata,
}

/// What moves a [`StatoLettera`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoLettera {
    Affida,
    /// 250.
    Accoglie,
    /// 5xx.
    Rifiuta,
    /// 4xx: not now, and it says so.
    Rimanda,
    /// No answer.
    Tace,
    Tralascia,
}

use EventoLettera as E;
use StatoLettera as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a letter. Only the server's own word leads from `Affidata` back.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "lettera",
    states: &[S::DaInviare, S::Affidata, S::Inviata, S::Rifiutata, S::Incerta, S::Tralasciata],
    initial: S::DaInviare,
    finals: &[S::Inviata, S::Rifiutata, S::Incerta, S::Tralasciata],
    edges: &[
        edge(S::DaInviare, E::Affida, S::Affidata),
        edge(S::DaInviare, E::Rifiuta, S::Rifiutata),
        edge(S::DaInviare, E::Tralascia, S::Tralasciata),
        edge(S::Affidata, E::Accoglie, S::Inviata),
        edge(S::Affidata, E::Rifiuta, S::Rifiutata),
        edge(S::Affidata, E::Rimanda, S::DaInviare),
        edge(S::Affidata, E::Tace, S::Incerta),
    ],
};
