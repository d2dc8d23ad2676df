//! The emblems of the enti, as they were made fit for pages and papers.

use crate::columns::instant;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::CodiceFiscaleEnte;
use domain::aspetto::ImprontaLogo;
use jiff::Timestamp;

pub(crate) const OF_ENTE: &str = "SELECT png FROM loghi WHERE ente = $1 AND impronta = $2";
pub(crate) const FORGET: &str = "DELETE FROM loghi WHERE ente = $1";

impl Store {
    /// The emblem that an ente says it has; `None` when it has another one by now.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn logo(&self, ente: &CodiceFiscaleEnte, impronta: &ImprontaLogo) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(OF_ENTE)
            .bind(ente.as_str())
            .bind(impronta.as_str())
            .fetch_optional(db)
            .await)?)
    }
}

impl Tx {
    /// The one emblem of an ente, in place of whichever it had.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn put_logo(
        &mut self,
        ente: &CodiceFiscaleEnte,
        impronta: &ImprontaLogo,
        png: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO loghi (ente, impronta, png, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (ente) DO UPDATE SET impronta = excluded.impronta, png = excluded.png, updated_at = excluded.updated_at"
        )
        .bind(ente.as_str())
        .bind(impronta.as_str())
        .bind(png)
        .bind(instant(now))
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }

    /// # Errors
    /// `Busy`, `Database`.
    pub async fn forget_logo(&mut self, ente: &CodiceFiscaleEnte) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(FORGET).bind(ente.as_str()).execute(db).await.map(drop))?)
    }
}
