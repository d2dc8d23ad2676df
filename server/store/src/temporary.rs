//! A folder that goes with the last store that uses it. A file rather than `:memory:`: only a file has WAL, where readers see
//! the last commit while somebody writes, and tests should run on what runs in production.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug)]
pub(crate) struct TemporaryFolder(PathBuf);

static NEXT: AtomicU32 = AtomicU32::new(0);

impl TemporaryFolder {
    /// Folders a dead process of the same id may have left; more would be a sign of something else.
    const TRIES: u32 = 10_000;

    pub(crate) fn create() -> io::Result<Self> {
        for _ in 0..Self::TRIES {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("sportello-store-{}-{number}", std::process::id()));
            // fails on one that exists: never somebody else's folder
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // nobody is left to tell; the system clears its temporary folder anyway
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn the_folder_goes_with_the_last_clone() {
        let store = Store::open_memory().await.unwrap();
        let Store::Sqlite(sqlite) = &store else { unreachable!("open_memory is SQLite") };
        let file = sqlite.writer.connect_options().get_filename().to_owned();
        let clone = store.clone();
        drop(store);
        assert!(file.exists());
        clone.ping().await.unwrap();
        drop(clone);
        assert!(!file.exists());
    }

    #[test]
    fn a_folder_that_is_there_already_is_nobodys_to_take() {
        let (one, other) = (TemporaryFolder::create().unwrap(), TemporaryFolder::create().unwrap());
        assert_ne!(one.path(), other.path());
    }
}
