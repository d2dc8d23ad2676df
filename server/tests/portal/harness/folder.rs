use crate::postgres_place::PostgresPlace;
use server::archivio::Archivio;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that goes when it is dropped, and with it the PostgreSQL database whose secret it has.
pub struct Folder {
    path: PathBuf,
    database: Option<PostgresPlace>,
}

impl Folder {
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sportello-portal-{}-{number}", std::process::id()));
        // left by a process of the same id that was killed
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self { path, database: None }
    }

    /// With a database on PostgreSQL, when the stories are told on it (`SPORTELLO_TEST_DB=postgres`).
    pub async fn with_database(self) -> Self {
        if self.database.is_none() && std::env::var("SPORTELLO_TEST_DB").as_deref() == Ok("postgres") {
            return self.on_postgres().await;
        }
        self
    }

    /// With a database on PostgreSQL, whatever the other stories are told on.
    pub async fn on_postgres(mut self) -> Self {
        self.database = Some(PostgresPlace::new().await);
        self
    }

    /// The database, when it is on PostgreSQL.
    pub fn database(&self) -> Option<&PostgresPlace> {
        self.database.as_ref()
    }

    pub fn archivio(&self) -> Archivio {
        Archivio { folder: self.path.clone(), database: self.database.as_ref().map(PostgresPlace::address) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // the system clears its temporary folder anyway
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path.fmt(f)
    }
}
