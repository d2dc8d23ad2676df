//! Work that is done later, and who holds it. The outbox of every change: [`Tx::enqueue`] in the transaction of the change.
//!
//! Of many takers one gets a job, for the time of a lease by the clock of the database, under a `fence` that rises with every taking.
//! Whatever the holder writes as such names its fence: when the lease ran out and somebody else took the job, it is
//! [`StoreError::Stale`] and its transaction can only be dropped. So a server that was asleep does nothing twice.

use crate::columns::{RowOf, name};
use crate::db::time::Timed;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::job::{EventoJob, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, StatoJob, TipoJob};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A piece of work to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Opaque, ours.
    pub id: String,
    pub tipo: TipoJob,
    /// The same for two wishes that are one piece of work: `VERIFICA:2026-11-23`.
    pub chiave: String,
    /// `None`: of the installation.
    pub ente: Option<CodiceFiscaleEnte>,
    /// JSON, no personal data.
    pub payload: String,
    /// The lower one is taken first.
    pub priorita: i64,
    /// Not before so many milliseconds of database time.
    pub delay_ms: i64,
}

/// A job, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub tipo: TipoJob,
    pub chiave: String,
    pub ente: Option<CodiceFiscaleEnte>,
    /// JSON.
    pub payload: String,
    pub stato: StatoJob,
    /// How often it was taken.
    pub tentativi: i64,
    /// Under which it is held; rises with every taking.
    pub fence: i64,
    /// Who holds it.
    pub chi: Option<String>,
    /// Progress: so much of `totale`, which is `None` while nobody knows.
    pub fatto: i64,
    pub totale: Option<i64>,
    /// Somebody wishes that its holder gives it up.
    pub annulla: bool,
    /// Why it failed the last time.
    pub errore: Option<String>,
    /// By the clock of the database.
    pub created_at: Timestamp,
}

/// What became of the wish to cancel a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annullo {
    /// Nobody held it: it is cancelled.
    Subito,
    /// Its holder sees the wish at its next renewal.
    Chiesto,
    /// It was over, or never there.
    Tardi,
}

macro_rules! columns {
    () => {
        "id, tipo, chiave, ente, payload, stato, tentativi, fence, chi, fatto, totale, annulla, errore, created_at"
    };
}
/// What can still be taken or cancelled: the states that are not final. As the index `jobs_dovuti` has it, word by word.
macro_rules! open {
    () => {
        "stato IN ('PRONTO', 'RITENTA', 'PRESO')"
    };
}
// after the macros it uses
mod prove;

