//! Papers: what a citizen takes away from a page. The receipt as PDF and as it came, the notice, its due dates as a calendar.
//!
//! Each is behind the address of its page and shows no more than the page does. Whoever looked a notice up has its number and need not
//! be the debtor: so the notice names nobody, and has no bollettino, whose code would.

use crate::accesso::Persona;
use crate::avviso::Trovato;
use crate::pagamento::RicevutaVista;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError};
use documents::DocumentError;
use documents::avviso::{AvvisoDoc, Creditore, Dovuto, Seconda};
use documents::ricevuta::RicevutaDoc;
use documents::scadenze::{Scadenza, ScadenzeDoc};
use domain::{Ente, Lingua, Opzione, Posizione, Rata, Ricevuta};
use jiff::civil::{Date, DateTime};
use tokio::sync::Semaphore;
use url::Url;

/// Papers that are made at once, in the whole process: each is some milliseconds of a processor, and the processors are the Nodo's first.
const AT_ONCE: usize = 2;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// Days before the due date on which a calendar says so: enough to pay by any way.
const PREAVVISO_GIORNI: u16 = 3;

impl Portal {
    /// The receipt's PDF; `None` until it is there.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn ricevuta_pdf(&self, ente: &Ente, token: &str) -> Result<Option<Vec<u8>>, PortalError> {
        let Some(vista) = self.load_esito(ente, token).await? else {
            return Ok(None);
        };
        let Some(RicevutaVista { ricevuta, arrivata, .. }) = vista.ricevuta else {
            return Ok(None);
        };
        let address = self.inner.settings.public_url.join(&format!("/{}/esito/{token}", ente.slug)).ok();
        self.paper_of(ente.clone(), vista.servizio, ricevuta, arrivata, address).await.map(Some)
    }

    /// The PDF of a receipt of who is in. It names no address to find it again: there is none without coming in.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn mia_ricevuta_pdf(&self, persona: &Persona, token: &str) -> Result<Option<Vec<u8>>, PortalError> {
        let Some((ente, vista)) = self.mia_ricevuta(persona, token).await? else { return Ok(None) };
        self.paper_of(ente, None, vista.ricevuta, vista.arrivata, None).await.map(Some)
    }

    async fn paper_of(
        &self,
        ente: Ente,
        servizio: Option<String>,
        ricevuta: Ricevuta,
        arrivata: DateTime,
        address: Option<Url>,
    ) -> Result<Vec<u8>, PortalError> {
        let di_prova = self.inner.settings.ambiente_di_prova;
        let pdf = made(move || {
            documents::ricevuta::render(&RicevutaDoc {
                ricevuta: &ricevuta,
                ente: &ente,
                servizio: servizio.as_deref(),
                ricevuta_il: arrivata,
                // a position does not say yet which act it is for
                atto: None,
                indirizzo: address.as_ref().map(Url::as_str),
                di_prova,
            })
        });
        pdf.await
    }

    /// The receipt as the Nodo sent it, byte by byte; `None` until it is there.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ricevuta_xml(&self, ente: &Ente, token: &str) -> Result<Option<Vec<u8>>, PortalError> {
        match self.load_esito(ente, token).await?.and_then(|vista| vista.ricevuta) {
            Some(RicevutaVista { inbox_id, .. }) => Ok(self.inner.store.ricevuta_raw(&inbox_id).await?),
            None => Ok(None),
        }
    }

    /// The notice on paper: all that can be paid of it now, and no name; in Italian, and in the language of the page beside it. None for what cannot be paid, or not by paper.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn avviso_pdf(&self, ente: &Ente, token: &str, lingua: Lingua) -> Result<Trovato<Vec<u8>>, PortalError> {
        let (posizione, _) = match self.open_avviso(ente, token).await? {
            Trovato::Ecco(opened) => opened,
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            Trovato::NonTrovato => return Ok(Trovato::NonTrovato),
        };
        let now = self.inner.clock.now();
        let (emesso_il, oggi) = (self.inner.clock.civil(now), self.inner.clock.today());
        if !has_paper(&posizione, oggi) {
            return Ok(Trovato::NonTrovato);
        }
        let (ente, di_prova) = (ente.clone(), self.inner.settings.ambiente_di_prova);
        // the ente has written its subject in Italian alone
        let seconda = documents::avviso::Lingua::of(lingua).map(|lingua| Seconda { lingua, causale: None });
        let pdf = made(move || {
            let payable = payable(&posizione, oggi);
            let (unica, rate): (Vec<&Rata>, Vec<&Rata>) = payable.into_iter().partition(|rata| rata.opzione == Opzione::Unica);
            documents::avviso::render(&AvvisoDoc {
                ente: &ente,
                creditore: Creditore::default(),
                debitore: None,
                causale: &posizione.causale,
                dovuto: Dovuto::Rate { unica: unica.first().copied(), rate: &rate },
                postale: None,
                seconda,
                emesso_il,
                di_prova,
            })
        });
        pdf.await.map(Trovato::Ecco)
    }

    /// The due dates of the notice, and of the instalments it is one of.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn scadenze_ics(&self, ente: &Ente, token: &str) -> Result<Trovato<String>, PortalError> {
        let (posizione, index) = match self.open_avviso(ente, token).await? {
            Trovato::Ecco(opened) => opened,
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            Trovato::NonTrovato => return Ok(Trovato::NonTrovato),
        };
        let due = due(&posizione, index, self.inner.clock.today());
        if due.is_empty() {
            return Ok(Trovato::NonTrovato);
        }
        let which: Vec<Option<String>> = due.iter().map(|(rata, _)| quale(rata.opzione)).collect();
        let scadenze: Vec<Scadenza<'_>> = due
            .iter()
            .zip(&which)
            .map(|((rata, giorno), quale)| Scadenza {
                numero: &rata.numero,
                importo: rata.importo,
                giorno: *giorno,
                quale: quale.as_deref(),
            })
            .collect();
        let calendar = documents::scadenze::render(&ScadenzeDoc {
            ente: &ente.nome,
            causale: &posizione.causale,
            scadenze: &scadenze,
            preavviso_giorni: PREAVVISO_GIORNI,
            emesso: self.inner.clock.now(),
            host: self.inner.settings.public_url.host_str().unwrap_or("sportello"),
            di_prova: self.inner.settings.ambiente_di_prova,
        })?;
        Ok(Trovato::Ecco(calendar))
    }

    /// The position behind the address of a notice, and which of its options it is.
    async fn open_avviso(&self, ente: &Ente, token: &str) -> Result<Trovato<(Posizione, usize)>, PortalError> {
        let opened = match self.inner.sealer.open(Kind::Avviso, token, self.inner.clock.now()) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Trovato::Scaduto),
            Err(SealError::Wrong) => return Ok(Trovato::NonTrovato),
        };
        let posizione = self.inner.store.posizione(&ente.codice_fiscale, &opened.id).await?;
        Ok(posizione.map_or(Trovato::NonTrovato, |posizione| Trovato::Ecco((posizione, opened.detail.into()))))
    }
}

