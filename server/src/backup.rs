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

use crate::archivio::Archivio;
use anyhow::{Context as _, bail, ensure};
use portal::Clock;
use portal::punti::Punto;
use portal::verifica::{self, EsitoProva, Prova};
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
    /// SHA-256 of its database.
    database_sha256: String,
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
const DATABASE: &str = "sportello.db";
const SECRET: &str = "segreto";
/// After the name of a folder in the making; then the number of the process that makes it.
const MARK: &str = ".nuovo-";

/// Copies an installation while it works. `to` must not be there: a backup is never written over.
///
/// # Errors
/// When something cannot be read or written; then `to` is not there either.
pub async fn backup(archivio: &Archivio, to: &Path) -> anyhow::Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    // before anything is copied: a backup with another secret could not be used
    let secret = archivio.secret_there()?;
    let unfinished = Unfinished::beside(to)?;
    let copied = unfinished.path.join(DATABASE);
    copy_database(archivio, &copied).await?;
    Punto::BackupCopiato.reach()?;
    let store = Store::open(&copied).await.context("opening the copy")?;
    ensure!(
        portal::may_have_secret(&store, &secret).await?,
        "{} is not the secret this database was begun with",
        archivio.folder.join(SECRET).display()
    );
    let catene = store.catene().await?.into_iter().map(End::from).collect();
    store.close().await;
    copy(&archivio.folder.join(SECRET), &unfinished.path.join(SECRET))?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        at: Clock::system()?.now().to_string(),
        database_sha256: digest(&copied)?,
        catene,
    };
    let path = unfinished.path.join(MANIFEST);
    std::fs::write(&path, serde_json::to_vec_pretty(&manifest)?).with_context(|| format!("writing {}", path.display()))?;
    for entry in std::fs::read_dir(&unfinished.path)? {
        File::open(entry?.path())?.sync_all()?;
    }
    Punto::BackupScritto.reach()?;
    unfinished.finish(to)
}

async fn copy_database(archivio: &Archivio, to: &Path) -> anyhow::Result<()> {
    if archivio.database.is_none() {
        let database = archivio.sqlite();
        ensure!(database.exists(), "{} is not there", database.display());
        return Store::copy_sqlite(&database, to).await.with_context(|| format!("copying {}", database.display()));
    }
    let (live, copy) = (archivio.open_existing().await?, Store::open(to).await.context("making the copy")?);
    live.copy_into(&copy).await.context("copying the database")?;
    copy.close().await;
    live.close().await;
    Ok(())
}

/// Puts a backup where nothing is yet, after every invariant was found to hold in it: into a folder that is not there or empty, or a
/// PostgreSQL database without tables or with nothing in them.
///
/// # Errors
/// When the backup is damaged, or the place is in use.
pub async fn restore(from: &Path, to: &Archivio) -> anyhow::Result<Vec<Prova>> {
    match &to.database {
        Some(address) => restore_to_postgres(from, to, address).await,
        None => restore_to_folder(from, &to.folder).await,
    }
}

async fn restore_to_folder(from: &Path, folder: &Path) -> anyhow::Result<Vec<Prova>> {
    let taken = folder.exists() && std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some());
    ensure!(!taken, "{} is not empty: a restore writes over nothing", folder.display());
    let unfinished = Unfinished::beside(folder)?;
    let prove = unpack(from, &unfinished.path).await?;
    Punto::RipristinoProvato.reach()?;
    unfinished.finish(folder)?;
    Ok(prove)
}

async fn restore_to_postgres(from: &Path, to: &Archivio, address: &str) -> anyhow::Result<Vec<Prova>> {
    let bare = Store::is_bare(address).await.context("opening the database")?;
    if !bare && let Some(table) = to.open().await?.table_in_use().await? {
        bail!("the database is not empty, there is something in {table}: a restore writes over nothing");
    }
    let place = Unfinished::beside(&from.with_extension("prova"))?;
    unpack(from, &place.path).await?;
    let restored = Archivio::in_folder(&place.path);
    // first the secret, which harms nobody by itself; a database without it would be of no use
    to.adopt_secret(&restored.secret_there()?)?;
    if bare {
        to.migrate().await?;
    }
    let (backup, live) = (restored.open_existing().await?, to.open().await?);
    backup.copy_into(&live).await.context("filling the database")?;
    let prove = whole(&live, &manifest(from)?).await.context("what was restored")?;
    backup.close().await;
    live.close().await;
    Ok(prove)
}

