//! Which secret a database was begun with: a digest of it stands in the database, keyed so that it tells one secret from another and
//! nothing else.
//!
//! Another secret would draw the IUVs of others again, and lead none of the addresses that people hold anywhere. The right one beside
//! an empty database would draw those again that were given out from the database that is lost.

use crate::{PortalError, ids};
use store::Store;

/// Where the database says it.
const IMPRONTA: &str = "impronta_segreto";

/// What a database says of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    WithThis,
    WithAnother,
    /// Something is written and no secret named: it is of a version that named none.
    Unnamed,
    /// Nothing was ever written in it.
    Never,
}

/// What of a secret is told to the database.
pub fn of(secret: &[u8; 32]) -> String {
    ids::hex(&ids::Key::derive(secret, "impronta").mac(&[])[..16])
}

/// # Errors
/// [`PortalError`] of the store.
pub async fn begun(store: &Store, secret: &[u8; 32]) -> Result<Begun, PortalError> {
    match store.installazione_said(IMPRONTA).await? {
        Some(said) if said == of(secret) => Ok(Begun::WithThis),
        Some(_) => Ok(Begun::WithAnother),
        None if store.table_in_use().await?.is_some() => Ok(Begun::Unnamed),
        None => Ok(Begun::Never),
    }
}

/// Whether a fresh secret may be drawn for a database: nothing in it was ever derived from another one.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn is_untouched(store: &Store) -> Result<bool, PortalError> {
    // it says its secret in a table as well
    Ok(store.table_in_use().await?.is_none())
}

/// Writes down that a database is begun with a secret; false: it was begun with another one, also by somebody who was faster.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn begin(store: &Store, secret: &[u8; 32]) -> Result<bool, PortalError> {
    Ok(store.installazione(IMPRONTA, &of(secret)).await? == of(secret))
}

/// Whether a database may be used with a secret: it was begun with this one, or names none. For who only looks.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn may_have(store: &Store, secret: &[u8; 32]) -> Result<bool, PortalError> {
    Ok(begun(store, secret).await? != Begun::WithAnother)
}

/// What the database at an address (see [`Store::connect`]) says of the secret it was begun with, for who opens none; `None`: it names
/// none.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn begun_with(address: &str) -> Result<Option<String>, PortalError> {
    Ok(Store::installazione_at(address, IMPRONTA).await?)
}
