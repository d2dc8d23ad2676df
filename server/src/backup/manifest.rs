//! `backup.json`: what a backup says of itself.

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::Path;
use store::Capo;

pub(super) const MANIFEST: &str = "backup.json";

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Of the program that made it.
    pub version: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// SHA-256 of its database.
    pub database_sha256: String,
    pub catene: Vec<End>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub nome: String,
    pub seq: i64,
    pub hash: String,
}

impl From<Capo> for End {
    fn from(Capo { nome, seq, hash }: Capo) -> Self {
        Self { nome, seq, hash }
    }
}

impl Manifest {
    /// # Errors
    /// With what to do, when there is no backup in the folder.
    pub fn read(from: &Path) -> anyhow::Result<Self> {
        is_there(from)?;
        let path = from.join(MANIFEST);
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_slice(&bytes).with_context(|| format!("the backup is damaged: {} cannot be read", path.display()))
    }
}

/// That somebody who names another folder is told which one is wanted.
fn is_there(from: &Path) -> anyhow::Result<()> {
    let shown = from.display();
    ensure!(from.exists(), "{shown} is not there: --from names a folder that `sportello backup` made");
    ensure!(from.is_dir(), "{shown} is a file: --from names a folder that `sportello backup` made");
    if from.join(MANIFEST).exists() {
        return Ok(());
    }
    let (database, secret) = (from.join(super::DATABASE).exists(), from.join(super::SECRET).exists());
    match (database, secret) {
        (true, true) => bail!(
            "{shown} is no backup: there is no {MANIFEST} in it. It may be the folder of an installation: \
             `sportello backup --data {shown} --to NEW` makes a backup of it. If it is what is left of a backup, \
             `sportello restore --force` takes it as it is"
        ),
        _ => bail!("{shown} is no backup: there is no {MANIFEST} in it; --from names a folder that `sportello backup` made"),
    }
}

pub(super) fn digest(path: &Path) -> anyhow::Result<String> {
    let read = File::open(path).and_then(portal::ids::sha256_hex_of);
    read.with_context(|| format!("reading {}", path.display()))
}
