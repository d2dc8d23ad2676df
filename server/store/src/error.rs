//! What can go wrong, said so that the caller knows who must act. Not found is `Option`, never an error.

use crate::fault::{self, Fault};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgDatabaseError;
use std::io::ErrorKind;

/// Why the store did not do it, the cause in the same sentence: whoever logs it needs no second look. No value of a row is ever part
/// of the text, so it can be logged: see [`Fault::without_values`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be done now: another writer held the database too long, the disk is full, PostgreSQL is stopping or out of reach.
    /// The same call may work later.
    #[error("the database cannot do it now: {0}")]
    Busy(sqlx::Error),
    /// The row is no longer as it was read (or not there at all): read again and decide again.
    #[error("the row has changed since it was read")]
    Stale,
    /// A row that the types of `domain` do not allow: somebody must look at the data.
    #[error("{table} {id}: {what}")]
    Inconsistent { table: &'static str, id: String, what: String },
    /// The tables are of another version (the number of the last migration) than this program.
    #[error("{}", sentence(*found, *wanted))]
    Schema { found: i64, wanted: i64 },
    /// The file is not a database, or not whole: SQLite says so of what it reads, [`crate::Store::check_sqlite`] of all of it.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
}

/// What sqlx 0.9 makes of a server that takes a connection and closes it before it has said a thing, as one does that is being killed:
/// it reads the end as an answer to its question for TLS.
const CLOSED_AT_ONCE: &str = "unexpected response from SSLRequest: 0x00";

fn sentence(found: i64, wanted: i64) -> String {
    if found < wanted {
        format!("the tables are at version {found}, this program needs {wanted}: run `sportello migrate` first")
    } else {
        format!("the tables are at version {found}, this program knows {wanted}: they belong to a newer program")
    }
}

/// Of the tables that these migrations make.
pub(crate) fn version_of(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
}

impl StoreError {
    /// True when doing the same again later may work.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    pub(crate) fn migrating(error: MigrateError, migrations: &Migrator) -> Self {
        match error {
            MigrateError::VersionMissing(found) => Self::Schema { found, wanted: version_of(migrations) },
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Database(other.into()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let (not_now, error) = match error {
            // every connection stayed taken
            sqlx::Error::PoolTimedOut => (true, error),
            // the connection broke, or could not be made; but a certificate that is not trusted (InvalidData) will not be later
            sqlx::Error::Io(ref cause) => (cause.kind() != ErrorKind::InvalidData, error),
            sqlx::Error::Protocol(ref said) => (said.starts_with(CLOSED_AT_ONCE), error),
            sqlx::Error::Database(cause) => match cause.try_downcast::<PgDatabaseError>() {
                Ok(cause) => (fault::postgres_not_now(cause.code()), Fault::without_values(&cause).into()),
                Err(cause) => {
                    let code = cause.code().and_then(|code| code.parse().ok());
                    let error = sqlx::Error::Database(cause);
                    if code.is_some_and(fault::sqlite_damaged) {
                        return Self::Damaged(error.to_string());
                    }
                    (code.is_some_and(fault::sqlite_not_now), error)
                }
            },
            other => (false, other),
        };
        if not_now { Self::Busy(error) } else { Self::Database(error) }
    }
}

#[cfg(test)]
mod tests {
    use crate::{EsitoInbox, NewInbox, Store, StoreError};
    use jiff::Timestamp;
    use std::io::ErrorKind;

