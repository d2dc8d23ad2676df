//! PostgreSQL: one database, many servers. Each has a pool that writes and a pool that reads: pages that many people look at do not
//! keep a receipt waiting, and whoever reads while it holds a [`crate::Tx`] cannot wait for itself.

use crate::StoreError;
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

/// Connections of one server: what PostgreSQL on a machine of four cores works on at once, about twice its cores
/// (<https://wiki.postgresql.org/wiki/Number_Of_Database_Connections>); the rest waits better here. With the usual
/// `max_connections = 100` six servers fit.
const WRITERS: u32 = 8;
const READERS: u32 = 8;
/// How long a row that another transaction holds is waited for. The Nodo must see 98 % of the answers within 2 s (SANP, "Livelli di
/// servizio").
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// Every query is a lookup by index, milliseconds: one that takes this long is in trouble, and lets go.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(4);
/// Nobody waits for the network inside a transaction: one that is silent for so long belongs to a server that hangs or is gone, and
/// holds rows that others want.
const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call waits for a connection of ours: below the 7 s after which the Nodo gives up.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call waits for any answer, connection included. A machine that is gone from the network does not say so, and TCP
/// goes on for a quarter of an hour; above `STATEMENT_TIMEOUT`, so that a server that is there speaks first.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The same two for what reads whole tables (`verify`): with ten million rows on a slow disk minutes, never hours.
const LONG_STATEMENT_TIMEOUT: Duration = Duration::from_mins(30);
pub(crate) const LONG_ANSWER_TIMEOUT: Duration = Duration::from_mins(31);
/// A connection that comes back to its pool must be done with its rollback by then; else it is closed, and its place is free.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);
/// A migration may change a big table: no limit for it. What it waits for: every transaction of ours is over by then, and it must
/// not stand in the way of the next ones for longer.
const MIGRATION_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

/// PostgreSQL: some connections write, some read.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) writer: PgPool,
    pub(crate) reader: PgPool,
}

impl PostgresStore {
    /// Opens a database whose tables are of this version of the program.
    pub(crate) async fn connect(options: PgConnectOptions) -> Result<Self, StoreError> {
        let options = options.application_name("sportello").options([
            // what "durable when it returns" rests on, whatever the database or the role has for a default
            ("synchronous_commit", "on".to_owned()),
            ("lock_timeout", in_milliseconds(LOCK_TIMEOUT)),
            ("statement_timeout", in_milliseconds(STATEMENT_TIMEOUT)),
            ("idle_in_transaction_session_timeout", in_milliseconds(IDLE_IN_TRANSACTION_TIMEOUT)),
        ]);
        let pool = || {
            PgPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).after_release(|connection, _| {
                Box::pin(async move {
                    let released = tokio::time::timeout(RELEASE_TIMEOUT, connection.ping()).await;
                    released.unwrap_or_else(|_| Err(silence())).map(|()| true)
                })
            })
        };
        let writer = pool()
            .max_connections(WRITERS)
            .after_connect(|connection, _| Box::pin(takes_writes(connection)))
            .connect_with(options.clone())
            .await?;
        let mut connection = writer.acquire().await?;
        is_durable(&mut connection).await?;
        is_up_to_date(&mut connection).await?;
        drop(connection);
        let reader =
            pool().max_connections(READERS).connect_lazy_with(options.options([("default_transaction_read_only", "on")]));
        Ok(Self { writer, reader })
    }

    /// Brings the tables up to date; gives their version. Two at once are fine: the second waits (sqlx takes an advisory lock) and
    /// finds nothing to do. On a connection of its own: closing it gives the lock back, also after an error.
    pub(crate) async fn migrate(options: PgConnectOptions) -> Result<i64, StoreError> {
        let options = options
            .application_name("sportello migrate")
            .options([("lock_timeout", in_milliseconds(MIGRATION_LOCK_TIMEOUT)), ("synchronous_commit", "on".to_owned())]);
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options).await?;
        let done = MIGRATIONS.run(&pool).await;
        pool.close().await;
        done.map_err(|error| StoreError::migrating(error, &MIGRATIONS))?;
        Ok(crate::error::version_of(&MIGRATIONS))
    }

    /// No table, ours or not, where ours would be made.
    pub(crate) async fn is_bare(options: PgConnectOptions) -> Result<bool, StoreError> {
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options).await?;
        let nothing = "SELECT NOT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace)";
        let bare = in_time(sqlx::query_scalar(nothing).fetch_one(&pool)).await?;
        pool.close().await;
        Ok(bare)
    }
}

impl fmt::Debug for PostgresStore {
    /// Without the address: it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

/// An answer, or the error of a server that does not give any.
pub(crate) async fn in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    within(ANSWER_TIMEOUT, answer).await
}

/// As [`in_time`], with another patience.
pub(crate) async fn within<T>(time: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(time, answer).await.unwrap_or_else(|_| Err(silence()))
}

