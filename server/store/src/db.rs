//! The only file that knows which databases there are. One more is one more variant here and one more arm in each macro; every
//! query is written once (`$1…`, BIGINT cents, TEXT ids and instants, BOOLEAN, BLOB or BYTEA: what SQLite and PostgreSQL share).
//!
//! SQLite has one writer at a time, so what a write transaction has read is still so when it writes. PostgreSQL has many (READ
//! COMMITTED: each query sees the last commit). There the same holds because every rule rests on a unique index, on a
//! `WHERE stato = …`, or on rows held since they were read ([`Tx::holding`]): the position before its trips, so that two
//! transactions do not wait for each other.

pub(crate) mod address;
pub(crate) mod postgres;
pub(crate) mod sqlite;
mod sqlite_group;
pub(crate) mod time;

use crate::{Store, StoreError};
use postgres::in_time;
use sqlx::{AssertSqlSafe, Database, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction};
use std::fmt;
use std::time::Duration;

/// Runs a query on a pool: `on_pool!(store, reader, |db| query.fetch_all(db).await)`. What it gives must be the same type on each
/// database: rows, or the outcome of `execute` through `map`.
macro_rules! on_pool {
    ($store:expr, $pool:ident, |$db:ident| $query:expr) => {
        match $store {
            $crate::Store::Sqlite(store) => {
                let $db = &store.$pool;
                $query
            }
            $crate::Store::Postgres(store) => {
                let $db = &store.$pool;
                $crate::db::postgres::in_time(async { $query }).await
            }
        }
    };
}

/// Runs a query inside a transaction: `on_tx!(tx, |db| query.execute(db).await.map(drop))`. After one that failed there is no other.
macro_rules! on_tx {
    ($tx:expr, |$db:ident| $query:expr) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                let $db = tx.connection()?;
                let result = $query;
                tx.failed = result.is_err();
                result
            }
            $crate::Tx::Postgres(tx) => {
                let patience = tx.patience;
                let $db = tx.connection()?;
                let result = $crate::db::postgres::within(patience, async { $query }).await;
                tx.failed = result.is_err();
                result
            }
        }
    };
}

pub(crate) use {on_pool, on_tx};

/// A transaction. Dropped without [`Tx::commit`], it never happened. After a call that gave `Busy` or `Database` it can only be
/// dropped; after `Stale` or `Inconsistent` it goes on, except when it is a job that is `Stale`.
#[derive(Debug)]
#[must_use]
pub enum Tx {
    Sqlite(SqliteTx),
    Postgres(PostgresTx),
}

pub type SqliteTx = OpenTx<Sqlite>;
pub type PostgresTx = OpenTx<Postgres>;

/// A transaction on one database.
pub struct OpenTx<DB: Database> {
    inner: Transaction<'static, DB>,
    /// SQLite ends some transactions when a query fails (FULL, IOERR: <https://www.sqlite.org/lang_transaction.html>) and would
    /// run the next query on its own, outside of any. PostgreSQL refuses every query after one that failed, but answers COMMIT
    /// without an error, having rolled back (<https://www.postgresql.org/docs/current/sql-commit.html>). So we keep the books.
    pub(crate) failed: bool,
    /// False: a snapshot that reads.
    writes: bool,
    /// How long it waits for an answer of PostgreSQL.
    pub(crate) patience: Duration,
}

impl<DB: Database> OpenTx<DB> {
    fn new(inner: Transaction<'static, DB>, writes: bool) -> Self {
        Self { inner, failed: false, writes, patience: postgres::ANSWER_TIMEOUT }
    }

    /// Counts as failed until the query has an answer: one that is dropped half-way has none.
    pub(crate) fn connection(&mut self) -> Result<&mut DB::Connection, StoreError> {
        self.check()?;
        self.failed = true;
        Ok(&mut self.inner)
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Database(sqlx::Error::Protocol("the transaction has failed already".to_owned())));
        }
        Ok(())
    }
}

impl<DB: Database> fmt::Debug for OpenTx<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenTx").field("database", &DB::NAME).field("failed", &self.failed).finish_non_exhaustive()
    }
}

