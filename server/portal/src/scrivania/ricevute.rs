//! The list of an ente's receipts, and one of them.

use super::{Chi, Nominativo, inizio, one_more, one_page, read_posto};
use crate::pagamento::RicevutaVista;
use crate::{Portal, PortalError};
use domain::{Anomalia, CodiceFiscaleEnte, Ente, Importo, StatoRicevuta};
use jiff::civil::{Date, DateTime};
use store::{CercaRicevute, Lifecycle};

/// What the address of the list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiltroRicevute {
    /// Only what somebody has to look at.
    pub anomale: bool,
    /// None that arrived before.
    pub dal: Option<Date>,
    /// Somebody, as the box wrote it into the address.
    pub chi: Option<String>,
    pub dopo: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ElencoRicevute {
    pub righe: Vec<VoceRicevuta>,
    pub dopo: Option<String>,
}

#[derive(Clone, Debug)]
pub struct VoceRicevuta {
    pub id: String,
    pub arrivata: DateTime,
    pub pagata_il: Option<DateTime>,
    pub importo: Importo,
    /// What of it is this ente's own.
    pub quota: Importo,
    pub causale: String,
    pub iuv: String,
    pub psp: String,
    pub debitore: Nominativo,
    pub stato: StatoRicevuta,
}

/// One receipt.
#[derive(Clone, Debug)]
pub struct DettaglioRicevuta {
    pub vista: RicevutaVista,
    pub id: String,
    pub stato: StatoRicevuta,
    pub anomalie: Vec<Anomalia>,
    /// The message it was read from.
    pub messaggio: String,
    /// The debt it paid, when it is one of ours.
    pub posizione: Option<String>,
    pub servizio: Option<String>,
    pub passi: Vec<super::Passo>,
}

impl Portal {
    /// A page of the receipts addressed to an ente, the last to arrive first.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn elenco_ricevute(
        &self,
        ente: &CodiceFiscaleEnte,
        filtro: &FiltroRicevute,
        in_chiaro: bool,
    ) -> Result<ElencoRicevute, PortalError> {
        let (dal, dopo) = (inizio(filtro.dal), filtro.dopo.as_deref().and_then(read_posto));
        let chi = filtro.chi.as_deref().and_then(|closed| self.chi(closed));
        let cerca = match &chi {
            Some(Chi::Persona(codice)) => CercaRicevute::DiDebitore(codice),
            _ if filtro.anomale => CercaRicevute::Anomale,
            _ => CercaRicevute::Tutte,
        };
        let found = self.inner.store.elenco_ricevute(ente, &cerca, dal, dopo.as_ref(), one_more()).await?;
        let (found, dopo) = one_page(found, |riga| &riga.posto);
        let righe = found
            .into_iter()
            .map(|riga| {
                let ricevuta = riga.row.ricevuta;
                let own = ricevuta.versamenti.iter().filter(|versamento| versamento.ente == *ente);
                VoceRicevuta {
                    id: riga.row.id,
                    arrivata: self.inner.clock.civil(riga.row.received_at),
                    pagata_il: ricevuta.pagata_il,
                    quota: Importo::sum(own.map(|versamento| versamento.importo)).unwrap_or_default(),
                    debitore: Nominativo::new(&ricevuta.debitore.nome, &ricevuta.debitore.identificativo, in_chiaro),
                    importo: ricevuta.importo,
                    causale: ricevuta.descrizione,
                    iuv: ricevuta.iuv,
                    psp: ricevuta.psp.nome,
                    stato: riga.row.stato,
                }
            })
            .collect();
        Ok(ElencoRicevute { righe, dopo })
    }

    /// One receipt addressed to an ente; `None` also when it is another's.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn dettaglio_ricevuta(&self, ente: &Ente, id: &str) -> Result<Option<DettaglioRicevuta>, PortalError> {
        let Some(riga) = self.inner.store.ricevuta_of_ente(&ente.codice_fiscale, id).await? else { return Ok(None) };
        let servizio = self.servizio_of_ricevuta(ente, &riga.row.ricevuta).await?;
        let passi = self.inner.store.transizioni(Lifecycle::Ricevuta, id).await?;
        let clock = &self.inner.clock;
        Ok(Some(DettaglioRicevuta {
            id: riga.row.id.clone(),
            stato: riga.row.stato,
            anomalie: riga.row.anomalie.clone(),
            messaggio: riga.row.inbox_id.clone(),
            posizione: riga.posizione,
            servizio,
            passi: passi
                .into_iter()
                .map(|passo| super::Passo {
                    quando: clock.civil(passo.at),
                    da: passo.da,
                    a: passo.a,
                    evento: passo.evento,
                    perche: passo.perche,
                })
                .collect(),
            vista: self.vista_of(riga.row),
        }))
    }

    /// The PDF of a receipt addressed to an ente.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn ricevuta_pdf_of_ente(&self, ente: &Ente, id: &str) -> Result<Option<Vec<u8>>, PortalError> {
        match self.dettaglio_ricevuta(ente, id).await? {
            // a KO has no paper
            Some(dettaglio) if dettaglio.vista.ricevuta.esito_ok => {
                Ok(Some(self.paper_of(ente.clone(), dettaglio.servizio, dettaglio.vista).await?))
            }
            _ => Ok(None),
        }
    }

    /// The message a receipt was read from, byte by byte.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ricevuta_xml_of_ente(&self, ente: &Ente, id: &str) -> Result<Option<Vec<u8>>, PortalError> {
        match self.inner.store.ricevuta_of_ente(&ente.codice_fiscale, id).await? {
            Some(riga) => Ok(self.inner.store.ricevuta_raw(&riga.row.inbox_id).await?),
            None => Ok(None),
        }
    }
}
