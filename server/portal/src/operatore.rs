//! What stopped and waits for a person: jobs that died, messages in quarantine. The operator at the machine looks, and says what
//! becomes of them; who did what is in the audit, in the same transaction.

use crate::registro::audit;
use crate::verifica::{Prova, TAKEN_WITHIN_MS};
use crate::{PortalError, ids};
use domain::lettera::EventoLettera;
use domain::{StatoLettera, TipoJob, testo};
use jiff::Timestamp;
use serde_json::json;
use store::{Allineamento, InQuarantena, Invio, Job, JobFermo, Store, StoreError, Tx};

/// Who does it: whoever can start a command on this machine.
pub(crate) const COMANDO: &str = "comando";
/// Told at once. Who has more has one cause, and sees it in the first of them.
pub const ELENCO_MAX: u32 = 1_000;

/// Why somebody says that a thing is settled. It stays for as long as the audit does, so it names nobody by codice fiscale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Perche(String);

impl Perche {
    /// One line, as long as a causale and by its rules.
    ///
    /// # Errors
    /// The reason, without what was written.
    pub fn parse(text: &str) -> Result<Self, domain::Reason> {
        testo::causale(text).map(Self)
    }
}

/// What became of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deciso {
    Fatto,
    /// There is none under this id that waits for a person: another id, or somebody was faster.
    NonFermo,
}

/// Jobs that are dead, or that nobody takes; and what the clock of the database says, for their age.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn jobs(store: &Store) -> Result<(Vec<JobFermo>, Timestamp), PortalError> {
    Ok((store.jobs_stuck(TAKEN_WITHIN_MS, ELENCO_MAX).await?, store.database_time().await?))
}

/// A dead job is due at once, with all its tries before it.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn retry_job(store: &Store, now: Timestamp, id: &str) -> Result<Deciso, PortalError> {
    let mut tx = store.begin().await?;
    if !happened(tx.revive_job(id).await)? {
        return Ok(Deciso::NonFermo);
    }
    audit(&mut tx, now, COMANDO, "job.riprova", id, &json!({})).await?;
    tx.commit().await?;
    Ok(Deciso::Fatto)
}

/// A dead job is dealt with, somehow else: nobody does it, and `verify` counts it no more. What it should have told pagoPA is as good as
/// refused, for the reason given: the position waits no longer to be told of that change.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn settle_job(store: &Store, now: Timestamp, id: &str, Perche(perche): &Perche) -> Result<Deciso, PortalError> {
    let mut tx = store.begin().await?;
    if !happened(tx.resolve_job(id).await)? {
        return Ok(Deciso::NonFermo);
    }
    match store.job(id).await {
        Ok(Some(job)) => give_up_telling(&mut tx, store, &job, perche, now).await?,
        // of a kind that a newer program knows: settled as well
        Ok(None) | Err(StoreError::Inconsistent { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    audit(&mut tx, now, COMANDO, "job.risolvi", id, &json!({ "perche": perche })).await?;
    tx.commit().await?;
    Ok(Deciso::Fatto)
}

async fn give_up_telling(tx: &mut Tx, store: &Store, job: &Job, perche: &str, now: Timestamp) -> Result<(), PortalError> {
    if job.tipo == TipoJob::InviaLettera {
        return give_up_sending(tx, store, job, perche, now).await;
    }
    let (TipoJob::AllineaPosizione, Some(ente)) = (job.tipo, &job.ente) else { return Ok(()) };
    // one that does not say which position never told of any
    let Ok(Allineamento { posizione, voluta }) = serde_json::from_str(&job.payload) else { return Ok(()) };
    match store.specchio(ente, &posizione).await? {
        Some(specchio) if specchio.inviata < voluta => {
            Ok(tx.told_posizione(ente, &posizione, voluta, specchio.stato.as_deref(), Some(perche), now).await?)
        }
        _ => Ok(()),
    }
}

/// Its letter goes no more: one that may have gone is left as what it is, unknown.
async fn give_up_sending(tx: &mut Tx, store: &Store, job: &Job, perche: &str, now: Timestamp) -> Result<(), PortalError> {
    let Ok(Invio { lettera }) = serde_json::from_str(&job.payload) else { return Ok(()) };
    let (from, evento) = match store.lettera(&lettera).await?.map(|lettera| lettera.stato) {
        Some(from @ StatoLettera::DaInviare) => (from, EventoLettera::Tralascia),
        Some(from @ StatoLettera::Affidata) => (from, EventoLettera::Tace),
        _ => return Ok(()),
    };
    Ok(tx.advance_lettera(&lettera, from, evento, Some(perche), now).await?)
}

/// What is in quarantine and not settled.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn quarantena(store: &Store) -> Result<Vec<InQuarantena>, PortalError> {
    Ok(store.in_quarantena(ELENCO_MAX).await?)
}

/// The bytes of a message in quarantine, settled or not, and what is known of it. They name people: that somebody took them is
/// written down first.
///
/// # Errors
/// [`PortalError`] of the store, or bytes that are not the ones that came.
pub async fn show_inbox(store: &Store, now: Timestamp, id: &str) -> Result<Option<(InQuarantena, Vec<u8>)>, PortalError> {
    let (Some(message), Some(raw)) = (store.quarantena(id).await?, store.ricevuta_raw(id).await?) else { return Ok(None) };
    if ids::sha256_hex(&raw) != message.sha256 {
        return Err(PortalError::Inconsistent(format!("inbox {id}: other bytes than came")));
    }
    let mut tx = store.begin().await?;
    audit(&mut tx, now, COMANDO, "inbox.mostra", id, &json!({})).await?;
    tx.commit().await?;
    Ok(Some((message, raw)))
}

/// A message in quarantine is settled. It stays as it came and as it was judged.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn settle_inbox(store: &Store, now: Timestamp, id: &str, Perche(perche): &Perche) -> Result<Deciso, PortalError> {
    let mut tx = store.begin().await?;
    if !happened(tx.resolve_inbox(id, perche, now).await)? {
        return Ok(Deciso::NonFermo);
    }
    audit(&mut tx, now, COMANDO, "inbox.risolvi", id, &json!({ "perche": perche })).await?;
    tx.commit().await?;
    Ok(Deciso::Fatto)
}

/// Somebody has copied everything: names, receipts, the secret. `sha256`: of the database in the copy. Written before the copy gets its
/// name: one that is noted and not there harms less than one that is there and not noted.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn backup_done(store: &Store, now: Timestamp, sha256: &str, found: &[Prova]) -> Result<(), PortalError> {
    note(store, now, "backup.fatto", sha256, found).await
}

/// Somebody has put a damaged copy into use, because there was no other.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn restore_forced(store: &Store, now: Timestamp, sha256: &str, found: &[Prova]) -> Result<(), PortalError> {
    note(store, now, "ripristino.forzato", sha256, found).await
}

async fn note(store: &Store, now: Timestamp, azione: &str, sha256: &str, found: &[Prova]) -> Result<(), PortalError> {
    let codes = |is: fn(&Prova) -> bool| found.iter().filter(|prova| is(prova)).map(|prova| prova.codice).collect::<Vec<_>>();
    let dettaglio = json!({ "rotte": codes(Prova::is_rotta), "aperte": codes(Prova::is_aperta) });
    let mut tx = store.begin().await?;
    audit(&mut tx, now, COMANDO, azione, sha256, &dettaglio).await?;
    Ok(tx.commit().await?)
}

fn happened(done: Result<(), StoreError>) -> Result<bool, PortalError> {
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Stale) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
