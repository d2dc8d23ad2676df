//! Filling a new folder, all or nothing: what a crash left half done is begun again.

use super::{enti, posizioni, servizi};
use crate::archivio::Archivio;
use anyhow::{Context as _, ensure};
use portal::Portal;
use std::fs::File;
use std::path::{Path, PathBuf};

/// There while a folder is being filled. Nobody is served before that, so nothing in the folder was promised to anybody.
fn mark(folder: &Path) -> PathBuf {
    folder.join("preparazione")
}

/// Takes away the database that a demo which died while it filled the folder left behind, and the secret that was drawn for it.
///
/// # Errors
/// When a file cannot be removed, or the database is not one of ours to remove.
pub(super) fn clear_unfinished(archivio: &Archivio) -> anyhow::Result<()> {
    let folder = &archivio.folder;
    let mark = mark(folder);
    if !mark.exists() {
        return Ok(());
    }
    ensure!(archivio.database.is_none(), "the last demo died while it filled its database: make the database anew");
    for name in ["sportello.db", "sportello.db-wal", "sportello.db-shm", "segreto"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("removing {name}"));
            }
            _ => {}
        }
    }
    std::fs::remove_file(&mark)?;
    Ok(())
}

/// # Errors
/// Those of the store and of the folder.
pub(super) async fn fill(folder: &Path, portal: &Portal) -> anyhow::Result<()> {
    let mark = mark(folder);
    File::create_new(&mark).with_context(|| format!("writing {}", mark.display()))?;
    enti::fill(portal).await?;
    servizi::fill(portal).await?;
    posizioni::fill(portal).await?;
    portal.audit("comando", "demo.semina", "demo", &serde_json::json!({ "enti": portal.enti().await?.len() })).await?;
    std::fs::remove_file(&mark)?;
    Ok(())
}