pub use prove::{JobFermo, UltimoJob};

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM jobs WHERE id = $1");
pub(crate) const BY_CHIAVE: &str = concat!("SELECT ", columns!(), " FROM jobs WHERE chiave = $1");
const ENQUEUE: Timed = Timed(
    "INSERT INTO jobs (id, tipo, chiave, ente, payload, stato, priorita, tentativi, non_prima, lease_fino, fence, chi, fatto, totale,
        annulla, errore, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, now($8), NULL, 0, NULL, 0, NULL, FALSE, NULL, now(), now())
    ON CONFLICT (chiave) DO NOTHING",
);
/// `{tipi}`: names of kinds. `{lock}`: two takers at once pass each other by on PostgreSQL; on SQLite the second one waits.
const CLAIM: Timed = Timed(concat!(
    "UPDATE jobs SET stato = 'PRESO', chi = $1, lease_fino = now($2), fence = fence + 1, tentativi = tentativi + 1, fatto = 0,
        totale = NULL, updated_at = now()
    WHERE id = (SELECT id FROM jobs WHERE ",
    open!(),
    " AND COALESCE(lease_fino, non_prima) <= now() AND tipo IN ({tipi})
        ORDER BY priorita, COALESCE(lease_fino, non_prima), id LIMIT 1 {lock})
    RETURNING ",
    columns!()
));
const RENEW: Timed = Timed(
    "UPDATE jobs SET lease_fino = now($3), fatto = $4, totale = $5, updated_at = now()
    WHERE id = $1 AND fence = $2 AND stato = 'PRESO' RETURNING annulla",
);
/// Who let it go to try again later gives it up for good when somebody wishes so.
const LEAVE: Timed = Timed(
    "UPDATE jobs SET stato = CASE WHEN annulla AND CAST($3 AS TEXT) = 'RITENTA' THEN 'ANNULLATO' ELSE CAST($3 AS TEXT) END,
        non_prima = now($4), errore = $5, chi = NULL, lease_fino = NULL, updated_at = now()
    WHERE id = $1 AND fence = $2 AND stato = 'PRESO'",
);
/// What did not count as trying.
pub(crate) const UNCOUNT: &str = "UPDATE jobs SET tentativi = tentativi - 1 WHERE id = $1 AND fence = $2 AND tentativi > 0";
const CANCEL: Timed = Timed(concat!(
    "UPDATE jobs SET stato = CASE stato WHEN 'PRESO' THEN 'PRESO' ELSE 'ANNULLATO' END, annulla = TRUE, updated_at = now()
    WHERE id = $1 AND ",
    open!(),
    " RETURNING stato"
));
/// Only a person moves a dead one; its tries are counted from the beginning.
const REVIVE: Timed = Timed(
    "UPDATE jobs SET stato = $2, tentativi = 0, annulla = FALSE, non_prima = now(), updated_at = now()
    WHERE id = $1 AND stato = 'MORTO'",
);
const RESOLVE: Timed = Timed("UPDATE jobs SET stato = $2, updated_at = now() WHERE id = $1 AND stato = 'MORTO'");
/// For `plans.rs`; `{tipi}` is filled in.
#[cfg(test)]
pub(crate) fn lookups(spelt: impl Fn(Timed) -> SqlStr) -> Vec<SqlStr> {
    let lookups = [CLAIM, RENEW, LEAVE, CANCEL, REVIVE, RESOLVE].into_iter().chain(prove::LOOKUPS);
    lookups.map(|sql| of_kinds(&spelt(sql), &TipoJob::ALL)).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    tipo: String,
    chiave: String,
    ente: Option<String>,
    payload: String,
    stato: String,
    tentativi: i64,
    fence: i64,
    chi: Option<String>,
    fatto: i64,
    totale: Option<i64>,
    annulla: bool,
    errore: Option<String>,
    created_at: String,
}

impl Row {
    fn into_domain(self) -> Result<Job, StoreError> {
        let row = RowOf { table: "jobs", id: &self.id };
        Ok(Job {
            tipo: row.name("tipo", &self.tipo)?,
            chiave: self.chiave,
            ente: self.ente.map(|ente| row.parse("ente", ente)).transpose()?,
            payload: self.payload,
            stato: row.name("stato", &self.stato)?,
            tentativi: self.tentativi,
            fence: self.fence,
            chi: self.chi,
            fatto: self.fatto,
            totale: self.totale,
            annulla: self.annulla,
            errore: self.errore,
            created_at: row.instant("created_at", &self.created_at)?,
            id: self.id,
        })
    }
}

