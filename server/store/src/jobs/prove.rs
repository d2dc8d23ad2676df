//! What `sportello verify` and the metrics ask of the jobs, and the end of those that are over.

use crate::columns::RowOf;
use crate::db::time::Timed;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::TipoJob;
use jiff::Timestamp;

const OVERDUE: Timed = Timed(concat!(
    "SELECT tipo || ' ' || id FROM jobs WHERE ",
    open!(),
    " AND COALESCE(lease_fino, non_prima) <= now($1) ORDER BY COALESCE(lease_fino, non_prima), id LIMIT $2"
));
/// A kind that comes again by itself has mended its death when a later one is done. What VERIFICA died of it says anew each time. Of
/// any other kind nothing but a person can tell.
const DEAD: &str = "SELECT m.tipo || ' ' || m.id FROM jobs m WHERE m.stato = 'MORTO' AND m.tipo <> 'VERIFICA'
    AND NOT (m.tipo IN ('LAVORA_INBOX', 'CARICA_POSIZIONI', 'RECUPERA_RICEVUTE', 'SCARICA_RICEVUTE', 'SCARICA_FLUSSI', 'CONTROLLA_IBAN', 'SCRIVI_PROMEMORIA', 'CANCELLA_BOZZE')
        AND EXISTS
        (SELECT 1 FROM jobs f WHERE f.stato = 'FATTO' AND f.created_at > m.created_at AND f.tipo = m.tipo))
    ORDER BY m.created_at, m.id LIMIT $1";
const ILL_HELD: &str = "SELECT tipo || ' ' || id FROM jobs
    WHERE (stato = 'PRESO') <> (chi IS NOT NULL) OR (stato = 'PRESO') <> (lease_fino IS NOT NULL) OR (stato = 'PRESO' AND fence < 1)
    ORDER BY id LIMIT $1";
const OPEN: &str = concat!("SELECT COUNT(*) FROM jobs WHERE ", open!());
const COUNTS: &str = "SELECT tipo, stato, COUNT(*) FROM jobs GROUP BY tipo, stato ORDER BY tipo, stato";
/// Of a kind that the clock asks for, whose names end in their slots: the newest slot first.
const LAST: &str = "SELECT stato, errore, updated_at FROM jobs WHERE chiave >= $1 AND chiave < $2 AND stato IN ('FATTO', 'MORTO')
    AND (stato = 'FATTO' OR $3) ORDER BY chiave DESC LIMIT 1";
const DELETE_OVER: Timed = Timed(
    "DELETE FROM jobs WHERE id IN
        (SELECT id FROM jobs WHERE stato IN ('FATTO', 'ANNULLATO') AND created_at < now($1) ORDER BY created_at LIMIT $2)",
);
/// By `jobs_stato` and `jobs_dovuti`: no more is read than is told.
const STUCK: Timed = Timed(concat!(
    "SELECT tipo, id, ente, stato, tentativi, errore, created_at FROM jobs WHERE stato = 'MORTO'
    UNION ALL SELECT tipo, id, ente, stato, tentativi, errore, created_at FROM jobs WHERE ",
    open!(),
    " AND COALESCE(lease_fino, non_prima) <= now($1) ORDER BY 7, 2 LIMIT $2"
));
const NOW: Timed = Timed("SELECT now()");
/// Without the deletion: it finds the old ones by index, and PostgreSQL may hash a table that is mostly old. Once a day it may.
#[cfg(test)]
pub(super) const LOOKUPS: [Timed; 2] = [OVERDUE, STUCK];

/// How the last job of a kind ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UltimoJob {
    /// `None`: it was done. Else what it died of.
    pub morto: Option<String>,
    /// By the clock of the database.
    pub at: Timestamp,
}

/// A job that somebody should look at, as it is written: a program that does not know its kind can still name it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobFermo {
    pub tipo: String,
    pub id: String,
    pub ente: Option<String>,
    pub stato: String,
    /// How often it was taken.
    pub tentativi: i64,
    /// Why it failed the last time; no personal data.
    pub errore: Option<String>,
    /// RFC 3339 in UTC, by the clock of the database.
    pub created_at: String,
}

impl Store {
    /// Every dead job, mended by a later one or not, and those that could have been taken more than `late_ms` ago and were not; oldest
    /// first, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn jobs_stuck(&self, late_ms: i64, max: u32) -> Result<Vec<JobFermo>, StoreError> {
        let (sql, before) = (STUCK.on(self), late_ms.saturating_neg());
        Ok(on_pool!(self, reader, |db| sqlx::query_as(sql).bind(before).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// Jobs that could have been taken more than `late_ms` ago and were not, the most late first: kind and id, `max`
    /// at the most. One whose holder let the lease run out counts from then.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn jobs_overdue(&self, late_ms: i64, max: u32) -> Result<Vec<String>, StoreError> {
        let sql = OVERDUE.on(self);
        // the instant so long ago
        let before = late_ms.saturating_neg();
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(sql).bind(before).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// Jobs that are dead and that nothing has mended since: kind and id, oldest first, `max` at the most. A later job of a kind that
    /// comes again by itself mends it; those of VERIFICA are left out, the next one finds the same again.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn jobs_dead(&self, max: u32) -> Result<Vec<String>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(DEAD).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// Jobs that are held and have no holder, lease or fence, or are not held and have one: kind and id, `max` at the most. The table
    /// refuses them; this tells what was done around it.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn jobs_ill_held(&self, max: u32) -> Result<Vec<String>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(ILL_HELD).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// How many wait or are held. For metrics.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn jobs_open(&self) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(OPEN).fetch_one(db).await)?)
    }

    /// How the last job of a kind that comes again by itself ended, among those that are kept; `dead`: also when it died. For metrics.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn last_job(&self, tipo: TipoJob, dead: bool) -> Result<Option<UltimoJob>, StoreError> {
        let from = format!("{}:", tipo.as_str());
        // what begins with a colon ends before what begins with the next character
        let to = format!("{};", tipo.as_str());
        let row: Option<(String, Option<String>, String)> =
            on_pool!(self, reader, |db| sqlx::query_as(LAST).bind(&from).bind(&to).bind(dead).fetch_optional(db).await)?;
        row.map(|(stato, errore, at)| {
            let at = RowOf { table: "jobs", id: &from }.instant("updated_at", &at)?;
            let died = stato == "MORTO";
            Ok(UltimoJob { morto: died.then(|| errore.unwrap_or_default()), at })
        })
        .transpose()
    }

    /// How many jobs of each kind are in each state: kind, state, count. For metrics.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn job_counts(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(COUNTS).fetch_all(db).await)?)
    }

    /// What the clock of the database says.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn database_time(&self) -> Result<Timestamp, StoreError> {
        let sql = NOW.on(self);
        let now: String = on_pool!(self, reader, |db| sqlx::query_scalar(sql).fetch_one(db).await)?;
        RowOf { table: "jobs", id: "now" }.instant("now", &now)
    }
}

impl Tx {
    /// Deletes jobs that are done or cancelled and were written down more than `older_ms` ago, `max` at the most; how many. The dead
    /// stay, for somebody to look at.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_jobs_over(&mut self, older_ms: i64, max: u32) -> Result<u64, StoreError> {
        let sql = DELETE_OVER.within(self);
        Ok(on_tx!(self, |db| sqlx::query(sql)
            .bind(older_ms.saturating_neg())
            .bind(i64::from(max))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?)
    }
}
