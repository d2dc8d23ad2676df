//! CANCELLA_BOZZE: what is past its time goes. Drafts of forms and notices asked for at a counter that nobody paid, the e-mail
//! addresses of trips, messages noted in the Giornale, letters and reminders, sessions that ended, and the jobs that are long over.

use super::{Esito, Progress};
use crate::lettere::LETTERE_TTL;
use crate::promemoria::CONFERMA_TTL;
use crate::punti::Punto;
use crate::{Portal, PortalError, giornale};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use store::{Job, Store};

/// How long a form that was filled in and not paid is kept. Its summary can be paid from for two hours; thirty days are for whoever
/// asks what became of it (GDPR art. 5.1.e: no longer than is necessary).
pub(crate) const BOZZE_TTL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So long after its due date, which is the day after it was asked for, a notice that nobody paid is cancelled, and deleted when that
/// was told to whoever mirrors it. As drafts: nobody at a counter comes back after weeks.
pub(crate) const RICHIESTE_TTL: SignedDuration = BOZZE_TTL;
/// How long the e-mail address of a trip is kept at the most: a receipt that takes longer is told to nobody.
pub(crate) const EMAIL_TTL: SignedDuration = BOZZE_TTL;
/// How long a job that is over is kept, for whoever looks into what happened; one a minute makes ten thousand a week.
const JOBS_TTL_MS: i64 = 7 * 24 * 3_600_000;
/// Deleted in one transaction: milliseconds, so that nobody waits for its turn to write.
const BATCH: u32 = 100;

/// The instant so long ago. By the slower of two clocks, ours and the database's: one that ran ahead deletes nothing early.
pub(crate) async fn past(store: &Store, now: Timestamp, ago: SignedDuration) -> Result<Timestamp, PortalError> {
    let now = now.min(store.database_time().await?);
    Ok(now.checked_sub(ago).unwrap_or(Timestamp::MIN))
}

/// The instant so long ago, and its day. A notice was asked for before it was due, so only what is older than the instant can be due
/// before the day.
pub(crate) async fn past_due(store: &Store, now: Timestamp, ago: SignedDuration) -> Result<(Timestamp, Date), PortalError> {
    let past = past(store, now, ago).await?;
    // in UTC, an hour or two behind Italy's: never early
    Ok((past, past.to_zoned(TimeZone::UTC).date()))
}

pub(super) async fn perform(portal: &Portal, job: &Job, progress: &Progress) -> Result<Esito, PortalError> {
    let (store, now) = (portal.store(), portal.clock().now());
    let before = past(store, now, BOZZE_TTL).await?;
    let emails_before = past(store, now, EMAIL_TTL).await?;
    let noted_before = past(store, now, giornale::TTL).await?;
    let written_before = past(store, now, LETTERE_TTL).await?;
    let (unconfirmed_before, day) = past_due(store, now, CONFERMA_TTL).await?;
    // they are good for nothing from their end on
    let ended_before = past(store, now, SignedDuration::ZERO).await?;
    let (asked_before, due_before) = past_due(store, now, RICHIESTE_TTL).await?;
    progress.expect(store.bozze_before(before).await?);
    let perche = format!("oltre {} giorni", BOZZE_TTL.as_hours() / 24);
    let perche_richieste = format!("non pagata, oltre {} giorni dalla scadenza", RICHIESTE_TTL.as_hours() / 24);
    loop {
        let mut tx = store.begin().await?;
        // first of all: who lost the job deletes nothing more
        if super::renew(&mut tx, job, progress).await? {
            return Ok(Esito::Annullato);
        }
        let deleted = tx.delete_bozze(before, BATCH, &perche, now).await?;
        // first those that were cancelled before, so that a batch of mirrors has its time
        let gone = tx.delete_richieste(asked_before, due_before, BATCH, &perche_richieste, now).await?;
        let closed = tx.close_richieste(asked_before, due_before, BATCH, &perche_richieste, now).await?;
        let forgotten = tx.forget_emails_before(emails_before, BATCH).await?;
        let over = tx.delete_jobs_over(JOBS_TTL_MS, BATCH).await?;
        let noted = tx.delete_eventi(noted_before, BATCH).await?;
        let sessions = tx.delete_sessioni(ended_before, BATCH).await?;
        let letters = tx.delete_lettere(written_before, BATCH).await?;
        let reminders = tx.delete_promemoria_over(day, unconfirmed_before, BATCH).await?;
        Punto::BozzeCancellate.reach()?;
        tx.commit().await?;
        Punto::BozzeConfermate.reach()?;
        progress.advance(deleted);
        let all = [deleted, gone, closed, forgotten, over, noted, sessions, letters, reminders];
        if all.iter().all(|n| *n < u64::from(BATCH)) {
            return Ok(Esito::Fatto);
        }
    }
}
