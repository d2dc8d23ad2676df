//! A folder that is whole under its name, or not there: made beside it (or in it, when it must stay the folder it is), and what a kill
//! left of one removed.

use super::manifest::MANIFEST;
use super::{DATABASE, SECRET};
use crate::archivio::{Archivio, sync_folder};
use anyhow::{Context as _, ensure};
use portal::punti::Punto;
use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// After the name of a folder in the making; then the number of the process that makes it.
const MARK: &str = ".nuovo-";

/// A folder in the making, on the same disk as the one it will be. It holds personal data: what does not come to its name goes.
pub(super) struct Unfinished {
    pub path: PathBuf,
    /// Of the folder itself: ends with the process, however that ends.
    _lock: File,
}

/// What a folder is made in.
pub(super) fn parent_of(folder: &Path) -> anyhow::Result<&Path> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    ensure!(parent.is_dir(), "{} is not there: make it first, {} will be made in it", parent.display(), folder.display());
    Ok(parent)
}

/// Nothing is in it but the lock of who may have it.
pub(super) fn is_empty(folder: &Path) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let lock = OsStr::new(Archivio::LOCK);
    let others =
        entries.filter_map(Result::ok).filter(|entry| entry.file_name() != lock && !is_left_behind(&entry.path())).count();
    ensure!(
        others == 0,
        "{} is not empty: a restore writes over nothing. If a restore was cut off there, empty it first",
        folder.display()
    );
    Ok(())
}

impl Unfinished {
    /// To be that folder, which is not there: see [`Unfinished::finish`].
    pub fn beside(folder: &Path) -> anyhow::Result<Self> {
        Self::make(parent_of(folder)?, folder)
    }

    /// To fill that folder, which is there, empty, and locked by us: see [`Unfinished::fill`].
    pub fn inside(folder: &Path) -> anyhow::Result<Self> {
        clear_left_behind(folder);
        is_empty(folder)?;
        Self::make(folder, folder)
    }

    fn make(parent: &Path, folder: &Path) -> anyhow::Result<Self> {
        clear_left_behind(parent);
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(format!("{MARK}{}", std::process::id()));
        let path = parent.join(name);
        DirBuilder::new().mode(0o700).create(&path).with_context(|| format!("making {}", path.display()))?;
        let lock = File::open(&path).with_context(|| format!("reading {}", path.display()))?;
        lock.try_lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(Self { path, _lock: lock })
    }

    /// Gives it its name, in one step.
    pub fn finish(self, folder: &Path) -> anyhow::Result<()> {
        self.sync()?;
        std::fs::rename(&self.path, folder)
            .and_then(|()| sync_folder(folder))
            .with_context(|| format!("writing {}", folder.display()))
    }

    /// Moves what is in it into the folder it was made in, the secret at the end: without it nothing starts there. So a restore fills
    /// what cannot be replaced, the volume of a container or of a machine.
    pub fn fill(self, folder: &Path) -> anyhow::Result<()> {
        self.sync()?;
        // whoever made it may have left it open to others
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))
            .with_context(|| format!("closing {}", folder.display()))?;
        let mut names: Vec<_> =
            std::fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<_>>()?;
        names.sort_by_key(|name| name == SECRET);
        let moved = self.move_to(folder, &names);
        if moved.is_err() {
            for name in &names {
                // what was not moved is not there, and goes with this
                let _ = std::fs::remove_file(folder.join(name));
            }
        }
        moved
    }

    fn move_to(&self, folder: &Path, names: &[OsString]) -> anyhow::Result<()> {
        for name in names {
            if name == SECRET {
                Punto::RipristinoSenzaSegreto.reach()?;
            }
            let to = folder.join(name);
            std::fs::rename(self.path.join(name), &to)
                .and_then(|()| sync_folder(&to))
                .with_context(|| format!("writing {}", to.display()))?;
        }
        Ok(())
    }

    /// What has a name is on the disk.
    fn sync(&self) -> anyhow::Result<()> {
        let synced = || -> std::io::Result<()> {
            for entry in std::fs::read_dir(&self.path)? {
                File::open(entry?.path())?.sync_all()?;
            }
            File::open(&self.path)?.sync_all()
        };
        synced().with_context(|| format!("writing {}", self.path.display()))
    }
}

/// What a backup or restore that was killed left in a folder, whatever that one was to be called: nothing else ever removes those
/// copies of the data.
fn clear_left_behind(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_left_behind(path)) {
        match std::fs::remove_dir_all(&path) {
            Ok(()) => tracing::warn!(path = %path.display(), "a copy that a process left behind when it ended is removed"),
            Err(error) => tracing::error!(path = %path.display(), %error, "a copy that a process left behind cannot be removed"),
        }
    }
}

/// Named as ours are, with nothing in it but what we write, its process gone and its lock free. Both: for a moment a living one has no
/// lock yet, and the process of another container is not seen here.
fn is_left_behind(path: &Path) -> bool {
    let pid = path.file_name().and_then(|name| name.to_str()?.rsplit_once(MARK)?.1.parse::<u32>().ok());
    // our own number: of a process before us, unless its lock says otherwise
    let gone = pid.is_some_and(|pid| pid == std::process::id() || !Path::new("/proc").join(pid.to_string()).exists());
    gone && path.is_dir()
        && !path.is_symlink()
        && holds_only_ours(path)
        && File::open(path).is_ok_and(|folder| folder.try_lock().is_ok())
}

fn holds_only_ours(path: &Path) -> bool {
    let ours = |name: &str| [MANIFEST, SECRET].contains(&name) || name.starts_with(DATABASE);
    let is_ours =
        |entry: std::io::Result<std::fs::DirEntry>| entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(ours));
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.all(is_ours))
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // not there any more when it has got its name
        if let Err(error) = std::fs::remove_dir_all(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::error!(path = %self.path.display(), %error, "a copy of the data is left behind: remove it");
        }
    }
}
