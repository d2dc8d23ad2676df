//! `sportello backup`, `sportello restore`: a folder that is whole or not there, and the proof that it can be used.
//!
//! A backup holds the database as it was at one moment, the secret, and `backup.json`: the ends of the chains, so that a later
//! restore can be compared with what lives on (I13).

use crate::archivio::Archivio;
use anyhow::{Context as _, bail, ensure};
use portal::Clock;
use portal::verifica::{self, Prova};
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use store::{Capo, Store};

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// Of the program that made it.
    version: String,
    /// RFC 3339, UTC.
    at: String,
    catene: Vec<End>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    nome: String,
    seq: i64,
    hash: String,
}

impl From<Capo> for End {
    fn from(Capo { nome, seq, hash }: Capo) -> Self {
        Self { nome, seq, hash }
    }
}

const MANIFEST: &str = "backup.json";

/// Copies an installation on SQLite while it works. `to` must not be there: a backup is never written over.
///
/// # Errors
/// When something cannot be read or written; then `to` is not there either.
pub async fn backup(archivio: &Archivio, to: &Path) -> anyhow::Result<()> {
    ensure!(
        archivio.database.is_none(),
        "PostgreSQL is backed up by its own tools (pg_basebackup and WAL archive); keep `segreto` with it"
    );
    ensure!(!to.exists(), "{} is there already", to.display());
    let database = archivio.sqlite();
    ensure!(database.exists(), "{} is not there", database.display());
    let unfinished = Unfinished::beside(to)?;
    let copied = unfinished.path.join("sportello.db");
    Store::copy_sqlite(&database, &copied).await.with_context(|| format!("copying {}", database.display()))?;
    copy(&archivio.folder.join("segreto"), &unfinished.path.join("segreto"))?;
    let store = Store::open(&copied).await.context("opening the copy")?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        at: Clock::system()?.now().to_string(),
        catene: store.catene().await?.into_iter().map(End::from).collect(),
    };
    store.close().await;
    let path = unfinished.path.join(MANIFEST);
    std::fs::write(&path, serde_json::to_vec_pretty(&manifest)?).with_context(|| format!("writing {}", path.display()))?;
    for entry in std::fs::read_dir(&unfinished.path)? {
        File::open(entry?.path())?.sync_all()?;
    }
    unfinished.finish(to)?;
    Ok(())
}

/// Puts a backup into a folder that is not there or empty, after every invariant was found to hold in it.
///
/// # Errors
/// When the backup is damaged, or `folder` is in use.
pub async fn restore(from: &Path, folder: &Path) -> anyhow::Result<Vec<Prova>> {
    let taken = folder.exists() && std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some());
    ensure!(!taken, "{} is not empty: a restore writes over nothing", folder.display());
    let unfinished = Unfinished::beside(folder)?;
    let prove = unpack(from, &unfinished.path).await?;
    unfinished.finish(folder)?;
    Ok(prove)
}

/// The drill: restores into a folder that goes again. `against`: an installation in use whose chains must go on from those of the
/// backup.
///
/// # Errors
/// When the backup is damaged, or is of another installation.
pub async fn drill(from: &Path, against: Option<&Archivio>) -> anyhow::Result<Vec<Prova>> {
    let place = Unfinished::beside(&from.with_extension("prova"))?;
    let prove = unpack(from, &place.path).await?;
    if let Some(archivio) = against {
        let live = archivio.open_existing().await?;
        for end in manifest(from)?.catene {
            let link = live.anelli(&end.nome, end.seq - 1, 1).await?.into_iter().next();
            let goes_on = end.seq == 0 || link.is_some_and(|link| link.seq == end.seq && link.hash == end.hash);
            ensure!(goes_on, "the chain {} of {} does not go on from the backup", end.nome, archivio.folder.display());
        }
    }
    Ok(prove)
}

async fn unpack(from: &Path, to: &Path) -> anyhow::Result<Vec<Prova>> {
    let manifest = manifest(from)?;
    let copied = to.join("sportello.db");
    copy(&from.join("sportello.db"), &copied)?;
    copy(&from.join("segreto"), &to.join("segreto"))?;
    Archivio::in_folder(to).secret()?;
    let store = Store::open(&copied).await.context("opening the database of the backup")?;
    let prove = verifica::verify(&store, Clock::system()?.now()).await.context("reading the record")?;
    let ends: Vec<_> = store.catene().await?.into_iter().map(End::from).collect();
    store.close().await;
    if let Some(broken) = prove.iter().find(|prova| !prova.vale()) {
        bail!("the backup is damaged: {broken}");
    }
    ensure!(ends == manifest.catene, "the backup is damaged: its database is not the one of its {MANIFEST}");
    Ok(prove)
}

fn manifest(from: &Path) -> anyhow::Result<Manifest> {
    let path = from.join(MANIFEST);
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is no backup of Sportello", from.display()))
}

/// A folder in the making, on the same disk as the one it will be: giving it its name is one step. It holds personal data: what does
/// not come to its name goes.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    fn beside(folder: &Path) -> anyhow::Result<Self> {
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(format!(".nuovo-{}", std::process::id()));
        let path = folder.with_file_name(name);
        DirBuilder::new().mode(0o700).create(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self { path })
    }

    fn finish(self, folder: &Path) -> anyhow::Result<()> {
        std::fs::rename(&self.path, folder).with_context(|| format!("writing {}", folder.display()))
    }
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

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}
