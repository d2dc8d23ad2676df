//! A database for one story. Another database system joins with one more `Place` and one more line in `on_each_database!`.

use sqlx::Executor;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use store::Store;

/// A folder that goes with the story; the store can be opened in it again and again.
pub struct Place(PathBuf);

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub fn sqlite() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("contract-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }

    pub async fn try_open(&self) -> Result<Store, store::StoreError> {
        Store::open(&self.0.join("store.db")).await
    }

    /// A connection that is not the store's, as an operator with a shell would have.
    pub async fn stranger(&self) -> SqlitePool {
        // as the store sets it: else SQLite's REPLACE deletes without asking the triggers
        let options = SqliteConnectOptions::new().filename(self.0.join("store.db")).pragma("recursive_triggers", "ON");
        SqlitePool::connect_with(options).await.unwrap()
    }

    /// What happens when a stranger runs this.
    pub async fn run(&self, sql: &'static str) -> Result<u64, sqlx::Error> {
        Ok(self.stranger().await.execute(sql).await?.rows_affected())
    }
}

impl Drop for Place {
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
                    super::$story(super::Place::sqlite()).await;
                }
            )*
        }
    };
}
