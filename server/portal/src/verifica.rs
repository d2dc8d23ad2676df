//! `sportello verify`: whether what is written still is what was promised. Reads every row, changes none.
//!
//! The invariants are I1 to I14 of the README's page on the promise. It works page by page on a database in use: what arrives
//! meanwhile is not counted against it.

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
    /// How many times it is broken, and the first places. They name rows by their ids, nobody by name.
    Rotta {
        quante: u64,
        dove: Vec<String>,
    },
    /// This installation has nothing of the kind yet, or another command checks it.
    NonQui,
}

impl Prova {
    pub fn vale(&self) -> bool {
        !matches!(self.esito, EsitoProva::Rotta { .. })
    }
}

impl fmt::Display for Prova {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stato = match &self.esito {
            EsitoProva::Vale => "ok",
            EsitoProva::Rotta { .. } => "BROKEN",
            EsitoProva::NonQui => "-",
        };
        write!(f, "{:<4}{stato:<8}{}: {}", self.codice, self.regola, self.figura)?;
        if let EsitoProva::Rotta { quante, dove } = &self.esito {
            write!(f, "; broken {quante} times, first: {}", dove.join(", "))?;
        }
        Ok(())
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
        let esito = match self.quante {
            0 => EsitoProva::Vale,
            quante => EsitoProva::Rotta { quante, dove: self.dove },
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
    let mut judged = Rotture::default();
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
                judged.unless(!old, format_args!("inbox {}: not judged", row.id));
            }
        }
    }
    judged.none(store.count(Conteggio::AccettatiSenzaRicevuta).await?, "accepted messages without a receipt");
    judged.none(store.count(Conteggio::RisoltiSenzaQuarantena).await?, "messages settled that were not in quarantine");
    let counts = store.inbox_counts().await?;
    let of = |esito: store::EsitoInbox| counts.iter().find(|(name, _)| name == esito.as_str()).map_or(0, |(_, count)| *count);
    let (quarantined, settled) = (of(store::EsitoInbox::Quarantena), of(store::EsitoInbox::Risolto));
    let i2 = stored.prova("I2", "what was answered OK is stored, byte by byte", format!("{messages} messages, {bytes} bytes"));
    let i7 = judged.prova(
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
