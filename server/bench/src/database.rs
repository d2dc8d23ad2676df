//! The database under measure, asked from outside: filled in bulk before, counted after.

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use std::path::Path;

/// One connection of our own.
#[derive(Debug)]
pub enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    /// # Errors
    /// When it is not there.
    pub async fn sqlite(file: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new().filename(file);
        Ok(Self::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?))
    }

    /// # Errors
    /// When nobody answers.
    pub async fn postgres(address: &str) -> anyhow::Result<Self> {
        Ok(Self::Postgres(PgPoolOptions::new().max_connections(1).connect(address).await?))
    }

    /// Statements, one after the other.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn run(&self, sql: &str) -> anyhow::Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(pool) => sql.execute(pool).await.map(drop)?,
            Self::Postgres(pool) => sql.execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    /// One number.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn number(&self, sql: &str) -> anyhow::Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        let number: i64 = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
        };
        Ok(number.unsigned_abs())
    }

    /// Everything written is on the disk, and the planner knows how much it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(_) => self.run("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE);").await,
            Self::Postgres(_) => {
                self.run("VACUUM ANALYZE").await?;
                self.run("CHECKPOINT").await
            }
        }
    }
}
