//! Who did what that no citizen and no Nodo can do: added in the transaction of what was done, never changed.

use crate::columns::RowOf;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use jiff::Timestamp;

/// A row, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    pub id: String,
    /// RFC 3339 in UTC.
    pub at: String,
    /// An account, or `comando` for the operator at the machine.
    pub chi: String,
    pub azione: String,
    /// Codice fiscale; `None` for the installation as a whole.
    pub ente: Option<String>,
    /// What it was done to.
    pub soggetto: String,
    /// JSON; no personal data.
    pub dettaglio: String,
}

pub(crate) const BY_ID: &str = "SELECT id, at, chi, azione, ente, soggetto, dettaglio FROM audit WHERE id = $1";

/// The audit is what operators did: short. From its end on.
const LAST: &str = "SELECT at FROM audit WHERE azione = $1 ORDER BY seq DESC LIMIT 1";

impl Tx {
    /// # Errors
    /// `Database` when the id is taken.
    pub async fn insert_audit(&mut self, row: &AuditRow) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO audit (id, at, chi, azione, ente, soggetto, dettaglio) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(row.id.as_str())
        .bind(row.at.as_str())
        .bind(row.chi.as_str())
        .bind(row.azione.as_str())
        .bind(row.ente.as_deref())
        .bind(row.soggetto.as_str())
        .bind(row.dettaglio.as_str())
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn audit(&self, id: &str) -> Result<Option<AuditRow>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?)
    }

    /// When somebody did something the last time. For metrics.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn last_audit(&self, azione: &str) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<String> = on_pool!(self, reader, |db| sqlx::query_scalar(LAST).bind(azione).fetch_optional(db).await)?;
        at.map(|at| RowOf { table: "audit", id: azione }.instant("at", &at)).transpose()
    }
}
