//! What nobody waits for: written down as a job, taken by one of any number of runners, done, tried again, or left for a person.
//!
//! | kind | when | file |
//! |---|---|---|
//! | LAVORA_INBOX | every minute | `jobs/lavora_inbox.rs` |
//! | CARICA_POSIZIONI | every ten minutes | `jobs/carica_posizioni.rs` |
//! | ALLINEA_POSIZIONE | at each change of a position that ACA or GPD must know | `jobs/allinea_posizione.rs` |
//! | INVIA_LETTERA | at each event that somebody is told by letter | `jobs/invia_lettera.rs` |
//! | RECUPERA_RICEVUTE | every five minutes | `jobs/recupera_ricevute.rs` |
//! | SCARICA_RICEVUTE | every six hours | `jobs/scarica_ricevute.rs` |
//! | SCARICA_FLUSSI | every hour | `jobs/scarica_flussi.rs` |
//! | CONTROLLA_IBAN | every day | `jobs/controlla_iban.rs` |
//! | SCRIVI_PROMEMORIA | every hour by day | `jobs/scrivi_promemoria.rs` |
//! | CANCELLA_BOZZE | every day | `jobs/cancella_bozze.rs` |
//! | VERIFICA | every day | `jobs/verifica.rs` |
//!
//! **To add a kind**: a value of [`TipoJob`], a file here with a `perform` that may run twice (a server can die after the work and
//! before it says so), an arm in `perform` below. If a change asks for it, [`store::Tx::enqueue`] in the transaction of the change;
//! if the clock does, a line in `Runner::slots`. What it writes in batches begins each with `renew`, so that whoever lost the job
//! writes nothing more.

mod allinea_posizione;
pub(crate) mod cancella_bozze;
mod carica_posizioni;
mod controlla_iban;
mod invia_lettera;
mod lavora_inbox;
mod recupera_ricevute;
mod scarica_flussi;
mod scarica_ricevute;
mod scrivi_promemoria;
#[cfg(test)]
pub(crate) mod tests;
mod verifica;

use crate::punti::Punto;
use crate::{Portal, PortalError, ids};
use domain::TipoJob;
use domain::job::{TENTATIVI_MAX, backoff_ms};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{Job, NewJob, StoreError, Tx};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a job is held without a sign of life: a server that restarts is back in seconds, one that hangs is not waited for long.
const LEASE_MS: i64 = 60_000;
/// A third of the lease: two renewals may fail before anybody else takes the job.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How often a runner asks. The most frequent job is one a minute; asking costs one look into an index.
const POLL_EVERY: Duration = Duration::from_secs(5);
/// After the first failure so long, then 3, 7, 15 times as long: a database that restarts is back by the second.
const SLOT_MS: i64 = 10_000;
/// pagoPA is asked again after that long at the latest: in stand-in a notice must be known there soon.
const LATER_MAX_MS: i64 = 900_000;
/// Hours in Rome in which people are written to about a day that comes: a telephone beside a bed says when a letter arrives.
const BY_DAY: RangeInclusive<i8> = 8..=20;
/// Nothing that comes again every day waits longer than that.
const BACKOFF_MAX_MS: i64 = 3_600_000;

/// Takes jobs and does them. Any number of runners, on any number of servers, do each once.
#[derive(Clone, Debug)]
pub struct Runner {
    portal: Portal,
    /// Who holds what this one takes.
    chi: String,
    /// [`LEASE_MS`], unless the operator says otherwise.
    lease_ms: i64,
    /// A third of it; the tests have less time.
    renew_every: Duration,
}

/// What became of the work, when it came to an end.
#[derive(Debug)]
enum Esito {
    Fatto,
    /// Who is asked (pagoPA, the server of the mail) cannot work on it now: later, and it counts as no failure. `after`: it asked for so long.
    PiuTardi {
        after: Option<Duration>,
        why: String,
    },
    /// Given up half-way, as somebody wished.
    Annullato,
    /// Trying again mends nothing; why, without personal data.
    Morto(String),
}

/// How the holding of a job ended.
#[derive(Debug)]
enum Fine {
    Lavorato(Result<Esito, PortalError>),
    /// It panicked.
    Caduto,
    Annullato,
    /// Somebody else holds it.
    Perso,
}

