//! What Sportello remembers: SQL and nothing else.
//!
//! **What it never does**: HTTP, XML, decisions, clocks, random numbers. Instants, ids and digests are arguments; what comes
//! out is a type of `domain` or [`StoreError::Inconsistent`].
//!
//! **What it promises**: a write is durable when the call returns (WAL, `synchronous=FULL`); a [`Tx`] that is dropped never
//! happened; a state changes only along an edge of its table, from the state that was read, and leaves a row in `transizioni`;
//! what came in (`inbox`, `ricevute`) is never changed or deleted, triggers see to that.
//!
//! | file | tables |
//! |---|---|
//! | `enti.rs` `servizi.rs` | `enti` `servizi` |
//! | `posizioni.rs` `iuv.rs` | `posizioni` + `rate` + `versamenti`, read and written as one; `iuv_contatori` |
//! | `tentativi.rs` | `tentativi` |
//! | `moduli.rs` | `moduli` |
//! | `inbox.rs` `ricevute.rs` | `inbox` `ricevute` |
//! | `transizioni.rs` | `transizioni` |
//! | `db.rs` | which databases there are; `columns.rs`: column ↔ type; `error.rs` |
//!
//! **Start reading** at [`Store`] and `posizioni.rs`. **To add a table**: a migration (`migrations/<database>/NNNN_what.sql`;
//! one that has been released is never edited), a file here with a row struct and its functions, a story in
//! `tests/contract.rs`, its lookups in `plans.rs`. **To add a database**: a variant and a line per macro in `db.rs`, twins of the
//! migrations, its name in the helper of `tests/contract.rs`.

mod columns;
mod db;
mod enti;
mod error;
mod inbox;
mod iuv;
mod moduli;
#[cfg(test)]
mod plans;
mod posizioni;
mod ricevute;
mod servizi;
mod temporary;
mod tentativi;
mod transizioni;

pub use db::{SqliteStore, SqliteTx, Tx};
pub use error::StoreError;
pub use inbox::{EsitoInbox, NewInbox};
pub use ricevute::{Inserted, NewRicevuta, RicevutaRow};
pub use tentativi::{Tentativo, TentativoChange};
pub use transizioni::{Lifecycle, Transizione};

use db::on_pool;
use std::path::Path;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Store {
    Sqlite(SqliteStore),
}

impl Store {
    /// Opens a file, creates it when it is not there, brings its tables up to date.
    ///
    /// # Errors
    /// `Database` also when the file was written by a newer version of this program: it is left as it is.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::open(path).await?))
    }

    /// For tests: private to this store and its clones, gone with the last of them.
    ///
    /// # Errors
    /// When the system's temporary folder cannot be written.
    pub async fn open_memory() -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::open_temporary().await?))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_pool!(self, reader, |db| sqlx::query("SELECT 1").execute(db).await)?;
        Ok(())
    }
}
