//! What must survive: the folder of an installation, its secret, its database.

mod segreto;

use anyhow::{Context as _, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::{Store, StoreError};

/// Where it is kept.
#[derive(Clone)]
pub struct Archivio {
    pub folder: PathBuf,
    /// `postgres://…`; `None`: SQLite in the folder.
    pub database: Option<String>,
}

impl std::fmt::Debug for Archivio {
    /// Without the address of the database: it can hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archivio").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A bigger SQLite file is not read to its end at each start, by `verify` alone: a file of 624 MB took 0.7 s from memory, and a start
/// has two seconds. That its end is missing, or that it is no database, SQLite sees at once whatever the size. What `verify` looks at
/// besides, each index against its table, took 4.8 s for 227 MB.
const READ_AT_START_MAX: u64 = 512 << 20;

/// How long the last Sportello on a folder may still be stopping.
const FOLDER_WAIT: Duration = Duration::from_secs(5);

impl Archivio {
    /// Of the folder: who has it locked. It stays when they are gone.
    pub(crate) const LOCK: &str = "in-uso";

    /// A folder with SQLite in it.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), database: None }
    }

    pub(crate) fn sqlite(&self) -> PathBuf {
        self.folder.join("sportello.db")
    }

    /// Makes the folder when it is not there, and keeps it for one Sportello until the value is dropped or the process ends, however
    /// it ends. Of several servers on one PostgreSQL each has its own.
    ///
    /// # Errors
    /// When another one uses it.
    pub async fn lock(&self) -> anyhow::Result<File> {
        let folder = &self.folder;
        make_folder(folder)?;
        let path = folder.join(Self::LOCK);
        let file = private().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| format!("writing {}", path.display()))?;
        if file.try_lock().is_ok() {
            return Ok(file);
        }
        let (begun, wait_s) = (Instant::now(), FOLDER_WAIT.as_secs());
        tracing::warn!("{} is in use by another sportello: waiting {wait_s} s for it to stop", folder.display());
        while file.try_lock().is_err() {
            ensure!(
                begun.elapsed() < FOLDER_WAIT,
                "{} is in use by another sportello: stop that one first, or name another folder",
                folder.display()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(file)
    }

    /// The database, to read or write: SQLite is made when it is not there, PostgreSQL has had its `sportello migrate`.
    ///
    /// # Errors
    /// With what to do, when the tables are of another version.
    pub async fn open(&self) -> anyhow::Result<Store> {
        match &self.database {
            Some(address) => explained(Store::connect(address).await).context("opening the database"),
            None => {
                let path = self.sqlite();
                keep_private(&path)?;
                self.or_restore(Store::open(&path).await).with_context(|| format!("opening {}", path.display()))
            }
        }
    }

    /// As [`Archivio::open`], for who goes on writing: a damaged file is not written to, it is restored.
    ///
    /// # Errors
    /// With what to do, when the file is damaged.
    pub async fn open_whole(&self) -> anyhow::Result<Store> {
        let size = std::fs::metadata(self.sqlite()).map_or(0, |file| file.len());
        // an empty one was made by a start that came no further
        if size > 0 && size <= READ_AT_START_MAX {
            self.check(false).await?;
        }
        self.open().await
    }

    /// Whether the SQLite file of the folder, if there is one, is whole.
    ///
    /// # Errors
    /// With what to do, when it is not.
    pub async fn check(&self, every_index: bool) -> anyhow::Result<()> {
        let path = self.sqlite();
        if self.database.is_some() || !path.exists() {
            return Ok(());
        }
        self.or_restore(Store::check_sqlite(&path, every_index).await).with_context(|| format!("reading {}", path.display()))
    }

    pub(crate) fn or_restore<T>(&self, done: Result<T, StoreError>) -> anyhow::Result<T> {
        match done {
            Err(error @ StoreError::Damaged(_)) => Err(anyhow::Error::new(error).context(self.how_to_restore())),
            other => Ok(other?),
        }
    }

    /// What there is to be done about a file that cannot be read.
    pub(crate) fn how_to_restore(&self) -> String {
        let folder = self.folder.display();
        format!("move {folder} away and run `sportello restore --from BACKUP --data {folder}`")
    }

    /// As [`Archivio::open`], for a command that must not begin an installation by a slip of the pen.
    ///
    /// # Errors
    /// When there is no database.
    pub async fn open_existing(&self) -> anyhow::Result<Store> {
        let path = self.sqlite();
        ensure!(self.database.is_some() || path.exists(), "{} is not there", path.display());
        self.open().await
    }

    /// As [`Archivio::open_existing`], with the tables as they are: for who adds a line to what a server of another version may be using.
    ///
    /// # Errors
    /// When there is no database, or its tables are not of this version.
    pub(crate) async fn open_as_it_is(&self) -> anyhow::Result<Store> {
        match &self.database {
            Some(address) => Ok(Store::connect(address).await?),
            None => Ok(Store::open_as_it_is(&self.sqlite()).await?),
        }
    }

    /// Brings the tables up to date; the version they have then.
    ///
    /// # Errors
    /// When they are newer than this program, or a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<i64> {
        let sqlite = format!("sqlite:{}", self.sqlite().display());
        if self.database.is_none() {
            make_folder(&self.folder)?;
            keep_private(&self.sqlite())?;
        }
        Store::migrate(self.database.as_deref().unwrap_or(&sqlite)).await.context("bringing the tables up to date")
    }
}

/// The store says what is wrong with the tables; the command that mends it is ours.
fn explained(opened: Result<Store, StoreError>) -> anyhow::Result<Store> {
    match opened {
        Err(error @ StoreError::Schema { found, wanted }) if found < wanted => {
            Err(anyhow::Error::new(error).context("run `sportello migrate` once"))
        }
        other => Ok(other?),
    }
}

/// For its owner alone, as are the files in it. One that is there stays as it is: whoever made it said whose it is.
fn make_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    ensure!(!folder.exists() || folder.is_dir(), "{} is a file, not a folder", folder.display());
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("making {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The database names people. SQLite gives the files beside it (`-wal`, `-shm`) the mode of the first.
pub(crate) fn keep_private(database: &Path) -> anyhow::Result<()> {
    match private().create_new(true).write(true).open(database) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("{} cannot be written", database.display()))
        }
        _ => Ok(()),
    }
}

pub(crate) fn private() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.mode(0o600);
    options
}

/// That of a file or folder: a name is on the disk when what it stands in is.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()
}