/// Until the end of the transaction it stands in.
pub(crate) fn long_statements() -> String {
    format!("SET LOCAL statement_timeout = '{}'", in_milliseconds(LONG_STATEMENT_TIMEOUT))
}

fn silence() -> sqlx::Error {
    sqlx::Error::Io(ErrorKind::TimedOut.into())
}

fn in_milliseconds(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

/// After a failover the address may lead to the standby for a while, which would take connections and refuse every write: such a
/// connection is not kept, the pool tries again until its time is over.
async fn takes_writes(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let read_only: bool =
        sqlx::query_scalar("SELECT current_setting('transaction_read_only')::BOOLEAN").fetch_one(connection).await?;
    if read_only { Err(sqlx::Error::Protocol("this PostgreSQL takes no writes now".to_owned())) } else { Ok(()) }
}

/// A pooler between us and the server can swallow our settings.
async fn is_durable(connection: &mut PgConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT current_setting('synchronous_commit')").fetch_one(connection).await?;
    if found == "on" {
        return Ok(());
    }
    let why = format!("synchronous_commit is {found}: a receipt could be answered OK and lost; connect without a pooler");
    Err(StoreError::Database(sqlx::Error::Configuration(why.into())))
}

/// The tables must be those this program was written for: no older, no newer, no others.
async fn is_up_to_date(connection: &mut PgConnection) -> Result<(), StoreError> {
    let wanted = crate::error::version_of(&MIGRATIONS);
    let is_there: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *connection).await?;
    if !is_there {
        return Err(StoreError::Schema { found: 0, wanted });
    }
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(connection)
            .await?;
    let found = applied.last().map_or(0, |(version, _)| *version);
    if found != wanted {
        return Err(StoreError::Schema { found, wanted });
    }
    for migration in MIGRATIONS.iter() {
        let same = applied.iter().any(|(version, sum)| *version == migration.version && sum[..] == migration.checksum[..]);
        if !same {
            return Err(StoreError::Database(MigrateError::VersionMismatch(migration.version).into()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::in_time;
    use crate::db::on_tx;
    use crate::testing::PostgresPlace;
    use crate::{Store, StoreError, Tx};

    /// What "durable when it returns" rests on, and the limits of every connection.
    #[tokio::test]
    async fn a_connection_waits_for_the_disk_and_for_nothing_else_too_long() {
        let place = PostgresPlace::new().await;
        place.run(&format!("ALTER DATABASE {} SET synchronous_commit = off", place.name())).await.unwrap();
        let Ok(Store::Postgres(store)) = place.open().await else { unreachable!("a PostgreSQL place opens PostgreSQL") };
        let settings = "SELECT current_setting('synchronous_commit'), current_setting('lock_timeout'),
             current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),
             current_setting('application_name'), current_setting('default_transaction_read_only')";
        for (pool, read_only) in [(&store.writer, "off"), (&store.reader, "on")] {
            let found: (String, String, String, String, String, String) = sqlx::query_as(settings).fetch_one(pool).await.unwrap();
            let wanted = ("on", "2s", "4s", "10s", "sportello", read_only);
            let found = (&*found.0, &*found.1, &*found.2, &*found.3, &*found.4, &*found.5);
            assert_eq!(found, wanted);
        }
        let write = "INSERT INTO transizioni (soggetto, id, evento, a, perche, at) VALUES ('posizione', 'p', 'e', 'a', '', '')";
        assert!(sqlx::query(write).execute(&store.reader).await.is_err());
        assert!(sqlx::query(write).execute(&store.writer).await.is_ok());
    }

    /// `verify` counts whole tables: with a million positions and others at work that is longer than any lookup may take.
    #[tokio::test]
    async fn what_counts_whole_tables_may_take_its_time_and_nothing_after_it() {
        let place = PostgresPlace::new().await;
        let store = place.open().await.unwrap();
        let slow = "SELECT COUNT(*) FROM (SELECT pg_sleep(6)) AS s";
        let mut hasty = store.snapshot().await.unwrap();
        let Tx::Postgres(tx) = &mut hasty else { unreachable!("a PostgreSQL place opens PostgreSQL") };
        assert!(in_time(sqlx::query(slow).execute(tx.connection().unwrap())).await.is_err());
        drop(hasty);
        let mut tx = store.snapshot().await.unwrap();
        tx.take_time().await.unwrap();
        let count: Result<i64, StoreError> =
            async { Ok(on_tx!(&mut tx, |db| sqlx::query_scalar(slow).fetch_one(db).await)?) }.await;
        assert_eq!(count.unwrap(), 1);
        tx.commit().await.unwrap();
        let Store::Postgres(store) = store else { unreachable!("a PostgreSQL place opens PostgreSQL") };
        let limit: String =
            sqlx::query_scalar("SELECT current_setting('statement_timeout')").fetch_one(&store.reader).await.unwrap();
        assert_eq!(limit, "4s");
    }
}
