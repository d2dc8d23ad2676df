//! A backup put where nothing is yet, or only proved.

use super::manifest::{End, MANIFEST, Manifest, digest};
use super::unfinished::{Unfinished, is_empty};
use super::{DATABASE, SECRET, Trovato, copy, look};
use crate::archivio::Archivio;
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use portal::punti::Punto;
use portal::verifica::{EsitoProva, Prova};
use portal::{Clock, impronta, operatore};
use std::path::Path;
use store::{Store, StoreError};

/// Said of every damage, before what it is.
const DAMAGED: &str = "the backup is damaged";
const LAST_RESORT: &str = "Look for an older one that `sportello restore --verify` proves. If there is none, `sportello restore --force` restores what there is";

/// Puts a backup where nothing is yet, after the record in it was found whole: into a folder that is not there or empty, or a PostgreSQL
/// database without tables or with nothing in them. `force`: also when it is damaged, as long as it can be read and the secret is the one
/// of its database.
///
/// # Errors
/// When the backup is damaged, or the place is in use.
pub async fn restore(from: &Path, to: &Archivio, force: bool) -> anyhow::Result<Trovato> {
    match &to.database {
        Some(address) => restore_to_postgres(from, to, address, force).await,
        None => restore_to_folder(from, to, force).await,
    }
}

async fn restore_to_folder(from: &Path, to: &Archivio, force: bool) -> anyhow::Result<Trovato> {
    let folder = &to.folder;
    if !folder.exists() {
        let unfinished = Unfinished::beside(folder)?;
        let trovato = prove(from, &unfinished, force).await?;
        unfinished.finish(folder)?;
        return Ok(trovato);
    }
    ensure!(folder.is_dir(), "{} is a file, not a folder", folder.display());
    is_empty(folder)?;
    // nobody begins an installation there meanwhile
    let _lock = to.lock().await?;
    let unfinished = Unfinished::inside(folder)?;
    let trovato = prove(from, &unfinished, force).await?;
    unfinished.fill(folder)?;
    Ok(trovato)
}

async fn prove(from: &Path, unfinished: &Unfinished, force: bool) -> anyhow::Result<Trovato> {
    let trovato = unpack(from, &unfinished.path, force).await?;
    if !trovato.danni.is_empty() {
        let store = Store::open(&unfinished.path.join(DATABASE)).await?;
        note(&store, from, &trovato).await;
        store.close().await;
    }
    Punto::RipristinoProvato.reach()?;
    Ok(trovato)
}

async fn restore_to_postgres(from: &Path, to: &Archivio, address: &str, force: bool) -> anyhow::Result<Trovato> {
    let bare = Store::is_bare(address).await.context("opening the database")?;
    if !bare && let Some(table) = to.open().await?.table_in_use().await? {
        bail!("the database is not empty, there is something in {table}: a restore writes over nothing");
    }
    let place = Unfinished::beside(&from.with_extension("prova"))?;
    let trovato = unpack(from, &place.path, force).await?;
    let restored = Archivio::in_folder(&place.path);
    // first the secret, which harms nobody by itself; a database without it would be of no use
    to.adopt_secret(&restored.secret_there()?)?;
    if bare {
        to.migrate().await?;
    }
    let (backup, live) = (restored.open_existing().await?, to.open().await?);
    backup.copy_into(&live).await.context("filling the database")?;
    backup.close().await;
    if trovato.danni.is_empty() {
        let filled = look(&live, made_at(from)?).await.context("what was restored")?;
        ensure!(filled.danni.is_empty(), "what was restored is not what is in the backup: {}", filled.danni.join("; "));
    } else {
        note(&live, from, &trovato).await;
    }
    live.close().await;
    Ok(trovato)
}

/// That this record was put into use although it is damaged stays in it, as long as it takes a line at all.
async fn note(store: &Store, from: &Path, trovato: &Trovato) {
    let written = async {
        let (now, sha256) = (Clock::system()?.now(), digest(&from.join(DATABASE))?);
        anyhow::Ok(operatore::restore_forced(store, now, &sha256, &trovato.prove).await?)
    };
    if let Err(error) = written.await {
        tracing::warn!("the audit does not tell that this was restored by force: {error:#}");
    }
}

