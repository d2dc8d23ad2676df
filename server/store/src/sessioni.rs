//! Who came in, and which questions to a provider of identity were answered. Of what a browser holds only digests are here.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscale, CodiceFiscaleEnte};
use jiff::Timestamp;
use std::fmt;

/// Somebody who came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Sessione {
    /// SHA-256, 64 hexadecimal digits, of what the browser holds.
    pub id_sha256: String,
    /// Whose provider said who it is; `None`: the portal's.
    pub ente: Option<CodiceFiscaleEnte>,
    pub codice_fiscale: CodiceFiscale,
    pub nome: String,
    pub livello: Option<String>,
    pub iniziata: Timestamp,
    pub vista: Timestamp,
    pub scade: Timestamp,
}

impl fmt::Debug for Sessione {
    /// Nobody by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessione").field("iniziata", &self.iniziata).field("scade", &self.scade).finish_non_exhaustive()
    }
}

pub(crate) const BY_ID: &str = "SELECT id_sha256, ente, codice_fiscale, nome, livello, iniziata, vista, scade FROM sessioni
    WHERE id_sha256 = $1 AND scade > $2 AND vista > $3";
pub(crate) const TOUCH: &str = "UPDATE sessioni SET vista = $2 WHERE id_sha256 = $1 AND vista < $2";
pub(crate) const END: &str = "DELETE FROM sessioni WHERE id_sha256 = $1";
pub(crate) const OVER: &str = "SELECT id_sha256 FROM sessioni WHERE scade < $1 ORDER BY scade LIMIT $2";
pub(crate) const COUNT_OVER: &str = "SELECT COUNT(*) FROM sessioni WHERE scade < $1";
pub(crate) const USED: &str = "SELECT stato_sha256 FROM accessi_usati WHERE scade < $1 ORDER BY scade LIMIT $2";
pub(crate) const FORGET: &str = "DELETE FROM accessi_usati WHERE stato_sha256 = $1";

#[derive(sqlx::FromRow)]
struct Row {
    id_sha256: String,
    ente: Option<String>,
    codice_fiscale: String,
    nome: String,
    livello: Option<String>,
    iniziata: String,
    vista: String,
    scade: String,
}

impl Row {
    fn into_domain(self) -> Result<Sessione, StoreError> {
        // the digest opens nothing: it may be named
        let row = RowOf { table: "sessioni", id: &self.id_sha256 };
        Ok(Sessione {
            ente: self.ente.map(|ente| row.parse("ente", ente)).transpose()?,
            codice_fiscale: row.parse("codice_fiscale", self.codice_fiscale)?,
            nome: self.nome,
            livello: self.livello,
            iniziata: row.instant("iniziata", &self.iniziata)?,
            vista: row.instant("vista", &self.vista)?,
            scade: row.instant("scade", &self.scade)?,
            id_sha256: self.id_sha256,
        })
    }
}

impl Store {
    /// The session of a digest, when neither its end has come by `now` nor was it last seen before `idle_since`.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn sessione(&self, id_sha256: &str, now: Timestamp, idle_since: Timestamp) -> Result<Option<Sessione>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID)
            .bind(id_sha256)
            .bind(instant(now))
            .bind(instant(idle_since))
            .fetch_optional(db)
            .await)?;
        row.map(Row::into_domain).transpose()
    }

    /// How many sessions ended before an instant and are still here.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn sessioni_before(&self, ended: Timestamp) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(COUNT_OVER).bind(instant(ended)).fetch_one(db).await)?)
    }
}

impl Tx {
    /// # Errors
    /// `Database` when there is one of that digest, or no such ente.
    pub async fn insert_sessione(&mut self, new: &Sessione) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(
            "INSERT INTO sessioni (id_sha256, ente, codice_fiscale, nome, livello, iniziata, vista, scade)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(new.id_sha256.as_str())
        .bind(new.ente.as_ref().map(CodiceFiscaleEnte::as_str))
        .bind(new.codice_fiscale.as_str())
        .bind(new.nome.as_str())
        .bind(new.livello.as_deref())
        .bind(instant(new.iniziata))
        .bind(instant(new.vista))
        .bind(instant(new.scade))
        .execute(db)
        .await
        .map(drop))?)
    }

    /// It was seen at an instant; never earlier than before.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn touch_sessione(&mut self, id_sha256: &str, vista: Timestamp) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(TOUCH).bind(id_sha256).bind(instant(vista)).execute(db).await.map(drop))?)
    }

    /// Nothing, when it is not there any more.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn end_sessione(&mut self, id_sha256: &str) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(END).bind(id_sha256).execute(db).await.map(drop))?)
    }

    /// Takes the answer to a question, once: false when it was taken before, by whichever server.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn use_accesso(&mut self, stato_sha256: &str, scade: Timestamp) -> Result<bool, StoreError> {
        let done = on_tx!(self, |db| sqlx::query(
            "INSERT INTO accessi_usati (stato_sha256, scade) VALUES ($1, $2) ON CONFLICT (stato_sha256) DO NOTHING"
        )
        .bind(stato_sha256)
        .bind(instant(scade))
        .execute(db)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// Deletes sessions that ended before an instant, and answers to questions that were over by then, `max` of each at the most; how
    /// many of the two that were more.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn delete_sessioni(&mut self, ended: Timestamp, max: u32) -> Result<u64, StoreError> {
        let mut most = 0;
        // one by one: PostgreSQL would read the whole table for a DELETE with a LIMIT in it
        for (over, delete) in [(OVER, END), (USED, FORGET)] {
            let ids: Vec<String> =
                on_tx!(self, |db| sqlx::query_scalar(over).bind(instant(ended)).bind(i64::from(max)).fetch_all(db).await)?;
            for id in &ids {
                on_tx!(self, |db| sqlx::query(delete).bind(id.as_str()).execute(db).await.map(drop))?;
            }
            most = most.max(u64::try_from(ids.len()).unwrap_or(u64::MAX));
        }
        Ok(most)
    }
}