/// The kinds are names of ours: nothing that anybody wrote gets into the text.
fn of_kinds(sql: &SqlStr, tipi: &[TipoJob]) -> SqlStr {
    let tipi = tipi.iter().map(|tipo| format!("'{}'", tipo.as_str())).collect::<Vec<_>>().join(", ");
    AssertSqlSafe(sql.as_str().replace("{tipi}", &tipi)).into_sql_str()
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn job(&self, id: &str) -> Result<Option<Job>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn job_by_chiave(&self, chiave: &str) -> Result<Option<Job>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_CHIAVE).bind(chiave).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Takes the most urgent job of these kinds that can be taken: one that waits and is due, or one whose holder let the lease run
    /// out. It is held by `chi` for `lease_ms` from now. `None`: there is nothing to do.
    ///
    /// # Errors
    /// `Busy`, `Inconsistent`, `Database`.
    pub async fn claim_job(&self, tipi: &[TipoJob], chi: &str, lease_ms: i64) -> Result<Option<Job>, StoreError> {
        if tipi.is_empty() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let sql = of_kinds(&CLAIM.skipping_locked(&tx), tipi);
        let row: Option<Row> = on_tx!(&mut tx, |db| sqlx::query_as(sql).bind(chi).bind(lease_ms).fetch_optional(db).await)?;
        let job = row.map(Row::into_domain).transpose()?;
        if job.is_some() {
            tx.commit().await?;
        }
        Ok(job)
    }

    /// Holds the job for `lease_ms` from now and says how far it got. True: somebody wishes that it is given up.
    ///
    /// # Errors
    /// `Stale` when somebody else took it; `Busy`, `Database`.
    pub async fn renew_job(
        &self,
        id: &str,
        fence: i64,
        lease_ms: i64,
        fatto: i64,
        totale: Option<i64>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let annulla = tx.renew_job(id, fence, lease_ms, fatto, totale).await?;
        tx.commit().await?;
        Ok(annulla)
    }

    /// Cancels a job at once, or lets its holder know.
    ///
    /// # Errors
    /// `Busy`, `Inconsistent`, `Database`.
    pub async fn cancel_job(&self, id: &str) -> Result<Annullo, StoreError> {
        let mut tx = self.begin().await?;
        let sql = CANCEL.within(&tx);
        let stato: Option<String> = on_tx!(&mut tx, |db| sqlx::query_scalar(sql).bind(id).fetch_optional(db).await)?;
        let stato = stato.map(|stato| RowOf { table: "jobs", id }.name("stato", &stato)).transpose()?;
        tx.commit().await?;
        Ok(match stato {
            None => Annullo::Tardi,
            Some(StatoJob::Preso) => Annullo::Chiesto,
            Some(_) => Annullo::Subito,
        })
    }
}