    fn message<'a>(id: &str, raw: &'a [u8]) -> NewInbox<'a> {
        NewInbox {
            id: id.into(),
            received_at: Timestamp::UNIX_EPOCH,
            peer: None,
            operazione: "paSendRTV2".into(),
            raw,
            sha256: "0000000000000000000000000000000000000000000000000000000000000000",
        }
    }

    async fn run(store: &Store, sql: &'static str) {
        let Store::Sqlite(sqlite) = store else { unreachable!("open_memory is SQLite") };
        sqlx::query(sql).execute(&sqlite.writer).await.unwrap();
    }

    /// SQLite answers as on a full disk, and never goes below what the file already has.
    const FULL: &str = "PRAGMA max_page_count = 1";
    const ROOMY: &str = "PRAGMA max_page_count = 1000000";

    #[tokio::test]
    async fn a_full_disk_is_told_as_not_now_and_heals() {
        let store = Store::open_memory().await.unwrap();
        run(&store, FULL).await;
        let raw = vec![b'x'; 100_000];
        let refused = store.keep(&message("m1", &raw)).await;
        assert!(matches!(&refused, Err(error @ StoreError::Busy(_)) if error.is_temporary()), "{refused:?}");
        assert_eq!(store.ricevuta_raw("m1").await.unwrap(), None);
        run(&store, ROOMY).await;
        store.keep(&message("m1", &raw)).await.unwrap();
        assert_eq!(store.ricevuta_raw("m1").await.unwrap(), Some(raw));
    }

    #[test]
    fn a_turn_to_write_that_never_came_is_not_now() {
        assert!(StoreError::from(sqlx::Error::PoolTimedOut).is_temporary());
        assert!(!StoreError::from(sqlx::Error::PoolClosed).is_temporary());
    }

    #[test]
    fn a_connection_that_broke_is_not_now_and_a_certificate_nobody_trusts_is_never() {
        for kind in [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset, ErrorKind::UnexpectedEof, ErrorKind::TimedOut] {
            assert!(StoreError::from(sqlx::Error::Io(kind.into())).is_temporary(), "{kind:?}");
        }
        assert!(!StoreError::from(sqlx::Error::Io(ErrorKind::InvalidData.into())).is_temporary());
    }

    #[tokio::test]
    async fn the_cause_is_in_the_sentence_once_and_no_value_is() {
        let store = Store::open_memory().await.unwrap();
        store.keep(&message("m-di-prova", b"x")).await.unwrap();
        let refused = store.keep(&message("m-di-prova", b"y")).await.unwrap_err();
        assert!(std::error::Error::source(&refused).is_none(), "whoever prints the chain would say it twice");
        let said = refused.to_string();
        assert!(said.starts_with("the database failed: ") && said.contains("UNIQUE constraint failed: inbox.id"), "{said}");
        assert!(!said.contains("m-di-prova"), "{said}");
    }

    #[test]
    fn tables_of_another_version_are_told_with_what_to_do() {
        let (older, newer) = (StoreError::Schema { found: 3, wanted: 6 }, StoreError::Schema { found: 7, wanted: 6 });
        assert_eq!(older.to_string(), "the tables are at version 3, this program needs 6: run `sportello migrate` first");
        assert_eq!(newer.to_string(), "the tables are at version 7, this program knows 6: they belong to a newer program");
        assert!(!older.is_temporary() && !newer.is_temporary());
    }

    /// With FULL and IOERR SQLite may end the transaction by itself; `RAISE(ROLLBACK)` does so at will. Nothing of the transaction
    /// may be written then, and the connection must serve the next one.
    #[tokio::test]
    async fn a_transaction_that_the_database_ended_writes_nothing_and_blocks_nobody() {
        let store = Store::open_memory().await.unwrap();
        for id in ["m1", "m2"] {
            store.keep(&message(id, b"x")).await.unwrap();
        }
        let fault = "CREATE TRIGGER fault BEFORE UPDATE ON inbox WHEN NEW.dettaglio = 'fault' \
                     BEGIN SELECT RAISE(ROLLBACK, 'as on a full disk'); END";
        run(&store, fault).await;
        let mut tx = store.begin().await.unwrap();
        tx.settle_inbox("m1", EsitoInbox::Accettato, None).await.unwrap();
        assert!(tx.settle_inbox("m1", EsitoInbox::Accettato, Some("fault")).await.is_err());
        let after = tx.settle_inbox("m2", EsitoInbox::Accettato, None).await;
        assert!(matches!(after, Err(StoreError::Database(_))), "outside of any transaction: {after:?}");
        assert!(tx.commit().await.is_err());
        assert_eq!(store.inbox_counts().await.unwrap(), [("RICEVUTO".to_owned(), 2)]);
        let mut tx = store.begin().await.unwrap();
        tx.settle_inbox("m1", EsitoInbox::Accettato, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.inbox_counts().await.unwrap(), [("ACCETTATO".to_owned(), 1), ("RICEVUTO".to_owned(), 1)]);
    }
}
