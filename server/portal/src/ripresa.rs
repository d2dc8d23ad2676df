//! A draft that its browser takes up again: closed by mistake, or put off until the evening.
//!
//! What was typed is in the store already, as a draft ([`crate::spontaneo`]); the browser keeps its ente's slug and a sealed token, which
//! are nobody's personal data. Whoever shares the device can throw it away, and then all of it goes.

use crate::sealed::Kind;
use crate::spontaneo::RIEPILOGO_TTL;
use crate::{Portal, PortalError};
use domain::{Ente, Importo, Posizione, StatoPosizione};
use jiff::SignedDuration;

/// How long a browser may take it up again: a week-end and some; the draft itself stays for thirty days.
pub const RIPRESA_TTL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What there is to take up. Nothing about the debtor: the device may be somebody else's.
#[derive(Clone, Debug)]
pub struct RipresaVista {
    pub ente: Ente,
    pub servizio: String,
    pub importo: Importo,
}

impl Portal {
    /// What the browser is to keep of a draft whose summary was just made.
    pub fn da_riprendere(&self, ente: &Ente, riepilogo: &str) -> Option<String> {
        let now = self.inner.clock.now();
        let opened = self.inner.sealer.open(Kind::Riepilogo, riepilogo, now).ok()?;
        let token = self.seal_expiring(Kind::Bozza, &opened.id, 0, now + RIPRESA_TTL).ok()?;
        Some(format!("{}~{token}", ente.slug))
    }

    /// What can be taken up: a draft that was never paid, nor begun to be.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ripresa(&self, testo: &str) -> Result<Option<RipresaVista>, PortalError> {
        let Some((ente, posizione)) = self.open_ripresa(testo).await? else { return Ok(None) };
        let (Some(slug), Some(rata)) = (&posizione.servizio, posizione.rate.first()) else { return Ok(None) };
        let servizio = self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?;
        Ok(servizio.map(|servizio| RipresaVista { ente, servizio: servizio.nome, importo: rata.importo }))
    }

    /// Its ente and a fresh address of its summary.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn riprendi_bozza(&self, testo: &str) -> Result<Option<(Ente, String)>, PortalError> {
        let Some((ente, posizione)) = self.open_ripresa(testo).await? else { return Ok(None) };
        let token = self.seal_expiring(Kind::Riepilogo, &posizione.id, 0, self.inner.clock.now() + RIEPILOGO_TTL)?;
        Ok(Some((ente, token)))
    }

    /// "Non sono io": the draft goes, with all that was typed.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn elimina_ripresa(&self, testo: &str) -> Result<(), PortalError> {
        if let Some((ente, posizione)) = self.open_ripresa(testo).await? {
            let mut tx = self.inner.store.begin().await?;
            tx.delete_bozza(&ente.codice_fiscale, &posizione.id, "eliminata da chi l’aveva iniziata", self.inner.clock.now())
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn open_ripresa(&self, testo: &str) -> Result<Option<(Ente, Posizione)>, PortalError> {
        let Some((slug, token)) = testo.split_once('~') else { return Ok(None) };
        let Ok(opened) = self.inner.sealer.open(Kind::Bozza, token, self.inner.clock.now()) else { return Ok(None) };
        let Some(ente) = self.inner.store.ente_by_slug(slug).await? else { return Ok(None) };
        let posizione = self.inner.store.posizione(&ente.codice_fiscale, &opened.id).await?;
        Ok(posizione.filter(|posizione| posizione.stato == StatoPosizione::Bozza).map(|posizione| (ente, posizione)))
    }
}
