//! What can go wrong, said so that the caller knows who must act. Not found is `Option`, never an error.

/// Why the store did not do it. No value of a row is ever part of the text: it can be logged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be stored now: another writer held the database too long, or the disk is full. The same call may work later.
    #[error("the database cannot be written now")]
    Busy(#[source] sqlx::Error),
    /// The row is no longer as it was read (or not there at all): read again and decide again.
    #[error("the row has changed since it was read")]
    Stale,
    /// A row that the types of `domain` do not allow: somebody must look at the data.
    #[error("{table} {id}: {what}")]
    Inconsistent { table: &'static str, id: String, what: String },
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// True when doing the same again later may work.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

/// SQLite's primary result codes for "not now" (<https://www.sqlite.org/rescode.html>): BUSY, LOCKED, IOERR (a write that the
/// disk or its quota refused, beside FULL), FULL.
const SQLITE_NOT_NOW: [u32; 4] = [5, 6, 10, 13];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let not_now = match &error {
            // the writer connection stayed taken
            sqlx::Error::PoolTimedOut => true,
            sqlx::Error::Database(cause) => {
                // extended codes carry the primary one in the low byte: 517 is BUSY_SNAPSHOT
                let code = cause.code().and_then(|code| code.parse::<u32>().ok());
                code.is_some_and(|code| SQLITE_NOT_NOW.contains(&(code & 0xff)))
            }
            _ => false,
        };
        if not_now { Self::Busy(error) } else { Self::Database(error) }
    }
}

#[cfg(test)]
mod tests {
    use crate::{EsitoInbox, NewInbox, Store, StoreError};
    use jiff::Timestamp;

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
        let Store::Sqlite(sqlite) = store;
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
