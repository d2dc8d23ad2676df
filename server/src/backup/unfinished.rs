//! A folder that is whole under its name, or not there: made beside it, and what a kill left of one removed.

use super::manifest::MANIFEST;
use super::{DATABASE, SECRET};
use anyhow::{Context as _, ensure};
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// After the name of a folder in the making; then the number of the process that makes it.
const MARK: &str = ".nuovo-";

/// A folder in the making, on the same disk as the one it will be: giving it its name is one step. It holds personal data: what does
/// not come to its name goes.
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

impl Unfinished {
    pub fn beside(folder: &Path) -> anyhow::Result<Self> {
        clear_left_behind(parent_of(folder)?);
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(format!("{MARK}{}", std::process::id()));
        let path = folder.with_file_name(name);
        DirBuilder::new().mode(0o700).create(&path).with_context(|| format!("making {}", path.display()))?;
        let lock = File::open(&path).with_context(|| format!("reading {}", path.display()))?;
        lock.try_lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(Self { path, _lock: lock })
    }

    pub fn finish(self, folder: &Path) -> anyhow::Result<()> {
        std::fs::rename(&self.path, folder).with_context(|| format!("writing {}", folder.display()))
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
