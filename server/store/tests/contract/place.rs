//! A database for one story. Another database system joins with one more `Place` and one more module in `on_each_database!`.

use crate::postgres_place::PostgresPlace;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Store, StoreError};

/// Goes with the story; the store can be opened in it again and again.
pub enum Place {
    Sqlite(SqlitePlace),
    Postgres(Box<PostgresPlace>),
}

impl Place {
    pub fn sqlite() -> Self {
        Self::Sqlite(SqlitePlace::new())
    }

    pub async fn postgres() -> Self {
        Self::Postgres(Box::new(PostgresPlace::new().await))
    }

    pub async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }

    pub async fn try_open(&self) -> Result<Store, StoreError> {
        match self {
            Self::Sqlite(place) => Store::open(&place.file()).await,
            Self::Postgres(place) => place.open().await,
        }
    }

    /// As an operator writes it.
    pub fn address(&self) -> String {
        match self {
            Self::Sqlite(place) => format!("sqlite:{}", place.file().display()),
            Self::Postgres(place) => place.address(),
        }
    }

    /// What happens when a stranger runs this.
    pub async fn run(&self, sql: &str) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(place) => {
                let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&place.stranger().await).await?;
                Ok(done.rows_affected())
            }
            Self::Postgres(place) => place.run(sql).await,
        }
    }

    /// The one text that a stranger reads.
    pub async fn text(&self, sql: &'static str) -> String {
        match self {
            Self::Sqlite(place) => sqlx::query_scalar(sql).fetch_one(&place.stranger().await).await.unwrap(),
            Self::Postgres(place) => sqlx::query_scalar(sql).fetch_one(&mut place.stranger().await).await.unwrap(),
        }
    }
}

pub struct SqlitePlace(PathBuf);

static NEXT: AtomicU32 = AtomicU32::new(0);

impl SqlitePlace {
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("contract-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("store.db")
    }

    /// A connection that is not the store's, as an operator with a shell would have.
    pub async fn stranger(&self) -> SqlitePool {
        // as the store sets it: else SQLite's REPLACE deletes without asking the triggers
        let options = SqliteConnectOptions::new().filename(self.file()).pragma("recursive_triggers", "ON");
        SqlitePool::connect_with(options).await.unwrap()
    }
}

impl Drop for SqlitePlace {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs every story named, on every database there is.
#[macro_export]
macro_rules! on_each_database {
    ($($story:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    super::$story($crate::place::Place::sqlite()).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    super::$story($crate::place::Place::postgres().await).await;
                }
            )*
        }
    };
}
