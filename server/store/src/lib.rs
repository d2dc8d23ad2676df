//! What Sportello remembers: SQL and nothing else.
//!
//! **What it never does**: HTTP, XML, decisions, clocks, random numbers. Instants, ids and digests are arguments (leases alone go by
//! the clock of the database, which several servers share); what comes out is a type of `domain` or [`StoreError::Inconsistent`].
//!
//! **What it promises**, on SQLite and on PostgreSQL alike: a write is durable when the call returns (`synchronous=FULL`,
//! `synchronous_commit=on`; one exception says so, [`Store::begin_redoable`]); a [`Tx`] that is dropped never happened; what was read in a [`Tx`] is still so when it writes; a state
//! changes only along an edge of its table, from the state that was read, and leaves a row in `transizioni`; what came in
//! (`inbox`, `ricevute`) is never changed or deleted, triggers see to that.
//!
//! | file | tables |
//! |---|---|
//! | `enti.rs` `servizi.rs` | `enti` `servizi` |
//! | `posizioni.rs` `iuv.rs` | `posizioni` + `rate` + `versamenti`, read and written as one; `iuv_contatori` |
//! | `tentativi.rs` | `tentativi` |
//! | `moduli.rs` | `moduli` |
//! | `inbox.rs` `ricevute.rs` | `inbox` `inbox_risolti` `ricevute` |
//! | `transizioni.rs` | `transizioni` |
//! | `ledger.rs` `audit.rs` `catene.rs` | `ledger` `audit`; `catene` + `anelli` |
//! | `installazione.rs` | `installazione` |
//! | `jobs.rs` | `jobs`: leases, fences, the outbox; `bozze.rs` `richieste.rs`: drafts, and notices asked for, whose time is over |
//! | `specchi.rs` | `specchi`: what ACA and GPD must still be told |
//! | `flussi.rs` `recuperi.rs` | `flussi` + `fdr_righe` + `fdr_cursori`; `recuperi` + `razioni` |
//! | `loghi.rs` `frequenze.rs` | `loghi` `frequenze`: the emblem of an ente, how often its services are paid |
//! | `origini.rs` | `origini_embed`: the sites that may show our pages in a frame |
//! | `iban_registrati.rs` `giornale.rs` | `iban_registrati` `giornale` |
//! | `lettere.rs` `promemoria.rs` | `lettere`: letters to people; `promemoria`: who asked to be reminded |
//! | `sessioni.rs` `fornitori.rs` | `sessioni` + `accessi_usati`; `fornitori_identita` |
//! | `elenchi.rs` `elenchi/` | the lists of the reserved area; `parole_debitori`: debtors by the words of their names |
//! | `mie.rs` | what is one debtor's own: notices and receipts, by pages |
//! | `pubblicati.rs` | `avvisi_pubblicati`: what a notice asked for when it left draft |
//! | `prove.rs` `custodi.rs` | what `sportello verify` reads; the triggers |
//! | `copia.rs` | all of them, from one database into another |
//! | `db.rs` `db/` | which databases there are; `columns.rs`: column ↔ type; `error.rs` `fault.rs` |
//!
//! **Start reading** at [`Store`] and `posizioni.rs`.
//!
//! **To add a table**: two migrations of the same number and name, `migrations/sqlite/NNNN_what.sql` and
//! `migrations/postgres/NNNN_what.sql` (one that has been released is never edited; on PostgreSQL BIGINT for every integer,
//! `COLLATE "C"` for every text that is a key or gives an order), a file here with a row struct and its functions, a story in
//! `tests/contract/`, its lookups in `plans.rs`. Every query is one text for both; a `SELECT` on which a later write of the same
//! transaction rests goes through `Tx::holding`, position before trips. What compares with the time of the database, or claims a job, is
//! a `Timed` text: `db/time.rs` spells it for each.
//!
//! **To add a database**: a variant and an arm per macro in `db.rs`, twins of the migrations, a place in `tests/contract/place.rs`.
//!
//! The tests want a PostgreSQL server: `make test`, or `.ci/postgres cargo test -p store`.

mod audit;
mod bozze;
mod catene;
mod columns;
mod copia;
mod custodi;
mod db;
mod elenchi;
mod enti;
mod error;
mod fault;
mod flussi;
mod fornitori;
mod frequenze;
mod giornale;
mod iban_registrati;
mod inbox;
mod installazione;
mod iuv;
mod jobs;
mod ledger;
mod lettere;
mod loghi;
mod mie;
mod moduli;
mod origini;
#[cfg(test)]
mod plans;
mod posizioni;
mod promemoria;
mod prove;
mod pubblicati;
mod recuperi;
mod ricevute;
mod richieste;
mod servizi;
mod sessioni;
mod specchi;
mod temporary;
mod tentativi;
#[cfg(test)]
#[path = "../tests/contract/postgres_place.rs"]
#[allow(dead_code, reason = "the stories use all of it")]
mod testing;
mod transizioni;

// `testing` is written for the stories, which see this package by its name
#[cfg(test)]
extern crate self as store;