/// The drill: restores into a folder that goes again. `against`: an installation in use whose chains must go on from those of the
/// backup.
///
/// # Errors
/// When the backup is damaged, or is of another installation.
pub async fn drill(from: &Path, against: Option<&Archivio>) -> anyhow::Result<Trovato> {
    let manifest = Manifest::read(from)?;
    let place = Unfinished::beside(&from.with_extension("prova"))?;
    let mut trovato = unpack(from, &place.path, false).await?;
    let Some(archivio) = against else { return Ok(trovato) };
    let live = archivio.open_existing().await?;
    let secret = Archivio::in_folder(&place.path).secret_there()?;
    ensure!(impronta::may_have(&live, &secret).await?, "the backup is of another installation: it has another secret");
    for end in &manifest.catene {
        let link = live.anelli(&end.nome, end.seq - 1, 1).await?.into_iter().next();
        let goes_on = end.seq == 0 || link.is_some_and(|link| link.seq == end.seq && link.hash == end.hash);
        ensure!(goes_on, "the chain {} of {} does not go on from the backup", end.nome, archivio.folder.display());
    }
    live.close().await;
    if let Some(prova) = trovato.prove.iter_mut().find(|prova| prova.codice == "I13") {
        let figura = format!("restored, and {} chains of the one in use go on from it", manifest.catene.len());
        *prova = Prova { esito: EsitoProva::Vale, figura, ..prova.clone() };
    }
    Ok(trovato)
}

/// The copy in a folder of its own, and what was found in it. Without `force` the first damage ends it; with it what can be read is
/// taken, and every damage is told.
async fn unpack(from: &Path, to: &Path, force: bool) -> anyhow::Result<Trovato> {
    let (mut danni, mut manifest) = (Vec::new(), None);
    match Manifest::read(from) {
        Ok(read) => manifest = Some(read),
        Err(error) if force && from.join(DATABASE).exists() => danni.push(format!("{error:#}")),
        Err(error) => return Err(error),
    }
    let copied = to.join(DATABASE);
    copy(&from.join(DATABASE), &copied)?;
    copy(&from.join(SECRET), &to.join(SECRET))?;
    if let Some(manifest) = &manifest
        && digest(&copied)? != manifest.database_sha256
    {
        danni.push("its database is not the one that was written".to_owned());
    }
    insist(force, &danni)?;
    let secret = Archivio::in_folder(to).secret_there()?;
    if force {
        // a file that is not whole would stop every start: no server is given one
        readable(Store::check_sqlite(&copied, true).await)?;
    }
    let store = Store::open(&copied).await.context("opening the database of the backup")?;
    ensure!(
        impronta::may_have(&store, &secret).await?,
        "{DAMAGED}: its {SECRET} is not the secret its database was begun with; find the right one, no --force does without"
    );
    let at = if manifest.is_some() { made_at(from)? } else { Clock::system()?.now() };
    let mut trovato = look(&store, at).await?;
    danni.append(&mut trovato.danni);
    if let Some(manifest) = &manifest {
        let ends: Vec<_> = store.catene().await?.into_iter().map(End::from).collect();
        if ends != manifest.catene {
            danni.push(format!("its chains are not those of its {MANIFEST}"));
        }
    }
    store.close().await;
    insist(force, &danni)?;
    Ok(Trovato { danni, ..trovato })
}

fn insist(force: bool, danni: &[String]) -> anyhow::Result<()> {
    ensure!(force || danni.is_empty(), "{DAMAGED}: {}. {LAST_RESORT}", danni.join("; "));
    Ok(())
}

fn readable(checked: Result<(), StoreError>) -> anyhow::Result<()> {
    match checked {
        Err(error @ (StoreError::Damaged(_) | StoreError::Database(_))) => Err(anyhow::Error::new(error).context(format!(
            "{DAMAGED}, and its {DATABASE} cannot be read: not even --force restores it; `sqlite3 {DATABASE} .recover` may save rows"
        ))),
        other => Ok(other?),
    }
}

fn made_at(from: &Path) -> anyhow::Result<Timestamp> {
    Manifest::read(from)?.at.parse().with_context(|| format!("{DAMAGED}: its {MANIFEST} does not say when it was made"))
}
