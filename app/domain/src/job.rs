//! Work that is done later, by whoever takes it (job): its states, its kinds, and how long it waits after a failure.
//!
//! Whoever takes a job holds it for the time of a lease and under a number that rises with every taking (fence). When the lease
//! runs out somebody else may take it; what the first one still writes under the old number is refused.

use crate::transitions::{Edge, Table};
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoJob {
    /// Waits for its first taker.
    Pronto,
    /// Somebody holds it.
    Preso,
    /// It could not be done and will be taken again.
    Ritenta,
    Fatto,
    /// It failed too often, or in a way that trying again cannot mend: somebody must look.
    Morto,
    /// Nobody does it: it was cancelled, or somebody looked at a dead one and dealt with it otherwise.
    Annullato,
}

/// What moves a [`StatoJob`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoJob {
    /// Also from whoever let the lease run out.
    Prende,
    Riesce,
    Fallisce,
    /// The other side cannot work on it now: later, and it is no failure of ours.
    Rimanda,
    Muore,
    Annulla,
    /// A person lets a dead one be tried anew.
    Risveglia,
    /// A person says that a dead one is dealt with.
    Risolve,
}

use EventoJob as E;
use StatoJob as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a job. A held one is only given up by its holder, when it sees that somebody wishes so. A dead one waits for a
/// person: nothing else moves it.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "job",
    states: &[S::Pronto, S::Preso, S::Ritenta, S::Fatto, S::Morto, S::Annullato],
    initial: S::Pronto,
    finals: &[S::Fatto, S::Annullato],
    edges: &[
        edge(S::Pronto, E::Prende, S::Preso),
        edge(S::Ritenta, E::Prende, S::Preso),
        edge(S::Preso, E::Prende, S::Preso),
        edge(S::Preso, E::Riesce, S::Fatto),
        edge(S::Preso, E::Fallisce, S::Ritenta),
        edge(S::Preso, E::Rimanda, S::Ritenta),
        edge(S::Preso, E::Muore, S::Morto),
        edge(S::Pronto, E::Annulla, S::Annullato),
        edge(S::Ritenta, E::Annulla, S::Annullato),
        edge(S::Preso, E::Annulla, S::Annullato),
        edge(S::Morto, E::Risveglia, S::Ritenta),
        edge(S::Morto, E::Risolve, S::Annullato),
    ],
};

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TipoJob {
    /// Judge what came in and was not judged: what a crash left.
    LavoraInbox,
    /// Tell GPD many new positions in a file.
    CaricaPosizioni,
    /// Tell ACA or GPD what became of a position.
    AllineaPosizione,
    /// Hand a letter over to the server of the mail.
    InviaLettera,
    /// Ask for receipts that a flow names and that never came.
    RecuperaRicevute,
    /// Fetch the receipts of enti whose positions GPD keeps.
    ScaricaRicevute,
    /// Fetch the flows of the PSPs.
    ScaricaFlussi,
    /// Compare the accounts of the enti with those pagoPA has on record.
    ControllaIban,
    /// Write to those who asked to be reminded of a due date.
    ScriviPromemoria,
    /// Delete the drafts that nobody paid, and whatever else is past its time.
    CancellaBozze,
    /// Check every invariant.
    Verifica,
}

impl TipoJob {
    /// In the order in which they are taken when several are due.
    pub const ALL: [Self; 11] = [
        Self::LavoraInbox,
        Self::CaricaPosizioni,
        Self::AllineaPosizione,
        Self::InviaLettera,
        Self::RecuperaRicevute,
        Self::ScaricaRicevute,
        Self::ScaricaFlussi,
        Self::ControllaIban,
        Self::ScriviPromemoria,
        Self::CancellaBozze,
        Self::Verifica,
    ];

    /// As it is stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LavoraInbox => "LAVORA_INBOX",
            Self::CaricaPosizioni => "CARICA_POSIZIONI",
            Self::AllineaPosizione => "ALLINEA_POSIZIONE",
            Self::InviaLettera => "INVIA_LETTERA",
            Self::RecuperaRicevute => "RECUPERA_RICEVUTE",
            Self::ScaricaRicevute => "SCARICA_RICEVUTE",
            Self::ScaricaFlussi => "SCARICA_FLUSSI",
            Self::ControllaIban => "CONTROLLA_IBAN",
            Self::ScriviPromemoria => "SCRIVI_PROMEMORIA",
            Self::CancellaBozze => "CANCELLA_BOZZE",
            Self::Verifica => "VERIFICA",
        }
    }

    /// Of two jobs that are due, the lower number is taken first. Receipts come before everything, then what others wait for; what
    /// reads the whole database comes last.
    pub const fn priorita(self) -> i64 {
        match self {
            Self::LavoraInbox => 0,
            Self::CaricaPosizioni => 5,
            Self::AllineaPosizione => 10,
            Self::InviaLettera => 15,
            Self::RecuperaRicevute => 20,
            Self::ScaricaRicevute => 25,
            Self::ScaricaFlussi => 30,
            Self::ControllaIban => 40,
            Self::ScriviPromemoria => 45,
            Self::CancellaBozze => 50,
            Self::Verifica => 90,
        }
    }
}

/// A job is tried this often, then it is dead. SANP, "Indicatori": five retries, and a counter that begins again with a new job.
pub const TENTATIVI_MAX: i64 = 5;

/// How long to wait after the `k`-th failure, `k` from 1: `slot_ms · (2^k − 1)`, never more than `max_ms`. SANP, "Indicatori".
///
/// Milliseconds; 0 when a number is not positive.
///
/// ```
/// use domain::job::backoff_ms;
/// assert_eq!((1..=5).map(|k| backoff_ms(10_000, k, 3_600_000)).collect::<Vec<_>>(), [10_000, 30_000, 70_000, 150_000, 310_000]);
/// ```
pub fn backoff_ms(slot_ms: i64, k: i64, max_ms: i64) -> i64 {
    // beyond 62 doublings any slot of a millisecond is longer than any limit
    let doublings = u32::try_from(k.clamp(0, 62)).unwrap_or_default();
    let slots = (1_i64 << doublings) - 1;
    slot_ms.max(0).saturating_mul(slots).min(max_ms.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_one_slot_more_until_its_limit() {
        for (slot, k, max, wait) in [
            (10, 0, 1_000, 0),
            (10, 1, 1_000, 10),
            (10, 2, 1_000, 30),
            (10, 3, 1_000, 70),
            (10, 6, 1_000, 630),
            (10, 7, 1_000, 1_000),
            (10, i64::MAX, 1_000, 1_000),
            (i64::MAX, 2, i64::MAX, i64::MAX),
            (10, -1, 1_000, 0),
            (-10, 3, 1_000, 0),
            (10, 3, -1, 0),
        ] {
            assert_eq!(backoff_ms(slot, k, max), wait, "{slot} {k} {max}");
        }
    }

    #[test]
    fn a_kind_is_stored_under_the_name_serde_gives_it_and_taken_in_its_order() {
        for tipo in TipoJob::ALL {
            assert_eq!(serde_json::to_value(tipo).unwrap(), tipo.as_str());
        }
        assert!(TipoJob::ALL.map(TipoJob::priorita).is_sorted());
    }
}
