//! Which enti there are and what can be paid to them.

use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Ente, Servizio};

/// In days: a season. What is paid once a year is found in its season.
const DI_RECENTE: i64 = 90;
/// More than the page shows: some may be switched off.
const PIU_PAGATI: u32 = 12;

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

    /// The names in addresses of the services paid most often of late, the first ones first. Of those that citizens see or not.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn most_paid(&self, ente: &Ente) -> Result<Vec<String>, PortalError> {
        let since = self.inner.clock.today().saturating_sub(jiff::ToSpan::days(DI_RECENTE));
        let found = self.inner.store.most_paid(&ente.codice_fiscale, since, PIU_PAGATI).await?;
        Ok(found.into_iter().map(|(servizio, _)| servizio).collect())
    }

    /// The service of an address; one that is switched off is not there.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn servizio(&self, ente: &Ente, slug: &str) -> Result<Option<Servizio>, PortalError> {
        Ok(self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?.filter(|s| s.attivo))
    }
}
