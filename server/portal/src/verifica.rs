//! `sportello verify`: whether what is written still is what was promised. Reads every row, changes none.
//!
//! The invariants are I1 to I14 of the README's page on the promise. It works page by page on a database in use: what arrives
//! meanwhile is not counted against it.
//!
//! What does not hold is of one of two kinds. The record is damaged (`BROKEN`): no work mends that. Or it is whole, and work waits that
//! somebody has to see to (`OPEN`): jobs dead or late, messages not judged, data past its time. A copy of the second kind is a good copy.

mod catene;
mod immutabili;
mod jobs;
mod ricevute;
mod transizioni;

pub use jobs::TAKEN_WITHIN_MS;

use crate::PortalError;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use store::{Conteggio, Store};

/// Rows read at once: some MiB of receipts.
const PAGE: u32 = 500;
/// Of what is broken, this much is named.
const NAMED_MAX: usize = 5;
/// A message that is kept and not judged: it is being judged, or a crash left it and the next start takes it up.
const JUDGED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What became of one invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prova {
    /// `I1` to `I14`.
    pub codice: &'static str,
    pub regola: &'static str,
    pub esito: EsitoProva,
    /// What was counted.
    pub figura: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EsitoProva {
    Vale,
    /// What is written is whole; something waits that should have been done, and somebody has to see to it. How often, and the first
    /// places.
    Aperta {
        quante: u64,
        dove: Vec<String>,
    },
    /// What is written is not what was written, or does not agree with itself. How many times it is broken, and the first places. They
    /// name rows by their ids, nobody by name.
    Rotta {
        quante: u64,
        dove: Vec<String>,
    },
    /// This installation has nothing of the kind yet, or another command checks it.
    NonQui,
}

impl Prova {
    pub fn vale(&self) -> bool {
        !self.is_rotta() && !self.is_aperta()
    }

    /// The record itself is damaged: no later work mends that.
    pub fn is_rotta(&self) -> bool {
        matches!(self.esito, EsitoProva::Rotta { .. })
    }

    /// Work waits; the record is whole.
    pub fn is_aperta(&self) -> bool {
        matches!(self.esito, EsitoProva::Aperta { .. })
    }
}

impl fmt::Display for Prova {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stato = match &self.esito {
            EsitoProva::Vale => "ok",
            EsitoProva::Aperta { .. } => "OPEN",
            EsitoProva::Rotta { .. } => "BROKEN",
            EsitoProva::NonQui => "-",
        };
        write!(f, "{:<4}{stato:<8}{}: {}", self.codice, self.regola, self.figura)?;
        match &self.esito {
            EsitoProva::Rotta { quante, dove } => write!(f, "; broken {quante} times, first: {}", dove.join(", ")),
            EsitoProva::Aperta { quante, dove } => write!(f, "; open {quante} times, first: {}", dove.join(", ")),
            EsitoProva::Vale | EsitoProva::NonQui => Ok(()),
        }
    }
}

/// What is broken of one invariant.
#[derive(Debug, Default)]
struct Rotture {
    quante: u64,
    dove: Vec<String>,
}

impl Rotture {
    fn add(&mut self, dove: impl fmt::Display) {
        self.quante += 1;
        if self.dove.len() < NAMED_MAX {
            self.dove.push(dove.to_string());
        }
    }

    fn unless(&mut self, holds: bool, dove: impl fmt::Display) {
        if !holds {
            self.add(dove);
        }
    }

    /// `what`: how many of something that must not be.
    fn none(&mut self, count: i64, what: &str) {
        if count != 0 {
            self.quante += count.unsigned_abs();
            self.dove.push(format!("{count} {what}"));
        }
    }

    fn prova(self, codice: &'static str, regola: &'static str, figura: String) -> Prova {
        self.prova_and(Self::default(), codice, regola, figura)
    }

    /// Of an invariant that says both: what is written is whole, and nothing waits too long (`waiting`).
    fn prova_and(self, waiting: Self, codice: &'static str, regola: &'static str, figura: String) -> Prova {
        let esito = match (self.quante, waiting.quante) {
            (0, 0) => EsitoProva::Vale,
            (0, quante) => EsitoProva::Aperta { quante, dove: waiting.dove },
            (quante, also) => EsitoProva::Rotta { quante: quante + also, dove: [self.dove, waiting.dove].concat() },
        };
        Prova { codice, regola, esito, figura }
    }
}

/// Every invariant, in order.
///
/// # Errors
/// [`PortalError`] of the store: it could not be read to the end.
pub async fn verify(store: &Store, now: Timestamp) -> Result<Vec<Prova>, PortalError> {
    prove(store, now, 0).await
}

/// As [`verify`], of a copy that stands still since an instant: what was waiting then has waited for nobody since.
///
/// # Errors
/// As [`verify`].
pub async fn verify_as_of(store: &Store, at: Timestamp) -> Result<Vec<Prova>, PortalError> {
    let since = store.database_time().await?.duration_since(at).as_millis();
    prove(store, at, i64::try_from(since).unwrap_or(i64::MAX).max(0)).await
}

