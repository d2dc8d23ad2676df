//! Papers: what a citizen takes away from a page. The receipt as PDF and as it came, the notice, its due dates as a calendar.
//!
//! Each is behind the address of its page and shows no more than the page does. Whoever looked a notice up has its number and need not
//! be the debtor: so the notice names nobody, and has no bollettino, whose code would.

use crate::accesso::Persona;
use crate::avviso::Trovato;
use crate::pagamento::RicevutaVista;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use documents::avviso::{AvvisoDoc, Creditore, Dovuto, Seconda};
use documents::ricevuta::RicevutaDoc;
use documents::scadenze::{Scadenza, ScadenzeDoc};
use documents::{DocumentError, Logo};
use domain::{Ente, Lingua, Opzione, Posizione, Rata};
use jiff::civil::Date;
use tokio::sync::Semaphore;
use url::Url;

/// Papers that are made at once, in the whole process: each is some milliseconds of a processor, and the processors are the Nodo's first.
const AT_ONCE: usize = 2;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// Days before the due date on which a calendar says so: enough to pay by any way.
const PREAVVISO_GIORNI: u16 = 3;

impl Portal {
    /// The receipt's PDF, from the page of an outcome or from its own; none until it is there.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn ricevuta_pdf(&self, ente: &Ente, token: &str) -> Result<Trovato<Vec<u8>>, PortalError> {
        let (vista, servizio) = match self.receipt_behind(ente, token).await? {
            Trovato::Ecco(found) => found,
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            Trovato::NonTrovato => return Ok(Trovato::NonTrovato),
        };
        Ok(Trovato::Ecco(self.paper_of(ente.clone(), servizio, vista).await?))
    }

    /// The PDF of a receipt of who is in.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn mia_ricevuta_pdf(&self, persona: &Persona, token: &str) -> Result<Option<Vec<u8>>, PortalError> {
        match self.mia_ricevuta(persona, token).await? {
            Some((ente, servizio, vista)) => Ok(Some(self.paper_of(ente, servizio, vista).await?)),
            None => Ok(None),
        }
    }

    pub(crate) async fn paper_of(
        &self,
        ente: Ente,
        servizio: Option<String>,
        vista: RicevutaVista,
    ) -> Result<Vec<u8>, PortalError> {
        let RicevutaVista { ricevuta, arrivata, id, .. } = vista;
        // not the page it came from: whoever is handed the paper is to learn whether it is true, and nothing more
        let address = self.inner.settings.public_url.join(&self.path_of_verifica(&id)?).ok();
        let di_prova = self.inner.settings.ambiente_di_prova;
        let logo = self.emblem(&ente).await?;
        let posizione = self.inner.store.posizione_by_avviso(&ente.codice_fiscale, &ricevuta.numero_avviso).await?;
        let atto = posizione.and_then(|posizione| posizione.atto);
        let pdf = made(move || {
            documents::ricevuta::render(&RicevutaDoc {
                ricevuta: &ricevuta,
                ente: &ente,
                logo: printable(logo).as_ref(),
                servizio: servizio.as_deref(),
                ricevuta_il: arrivata,
                atto: atto.as_ref(),
                indirizzo: address.as_ref().map(Url::as_str),
                di_prova,
            })
        });
        pdf.await
    }

    /// The receipt as the Nodo sent it, byte by byte; from the same pages.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ricevuta_xml(&self, ente: &Ente, token: &str) -> Result<Trovato<Vec<u8>>, PortalError> {
        match self.receipt_behind(ente, token).await? {
            Trovato::Ecco((RicevutaVista { inbox_id, .. }, _)) => {
                let raw = self.inner.store.ricevuta_raw(&inbox_id).await?;
                Ok(raw.map_or(Trovato::NonTrovato, Trovato::Ecco))
            }
            Trovato::Scaduto => Ok(Trovato::Scaduto),
            Trovato::NonTrovato => Ok(Trovato::NonTrovato),
        }
    }

    /// The receipt of a page, and the name of its service.
    async fn receipt_behind(&self, ente: &Ente, token: &str) -> Result<Trovato<(RicevutaVista, Option<String>)>, PortalError> {
        match self.load_ricevuta(ente, token).await? {
            Trovato::Ecco(pagina) => return Ok(Trovato::Ecco((pagina.vista, pagina.servizio))),
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            // an address of another kind
            Trovato::NonTrovato => {}
        }
        let vista = self.load_esito(ente, token).await?;
        let found = vista.and_then(|vista| vista.ricevuta.map(|ricevuta| (ricevuta, vista.servizio)));
        Ok(found.map_or(Trovato::NonTrovato, Trovato::Ecco))
    }

    /// The digital revenue stamp that came with the receipt (`MBDAttachment`), as the Agenzia delle Entrate has signed it; from the same pages. None where
    /// there is none, or not yet. Of several, the first: a notice of ours has one.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn marca_da_bollo(&self, ente: &Ente, token: &str) -> Result<Trovato<Vec<u8>>, PortalError> {
        let vista = match self.receipt_behind(ente, token).await? {
            Trovato::Ecco((vista, _)) => vista,
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            Trovato::NonTrovato => return Ok(Trovato::NonTrovato),
        };
        let bollo = vista.ricevuta.versamenti.into_iter().find_map(|versamento| versamento.bollo);
        // base64 of the schema may be broken into lines
        let bollo = bollo.map(|text| text.split_whitespace().collect::<String>());
        Ok(bollo.and_then(|text| STANDARD.decode(text).ok()).map_or(Trovato::NonTrovato, Trovato::Ecco))
    }

    /// The notice on paper: all that can be paid of it now, and no name; in Italian, and in the language of the page beside it. None for what cannot be paid, or not by paper.
    ///
    /// # Errors
    /// [`PortalError`] of the store or of the paper.
    pub async fn avviso_pdf(&self, ente: &Ente, token: &str, lingua: Lingua) -> Result<Trovato<Vec<u8>>, PortalError> {
        let (posizione, index) = match self.open_avviso(ente, token).await? {
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
        let logo = self.emblem(&ente).await?;
        // that of the page, or the one an Italian page of this ente has beside it; the ente has written its subject in Italian alone
        let seconda =
            documents::avviso::Lingua::of(lingua).or_else(|| documents::avviso::Lingua::of(ente.aspetto.seconda_lingua?));
        let seconda = seconda.map(|lingua| Seconda { lingua, causale: None });
        let pdf = made(move || {
            let logo = printable(logo);
            let payable = payable(&posizione, oggi);
            let (mut uniche, rate): (Vec<&Rata>, Vec<&Rata>) =
                payable.into_iter().partition(|rata| rata.opzione == Opzione::Unica);
            uniche.sort_by_key(|rata| (rata.scadenza.unwrap_or(Date::MAX), rata.importo));
            let dovuto = match (uniche.as_slice(), rate.as_slice()) {
                // who pays early pays less
                (&[ridotto, intero], []) if ridotto.importo < intero.importo => Dovuto::Ridotto { ridotto, intero },
                (uniche, rate) => {
                    // of several, that of the page
                    let this = posizione.rate.get(index).map(|rata| &rata.numero);
                    let unica = uniche.iter().find(|rata| Some(&rata.numero) == this).or(uniche.first()).copied();
                    Dovuto::Rate { unica, rate }
                }
            };
            documents::avviso::render(&AvvisoDoc {
                ente: &ente,
                creditore: Creditore {
                    settore: None,
                    cbill: ente.aspetto.cbill.as_ref().map(|cbill| cbill.as_str()),
                    logo: logo.as_ref(),
                },
                debitore: None,
                causale: &posizione.causale,
                dovuto,
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

    async fn emblem(&self, ente: &Ente) -> Result<Option<Vec<u8>>, PortalError> {
        match &ente.aspetto.logo {
            Some(impronta) => Ok(self.inner.store.logo(&ente.codice_fiscale, impronta).await?),
            None => Ok(None),
        }
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

/// It was tried when it came in: one that cannot be printed any more is no reason for a paper not to be.
fn printable(logo: Option<Vec<u8>>) -> Option<Logo> {
    logo.and_then(|png| Logo::from_png(&png).ok())
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
