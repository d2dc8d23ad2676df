//! Providers of identity: the portal's, by its configuration, and those that enti have of their own, from the database. The secret of
//! such a one is a file beside the configuration: a copy of the database, or a hand in it, speaks for nobody.

use crate::{Portal, PortalError};
use domain::CodiceFiscaleEnte;
use jiff::{SignedDuration, Timestamp};
use nodo::oidc::{Dettagli, Provider, ProviderError};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use store::{FornitoreIdentita, Store};

/// What one server was told all servers know after this long.
const READ_AGAIN: SignedDuration = SignedDuration::from_secs(60);
const SCOPE: &str = "openid profile";

/// The buttons there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Con {
    Spid,
    Cie,
}

/// A provider, and what it wants to know besides.
#[derive(Clone, Debug)]
pub struct Fornitore {
    pub provider: Provider,
    /// `name=value`, or nothing.
    pub parametro_spid: String,
    pub parametro_cie: String,
}

impl Fornitore {
    pub(super) fn parametro(&self, con: Option<Con>) -> &str {
        match con {
            Some(Con::Spid) => &self.parametro_spid,
            Some(Con::Cie) => &self.parametro_cie,
            None => "",
        }
    }
}

/// What a configuration says.
#[derive(Clone, Default)]
pub struct Fornitori {
    pub portale: Option<Fornitore>,
    /// Secrets of the enti's own, by ente; without one it is a public client.
    pub segreti: BTreeMap<CodiceFiscaleEnte, String>,
    /// 0: nobody is asked.
    pub timeout_ms: u64,
    /// Of a demo: a provider may speak plain HTTP.
    pub in_chiaro: bool,
}

impl fmt::Debug for Fornitori {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fornitori").field("portale", &self.portale).finish_non_exhaustive()
    }
}

/// Those of enti, as they were read last.
#[derive(Debug, Default)]
pub(crate) struct DiEnte(Mutex<Letti>);

#[derive(Debug, Default)]
struct Letti {
    quando: Option<Timestamp>,
    tutti: BTreeMap<CodiceFiscaleEnte, (FornitoreIdentita, Fornitore)>,
}

impl Portal {
    /// Whether one can come in: to an ente's pages by its own provider or the portal's.
    pub fn has_accesso(&self, ente: Option<&CodiceFiscaleEnte>) -> bool {
        self.fornitore(ente).is_some()
    }

    /// Whether an ente has a provider of its own.
    pub fn has_own_accesso(&self, ente: &CodiceFiscaleEnte) -> bool {
        self.fornitore(Some(ente)).is_some_and(|(_, di)| di.is_some())
    }

    /// The ente's own, with the ente; or the portal's.
    pub(super) fn fornitore(&self, ente: Option<&CodiceFiscaleEnte>) -> Option<(Fornitore, Option<CodiceFiscaleEnte>)> {
        let letti = self.inner.di_ente.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = ente.and_then(|ente| letti.tutti.get(ente).map(|(_, fornitore)| (fornitore.clone(), Some(ente.clone()))));
        own.or_else(|| self.inner.porte.identita.portale.clone().map(|fornitore| (fornitore, None)))
    }

    /// Reads those of enti, when it was not done for a while. `needed`: what cannot be read is an error, and not tomorrow's matter.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn read_fornitori(&self, needed: bool) -> Result<(), PortalError> {
        let now = self.inner.clock.now();
        {
            let mut letti = self.inner.di_ente.0.lock().unwrap_or_else(PoisonError::into_inner);
            if self.inner.porte.identita.timeout_ms == 0 || letti.quando.is_some_and(|at| now.duration_since(at) < READ_AGAIN) {
                return Ok(());
            }
            // who comes meanwhile goes on with what is known
            letti.quando = Some(now);
        }
        let rows = match self.inner.store.fornitori().await {
            Ok(rows) => rows,
            Err(error) if needed => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "the enti's own providers of identity could not be read");
                return Ok(());
            }
        };
        let mut letti = self.inner.di_ente.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut letti.tutti);
        for row in rows {
            // one that is as it was keeps what it knows of its provider
            let known = before.remove(&row.ente).filter(|(known, _)| *known == row).map(|(_, fornitore)| fornitore);
            match known.map_or_else(|| self.make_fornitore(&row), Ok) {
                Ok(fornitore) => drop(letti.tutti.insert(row.ente.clone(), (row, fornitore))),
                Err(error) => tracing::error!(%error, ente.cf = %row.ente, "an ente's provider of identity cannot be used"),
            }
        }
        Ok(())
    }

    fn make_fornitore(&self, row: &FornitoreIdentita) -> Result<Fornitore, ProviderError> {
        let said = &self.inner.porte.identita;
        if !said.in_chiaro && !row.issuer.starts_with("https://") {
            return Err(ProviderError::Issuer);
        }
        let redirect_uri = self.inner.settings.public_url.join(super::RITORNO).map_err(|_| ProviderError::Issuer)?;
        let dettagli = Dettagli {
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone(),
            client_secret: said.segreti.get(&row.ente).cloned(),
            redirect_uri,
            scope: SCOPE.to_owned(),
            claim: row.claim.clone(),
            livelli: row.livelli.clone(),
            timeout_ms: said.timeout_ms,
        };
        let provider = Provider::new(dettagli, self.inner.clock.teller())?;
        let (parametro_spid, parametro_cie) = (row.parametro_spid.clone(), row.parametro_cie.clone());
        Ok(Fornitore { provider, parametro_spid, parametro_cie })
    }

    /// From now on an ente has a provider of its own, or another one; `None`: none any more. Audited.
    ///
    /// # Errors
    /// [`PortalError`] of the store; `Inconsistent` when it cannot be one.
    pub async fn change_fornitore(
        &self,
        ente: &CodiceFiscaleEnte,
        fornitore: Option<&FornitoreIdentita>,
        chi: &str,
    ) -> Result<(), PortalError> {
        if let Some(fornitore) = fornitore {
            self.make_fornitore(fornitore).map_err(|error| PortalError::Inconsistent(error.to_string()))?;
        }
        write_fornitore(&self.inner.store, self.inner.clock.now(), ente, fornitore, chi).await?;
        self.inner.di_ente.0.lock().unwrap_or_else(PoisonError::into_inner).quando = None;
        self.read_fornitori(true).await
    }
}

/// What [`Portal::change_fornitore`] writes, beside servers at work: each reads it within a minute. What cannot be a provider is told in the
/// log of each, and its ente has none.
///
/// # Errors
/// [`PortalError`] of the store.
pub async fn write_fornitore(
    store: &Store,
    now: Timestamp,
    ente: &CodiceFiscaleEnte,
    fornitore: Option<&FornitoreIdentita>,
    chi: &str,
) -> Result<(), PortalError> {
    let mut tx = store.begin().await?;
    match fornitore {
        Some(fornitore) => tx.set_fornitore(fornitore, now).await?,
        None => drop(tx.remove_fornitore(ente).await?),
    }
    let dettaglio = serde_json::json!({ "issuer": fornitore.map(|f| &f.issuer), "client_id": fornitore.map(|f| &f.client_id) });
    crate::registro::audit(&mut tx, now, chi, "ente.fornitore_identita", ente.as_str(), &dettaglio).await?;
    Ok(tx.commit().await?)
}