/// How far the work got, seen in the table while it is held.
#[derive(Debug)]
struct Progress {
    /// For how long the job is held from each sign of life.
    lease_ms: i64,
    fatto: AtomicI64,
    /// 0: nobody knows.
    totale: AtomicI64,
}

impl Default for Progress {
    fn default() -> Self {
        Self { lease_ms: LEASE_MS, fatto: AtomicI64::new(0), totale: AtomicI64::new(0) }
    }
}

impl Progress {
    fn expect(&self, totale: i64) {
        self.totale.store(totale, Ordering::Relaxed);
    }

    fn advance(&self, n: u64) {
        self.fatto.fetch_add(i64::try_from(n).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    fn read(&self) -> (i64, Option<i64>) {
        let totale = self.totale.load(Ordering::Relaxed);
        (self.fatto.load(Ordering::Relaxed), Some(totale).filter(|totale| *totale > 0))
    }
}

/// First in each transaction of a job that writes in batches. True: somebody wishes that it is given up.
async fn renew(tx: &mut Tx, job: &Job, progress: &Progress) -> Result<bool, PortalError> {
    let (fatto, totale) = progress.read();
    let wished = tx.renew_job(&job.id, job.fence, progress.lease_ms, fatto, totale).await?;
    Punto::JobRinnovato.reach()?;
    Ok(wished)
}

/// Each kind in a box of its own: else every job would take the stack of the greatest.
async fn perform(portal: &Portal, job: &Job, progress: &Progress) -> Result<Esito, PortalError> {
    match job.tipo {
        TipoJob::LavoraInbox => Box::pin(lavora_inbox::perform(portal, progress)).await,
        TipoJob::CaricaPosizioni => Box::pin(carica_posizioni::perform(portal, progress)).await,
        TipoJob::AllineaPosizione => Box::pin(allinea_posizione::perform(portal, job)).await,
        TipoJob::InviaLettera => Box::pin(invia_lettera::perform(portal, job)).await,
        TipoJob::RecuperaRicevute => Box::pin(recupera_ricevute::perform(portal, progress)).await,
        TipoJob::ScaricaRicevute => Box::pin(scarica_ricevute::perform(portal, progress)).await,
        TipoJob::ScaricaFlussi => Box::pin(scarica_flussi::perform(portal, progress)).await,
        TipoJob::ControllaIban => Box::pin(controlla_iban::perform(portal, progress)).await,
        TipoJob::ScriviPromemoria => Box::pin(scrivi_promemoria::perform(portal, job, progress)).await,
        TipoJob::CancellaBozze => Box::pin(cancella_bozze::perform(portal, job, progress)).await,
        TipoJob::Verifica => Box::pin(verifica::perform(portal, progress)).await,
    }
}

impl Runner {
    /// `chi`: the name of this server among those on the same database, for whoever looks at the table.
    pub fn new(portal: Portal, chi: impl Into<String>) -> Self {
        Self { portal, chi: chi.into(), lease_ms: LEASE_MS, renew_every: RENEW_EVERY }
    }

    /// Another lease than that of a minute, renewed three times while it lasts.
    #[must_use]
    pub fn with_lease(self, lease_ms: u32) -> Self {
        let renew_every = Duration::from_millis(u64::from(lease_ms / 3));
        Self { lease_ms: i64::from(lease_ms), renew_every, ..self }
    }

    /// Asks for work again and again, until `stop` says true or its sender is gone. What was begun is ended first: a stop comes
    /// between two jobs.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.work_until(|| *stop.borrow()).await;
            tokio::select! {
                () = tokio::time::sleep(POLL_EVERY) => {}
                changed = stop.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Does everything that is due, and what became due meanwhile; how many jobs were taken. Errors are logged: what could not be done
    /// now is due again later.
    pub async fn run_due(&self) -> usize {
        self.work_until(|| false).await
    }

    async fn work_until(&self, stopped: impl Fn() -> bool) -> usize {
        let mut taken = 0;
        if let Err(error) = self.enqueue_slots().await {
            tracing::warn!(%error, "what is done regularly could not be written down: later");
        }
        while !stopped() {
            match self.portal.store().claim_job(&TipoJob::ALL, &self.chi, self.lease_ms).await {
                Ok(None) => break,
                Ok(Some(job)) => {
                    taken += 1;
                    if let Err(error) = Box::pin(self.work(&job)).await {
                        // it is still ours in the table: when the lease runs out it is taken again
                        tracing::warn!(%error, job.tipo = job.tipo.as_str(), job.id, "what became of a job could not be written down");
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "no job could be taken: later");
                    break;
                }
            }
        }
        taken
    }

    /// What the clock asks for now: kind and slot. One slot is one job, whoever writes it down first. Nothing is asked of a closed
    /// door.
    fn slots(&self) -> Vec<(TipoJob, String)> {
        let (now, today) = (self.portal.clock().now(), self.portal.clock().today());
        let porte = self.portal.porte();
        let mut slots = vec![(TipoJob::LavoraInbox, now.strftime("%Y-%m-%dT%H:%MZ").to_string())];
        let hour = now.strftime("%Y-%m-%dT%HZ").to_string();
        let within = |minutes: i64| now.as_second() / 60 / minutes;
        if porte.gpd_massivo.is_some() {
            slots.push((TipoJob::CaricaPosizioni, within(10).to_string()));
        }
        if porte.biz_events.is_some() {
            slots.push((TipoJob::RecuperaRicevute, within(5).to_string()));
        }
        if porte.ricevute.is_some() {
            slots.push((TipoJob::ScaricaRicevute, within(6 * 60).to_string()));
        }
        if porte.fdr.is_some() {
            slots.push((TipoJob::ScaricaFlussi, hour.clone()));
        }
        if porte.back_office.is_some() {
            slots.push((TipoJob::ControllaIban, today.to_string()));
        }
        if porte.ufficio.is_some() && BY_DAY.contains(&self.portal.clock().civil(now).hour()) {
            slots.push((TipoJob::ScriviPromemoria, hour));
        }
        slots.extend([(TipoJob::CancellaBozze, today.to_string()), (TipoJob::Verifica, today.to_string())]);
        slots
    }

    async fn enqueue_slots(&self) -> Result<(), PortalError> {
        let store = self.portal.store();
        for (tipo, slot) in self.slots() {
            let chiave = format!("{}:{slot}", tipo.as_str());
            // a look first: nobody's turn to write is taken for nothing
            if store.job_by_chiave(&chiave).await?.is_some() {
                continue;
            }
            let id = ids::new_id()?;
            let (ente, payload, priorita) = (None, "{}".to_owned(), tipo.priorita());
            let mut tx = store.begin().await?;
            tx.enqueue(&NewJob { id, tipo, chiave, ente, payload, priorita, delay_ms: 0 }).await?;
            tx.commit().await?;
            Punto::JobScritto.reach()?;
        }
        Ok(())
    }

    async fn work(&self, job: &Job) -> Result<(), PortalError> {
        Punto::JobPreso.reach()?;
        let progress = Arc::new(Progress { lease_ms: self.lease_ms, ..Progress::default() });
        if job.annulla {
            return self.end(job, Fine::Annullato, &progress).await;
        }
        if job.tentativi > TENTATIVI_MAX {
            let why = format!("its holder was lost {} times", job.tentativi - 1);
            return self.end(job, Fine::Lavorato(Ok(Esito::Morto(why))), &progress).await;
        }
        let mut work = JoinSet::new();
        let (portal, own, seen) = (self.portal.clone(), job.clone(), progress.clone());
        // a task of its own: when it panics the runner lives, and when it is given up it goes with its open transaction
        work.spawn(async move { perform(&portal, &own, &seen).await });
        let fine = tokio::select! {
            done = work.join_next() => match done {
                Some(Ok(done)) => Fine::Lavorato(done),
                Some(Err(_)) | None => Fine::Caduto,
            },
            lost = self.watch(job, &progress) => lost,
        };
        work.shutdown().await;
        Punto::JobLavorato.reach()?;
        self.end(job, fine, &progress).await
    }

    /// Renews the lease until there is a reason to give the job up.
    async fn watch(&self, job: &Job, progress: &Progress) -> Fine {
        loop {
            tokio::time::sleep(self.renew_every).await;
            let (fatto, totale) = progress.read();
            match self.portal.store().renew_job(&job.id, job.fence, self.lease_ms, fatto, totale).await {
                Ok(false) => {}
                Ok(true) => return Fine::Annullato,
                Err(StoreError::Stale) => return Fine::Perso,
                Err(error) => tracing::warn!(%error, job.id, "a lease could not be renewed: once more before it runs out"),
            }
        }
    }

    /// Writes down what became of it; not a thing, when somebody else holds it by now.
    async fn end(&self, job: &Job, fine: Fine, progress: &Progress) -> Result<(), PortalError> {
        let (tipo, id, fence) = (job.tipo.as_str(), job.id.as_str(), job.fence);
        let mut tx = self.portal.store().begin().await?;
        let written = match fine {
            Fine::Lavorato(Ok(Esito::Fatto)) => self.done(&mut tx, job, progress).await,
            Fine::Lavorato(Ok(Esito::Morto(why))) => {
                tracing::error!(job.tipo = tipo, job.id = id, why, "a job is dead: somebody must look");
                tx.bury_job(id, fence, &why).await.map_err(PortalError::from)
            }
            Fine::Lavorato(Ok(Esito::PiuTardi { after, why })) => self.postponed(&mut tx, job, after, &why).await,
            Fine::Lavorato(Err(error)) => self.failed(&mut tx, job, &error.to_string()).await,
            Fine::Caduto => self.failed(&mut tx, job, "it panicked").await,
            Fine::Annullato | Fine::Lavorato(Ok(Esito::Annullato)) => {
                tracing::info!(job.tipo = tipo, job.id = id, "cancelled");
                tx.drop_job(id, fence).await.map_err(PortalError::from)
            }
            Fine::Perso => Err(StoreError::Stale.into()),
        };
        match written {
            Err(PortalError::Store(StoreError::Stale)) => {
                tracing::warn!(job.tipo = tipo, job.id = id, "somebody else took the job: nothing is written");
                Ok(())
            }
            Err(error) => Err(error),
            Ok(()) => {
                tx.commit().await?;
                Punto::JobFinito.reach()
            }
        }
    }

    async fn done(&self, tx: &mut Tx, job: &Job, progress: &Progress) -> Result<(), PortalError> {
        // how far it got stays to be read
        renew(tx, job, progress).await?;
        tx.finish_job(&job.id, job.fence).await?;
        tracing::debug!(job.tipo = job.tipo.as_str(), job.id, "done");
        Ok(())
    }

    /// The longer it has waited, the longer it waits: a quarter of its age, so that what came back quickly is told quickly and what
    /// is away for a day is not knocked at every minute.
    async fn postponed(&self, tx: &mut Tx, job: &Job, after: Option<Duration>, why: &str) -> Result<(), PortalError> {
        let now = self.portal.store().database_time().await?;
        let age_ms = i64::try_from(now.duration_since(job.created_at).as_millis()).unwrap_or(i64::MAX);
        let asked_ms = after.map_or(0, |after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        let delay_ms = (age_ms / 4).clamp(SLOT_MS, LATER_MAX_MS).max(asked_ms.min(BACKOFF_MAX_MS));
        tx.postpone_job(&job.id, job.fence, delay_ms, why).await?;
        tracing::warn!(job.tipo = job.tipo.as_str(), job.id, why, delay_ms, "nobody there can work on it now: later");
        Ok(())
    }

    async fn failed(&self, tx: &mut Tx, job: &Job, why: &str) -> Result<(), PortalError> {
        let (tipo, id) = (job.tipo.as_str(), job.id.as_str());
        if job.tentativi >= TENTATIVI_MAX {
            tx.bury_job(id, job.fence, why).await?;
            tracing::error!(job.tipo = tipo, job.id = id, why, "a job failed too often and is dead: somebody must look");
        } else {
            let delay_ms = backoff_ms(SLOT_MS, job.tentativi, BACKOFF_MAX_MS);
            tx.retry_job(id, job.fence, delay_ms, why).await?;
            tracing::warn!(job.tipo = tipo, job.id = id, why, delay_ms, "a job failed and is tried again");
        }
        Ok(())
    }
}
