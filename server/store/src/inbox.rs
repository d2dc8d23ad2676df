//! What came in, kept before anybody judges it. A receipt that was answered OK is here, byte by byte (`SANP`, "Coda delle
//! receipt": the Nodo sends again only what was not answered).

use crate::columns::{RowOf, instant};
use crate::db::postgres::in_time;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::messaggio::{EventoMessaggio, TRANSIZIONI};
use jiff::Timestamp;
use std::fmt;

pub use domain::EsitoMessaggio as EsitoInbox;

/// A message as it came in.
pub struct NewInbox<'a> {
    /// Opaque, ours.
    pub id: String,
    pub received_at: Timestamp,
    /// Who sent it, as far as the connection tells.
    pub peer: Option<String>,
    /// `paSendRTV2`, …
    pub operazione: String,
    pub raw: &'a [u8],
    /// Of `raw`, 64 hexadecimal digits.
    pub sha256: &'a str,
}

impl fmt::Debug for NewInbox<'_> {
    /// Without the bytes: they name people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewInbox")
            .field("id", &self.id)
            .field("operazione", &self.operazione)
            .field("len", &self.raw.len())
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

/// A message in quarantine, or one that was.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InQuarantena {
    pub id: String,
    /// RFC 3339 in UTC.
    pub received_at: String,
    pub operazione: String,
    pub byte: i64,
    pub sha256: String,
    /// Why it is there; no personal data.
    pub dettaglio: Option<String>,
    /// Why it is settled; `None`: somebody must look.
    pub risolto: Option<String>,
}

pub(crate) const INSERT: &str = "INSERT INTO inbox (id, received_at, peer, operazione, raw, sha256, esito, dettaglio)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
pub(crate) const RAW: &str = "SELECT raw FROM inbox WHERE id = $1";
pub(crate) const PENDING: &str = "SELECT id, operazione, raw FROM inbox WHERE esito = 'RICEVUTO' ORDER BY received_at, id";
pub(crate) const PENDING_BEFORE: &str =
    "SELECT id, operazione, raw FROM inbox WHERE esito = 'RICEVUTO' AND received_at < $1 ORDER BY received_at, id";
pub(crate) const ESITO: &str = "SELECT esito FROM inbox WHERE id = $1";
pub(crate) const OPERAZIONE: &str = "SELECT operazione FROM inbox WHERE id = $1";
pub(crate) const SETTLE: &str = "UPDATE inbox SET esito = $2, dettaglio = $3 WHERE id = $1";
// not `SCAN`ning the messages: the index alone answers
pub(crate) const COUNTS: &str = "SELECT esito, COUNT(*) FROM inbox GROUP BY esito ORDER BY esito";
const COUNT_RISOLTI: &str = "SELECT COUNT(*) FROM inbox_risolti";
/// What only a message in quarantine can become, once.
pub(crate) const RESOLVE: &str = "INSERT INTO inbox_risolti (inbox_id, perche, at)
    SELECT id, $2, $3 FROM inbox WHERE id = $1 AND esito = 'QUARANTENA' ON CONFLICT (inbox_id) DO NOTHING";
macro_rules! quarantena {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.received_at, i.operazione, CAST(length(i.raw) AS BIGINT) AS byte, i.sha256, i.dettaglio,
                r.perche AS risolto FROM inbox i LEFT JOIN inbox_risolti r ON r.inbox_id = i.id WHERE i.esito = 'QUARANTENA'",
            $rest
        )
    };
}
pub(crate) const QUARANTENA: &str = quarantena!(" AND r.inbox_id IS NULL ORDER BY i.received_at, i.id LIMIT $1");
pub(crate) const QUARANTENA_BY_ID: &str = quarantena!(" AND i.id = $1");

impl Store {
    /// Keeps a message, in a transaction of its own: durable when this returns, whatever becomes of it later.
    ///
    /// # Errors
    /// `Busy` or `Database`: it is not kept, the sender must not be told that it is.
    pub async fn keep(&self, message: &NewInbox<'_>) -> Result<(), StoreError> {
        match self {
            // one commit for all who wait for one
            Self::Sqlite(store) => store.group.keep(&store.writer, message).await,
            // PostgreSQL does that by itself, for as many as write at once
            Self::Postgres(store) => {
                let insert = sqlx::query(INSERT)
                    .bind(message.id.as_str())
                    .bind(instant(message.received_at))
                    .bind(message.peer.as_deref())
                    .bind(message.operazione.as_str())
                    .bind(message.raw)
                    .bind(message.sha256)
                    .bind(EsitoInbox::Ricevuto.as_str());
                in_time(insert.execute(&store.writer)).await?;
                Ok(())
            }
        }
    }