/// Whether there is a paper of it: something can be paid, and all of it at a counter.
pub(crate) fn has_paper(posizione: &Posizione, oggi: Date) -> bool {
    let payable = payable(posizione, oggi);
    !payable.is_empty() && !payable.iter().any(|rata| rata.ha_bollo())
}

/// Whether there is a calendar of it.
pub(crate) fn has_calendar(posizione: &Posizione, index: usize, oggi: Date) -> bool {
    !due(posizione, index, oggi).is_empty()
}

fn payable(posizione: &Posizione, oggi: Date) -> Vec<&Rata> {
    posizione.rate.iter().filter(|rata| posizione.pagabile(&rata.numero, oggi).is_ok()).collect()
}

/// What is still to come: of the whole amount its day; of an instalment those of all of them, for whoever pays by instalments.
fn due(posizione: &Posizione, index: usize, oggi: Date) -> Vec<(&Rata, Date)> {
    let Some(this) = posizione.rate.get(index) else { return Vec::new() };
    let is_unica = this.opzione == Opzione::Unica;
    let days = payable(posizione, oggi).into_iter().filter_map(|rata| rata.scadenza.map(|giorno| (rata, giorno)));
    days.filter(|(rata, giorno)| *giorno >= oggi && (rata.opzione == Opzione::Unica) == is_unica).collect()
}

fn quale(opzione: Opzione) -> Option<String> {
    match opzione {
        Opzione::Unica => None,
        Opzione::Rata { numero, di } => Some(format!("rata {numero} di {di}")),
    }
}

/// Made away from the threads that answer, a few at once.
async fn made(make: impl FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static) -> Result<Vec<u8>, PortalError> {
    // a semaphore that nobody closes
    let _place = PLACES.acquire().await.map_err(|error| PortalError::Inconsistent(error.to_string()))?;
    let paper = tokio::task::spawn_blocking(make).await;
    Ok(paper.map_err(|error| PortalError::Inconsistent(format!("who makes a paper: {error}")))??)
}
