//! What must still be told to ACA or GPD about the positions: the outbox of every change, written in its own transaction.
//!
//! A position that changes is *wanted* once more (`voluta`), and a job is there to tell it. Whoever told it writes up to which change
//! (`inviata`). Of two who tell at once one can be overtaken on the wire by the other's older news: it is noticed, and told again.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{NewJob, Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, TipoJob};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the other side knows of a position.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Specchio {
    /// How often it changed.
    pub voluta: i64,
    /// Up to which change it was told.
    pub inviata: i64,
    /// How it stands over there; `None`: it was never there.
    pub stato: Option<String>,
    /// Why the last change was refused for good.
    pub rifiuto: Option<String>,
}

/// The payload of [`TipoJob::AllineaPosizione`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allineamento {
    pub posizione: String,
    /// The change that asked for it.
    pub voluta: i64,
}

pub(crate) const BY_POSIZIONE: &str = "SELECT voluta, inviata, stato, rifiuto FROM specchi WHERE ente = $1 AND posizione_id = $2";
/// Only where there is somebody to tell.
pub(crate) const WANT: &str = "INSERT INTO specchi (ente, posizione_id, voluta, inviata, stato, rifiuto, updated_at)
    SELECT codice_fiscale, $2, 1, 0, NULL, NULL, $3 FROM enti WHERE codice_fiscale = $1 AND modello <> 'STAZIONE'
    ON CONFLICT (ente, posizione_id) DO UPDATE SET voluta = specchi.voluta + 1, updated_at = excluded.updated_at
    RETURNING voluta";
/// When a later change was told meanwhile, ours may have arrived after it: it is wanted once more.
pub(crate) const TOLD: &str = "UPDATE specchi SET inviata = CASE WHEN inviata > $3 THEN inviata ELSE $3 END,
        voluta = CASE WHEN inviata > $3 THEN voluta + 1 ELSE voluta END, stato = $4, rifiuto = $5, updated_at = $6
    WHERE ente = $1 AND posizione_id = $2 RETURNING voluta, inviata";
/// Page by page, by id: with a million of them no transaction is long.
pub(crate) const NOT_DRAFTS: &str =
    "SELECT id FROM posizioni WHERE ente = $1 AND id > $2 AND stato <> 'BOZZA' ORDER BY id LIMIT $3";
pub(crate) const NEVER_TOLD: &str = "SELECT posizione_id, voluta FROM specchi
    WHERE ente = $1 AND inviata < voluta AND stato IS NULL AND rifiuto IS NULL ORDER BY posizione_id LIMIT $2";
pub(crate) const BEHIND: &str = "SELECT COUNT(*), MIN(updated_at) FROM specchi WHERE inviata < voluta";
/// A change is written with the job that tells it; a dead one is told by itself.
const FORGOTTEN: &str = "SELECT s.posizione_id FROM specchi s WHERE s.inviata < s.voluta AND NOT EXISTS
        (SELECT 1 FROM jobs j WHERE j.chiave = 'ALLINEA_POSIZIONE:' || s.posizione_id || ':' || s.voluta
            AND j.stato IN ('PRONTO', 'RITENTA', 'PRESO', 'MORTO'))
    ORDER BY s.updated_at, s.posizione_id LIMIT $1";

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn specchio(&self, ente: &CodiceFiscaleEnte, posizione: &str) -> Result<Option<Specchio>, StoreError> {
        let ente = ente.as_str();
        Ok(on_pool!(self, reader, |db| sqlx::query_as(BY_POSIZIONE).bind(ente).bind(posizione).fetch_optional(db).await)?)
    }

    /// Positions of an ente that are no drafts, after an id, in the order of their ids.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn posizioni_to_tell(&self, ente: &CodiceFiscaleEnte, after: &str, max: u32) -> Result<Vec<String>, StoreError> {
        let (ente, max) = (ente.as_str(), i64::from(max));
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(NOT_DRAFTS).bind(ente).bind(after).bind(max).fetch_all(db).await)?)
    }

    /// Positions of an ente that the other side never knew: id, and the change that is to be told.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn posizioni_never_told(&self, ente: &CodiceFiscaleEnte, max: u32) -> Result<Vec<(String, i64)>, StoreError> {
        let (ente, max) = (ente.as_str(), i64::from(max));
        Ok(on_pool!(self, reader, |db| sqlx::query_as(NEVER_TOLD).bind(ente).bind(max).fetch_all(db).await)?)
    }

    /// How many positions the other side knows an old state of, and since when the oldest.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn specchi_indietro(&self) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, since): (i64, Option<String>) = on_pool!(self, reader, |db| sqlx::query_as(BEHIND).fetch_one(db).await)?;
        let row = RowOf { table: "specchi", id: "oldest" };
        Ok((count, since.map(|since| row.instant("updated_at", &since)).transpose()?))
    }

    /// Positions that the other side knows an old state of and that no job tells any more: ids, the longest forgotten first, `max` at
    /// the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn specchi_dimenticati(&self, max: u32) -> Result<Vec<String>, StoreError> {
        // while pagoPA is away these can be as many as there are positions
        let mut tx = self.snapshot().await?;
        tx.take_time().await?;
        Ok(on_tx!(&mut tx, |db| sqlx::query_scalar(FORGOTTEN).bind(i64::from(max)).fetch_all(db).await)?)
    }
}

impl Tx {
    /// The position changed: whoever mirrors it or answers for it must be told, if there is anybody.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn want_posizione(&mut self, ente: &CodiceFiscaleEnte, posizione: &str, now: Timestamp) -> Result<(), StoreError> {
        let wanted: Option<i64> = on_tx!(self, |db| sqlx::query_scalar(WANT)
            .bind(ente.as_str())
            .bind(posizione)
            .bind(instant(now))
            .fetch_optional(db)
            .await)?;
        match wanted {
            None => Ok(()),
            Some(voluta) => self.enqueue_allineamento(ente, posizione, voluta).await,
        }
    }

    /// The change `voluta` was told. `stato`: how it stands over there now; `rifiuto`: why it was refused for good.
    ///
    /// # Errors
    /// `Stale` when there is no such position; `Busy`, `Database`.
    pub async fn told_posizione(
        &mut self,
        ente: &CodiceFiscaleEnte,
        posizione: &str,
        voluta: i64,
        stato: Option<&str>,
        rifiuto: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row: Option<(i64, i64)> = on_tx!(self, |db| sqlx::query_as(TOLD)
            .bind(ente.as_str())
            .bind(posizione)
            .bind(voluta)
            .bind(stato)
            .bind(rifiuto)
            .bind(instant(now))
            .fetch_optional(db)
            .await)?;
        let (again, told) = row.ok_or(StoreError::Stale)?;
        if told > voluta { self.enqueue_allineamento(ente, posizione, again).await } else { Ok(()) }
    }

    /// One job for each change: its name is the change's.
    async fn enqueue_allineamento(&mut self, ente: &CodiceFiscaleEnte, posizione: &str, voluta: i64) -> Result<(), StoreError> {
        let tipo = TipoJob::AllineaPosizione;
        let chiave = format!("{}:{posizione}:{voluta}", tipo.as_str());
        let payload = crate::columns::json(&Allineamento { posizione: posizione.to_owned(), voluta })?;
        let (ente, priorita) = (Some(ente.clone()), tipo.priorita());
        self.enqueue(&NewJob { id: chiave.clone(), tipo, chiave, ente, payload, priorita, delay_ms: 0 }).await?;
        Ok(())
    }
}
