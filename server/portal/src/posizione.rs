//! The ente writes a debt: numbers are drawn, sums checked, and it is published or kept in draft.

use crate::{Portal, PortalError, ids};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::{Atto, CodiceFiscaleEnte, Ente, Opzione, Posizione, Rata, Soggetto, StatoPosizione, Versamento};
use jiff::civil::Date;

/// A debt to be written.
#[derive(Clone, Debug)]
pub struct NuovaPosizione {
    pub servizio: Option<String>,
    pub causale: String,
    pub debitore: Soggetto,
    pub atto: Option<Atto>,
    /// One at least.
    pub opzioni: Vec<NuovaOpzione>,
}

/// One way to pay it, or one instalment.
#[derive(Clone, Debug)]
pub struct NuovaOpzione {
    pub opzione: Opzione,
    pub scadenza: Option<Date>,
    pub non_oltre_scadenza: bool,
    /// 1 to 5; their sum is the amount.
    pub versamenti: Vec<Versamento>,
}

/// Why a debt cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PosizioneError {
    #[error("no way to pay it")]
    SenzaOpzioni,
    /// What [`Rata::faults`] says.
    #[error("option {opzione}: {faults:?}")]
    Opzione { opzione: usize, faults: Vec<&'static str> },
    /// The table of states has no such step from here.
    #[error("{0}")]
    Passo(String),
    #[error(transparent)]
    Portal(#[from] PortalError),
}

impl Portal {
    /// Writes a debt in draft, with a notice number for each option.
    ///
    /// # Errors
    /// What is wrong with it, or [`PortalError`].
    pub async fn create_posizione(&self, ente: &Ente, nuova: NuovaPosizione) -> Result<Posizione, PosizioneError> {
        if nuova.opzioni.is_empty() {
            return Err(PosizioneError::SenzaOpzioni);
        }
        let mut tx = self.inner.store.begin().await.map_err(PortalError::from)?;
        let mut rate = Vec::with_capacity(nuova.opzioni.len());
        for (index, opzione) in nuova.opzioni.into_iter().enumerate() {
            let numero = self.draw_numero(&mut tx, ente).await?;
            let importo = domain::Importo::sum(opzione.versamenti.iter().map(|v| v.importo)).unwrap_or_default();
            let rata = Rata {
                numero,
                opzione: opzione.opzione,
                importo,
                scadenza: opzione.scadenza,
                non_oltre_scadenza: opzione.non_oltre_scadenza,
                pagata: false,
                versamenti: opzione.versamenti,
            };
            let faults = rata.faults();
            if !faults.is_empty() {
                return Err(PosizioneError::Opzione { opzione: index, faults });
            }
            rate.push(rata);
        }
        let posizione = Posizione {
            id: ids::new_id().map_err(PortalError::from)?,
            ente: ente.codice_fiscale.clone(),
            servizio: nuova.servizio,
            stato: StatoPosizione::Bozza,
            causale: nuova.causale,
            debitore: nuova.debitore,
            versante: None,
            atto: nuova.atto,
            rate,
        };
        tx.insert_posizione(&posizione, self.inner.clock.now()).await.map_err(PortalError::from)?;
        tx.commit().await.map_err(PortalError::from)?;
        Ok(posizione)
    }

    /// Takes an edge that a person decides: publish, cancel, expire, reopen. Receipts have their own way in.
    ///
    /// # Errors
    /// `Passo` when the table has no such edge, or [`PortalError`].
    pub async fn move_posizione(
        &self,
        ente: &CodiceFiscaleEnte,
        id: &str,
        evento: EventoPosizione,
        perche: &str,
    ) -> Result<StatoPosizione, PosizioneError> {
        let mut tx = self.inner.store.begin().await.map_err(PortalError::from)?;
        let posizione = tx
            .posizione(ente, id)
            .await
            .map_err(PortalError::from)?
            .ok_or_else(|| PosizioneError::Passo("no such position".to_owned()))?;
        let stato = TRANSIZIONI.advance(posizione.stato, evento).map_err(|e| PosizioneError::Passo(e.to_string()))?;
        let now = self.inner.clock.now();
        tx.advance_posizione(&posizione, evento, stato, perche, now).await.map_err(PortalError::from)?;
        tx.commit().await.map_err(PortalError::from)?;
        Ok(stato)
    }
}
