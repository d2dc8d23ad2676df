//! What is one for the whole installation, however many servers it has.

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError};

pub(crate) const VALUE: &str = "SELECT valore FROM installazione WHERE nome = $1";

impl Store {
    /// The value that was said, if one was.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn installazione_said(&self, nome: &str) -> Result<Option<String>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(VALUE).bind(nome).fetch_optional(db).await)?)
    }

    /// The value that holds for all: the one given if nobody said one before.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn installazione(&self, nome: &str, valore: &str) -> Result<String, StoreError> {
        if let Some(said) = self.installazione_said(nome).await? {
            return Ok(said);
        }
        let mut tx = self.begin().await?;
        on_tx!(&mut tx, |db| sqlx::query(
            "INSERT INTO installazione (nome, valore) VALUES ($1, $2) ON CONFLICT (nome) DO NOTHING"
        )
        .bind(nome)
        .bind(valore)
        .execute(db)
        .await
        .map(drop))?;
        let holds: String = on_tx!(&mut tx, |db| sqlx::query_scalar(VALUE).bind(nome).fetch_one(db).await)?;
        tx.commit().await?;
        Ok(holds)
    }
}
