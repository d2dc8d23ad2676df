//! Which enti there are and what can be paid to them.

use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Ente, Servizio};

impl Portal {
    /// Every ente, by name.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn enti(&self) -> Result<Vec<Ente>, PortalError> {
        let mut enti = self.inner.store.list_enti().await?;
        enti.sort_by(|a, b| a.nome.cmp(&b.nome));
        Ok(enti)
    }

    /// The ente of an address.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ente(&self, slug: &str) -> Result<Option<Ente>, PortalError> {
        Ok(self.inner.store.ente_by_slug(slug).await?)
    }

    /// The ente that a notice names.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ente_of(&self, codice_fiscale: &CodiceFiscaleEnte) -> Result<Option<Ente>, PortalError> {
        Ok(self.inner.store.ente_by_codice_fiscale(codice_fiscale.as_str()).await?)
    }

    /// The services that citizens see.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn servizi(&self, ente: &Ente) -> Result<Vec<Servizio>, PortalError> {
        let mut servizi = self.inner.store.list_servizi(&ente.codice_fiscale).await?;
        servizi.retain(|s| s.attivo);
        Ok(servizi)
    }

    /// The service of an address; one that is switched off is not there.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn servizio(&self, ente: &Ente, slug: &str) -> Result<Option<Servizio>, PortalError> {
        Ok(self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?.filter(|s| s.attivo))
    }
}