/// `still_ms`: for so long nobody could do a thing.
async fn prove(store: &Store, now: Timestamp, still_ms: i64) -> Result<Vec<Prova>, PortalError> {
    let ricevute::Ricevute { somma, mut stored, prove } = ricevute::prove(store).await?;
    let beside = immutabili::prove(store, &mut stored).await?;
    let catene::Catene { ricevute: chained, audit } = catene::prove(store, stored, &beside).await?;
    let [i2, i7] = messages(store, now, prove).await?;
    Ok(vec![
        somma,
        i2,
        chained.0,
        exactly_once(store).await?,
        transizioni::prove(store).await?,
        paid(store).await?,
        i7,
        jobs::taken(store, still_ms).await?,
        jobs::held(store).await?,
        own_ente(store).await?,
        audit,
        chained.1,
        not_here("I13", "a backup restores to the same record", "`sportello restore --verify` checks it"),
        jobs::retained(store, now).await?,
    ])
}

fn not_here(codice: &'static str, regola: &'static str, figura: &str) -> Prova {
    Prova { codice, regola, esito: EsitoProva::NonQui, figura: figura.to_owned() }
}

/// I2 and I7, from the bytes of every message.
async fn messages(store: &Store, now: Timestamp, mut stored: Rotture) -> Result<[Prova; 2], PortalError> {
    let (mut judged, mut left) = (Rotture::default(), Rotture::default());
    let (mut messages, mut bytes, mut waiting) = (0_u64, 0_u64, 0_u64);
    let mut last = String::new();
    loop {
        let page = store.fatti_inbox(&last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last.clone_from(&end.id);
        for row in page {
            messages += 1;
            bytes += row.raw.len() as u64;
            stored.unless(crate::ids::sha256_hex(&row.raw) == row.sha256, format_args!("inbox {}: other bytes", row.id));
            if row.esito == store::EsitoInbox::Ricevuto.as_str() {
                waiting += 1;
                let old = row.received_at.parse::<Timestamp>().is_ok_and(|at| now.duration_since(at) > JUDGED_WITHIN);
                left.unless(!old, format_args!("inbox {}: not judged", row.id));
            }
        }
    }
    judged.none(store.count(Conteggio::AccettatiSenzaRicevuta).await?, "accepted messages without a receipt");
    judged.none(store.count(Conteggio::RisoltiSenzaQuarantena).await?, "messages settled that were not in quarantine");
    let counts = store.inbox_counts().await?;
    let of = |esito: store::EsitoInbox| counts.iter().find(|(name, _)| name == esito.as_str()).map_or(0, |(_, count)| *count);
    let (quarantined, settled) = (of(store::EsitoInbox::Quarantena), of(store::EsitoInbox::Risolto));
    let i2 = stored.prova("I2", "what was answered OK is stored, byte by byte", format!("{messages} messages, {bytes} bytes"));
    let i7 = judged.prova_and(
        left,
        "I7",
        "no message is dropped unseen",
        format!("{messages} messages, {waiting} being judged, {quarantined} in quarantine, {settled} settled"),
    );
    Ok([i2, i7])
}

/// I4.
async fn exactly_once(store: &Store) -> Result<Prova, PortalError> {
    let mut broken = Rotture::default();
    broken.none(store.count(Conteggio::RicevuteDoppie).await?, "receipts written twice");
    broken.none(store.count(Conteggio::LedgerDoppio).await?, "lines of the ledger written twice");
    Ok(broken.prova("I4", "everything has its effect once", "receipts by ente and receiptId, lines by receipt".to_owned()))
}

/// I6.
async fn paid(store: &Store) -> Result<Prova, PortalError> {
    let mut broken = Rotture::default();
    broken.none(store.count(Conteggio::PagateSenzaRicevuta).await?, "paid positions without a receipt");
    broken.none(store.count(Conteggio::RicevuteSenzaEffetto).await?, "receipts whose position is not paid");
    Ok(broken.prova("I6", "paid if and only if a receipt says so", "positions against receipts".to_owned()))
}

/// I10.
async fn own_ente(store: &Store) -> Result<Prova, PortalError> {
    let mut broken = Rotture::default();
    broken.none(store.count(Conteggio::FuoriEnte).await?, "rows that point into another ente's");
    Ok(broken.prova("I10", "no row reaches into another ente", "options, trips, receipts, ledger".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_waits_is_no_damage_and_hides_none() {
        let of = |damages: &[&str], waiting: &[&str]| {
            let (mut damaged, mut open) = (Rotture::default(), Rotture::default());
            damages.iter().for_each(|place| damaged.add(place));
            waiting.iter().for_each(|place| open.add(place));
            damaged.prova_and(open, "I7", "regola", "figura".to_owned())
        };
        for (prova, vale, rotta, aperta, told) in [
            (of(&[], &[]), true, false, false, "I7  ok      regola: figura"),
            (of(&[], &["a", "b"]), false, false, true, "I7  OPEN    regola: figura; open 2 times, first: a, b"),
            (of(&["x"], &[]), false, true, false, "I7  BROKEN  regola: figura; broken 1 times, first: x"),
            (of(&["x"], &["a"]), false, true, false, "I7  BROKEN  regola: figura; broken 2 times, first: x, a"),
        ] {
            assert_eq!(
                (prova.vale(), prova.is_rotta(), prova.is_aperta(), prova.to_string().as_str()),
                (vale, rotta, aperta, told)
            );
        }
    }
}