    /// How many messages have each outcome; outcomes without any are left out. What was in quarantine and is settled counts as that
    /// alone.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn inbox_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let mut tx = self.snapshot().await?;
        let mut counts: Vec<(String, i64)> = on_tx!(&mut tx, |db| sqlx::query_as(COUNTS).fetch_all(db).await)?;
        let risolti: i64 = on_tx!(&mut tx, |db| sqlx::query_scalar(COUNT_RISOLTI).fetch_one(db).await)?;
        if risolti > 0 {
            for (_, count) in counts.iter_mut().filter(|(esito, _)| esito == EsitoInbox::Quarantena.as_str()) {
                *count -= risolti;
            }
            counts.push((EsitoInbox::Risolto.as_str().to_owned(), risolti));
            counts.retain(|(_, count)| *count != 0);
        }
        Ok(counts)
    }

    /// What is in quarantine and not settled, oldest first, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn in_quarantena(&self, max: u32) -> Result<Vec<InQuarantena>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(QUARANTENA).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// A message that is in quarantine or was, before somebody settled it.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn quarantena(&self, inbox_id: &str) -> Result<Option<InQuarantena>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(QUARANTENA_BY_ID).bind(inbox_id).fetch_optional(db).await)?)
    }

    /// What was kept and not judged yet, oldest first: id, operation and bytes. Few by nature: what a crash left between the two.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn pending_inbox(&self) -> Result<Vec<(String, String, Vec<u8>)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(PENDING).fetch_all(db).await)?)
    }

    /// As [`Store::pending_inbox`], but only what came before an instant: the rest is being judged by whoever took it in.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn pending_inbox_before(&self, before: Timestamp) -> Result<Vec<(String, String, Vec<u8>)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(PENDING_BEFORE).bind(instant(before)).fetch_all(db).await)?)
    }

    /// The bytes of a message, as they came.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn ricevuta_raw(&self, inbox_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(RAW).bind(inbox_id).fetch_optional(db).await)?)
    }
}

impl Tx {
    /// Whether a message is not judged yet; it stays so until the end of the transaction. Of two servers that take up the same
    /// message, the second waits here and finds it judged.
    ///
    /// # Errors
    /// `Stale` when there is no such message; else those of every read.
    pub async fn is_pending(&mut self, inbox_id: &str) -> Result<bool, StoreError> {
        let sql = self.holding(ESITO);
        let esito: Option<String> = on_tx!(self, |db| sqlx::query_scalar(sql).bind(inbox_id).fetch_optional(db).await)?;
        esito.map(|esito| esito == EsitoInbox::Ricevuto.as_str()).ok_or(StoreError::Stale)
    }

    /// What a message is: an operation of the Nodo, or where it was fetched. `None`: there is no such message.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn inbox_operazione(&mut self, inbox_id: &str) -> Result<Option<String>, StoreError> {
        Ok(on_tx!(self, |db| sqlx::query_scalar(OPERAZIONE).bind(inbox_id).fetch_optional(db).await)?)
    }

    /// Writes what became of a message.
    ///
    /// # Errors
    /// `Stale` when there is no such message; `Database` when one that was judged would become `Ricevuto` again.
    pub async fn settle_inbox(&mut self, inbox_id: &str, esito: EsitoInbox, dettaglio: Option<&str>) -> Result<(), StoreError> {
        let done = on_tx!(self, |db| sqlx::query(SETTLE)
            .bind(inbox_id)
            .bind(esito.as_str())
            .bind(dettaglio)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// Somebody looked at a message in quarantine: it is settled, and stays. `perche`: no personal data.
    ///
    /// # Errors
    /// `Stale` when it is not in quarantine, or settled already; `Busy`, `Inconsistent`, `Database`.
    pub async fn resolve_inbox(&mut self, inbox_id: &str, perche: &str, now: Timestamp) -> Result<(), StoreError> {
        let row = RowOf { table: "inbox", id: inbox_id };
        let from = EsitoInbox::Quarantena;
        TRANSIZIONI.advance(from, EventoMessaggio::Risolve).map_err(|no_edge| row.broken(no_edge))?;
        let done = on_tx!(self, |db| sqlx::query(RESOLVE)
            .bind(inbox_id)
            .bind(perche)
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }
}