impl Store {
    /// A write transaction. What the functions of [`Tx`] read in it is still so when it writes: on SQLite no other one writes
    /// meanwhile, on PostgreSQL no other one touches the rows that were read.
    ///
    /// # Errors
    /// `Busy` when the turn to write, or a connection, did not come in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            // IMMEDIATE: a transaction that reads first and writes later would fail half-way (SQLITE_BUSY_SNAPSHOT)
            Self::Sqlite(store) => Ok(Tx::Sqlite(OpenTx::new(store.writer.begin_with("BEGIN IMMEDIATE").await?, true))),
            // said rather than trusted: a database can have another default, and at a higher level every lost race is an error
            Self::Postgres(store) => {
                let begun = in_time(store.writer.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")).await?;
                Ok(Tx::Postgres(OpenTx::new(begun, true)))
            }
        }
    }

    /// As [`Store::begin`], for what is done again from the inbox when it is lost: on SQLite its commit is there for everybody, and
    /// survives this process, but not always the machine's power (a later commit that waits takes it along). On PostgreSQL it
    /// waits as every other.
    ///
    /// # Errors
    /// `Busy` when the turn to write, or a connection, did not come in time.
    pub async fn begin_redoable(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite(store) => Ok(Tx::Sqlite(OpenTx::new(store.begin_redoable().await?, true))),
            Self::Postgres(_) => self.begin().await,
        }
    }

    /// Several queries that see the same moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite(store) => Ok(Tx::Sqlite(OpenTx::new(store.reader.begin().await?, false))),
            Self::Postgres(store) => {
                let begun = in_time(store.reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")).await?;
                Ok(Tx::Postgres(OpenTx::new(begun, false)))
            }
        }
    }
}

impl Tx {
    /// For what reads whole tables: from now on PostgreSQL may take minutes for an answer. SQLite may anyway.
    pub(crate) async fn take_time(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            let limit = AssertSqlSafe(postgres::long_statements());
            in_time(sqlx::raw_sql(limit).execute(tx.connection()?)).await?;
            tx.failed = false;
            tx.patience = postgres::LONG_ANSWER_TIMEOUT;
        }
        Ok(())
    }

    /// From now on it can only be dropped.
    pub(crate) fn doom(&mut self) {
        match self {
            Self::Sqlite(tx) => tx.failed = true,
            Self::Postgres(tx) => tx.failed = true,
        }
    }

    /// Durable when it returns.
    ///
    /// # Errors
    /// `Busy` or `Database`; nothing is written then. One exception: when the connection to PostgreSQL breaks while it answers,
    /// nobody knows; whoever does the same again must find out what is there, as everything here does.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => {
                tx.check()?;
                Ok(tx.inner.commit().await?)
            }
            Self::Postgres(tx) => {
                tx.check()?;
                Ok(in_time(tx.inner.commit()).await?)
            }
        }
    }

    /// A `SELECT` whose rows must still be as they were read when this transaction writes. SQLite sees to that by itself; on
    /// PostgreSQL the rows are held. NO KEY: those who only point to such a row need not wait.
    pub(crate) fn holding(&self, select: &'static str) -> SqlStr {
        match self {
            Self::Postgres(tx) if tx.writes => AssertSqlSafe(format!("{select} FOR NO KEY UPDATE")).into_sql_str(),
            Self::Postgres(_) | Self::Sqlite(_) => select.into_sql_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::PostgresPlace;
    use crate::{EsitoInbox, NewInbox, inbox};
    use jiff::Timestamp;

    async fn keep(store: &Store, id: &str) {
        let sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
        let (id, operazione) = (id.to_owned(), "paSendRTV2".to_owned());
        let received_at = Timestamp::UNIX_EPOCH;
        store.keep(&NewInbox { id, received_at, peer: None, operazione, raw: b"x", sha256 }).await.unwrap();
    }

    async fn count(tx: &mut Tx) -> i64 {
        let rows: Result<Vec<(String, i64)>, StoreError> =
            async { Ok(on_tx!(tx, |db| sqlx::query_as(inbox::COUNTS).fetch_all(db).await)?) }.await;
        rows.unwrap().iter().map(|(_, n)| n).sum()
    }

    async fn sees_one_moment_and_cannot_write(store: Store) {
        keep(&store, "m1").await;
        let mut moment = store.snapshot().await.unwrap();
        assert_eq!(count(&mut moment).await, 1);
        keep(&store, "m2").await;
        assert_eq!(count(&mut moment).await, 1, "what came later is not seen");
        assert_eq!(count(&mut store.snapshot().await.unwrap()).await, 2);
        assert!(moment.settle_inbox("m1", EsitoInbox::Accettato, None).await.is_err());
    }

    #[tokio::test]
    async fn a_snapshot_of_sqlite_sees_one_moment_and_cannot_write() {
        sees_one_moment_and_cannot_write(Store::open_memory().await.unwrap()).await;
    }

    #[tokio::test]
    async fn a_snapshot_of_postgres_sees_one_moment_and_cannot_write() {
        let place = PostgresPlace::new().await;
        sees_one_moment_and_cannot_write(place.open().await.unwrap()).await;
    }

    #[test]
    fn every_migration_has_its_twin() {
        let [ours, twins] = [&sqlite::MIGRATIONS, &postgres::MIGRATIONS]
            .map(|all| all.iter().map(|m| (m.version, m.description.to_string())).collect::<Vec<_>>());
        assert!(!ours.is_empty());
        assert_eq!(ours, twins);
    }
}
