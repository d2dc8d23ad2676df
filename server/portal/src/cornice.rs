//! Whose sites may show our pages in a frame: each ente says it, origin by origin. Without a word of its ente nobody may.

use crate::registro::audit;
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Ente, Origine};
use jiff::Timestamp;
use serde_json::json;
use store::Store;

/// Of one ente. They stand in a header of every page in a frame, some 30 characters each: 20 stay far below the 8 KiB that proxies
/// take, and a comune has a handful of sites.
pub const ORIGINI_MAX: usize = 20;
/// Who does it: whoever can start a command on this machine.
const COMANDO: &str = "comando";

/// What became of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detto {
    Fatto,
    /// It was so before.
    GiaCosi,
    NessunEnte,
    /// [`ORIGINI_MAX`] are there.
    Troppe,
}

impl Portal {
    /// The sites that may show pages of this ente in a frame.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn origini(&self, ente: &Ente) -> Result<Vec<Origine>, PortalError> {
        Ok(self.inner.store.origini_embed(&ente.codice_fiscale).await?)
    }
}

/// Every ente with its sites.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn all(store: &Store) -> Result<Vec<(Ente, Vec<Origine>)>, PortalError> {
    let mut all = Vec::new();
    for ente in store.list_enti().await? {
        let origini = store.origini_embed(&ente.codice_fiscale).await?;
        all.push((ente, origini));
    }
    Ok(all)
}

/// From now on this site may. `ente`: its name in our addresses, or its codice fiscale.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn allow(store: &Store, now: Timestamp, ente: &str, origine: &Origine) -> Result<Detto, PortalError> {
    let Some(ente) = find(store, ente).await? else { return Ok(Detto::NessunEnte) };
    let there = store.origini_embed(&ente).await?;
    if there.len() >= ORIGINI_MAX && !there.contains(origine) {
        return Ok(Detto::Troppe);
    }
    let mut tx = store.begin().await?;
    if !tx.allow_origine(&ente, origine, now).await? {
        return Ok(Detto::GiaCosi);
    }
    audit(&mut tx, now, COMANDO, "cornice.ammetti", ente.as_str(), &json!({ "origine": origine })).await?;
    tx.commit().await?;
    Ok(Detto::Fatto)
}

/// From now on this site may not. Pages that are open in its frames stay as they are until they are loaded again.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn forbid(store: &Store, now: Timestamp, ente: &str, origine: &Origine) -> Result<Detto, PortalError> {
    let Some(ente) = find(store, ente).await? else { return Ok(Detto::NessunEnte) };
    let mut tx = store.begin().await?;
    if !tx.forbid_origine(&ente, origine).await? {
        return Ok(Detto::GiaCosi);
    }
    audit(&mut tx, now, COMANDO, "cornice.vieta", ente.as_str(), &json!({ "origine": origine })).await?;
    tx.commit().await?;
    Ok(Detto::Fatto)
}

async fn find(store: &Store, ente: &str) -> Result<Option<CodiceFiscaleEnte>, PortalError> {
    let found = match store.ente_by_slug(ente).await? {
        Some(found) => Some(found),
        None if CodiceFiscaleEnte::parse(ente).is_ok() => store.ente_by_codice_fiscale(ente.trim()).await?,
        None => None,
    };
    Ok(found.map(|ente| ente.codice_fiscale))
}