impl Tx {
    /// Writes a job down, with the change that asks for it. False, and nothing written, when there is one with this `chiave` already,
    /// done or not.
    ///
    /// # Errors
    /// `Database` when the id is taken or the ente unknown.
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<bool, StoreError> {
        let (sql, stato) = (ENQUEUE.within(self), name(&TRANSIZIONI.initial)?);
        let done = on_tx!(self, |db| sqlx::query(sql)
            .bind(job.id.as_str())
            .bind(job.tipo.as_str())
            .bind(job.chiave.as_str())
            .bind(job.ente.as_ref().map(CodiceFiscaleEnte::as_str))
            .bind(job.payload.as_str())
            .bind(stato)
            .bind(job.priorita)
            .bind(job.delay_ms)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// As [`Store::renew_job`], and the rest of this transaction is written only if the job is still held: what a batch of the work
    /// changes goes with it.
    ///
    /// # Errors
    /// `Stale` when somebody else took it: the transaction can only be dropped. `Busy`, `Database`.
    pub async fn renew_job(
        &mut self,
        id: &str,
        fence: i64,
        lease_ms: i64,
        fatto: i64,
        totale: Option<i64>,
    ) -> Result<bool, StoreError> {
        let sql = RENEW.within(self);
        let annulla: Option<bool> = on_tx!(self, |db| sqlx::query_scalar(sql)
            .bind(id)
            .bind(fence)
            .bind(lease_ms)
            .bind(fatto)
            .bind(totale)
            .fetch_optional(db)
            .await)?;
        annulla.ok_or_else(|| self.fenced_off())
    }

    /// It is done.
    ///
    /// # Errors
    /// `Stale` when somebody else took it: the transaction can only be dropped. `Busy`, `Database`.
    pub async fn finish_job(&mut self, id: &str, fence: i64) -> Result<(), StoreError> {
        self.leave_job(id, fence, EventoJob::Riesce, 0, None).await
    }

    /// It failed and is tried again after `delay_ms`; when somebody wished to cancel it, it is cancelled. `errore`: no personal data.
    ///
    /// # Errors
    /// As [`Tx::finish_job`].
    pub async fn retry_job(&mut self, id: &str, fence: i64, delay_ms: i64, errore: &str) -> Result<(), StoreError> {
        self.leave_job(id, fence, EventoJob::Fallisce, delay_ms, Some(errore)).await
    }

    /// The other side cannot work on it now: again after `delay_ms`, and this time does not count. `errore`: no personal data.
    ///
    /// # Errors
    /// As [`Tx::finish_job`].
    pub async fn postpone_job(&mut self, id: &str, fence: i64, delay_ms: i64, errore: &str) -> Result<(), StoreError> {
        self.leave_job(id, fence, EventoJob::Rimanda, delay_ms, Some(errore)).await?;
        on_tx!(self, |db| sqlx::query(UNCOUNT).bind(id).bind(fence).execute(db).await.map(drop))?;
        Ok(())
    }

    /// It failed for good: somebody must look. `errore`: no personal data.
    ///
    /// # Errors
    /// As [`Tx::finish_job`].
    pub async fn bury_job(&mut self, id: &str, fence: i64, errore: &str) -> Result<(), StoreError> {
        self.leave_job(id, fence, EventoJob::Muore, 0, Some(errore)).await
    }

    /// Somebody wants a dead job to be tried anew, from now on.
    ///
    /// # Errors
    /// `Stale` when it is not there, or not dead; `Busy`, `Inconsistent`, `Database`.
    pub async fn revive_job(&mut self, id: &str) -> Result<(), StoreError> {
        self.raise_job(id, EventoJob::Risveglia, REVIVE).await
    }

    /// Somebody dealt with a dead job: it is over, and deleted in its time.
    ///
    /// # Errors
    /// As [`Tx::revive_job`].
    pub async fn resolve_job(&mut self, id: &str) -> Result<(), StoreError> {
        self.raise_job(id, EventoJob::Risolve, RESOLVE).await
    }

    async fn raise_job(&mut self, id: &str, evento: EventoJob, sql: Timed) -> Result<(), StoreError> {
        let row = RowOf { table: "jobs", id };
        let to = TRANSIZIONI.advance(StatoJob::Morto, evento).map_err(|no_edge| row.broken(no_edge))?;
        let (sql, to) = (sql.within(self), name(&to)?);
        let done = on_tx!(self, |db| sqlx::query(sql).bind(id).bind(to).execute(db).await.map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// It is given up, as somebody wished.
    ///
    /// # Errors
    /// As [`Tx::finish_job`].
    pub async fn drop_job(&mut self, id: &str, fence: i64) -> Result<(), StoreError> {
        self.leave_job(id, fence, EventoJob::Annulla, 0, None).await
    }

    async fn leave_job(
        &mut self,
        id: &str,
        fence: i64,
        evento: EventoJob,
        delay_ms: i64,
        errore: Option<&str>,
    ) -> Result<(), StoreError> {
        let row = RowOf { table: "jobs", id };
        let to = TRANSIZIONI.advance(StatoJob::Preso, evento).map_err(|no_edge| row.broken(no_edge))?;
        let (sql, to) = (LEAVE.within(self), name(&to)?);
        let done = on_tx!(self, |db| sqlx::query(sql)
            .bind(id)
            .bind(fence)
            .bind(to)
            .bind(delay_ms)
            .bind(errore)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(self.fenced_off()) } else { Ok(()) }
    }

    /// Whoever no longer holds the job writes nothing more: not this, and not what it wrote before in the same transaction.
    fn fenced_off(&mut self) -> StoreError {
        self.doom();
        StoreError::Stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The queries spell these states: they are those of the table.
    #[test]
    fn what_can_be_taken_or_cancelled_is_what_the_table_says() {
        for evento in [EventoJob::Prende, EventoJob::Annulla] {
            for &stato in TRANSIZIONI.states {
                let spelt = open!().contains(&format!("'{}'", name(&stato).unwrap()));
                assert_eq!(spelt, TRANSIZIONI.advance(stato, evento).is_ok(), "{evento:?} {stato:?}");
            }
        }
    }
}
