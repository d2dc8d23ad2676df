//! The sites that may show our pages in a frame.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, Origine};
use jiff::Timestamp;

pub(crate) const OF_ENTE: &str = "SELECT origine FROM origini_embed WHERE ente = $1 ORDER BY origine";
pub(crate) const FORBID: &str = "DELETE FROM origini_embed WHERE ente = $1 AND origine = $2";

impl Store {
    /// In the order of their names.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn origini_embed(&self, ente: &CodiceFiscaleEnte) -> Result<Vec<Origine>, StoreError> {
        let rows: Vec<String> = on_pool!(self, reader, |db| sqlx::query_scalar(OF_ENTE).bind(ente.as_str()).fetch_all(db).await)?;
        let at = RowOf { table: "origini_embed", id: ente.as_str() };
        rows.into_iter().map(|origine| at.parse("origine", origine)).collect()
    }
}

impl Tx {
    /// Whether it is new.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn allow_origine(
        &mut self,
        ente: &CodiceFiscaleEnte,
        origine: &Origine,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = on_tx!(self, |db| sqlx::query(
            "INSERT INTO origini_embed (ente, origine, created_at) VALUES ($1, $2, $3) ON CONFLICT (ente, origine) DO NOTHING"
        )
        .bind(ente.as_str())
        .bind(origine.as_str())
        .bind(instant(now))
        .execute(db)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(done > 0)
    }

    /// Whether it was there.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn forbid_origine(&mut self, ente: &CodiceFiscaleEnte, origine: &Origine) -> Result<bool, StoreError> {
        let done = on_tx!(self, |db| sqlx::query(FORBID)
            .bind(ente.as_str())
            .bind(origine.as_str())
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(done > 0)
    }
}
