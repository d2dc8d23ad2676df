//! The list of an ente's debts, and one of them with all that happened to it.

use super::{Chi, Nominativo, inizio, one_more, one_page, read_posto};
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Ente, Importo, Posizione, StatoPosizione};
use jiff::civil::{Date, DateTime};
use store::elenchi_parole as parole;
use store::{CercaPosizioni, Lifecycle};

/// What the address of the list says. What means nothing is as if it were not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiltroPosizioni {
    pub stato: Option<StatoPosizione>,
    /// A slug.
    pub servizio: Option<String>,
    /// None that was written before.
    pub dal: Option<Date>,
    /// Somebody, as the box wrote it into the address; then state and service say nothing.
    pub chi: Option<String>,
    pub dopo: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct ElencoPosizioni {
    pub righe: Vec<VocePosizione>,
    pub dopo: Option<String>,
    /// Whom the list is about, where the address says so.
    pub chi: Option<String>,
}

#[derive(Clone, Debug)]
pub struct VocePosizione {
    pub id: String,
    pub creata: DateTime,
    pub stato: StatoPosizione,
    pub causale: String,
    pub servizio: Option<String>,
    pub debitore: Nominativo,
    pub importo: Importo,
    pub scadenza: Option<Date>,
}

/// One debt.
#[derive(Clone, Debug)]
pub struct DettaglioPosizione {
    pub posizione: Posizione,
    /// Name of its service.
    pub servizio: Option<String>,
    pub debitore: Nominativo,
    pub versante: Option<Nominativo>,
    /// Its receipts, as they arrived: id, when, how much.
    pub ricevute: Vec<(String, DateTime, Importo)>,
    pub passi: Vec<Passo>,
}

/// Something that happened to it, oldest first.
#[derive(Clone, Debug)]
pub struct Passo {
    pub quando: DateTime,
    /// `None`: it was written.
    pub da: Option<String>,
    pub a: String,
    pub evento: String,
    pub perche: String,
}

impl Portal {
    /// A page of the debts of an ente, the newest first.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn elenco_posizioni(
        &self,
        ente: &CodiceFiscaleEnte,
        filtro: &FiltroPosizioni,
        in_chiaro: bool,
    ) -> Result<ElencoPosizioni, PortalError> {
        let (dal, dopo) = (inizio(filtro.dal), filtro.dopo.as_deref().and_then(read_posto));
        let chi = filtro.chi.as_deref().and_then(|closed| self.chi(closed));
        let words: Vec<String> = match &chi {
            Some(Chi::Nome(nome)) => parole(nome).into_iter().collect(),
            _ => Vec::new(),
        };
        let cerca = match (&chi, words.as_slice()) {
            (Some(Chi::Persona(codice)), _) => CercaPosizioni::DiDebitore(codice),
            // a name without a word that can be looked for is nobody's
            (Some(Chi::Nome(_)), []) => return Ok(ElencoPosizioni { righe: Vec::new(), dopo: None, chi: said(&chi, in_chiaro) }),
            (Some(Chi::Nome(_)), [one, rest @ ..]) => CercaPosizioni::DiNome(one, rest.first().map(String::as_str)),
            (None, _) => match (&filtro.servizio, filtro.stato) {
                (Some(servizio), stato) => CercaPosizioni::DiServizio(servizio, stato),
                (None, Some(stato)) => CercaPosizioni::DiStato(stato),
                (None, None) => CercaPosizioni::Tutte,
            },
        };
        let found = self.inner.store.elenco_posizioni(ente, &cerca, dal, dopo.as_ref(), one_more()).await?;
        let (found, dopo) = one_page(found, |riga| &riga.posto);
        let righe = found
            .into_iter()
            .map(|riga| VocePosizione {
                creata: self.inner.clock.civil(riga.creata),
                debitore: Nominativo::new(&riga.debitore_nome, &riga.debitore_cf, in_chiaro),
                id: riga.id,
                stato: riga.stato,
                causale: riga.causale,
                servizio: riga.servizio,
                importo: riga.importo,
                scadenza: riga.scadenza,
            })
            .collect();
        Ok(ElencoPosizioni { righe, dopo, chi: said(&chi, in_chiaro) })
    }

    /// One debt of an ente; `None` also when it is another's.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn dettaglio_posizione(
        &self,
        ente: &Ente,
        id: &str,
        in_chiaro: bool,
    ) -> Result<Option<DettaglioPosizione>, PortalError> {
        let (store, clock) = (&self.inner.store, &self.inner.clock);
        let Some(posizione) = store.posizione(&ente.codice_fiscale, id).await? else { return Ok(None) };
        let servizio = match &posizione.servizio {
            Some(slug) => store.servizio_by_slug(&ente.codice_fiscale, slug).await?.map(|servizio| servizio.nome),
            None => None,
        };
        let shown = |soggetto: &domain::Soggetto| Nominativo::new(&soggetto.nome, soggetto.codice_fiscale.as_str(), in_chiaro);
        let ricevute = store.ricevute_of_posizione(&ente.codice_fiscale, id).await?;
        let passi = store.transizioni(Lifecycle::Posizione, id).await?;
        Ok(Some(DettaglioPosizione {
            servizio,
            debitore: shown(&posizione.debitore),
            versante: posizione.versante.as_ref().map(shown),
            ricevute: ricevute
                .into_iter()
                .map(|riga| (riga.row.id, clock.civil(riga.row.received_at), riga.row.ricevuta.importo))
                .collect(),
            passi: passi
                .into_iter()
                .map(|passo| Passo {
                    quando: clock.civil(passo.at),
                    da: passo.da,
                    a: passo.a,
                    evento: passo.evento,
                    perche: passo.perche,
                })
                .collect(),
            posizione,
        }))
    }
}

/// Whom the list is about, as far as it is shown.
fn said(chi: &Option<Chi>, in_chiaro: bool) -> Option<String> {
    chi.as_ref().map(|chi| match chi {
        Chi::Persona(codice) => Nominativo::new("", codice.as_str(), in_chiaro).codice_fiscale,
        Chi::Nome(nome) => nome.clone(),
    })
}
