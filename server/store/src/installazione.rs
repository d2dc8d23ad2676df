//! What is one for the whole installation, however many servers it has.

use crate::db::address::Address;
use crate::db::postgres::in_time;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::Path;

pub(crate) const VALUE: &str = "SELECT valore FROM installazione WHERE nome = $1";

impl Store {
    /// The value that was said in a database (see [`Store::connect`]) that is not opened for work: it may be of another version, or in
    /// use. `None` also when it has no tables yet.
    ///
    /// # Errors
    /// `Busy` when nobody answers; `Database`.
    pub async fn installazione_at(address: &str, nome: &str) -> Result<Option<String>, StoreError> {
        match Address::parse(address)? {
            Address::Sqlite(path) => {
                // nobody writes to a file without a journal beside it; to be read as one that may change it would be given one
                let mut journal = path.as_os_str().to_owned();
                journal.push("-wal");
                let alone = !Path::new(&journal).exists();
                let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(alone);
                let mut connection = options.connect().await?;
                let there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'installazione')";
                let there: bool = sqlx::query_scalar(there).fetch_one(&mut connection).await?;
                let said = if there { sqlx::query_scalar(VALUE).bind(nome).fetch_optional(&mut connection).await? } else { None };
                connection.close().await?;
                Ok(said)
            }
            Address::Postgres(options) => {
                let asked = async {
                    let mut connection = options.application_name("sportello check-config").connect().await?;
                    let there = "SELECT to_regclass('installazione') IS NOT NULL";
                    let there: bool = sqlx::query_scalar(there).fetch_one(&mut connection).await?;
                    let said =
                        if there { sqlx::query_scalar(VALUE).bind(nome).fetch_optional(&mut connection).await? } else { None };
                    connection.close().await?;
                    Ok(said)
                };
                Ok(in_time(asked).await?)
            }
        }
    }

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
