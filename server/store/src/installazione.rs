//! What is one for the whole installation, however many servers it has.

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError};

pub(crate) const VALUE: &str = "SELECT valore FROM installazione WHERE nome = $1";

impl Store {
    /// The value that holds for all: the one given if nobody said one before.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn installazione(&self, nome: &str, valore: &str) -> Result<String, StoreError> {
        let said: Option<String> = on_pool!(self, reader, |db| sqlx::query_scalar(VALUE).bind(nome).fetch_optional(db).await)?;
        if let Some(said) = said {
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
