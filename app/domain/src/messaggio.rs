//! What came in (inbox), and what became of it.

use crate::transitions::{Edge, Table};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EsitoMessaggio {
    /// Kept, not judged yet.
    Ricevuto,
    Accettato,
    /// The same content had been accepted before.
    Ripetuto,
    /// Somebody must look.
    Quarantena,
    /// Somebody looked, and said why that is settled. The message stays, byte by byte.
    Risolto,
}

impl EsitoMessaggio {
    /// What a message is judged to be, and what it is before. That somebody settled it is written beside it.
    pub const ALL: [Self; 4] = [Self::Ricevuto, Self::Accettato, Self::Ripetuto, Self::Quarantena];

    /// As it is stored and counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ricevuto => "RICEVUTO",
            Self::Accettato => "ACCETTATO",
            Self::Ripetuto => "RIPETUTO",
            Self::Quarantena => "QUARANTENA",
            Self::Risolto => "RISOLTO",
        }
    }
}

/// What moves an [`EsitoMessaggio`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventoMessaggio {
    Accetta,
    Ripete,
    Isola,
    /// A person looked at it.
    Risolve,
}

use EsitoMessaggio as S;
use EventoMessaggio as E;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a message. What is judged is never judged again; only a person ends a quarantine.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "messaggio",
    states: &[S::Ricevuto, S::Accettato, S::Ripetuto, S::Quarantena, S::Risolto],
    initial: S::Ricevuto,
    finals: &[S::Accettato, S::Ripetuto, S::Risolto],
    edges: &[
        edge(S::Ricevuto, E::Accetta, S::Accettato),
        edge(S::Ricevuto, E::Ripete, S::Ripetuto),
        edge(S::Ricevuto, E::Isola, S::Quarantena),
        edge(S::Quarantena, E::Risolve, S::Risolto),
    ],
};
