//! The form a citizen filled in, as it was typed: to change it from the summary.

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::CodiceFiscaleEnte;

pub(crate) const OF_POSIZIONE: &str = "SELECT modulo FROM moduli WHERE ente = $1 AND posizione_id = $2";

impl Store {
    /// JSON, as [`Tx::insert_modulo`] got it.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn modulo(&self, ente: &CodiceFiscaleEnte, posizione_id: &str) -> Result<Option<String>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(OF_POSIZIONE)
            .bind(ente.as_str())
            .bind(posizione_id)
            .fetch_optional(db)
            .await)?)
    }
}

impl Tx {
    /// Keeps the form beside the position made from it.
    ///
    /// # Errors
    /// `Database` when there is no such position, or it has a form.
    pub async fn insert_modulo(&mut self, ente: &CodiceFiscaleEnte, posizione_id: &str, json: &str) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query("INSERT INTO moduli (ente, posizione_id, modulo) VALUES ($1, $2, $3)")
            .bind(ente.as_str())
            .bind(posizione_id)
            .bind(json)
            .execute(db)
            .await
            .map(drop))?;
        Ok(())
    }
}
