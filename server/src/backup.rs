//! `sportello backup`, `sportello restore`: a folder that is whole or not there, and the proof that it can be used.
//!
//! A backup holds the database as it was at one moment, the secret, and `backup.json`: the digest of the database, and the ends of
//! the chains, so that a later restore can be compared with what lives on (I13).
//!
//! The database in it is SQLite, also when it was made of PostgreSQL: row by row, in one snapshot. So it needs none of PostgreSQL's
//! tools beside the server and no right to make databases, works where PostgreSQL is rented, is proved without touching what is in use,
//! and can be restored to either. (`pg_dump` knows more, such as roles and what others keep in the same database; it does not know
//! whether the record holds, and wants to be of the server's version.) For gigabytes, or to lose less than the time since the last
//! backup, PostgreSQL's own WAL archive stands beside it.
//!
//! Each copy is verified, when it is made and when it is restored. Work that waited when it was made is told and harms nothing; a
//! damaged record is restored only by who insists (`--force`).

mod manifest;
mod restore;
mod unfinished;

pub use restore::{drill, restore};

use crate::archivio::{Archivio, keep_private, private};
use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use manifest::{End, MANIFEST, Manifest, digest};
use portal::punti::Punto;
use portal::verifica::{self, Prova};
use portal::{Clock, impronta, operatore};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use store::Store;
use unfinished::{Unfinished, parent_of};

const DATABASE: &str = "sportello.db";
const SECRET: &str = "segreto";

/// What was found in a copy.
#[derive(Debug, Default)]
pub struct Trovato {
    /// Every invariant, as of when the copy was made. None when it could not be read to its end.
    pub prove: Vec<Prova>,
    /// What is wrong with the record or with the copy of it, each in words; none: it is whole.
    pub danni: Vec<String>,
}

impl Trovato {
    /// Which lines wait for somebody: `I7, I8`.
    pub fn aperte(&self) -> Option<String> {
        let codes: Vec<_> = self.prove.iter().filter(|prova| prova.is_aperta()).map(|prova| prova.codice).collect();
        (!codes.is_empty()).then(|| codes.join(", "))
    }
}

/// Copies an installation while it works, and verifies the copy. `to` must not be there: a backup is never written over. The copy of a
/// damaged record is made as well: it may be the last that can be made.
///
/// # Errors
/// When something cannot be read or written; then `to` is not there either.
pub async fn backup(archivio: &Archivio, to: &Path) -> anyhow::Result<Trovato> {
    is_place_for_a_backup(archivio, to)?;
    // before anything is copied: a backup with another secret could not be used
    let secret = archivio.secret_there()?;
    let unfinished = Unfinished::beside(to)?;
    let copied = unfinished.path.join(DATABASE);
    keep_private(&copied)?;
    copy_database(archivio, &copied).await?;
    Punto::BackupCopiato.reach()?;
    let store = Store::open(&copied).await.context("opening the copy")?;
    ensure!(impronta::may_have(&store, &secret).await?, archivio.is_another_secret());
    let now = Clock::system()?.now();
    let trovato = look(&store, now).await?;
    let catene = store.catene().await?.into_iter().map(End::from).collect();
    store.close().await;
    copy(&archivio.folder.join(SECRET), &unfinished.path.join(SECRET))?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        at: now.to_string(),
        database_sha256: digest(&copied)?,
        catene,
    };
    let path = unfinished.path.join(MANIFEST);
    let mut file = private().create_new(true).write(true).open(&path).with_context(|| format!("writing {}", path.display()))?;
    file.write_all(&serde_json::to_vec_pretty(&manifest)?).with_context(|| format!("writing {}", path.display()))?;
    Punto::BackupScritto.reach()?;
    note(archivio, now, &manifest.database_sha256, &trovato.prove).await;
    unfinished.finish(to)?;
    Ok(trovato)
}

/// That the next backup does not copy this one, and that what takes the folder of the data away leaves the backups.
fn is_place_for_a_backup(archivio: &Archivio, to: &Path) -> anyhow::Result<()> {
    ensure!(!to.exists(), "{} is there already: --to names a folder that is made new for each backup", to.display());
    ensure!(archivio.folder.is_dir(), "{} is not there: it is no folder of an installation", archivio.folder.display());
    let (parent, data) = (parent_of(to)?.canonicalize()?, archivio.folder.canonicalize()?);
    ensure!(
        !parent.starts_with(&data),
        "{} is inside the folder of the data: whatever takes {} away would take the backup along; name a folder elsewhere, best on \
         another disk",
        to.display(),
        archivio.folder.display()
    );
    Ok(())
}

async fn copy_database(archivio: &Archivio, to: &Path) -> anyhow::Result<()> {
    if archivio.database.is_none() {
        let database = archivio.sqlite();
        ensure!(database.exists(), "{} is not there: it is no folder of an installation", database.display());
        let copied = archivio.or_restore(Store::copy_sqlite(&database, to).await);
        return copied.with_context(|| format!("copying {}", database.display()));
    }
    let (live, copy) = (archivio.open_existing().await?, Store::open(to).await.context("making the copy")?);
    live.copy_into(&copy).await.context("copying the database")?;
    copy.close().await;
    live.close().await;
    Ok(())
}

/// Who took everything away is written in what it was taken from. A backup is made all the same when that cannot be: of a full disk,
/// of a database that somebody holds, of one that a server of an older version is using.
async fn note(archivio: &Archivio, now: Timestamp, sha256: &str, found: &[Prova]) {
    let written = async {
        let store = archivio.open_as_it_is().await?;
        operatore::backup_done(&store, now, sha256, found).await?;
        store.close().await;
        anyhow::Ok(())
    };
    if let Err(error) = written.await {
        tracing::warn!("the audit of the installation does not tell of this backup: {error:#}");
    }
}

/// Every invariant as of when a copy was made: the work that was waiting then waits in it for ever. What cannot be read to its end is
/// damaged.
async fn look(store: &Store, at: Timestamp) -> anyhow::Result<Trovato> {
    match verifica::verify_as_of(store, at).await {
        Ok(prove) => {
            let danni = prove.iter().filter(|prova| prova.is_rotta()).map(Prova::to_string).collect();
            Ok(Trovato { prove, danni })
        }
        Err(error) if error.is_temporary() => Err(error).context("reading the record"),
        Err(error) => Ok(Trovato { danni: vec![format!("the record cannot be read to its end: {error}")], ..Trovato::default() }),
    }
}

/// For its owner alone, whatever the mode of the one it is copied from.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copied = || -> std::io::Result<()> {
        let mut source = File::open(from)?;
        let mut target = private().create_new(true).write(true).open(to)?;
        std::io::copy(&mut source, &mut target).map(drop)
    };
    copied().with_context(|| format!("copying {}", from.display()))
}