pub use audit::AuditRow;
pub use catene::{Anello, Capo};
pub use db::postgres::PostgresStore;
pub use db::sqlite::SqliteStore;
pub use db::{OpenTx, PostgresTx, SqliteTx, Tx};
pub use elenchi::parole::parole as elenchi_parole;
pub use elenchi::{Aperte, CercaPosizioni, CercaRicevute, Incasso, RigaPosizione, RigaRicevuta};
pub use error::StoreError;
pub use flussi::{FlussoRow, NewTestata, RigaFdr};
pub use fornitori::FornitoreIdentita;
pub use giornale::{Evento, Verso};
pub use iban_registrati::IbanRegistrato;
pub use inbox::{EsitoInbox, InQuarantena, NewInbox};
pub use jobs::{Annullo, Job, JobFermo, NewJob, UltimoJob};
pub use ledger::RigaLedger;
pub use lettere::{Invio, Lettera, NewLettera};
pub use mie::{Posto, SommaAnno};
pub use promemoria::Promemoria;
pub use prove::{Conteggio, FattiInbox, FattiLedger, FattiRicevuta, FattiTransizione};
pub use recuperi::{EsitoRecupero, Recupero};
pub use ricevute::{Inserted, NewRicevuta, RicevutaRow};
pub use richieste::RICHIESTA;
pub use sessioni::Sessione;
pub use specchi::{Allineamento, Specchio};
pub use tentativi::{Tentativo, TentativoChange};
pub use transizioni::{Lifecycle, Transizione};

use db::address::Address;
use db::on_pool;
use std::path::Path;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Store {
    /// Opens a SQLite file, creates it when it is not there, brings its tables up to date.
    ///
    /// # Errors
    /// `Schema` when the file was written by a newer version of this program: it is left as it is.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::open(path).await?))
    }

    /// As [`Store::open`], but a file that is not there is not made, and tables of another version are left as they are: for who adds a
    /// line to what somebody else is using.
    ///
    /// # Errors
    /// `Schema` when the tables are older or newer than this program; `Database` when there is no file.
    pub async fn open_as_it_is(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::open_as_it_is(path).await?))
    }

    /// Opens `postgres://user:password@host:port/database` (with `?sslmode=verify-full` when it is not on this machine; parameters
    /// as libpq's), `sqlite:PATH` or a path. SQLite as [`Store::open`]; the tables of PostgreSQL are made by [`Store::migrate`]: of
    /// many servers none changes them in passing.
    ///
    /// # Errors
    /// `Schema` when the tables are older or newer than this program; `Busy` when nobody answers; `Database` when the address
    /// cannot be read, or the server does not let us in or does not wait for its disk.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        match Address::parse(address)? {
            Address::Sqlite(path) => Self::open(&path).await,
            Address::Postgres(options) => Ok(Self::Postgres(PostgresStore::connect(*options).await?)),
        }
    }

    /// Whether [`Store::connect`] could read the address. Opens nothing.
    ///
    /// # Errors
    /// `Database`, without a piece of the address: it may hold a password.
    pub fn check_address(address: &str) -> Result<(), StoreError> {
        Address::parse(address).map(drop)
    }

    /// Copies a SQLite file as it is at one moment, while others write to it. `to` may be there when it is empty, and keeps its mode.
    ///
    /// # Errors
    /// `Database` when there is something in `to`; `Busy` when the disk is full.
    pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), StoreError> {
        db::sqlite::copy(from, to).await
    }

    /// Whether a SQLite file is whole, before anything is done with it: [`Store::open`] reads a few pages, a broken one may be any.
    /// `every_index`: also that each index says what its table says, which takes several times as long.
    ///
    /// # Errors
    /// `Damaged` when it is not; `Busy` when somebody holds it.
    pub async fn check_sqlite(path: &Path, every_index: bool) -> Result<(), StoreError> {
        db::sqlite::check(path, every_index).await
    }

    /// Whether nothing was made at an address (see [`Store::connect`]) yet, not even by somebody else.
    ///
    /// # Errors
    /// `Busy` and `Database` as for [`Store::connect`].
    pub async fn is_bare(address: &str) -> Result<bool, StoreError> {
        match Address::parse(address)? {
            Address::Sqlite(path) => Ok(!path.exists()),
            Address::Postgres(options) => PostgresStore::is_bare(*options).await,
        }
    }

    /// Ends every connection, and waits for it. Of SQLite the files beside the database go with the last one.
    pub async fn close(self) {
        match self {
            Self::Sqlite(store) => {
                store.reader.close().await;
                store.writer.close().await;
            }
            Self::Postgres(store) => {
                store.reader.close().await;
                store.writer.close().await;
            }
        }
    }

    /// Brings the tables at an address (see [`Store::connect`]) up to date, and tells their version: the number of the last
    /// migration. Again, it does nothing; on PostgreSQL several at once do it once.
    ///
    /// # Errors
    /// `Schema` when the tables are newer than this program; `Busy` and `Database` as for [`Store::connect`]. What was done before
    /// the migration that failed stays.
    pub async fn migrate(address: &str) -> Result<i64, StoreError> {
        match Address::parse(address)? {
            Address::Sqlite(path) => {
                SqliteStore::open(&path).await?;
                Ok(error::version_of(&db::sqlite::MIGRATIONS))
            }
            Address::Postgres(options) => PostgresStore::migrate(*options).await,
        }
    }

    /// For tests: private to this store and its clones, gone with the last of them.
    ///
    /// # Errors
    /// When the system's temporary folder cannot be written.
    pub async fn open_memory() -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::open_temporary().await?))
    }

    /// How many can read at once.
    pub fn readers(&self) -> usize {
        let readers = match self {
            Self::Sqlite(store) => store.reader.options().get_max_connections(),
            Self::Postgres(store) => store.reader.options().get_max_connections(),
        };
        usize::try_from(readers).unwrap_or(usize::MAX)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query("SELECT 1").execute(db).await.map(drop))?)
    }
}