/// The drill: restores into a folder that goes again. `against`: an installation in use whose chains must go on from those of the
/// backup.
///
/// # Errors
/// When the backup is damaged, or is of another installation.
pub async fn drill(from: &Path, against: Option<&Archivio>) -> anyhow::Result<Vec<Prova>> {
    let place = Unfinished::beside(&from.with_extension("prova"))?;
    let mut prove = unpack(from, &place.path).await?;
    let Some(archivio) = against else { return Ok(prove) };
    let live = archivio.open_existing().await?;
    let secret = Archivio::in_folder(&place.path).secret_there()?;
    ensure!(portal::may_have_secret(&live, &secret).await?, "the backup is of another installation: it has another secret");
    let ends = manifest(from)?.catene;
    for end in &ends {
        let link = live.anelli(&end.nome, end.seq - 1, 1).await?.into_iter().next();
        let goes_on = end.seq == 0 || link.is_some_and(|link| link.seq == end.seq && link.hash == end.hash);
        ensure!(goes_on, "the chain {} of {} does not go on from the backup", end.nome, archivio.folder.display());
    }
    live.close().await;
    if let Some(prova) = prove.iter_mut().find(|prova| prova.codice == "I13") {
        let figura = format!("restored, and {} chains of the one in use go on from it", ends.len());
        *prova = Prova { esito: EsitoProva::Vale, figura, ..prova.clone() };
    }
    Ok(prove)
}

async fn unpack(from: &Path, to: &Path) -> anyhow::Result<Vec<Prova>> {
    let manifest = manifest(from)?;
    let copied = to.join(DATABASE);
    copy(&from.join(DATABASE), &copied)?;
    copy(&from.join(SECRET), &to.join(SECRET))?;
    ensure!(digest(&copied)? == manifest.database_sha256, "the backup is damaged: its database is not the one that was written");
    let secret = Archivio::in_folder(to).secret_there()?;
    let store = Store::open(&copied).await.context("opening the database of the backup")?;
    ensure!(
        portal::may_have_secret(&store, &secret).await?,
        "the backup is damaged: its {SECRET} is not the secret its database was begun with"
    );
    let prove = whole(&store, &manifest).await.context("the backup is damaged")?;
    let ends: Vec<_> = store.catene().await?.into_iter().map(End::from).collect();
    store.close().await;
    ensure!(ends == manifest.catene, "the backup is damaged: its chains are not those of its {MANIFEST}");
    Ok(prove)
}

/// Every invariant holds, as of when the backup was made: the work that was waiting then waits in it for ever.
async fn whole(store: &Store, manifest: &Manifest) -> anyhow::Result<Vec<Prova>> {
    let at = manifest.at.parse().with_context(|| format!("{MANIFEST}: at"))?;
    let prove = verifica::verify_as_of(store, at).await.context("reading the record")?;
    if let Some(broken) = prove.iter().find(|prova| !prova.vale()) {
        bail!("{broken}");
    }
    Ok(prove)
}

fn manifest(from: &Path) -> anyhow::Result<Manifest> {
    let path = from.join(MANIFEST);
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is no backup of Sportello", from.display()))
}

fn digest(path: &Path) -> anyhow::Result<String> {
    let read = File::open(path).and_then(portal::ids::sha256_hex_of);
    read.with_context(|| format!("reading {}", path.display()))
}

/// A folder in the making, on the same disk as the one it will be: giving it its name is one step. It holds personal data: what does
/// not come to its name goes.
struct Unfinished {
    path: PathBuf,
    /// Of the folder itself: ends with the process, however that ends.
    _lock: File,
}

impl Unfinished {
    fn beside(folder: &Path) -> anyhow::Result<Self> {
        clear_left_behind(folder);
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(format!("{MARK}{}", std::process::id()));
        let path = folder.with_file_name(name);
        DirBuilder::new().mode(0o700).create(&path).with_context(|| format!("making {}", path.display()))?;
        let lock = File::open(&path).with_context(|| format!("reading {}", path.display()))?;
        lock.try_lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(Self { path, _lock: lock })
    }

    fn finish(self, folder: &Path) -> anyhow::Result<()> {
        std::fs::rename(&self.path, folder).with_context(|| format!("writing {}", folder.display()))
    }
}

/// What a backup or restore that was killed left beside a folder, whatever that one was to be called: nothing else ever removes those
/// copies of the data.
fn clear_left_behind(folder: &Path) {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
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

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}
