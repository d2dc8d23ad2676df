//! SQLite: one file, one connection that writes, a few that read.

use crate::StoreError;
use crate::db::sqlite_group::Group;
use crate::temporary::TemporaryFolder;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlSafeStr as _, Sqlite, Transaction};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long SQLite waits for another process that holds the lock; then [`StoreError::Busy`]. The Nodo must see 98 % of the
/// answers within 2 s (SANP, "Livelli di servizio").
const BUSY_TIMEOUT: Duration = Duration::from_millis(2_000);
/// How long a call waits for a connection of ours, above all for its turn to write: below the 7 s after which the Nodo gives up.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Of the connection that writes: every commit waits for the disk; only checkpoints do; nothing does.
const WAIT: &str = "PRAGMA synchronous = FULL";
const WAIT_SELDOM: &str = "PRAGMA synchronous = NORMAL";
const DO_NOT_WAIT: &str = "PRAGMA synchronous = OFF";
/// Each is a thread; WAL lets them read while one writes.
const READERS: u32 = 4;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

/// SQLite: one connection writes, a few read.
#[derive(Clone)]
pub struct SqliteStore {
    pub(crate) writer: SqlitePool,
    pub(crate) reader: SqlitePool,
    /// False in tests alone.
    waits_for_disk: bool,
    /// Messages that wait for their commit.
    pub(crate) group: Arc<Group>,
    /// After the pools: their files are closed before the folder goes.
    _folder: Option<Arc<TemporaryFolder>>,
}

impl SqliteStore {
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteSynchronous::Full, None).await
    }

    pub(crate) async fn open_as_it_is(path: &Path) -> Result<Self, StoreError> {
        is_up_to_date(path).await?;
        Self::open(path).await
    }

    pub(crate) async fn open_temporary() -> Result<Self, StoreError> {
        let folder = TemporaryFolder::create().map_err(sqlx::Error::Io)?;
        let path = folder.path().join("store.db");
        // nobody reads this file after the process: waiting for the disk would only make tests slow
        Self::open_with(&path, SqliteSynchronous::Off, Some(Arc::new(folder))).await
    }

    async fn open_with(
        path: &Path,
        synchronous: SqliteSynchronous,
        folder: Option<Arc<TemporaryFolder>>,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // without it REPLACE deletes rows behind the back of the triggers that forbid it
            .pragma("recursive_triggers", "ON");
        let pool = || {
            SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).idle_timeout(None).max_lifetime(None).after_release(
                |connection, _| {
                    Box::pin(async move {
                        // lets a rollback that waits be done
                        connection.ping().await?;
                        // After a transaction that SQLite ended by itself (see `OpenTx::failed`) sqlx 0.9 believes for ever that
                        // it is still there and refuses the next BEGIN IMMEDIATE: such a connection is closed for a new one.
                        Ok(!connection.is_in_transaction())
                    })
                },
            )
        };
        // whatever the last one did with it (see `begin_redoable`), also one that was dropped half-way
        let full = if synchronous == SqliteSynchronous::Full { WAIT } else { DO_NOT_WAIT };
        let writer = pool()
            .before_acquire(move |connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(full).execute(connection).await?;
                    Ok(true)
                })
            })
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        MIGRATIONS.run(&writer).await.map_err(|error| StoreError::migrating(error, &MIGRATIONS))?;
        let reader = pool().max_connections(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self {
            writer,
            reader,
            group: Arc::default(),
            waits_for_disk: synchronous == SqliteSynchronous::Full,
            _folder: folder,
        })
    }
}

impl SqliteStore {
    /// A write transaction whose commit does not wait for the disk: the next one that does takes it along.
    pub(crate) async fn begin_redoable(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut connection = self.writer.acquire().await?;
        if self.waits_for_disk {
            sqlx::raw_sql(WAIT_SELDOM).execute(&mut *connection).await?;
        }
        Ok(Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str())).await?)
    }
}

/// The tables must be those this program was written for. Looked at without a write: opening would bring older ones up to date.
async fn is_up_to_date(path: &Path) -> Result<(), StoreError> {
    let wanted = crate::error::version_of(&MIGRATIONS);
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let is_there = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let is_there: i64 = sqlx::query_scalar(is_there).fetch_one(&mut connection).await?;
    let found = match is_there {
        0 => 0,
        _ => {
            let version = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";
            sqlx::query_scalar(version).fetch_one(&mut connection).await?
        }
    };
    connection.close().await?;
    if found == wanted { Ok(()) } else { Err(StoreError::Schema { found, wanted }) }
}

/// The whole file as it is at one moment, while others write. `to` must not be there, or be empty (SQLite takes that): whoever made it
/// said who may read it.
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(from).busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let to = to.to_str().ok_or_else(|| sqlx::Error::Configuration("the path of the copy is not UTF-8".into()))?;
    sqlx::query("VACUUM INTO $1").bind(to).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Reads the file from end to end. Without writing to it: whatever is left of it may be all there is.
pub(crate) async fn check(path: &Path, every_index: bool) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let pragma = if every_index { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
    let said: String = sqlx::query_scalar(pragma).fetch_one(&mut connection).await?;
    connection.close().await?;
    if said == "ok" { Ok(()) } else { Err(StoreError::Damaged(said.replace('\n', " "))) }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What "durable when it returns" rests on.
    #[tokio::test]
    async fn a_store_on_a_file_waits_for_the_disk_and_a_reader_cannot_write() {
        let folder = TemporaryFolder::create().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        let pragmas = "SELECT (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous),
             (SELECT foreign_keys FROM pragma_foreign_keys), (SELECT timeout FROM pragma_busy_timeout),
             (SELECT recursive_triggers FROM pragma_recursive_triggers)";
        for pool in [&store.writer, &store.reader] {
            let found: (String, i64, i64, i64, i64) = sqlx::query_as(pragmas).fetch_one(pool).await.unwrap();
            assert_eq!(found, ("wal".to_owned(), 2, 1, 2_000, 1), "2 is FULL");
        }
        let write = "INSERT INTO transizioni (soggetto, id, evento, a, perche, at) VALUES ('posizione', 'p', 'e', 'a', '', '')";
        assert!(sqlx::query(write).execute(&store.reader).await.is_err());
        assert!(sqlx::query(write).execute(&store.writer).await.is_ok());
    }

    /// The one commit that does not wait leaves nothing behind: neither when it is done, nor when it is dropped half-way.
    #[tokio::test]
    async fn only_what_can_be_done_again_does_not_wait_for_the_disk() {
        let folder = TemporaryFolder::create().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        let synchronous = async |tx: &mut Transaction<'static, Sqlite>| -> i64 {
            sqlx::query_scalar("SELECT synchronous FROM pragma_synchronous").fetch_one(&mut **tx).await.unwrap()
        };
        for finish in [true, false] {
            let mut redoable = store.begin_redoable().await.unwrap();
            assert_eq!(synchronous(&mut redoable).await, 1, "1 is NORMAL");
            if finish {
                redoable.commit().await.unwrap();
            } else {
                drop(redoable);
            }
            let mut waits = store.writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
            assert_eq!(synchronous(&mut waits).await, 2, "2 is FULL");
        }
    }
}
