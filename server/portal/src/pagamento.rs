//! The trip to Checkout: start, return, outcome.
//!
//! `CREATO` is written before Checkout is asked, `INVIATO` before the citizen leaves. Coming back changes the page alone: only
//! a receipt ([`crate::ricevuta`]) closes a payment.

use crate::punti::Punto;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError, giornale, ids};
use domain::pagamento::{EventoTentativo, StatoPagamento, TRANSIZIONI};
use domain::posizione::{self, EventoPosizione, NonPagabile};
use domain::{
    Ente, EsitoDichiarato, EsitoPagamento, Importo, Lingua, NumeroAvviso, Posizione, Ricevuta, StatoLettera, StatoPosizione,
    StatoTentativo, TipoLettera,
};
use jiff::{SignedDuration, Timestamp};
use nodo::checkout::{Cart, CartNotice, CheckoutError};
use std::time::{Duration, Instant};
use store::{Tentativo, TentativoChange};
use url::Url;

/// A second click, or "Back" and "Paga" again, leads to the same cart for this long; then a new trip begins.
const CART_REUSED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// After Checkout's time to answer: what it takes to write the answer down, on a bad day.
const ORPHAN_MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// How long a return address is good for: bank transfers at Checkout can take their time.
const RITORNO_TTL: SignedDuration = SignedDuration::from_hours(24);
/// A second click waits for the first one's cart: 50 × 100 ms, the time we give Checkout by default.
const WAIT_STEPS: u32 = 50;
const WAIT_STEP: Duration = Duration::from_millis(100);

/// Where "Paga" leads.
#[derive(Clone, Debug)]
pub enum Partenza {
    /// Off to Checkout. `sessione` is for the browser to keep: with it the return address works again.
    Vai {
        url: Url,
        sessione: String,
    },
    NonPagabile(NonPagabile),
    /// The page's address is past its time.
    Scaduto,
    NonTrovato,
    /// Checkout did not take the cart; no money moved.
    CheckoutNo(ProblemaCheckout),
}

/// Why Checkout did not take a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemaCheckout {
    /// It says that this notice cannot be paid there now.
    Rifiutato,
    /// It does not answer, or not sensibly: try later.
    Indisponibile,
}

/// Where a return address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ritorno {
    /// Token of the durable outcome page.
    Esito(String),
    /// Used before, by another browser.
    GiaUsato,
    NonTrovato,
}

/// The durable page of a trip.
#[derive(Clone, Debug)]
pub struct EsitoVista {
    pub esito: EsitoPagamento,
    pub causale: String,
    pub importo: Importo,
    pub numero: NumeroAvviso,
    pub servizio: Option<String>,
    pub iniziato: jiff::civil::DateTime,
    /// `None` also when it was paid by somebody else than whoever made this trip.
    pub ricevuta: Option<RicevutaVista>,
    /// The letter with the receipt, when there is one.
    pub lettera: Option<LetteraVista>,
    /// Token of the notice's page, to try again; only when it makes sense.
    pub riprova: Option<String>,
    pub token: String,
}

/// What became of the letter about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetteraVista {
    /// Masked.
    pub email: String,
    pub stato: StatoLettera,
}

/// A receipt and when it reached us.
#[derive(Clone, Debug)]
pub struct RicevutaVista {
    pub ricevuta: Ricevuta,
    pub arrivata: jiff::civil::DateTime,
    pub(crate) id: String,
    /// The message it was read from.
    pub(crate) inbox_id: String,
}

impl Portal {
    /// "Paga", from a summary or from a notice. `sessione`: what the browser kept from an earlier trip.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn start_pagamento(
        &self,
        ente: &Ente,
        token: &str,
        sessione: Option<&str>,
        lingua: Lingua,
    ) -> Result<Partenza, PortalError> {
        let now = self.inner.clock.now();
        let opened = match self.open_payable(token, now) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Partenza::Scaduto),
            Err(SealError::Wrong) => return Ok(Partenza::NonTrovato),
        };
        let sessione = match sessione.filter(|s| s.len() == 32 && s.is_ascii()) {
            Some(kept) => kept.to_owned(),
            None => ids::new_id()?,
        };
        let (posizione, tentativo) = match self.open_trip(ente, &opened, (token, &sessione), lingua, now).await? {
            Opening::New(posizione, tentativo) => (posizione, *tentativo),
            Opening::Under(tentativo) => return self.join_trip(*tentativo, sessione).await,
            Opening::No(partenza) => return Ok(partenza),
        };
        Punto::ViaggioCreato.reach()?;
        let cart = self.cart(ente, &posizione, &tentativo, lingua, now)?;
        let begun = Instant::now();
        let answer = self.inner.checkout.post_cart(&cart).await;
        let said = answer.as_ref().map(drop);
        self.note(giornale::carrello(self, &ente.codice_fiscale, &tentativo.numero, said, now, begun.elapsed()));
        match answer {
            Ok(url) => {
                Punto::CarrelloInviato.reach()?;
                let change = TentativoChange { cart_url: Some(url.to_string()), ..TentativoChange::default() };
                self.advance(&tentativo, EventoTentativo::Invia, change).await?;
                Punto::CarrelloNotato.reach()?;
                Ok(Partenza::Vai { url, sessione })
            }
            Err(error) => {
                tracing::warn!(tentativo = %tentativo.id, ente.cf = %ente.codice_fiscale, %error, "Checkout did not take the cart");
                let change = TentativoChange { problema: Some(error.to_string()), ..TentativoChange::default() };
                self.advance(&tentativo, EventoTentativo::Fallisce, change).await?;
                let refused = matches!(error, CheckoutError::Refused { .. });
                Ok(Partenza::CheckoutNo(if refused { ProblemaCheckout::Rifiutato } else { ProblemaCheckout::Indisponibile }))
            }
        }
    }

    fn open_payable(&self, token: &str, now: Timestamp) -> Result<crate::sealed::Opened, SealError> {
        match self.inner.sealer.open(Kind::Avviso, token, now) {
            Err(SealError::Wrong) => self.inner.sealer.open(Kind::Riepilogo, token, now),
            other => other,
        }
    }

    /// Writes the trip down, unless the notice cannot be paid or the same page is already on its way.
    async fn open_trip(
        &self,
        ente: &Ente,
        opened: &crate::sealed::Opened,
        (token, sessione): (&str, &str),
        lingua: Lingua,
        now: Timestamp,
    ) -> Result<Opening, PortalError> {
        let mut tx = self.inner.store.begin().await?;
        let Some(mut posizione) = tx.posizione(&ente.codice_fiscale, &opened.id).await? else {
            return Ok(Opening::No(Partenza::NonTrovato));
        };
        let Some(numero) = posizione.rate.get(usize::from(opened.detail)).map(|r| r.numero.clone()) else {
            return Ok(Opening::No(Partenza::NonTrovato));
        };
        if posizione.stato == StatoPosizione::Bozza {
            let to = next_posizione(posizione.stato, EventoPosizione::Pubblica)?;
            tx.advance_posizione(&posizione, EventoPosizione::Pubblica, to, "il cittadino paga", now).await?;
            posizione.stato = to;
        }
        let importo = match posizione.pagabile(&numero, self.inner.clock.today()) {
            Ok(rata) => rata.importo,
            Err(reason) => return Ok(Opening::No(Partenza::NonPagabile(reason))),
        };
        let chiave = ids::sha256_hex(token.as_bytes());
        if let Some(earlier) = tx.tentativo_aperto_by_chiave(&chiave).await? {
            let age = now.duration_since(earlier.created_at);
            if age < CART_REUSED_FOR && !(earlier.stato == StatoTentativo::Creato && age > self.orphaned_after()) {
                return Ok(Opening::Under(Box::new(earlier)));
            }
            let to = next_tentativo(earlier.stato, EventoTentativo::Scade)?;
            tx.advance_tentativo(&earlier, EventoTentativo::Scade, to, TentativoChange::default(), now).await?;
        }
        let tentativo = Tentativo {
            id: ids::new_id()?,
            ente: ente.codice_fiscale.clone(),
            posizione_id: posizione.id.clone(),
            numero,
            importo,
            stato: StatoTentativo::Creato,
            esito_dichiarato: None,
            chiave,
            sessione_sha256: Some(ids::sha256_hex(sessione.as_bytes())),
            cart_url: None,
            lingua: Some(lingua),
            problema: None,
            email: None,
            carrello: None,
            impronta: None,
            created_at: now,
            returned_at: None,
        };
        if !tx.insert_tentativo(&tentativo).await? {
            return Err(PortalError::Inconsistent(format!(
                "a trip under the key of {} appeared inside the transaction",
                tentativo.id
            )));
        }
        tx.commit().await?;
        Ok(Opening::New(Box::new(posizione), Box::new(tentativo)))
    }

    /// A trip that Checkout knows nothing of, as far as we know, so long after it was written: whoever was to send it is gone. Was the
    /// cart taken all the same, nobody was ever led to it.
    fn orphaned_after(&self) -> SignedDuration {
        let timeout = SignedDuration::try_from(self.inner.checkout.timeout()).unwrap_or(CART_REUSED_FOR);
        timeout.saturating_add(ORPHAN_MARGIN)
    }

    /// The same page was posted before: the same cart, as soon as it is there.
    async fn join_trip(&self, mut tentativo: Tentativo, sessione: String) -> Result<Partenza, PortalError> {
        for _ in 0..WAIT_STEPS {
            match (&tentativo.stato, tentativo.cart_url.as_deref().and_then(|u| Url::parse(u).ok())) {
                (StatoTentativo::Inviato, Some(url)) => return Ok(Partenza::Vai { url, sessione }),
                (StatoTentativo::Creato, _) => {}
                (StatoTentativo::ChiusoDaRicevuta, _) => return Ok(Partenza::NonPagabile(NonPagabile::Pagata)),
                _ => break,
            }
            tokio::time::sleep(WAIT_STEP).await;
            match self.inner.store.tentativo(&tentativo.id).await? {
                Some(again) => tentativo = again,
                None => return Ok(Partenza::NonTrovato),
            }
        }
        Ok(Partenza::CheckoutNo(ProblemaCheckout::Indisponibile))
    }

    /// `lingua`: of the page to come back to.
    fn cart(
        &self,
        ente: &Ente,
        posizione: &Posizione,
        tentativo: &Tentativo,
        lingua: Lingua,
        now: Timestamp,
    ) -> Result<Cart, PortalError> {
        let rata =
            posizione.rata(&tentativo.numero).ok_or_else(|| PortalError::Inconsistent(format!("trip {}", tentativo.id)))?;
        let back = |esito: EsitoDichiarato| -> Result<Url, PortalError> {
            let token = self.seal_expiring(Kind::Ritorno, &tentativo.id, detail_of(esito), now + RITORNO_TTL)?;
            let path = lingua.path(&format!("/{}/ritorno/{token}", ente.slug));
            self.inner.settings.public_url.join(&path).map_err(|e| PortalError::Inconsistent(format!("public_url: {e}")))
        };
        let payer = posizione.versante.as_ref().unwrap_or(&posizione.debitore);
        Ok(Cart {
            id: tentativo.id.clone(),
            notices: vec![CartNotice {
                numero: rata.numero.clone(),
                ente: ente.codice_fiscale.clone(),
                importo: rata.importo,
                nome_ente: ente.nome.clone(),
                descrizione: posizione.causale.clone(),
            }],
            email: payer.email.clone().or_else(|| posizione.debitore.email.clone()),
            return_ok: back(EsitoDichiarato::Ok)?,
            return_cancel: back(EsitoDichiarato::Annullato)?,
            return_error: back(EsitoDichiarato::Errore)?,
            return_waiting: back(EsitoDichiarato::Attesa)?,
            all_ccp: rata.all_ccp(),
        })
    }

    /// The citizen is back from Checkout. What the address says is noted and shown, and believed by nobody.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ritorna(&self, ente: &Ente, token: &str, sessione: Option<&str>) -> Result<Ritorno, PortalError> {
        let now = self.inner.clock.now();
        let Ok(opened) = self.inner.sealer.open(Kind::Ritorno, token, now) else {
            return Ok(Ritorno::NonTrovato);
        };
        let (Some(tentativo), Some(dichiarato)) = (self.inner.store.tentativo(&opened.id).await?, esito_of(opened.detail)) else {
            return Ok(Ritorno::NonTrovato);
        };
        if tentativo.ente != ente.codice_fiscale {
            return Ok(Ritorno::NonTrovato);
        }
        if tentativo.returned_at.is_some() {
            // the same browser may come again: a reload, a lost line
            let known = sessione.map(|s| ids::sha256_hex(s.as_bytes())) == tentativo.sessione_sha256 && sessione.is_some();
            return if known { Ok(Ritorno::Esito(self.seal_esito(&tentativo.id)?)) } else { Ok(Ritorno::GiaUsato) };
        }
        let change = TentativoChange { esito_dichiarato: Some(dichiarato), returned_at: Some(now), ..TentativoChange::default() };
        self.advance(&tentativo, EventoTentativo::Ritorna, change).await?;
        Ok(Ritorno::Esito(self.seal_esito(&tentativo.id)?))
    }

    /// Takes an edge on what is written now: a receipt may have come since `tentativo` was read, and then it stays as it is.
    async fn advance(&self, tentativo: &Tentativo, evento: EventoTentativo, change: TentativoChange) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        let Some(current) = tx.tentativo(&tentativo.id).await? else {
            return Err(PortalError::Inconsistent(format!("trip {} vanished", tentativo.id)));
        };
        if let Ok(to) = TRANSIZIONI.advance(current.stato, evento) {
            tx.advance_tentativo(&current, evento, to, change, self.inner.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The durable page of a trip; `None` when the address is not ours or of another ente.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_esito(&self, ente: &Ente, token: &str) -> Result<Option<EsitoVista>, PortalError> {
        let Some(tentativo) = self.open_esito(token).await?.filter(|t| t.ente == ente.codice_fiscale) else {
            return Ok(None);
        };
        let Some(posizione) = self.inner.store.posizione(&ente.codice_fiscale, &tentativo.posizione_id).await? else {
            return Ok(None);
        };
        let esito = EsitoPagamento::of(tentativo.stato, tentativo.esito_dichiarato);
        let ricevuta = if esito == EsitoPagamento::Pagato { self.ricevuta_of(&tentativo).await? } else { None };
        let lettera = match &ricevuta {
            Some(ricevuta) => self.inner.store.lettera_of(TipoLettera::Ricevuta, &ricevuta.id).await?,
            None => None,
        };
        let lettera = lettera.map(|lettera| LetteraVista { email: lettera.email.masked(), stato: lettera.stato });
        let index = posizione.rate.iter().position(|r| r.numero == tentativo.numero).unwrap_or_default();
        let again = matches!(esito, EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito)
            && posizione.pagabile(&tentativo.numero, self.inner.clock.today()).is_ok();
        let riprova = match again {
            true => Some(self.seal_expiring(Kind::Avviso, &posizione.id, index, self.inner.clock.now() + RITORNO_TTL)?),
            false => None,
        };
        let servizio = match &posizione.servizio {
            Some(slug) => self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?.map(|s| s.nome),
            None => None,
        };
        Ok(Some(EsitoVista {
            esito,
            causale: posizione.causale,
            importo: tentativo.importo,
            numero: tentativo.numero,
            servizio,
            iniziato: self.inner.clock.civil(tentativo.created_at),
            lettera,
            ricevuta,
            riprova,
            token: token.to_owned(),
        }))
    }

    /// What the page polls; `None` when the address is not ours.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn stato_pagamento(&self, token: &str) -> Result<Option<StatoPagamento>, PortalError> {
        let tentativo = self.open_esito(token).await?;
        Ok(tentativo.map(|t| StatoPagamento { esito: EsitoPagamento::of(t.stato, t.esito_dichiarato) }))
    }

    async fn open_esito(&self, token: &str) -> Result<Option<Tentativo>, PortalError> {
        match self.inner.sealer.open(Kind::Esito, token, self.inner.clock.now()) {
            Ok(opened) => Ok(self.inner.store.tentativo(&opened.id).await?),
            Err(_) => Ok(None),
        }
    }

    /// The receipt of this trip: the one that came with our idCart; without a mark, the first of the notice, if Checkout itself
    /// said that this trip paid (only Checkout is told that address). Who looked a notice up and left, while somebody else paid it
    /// at a counter, learns that it is paid and not by whom nor for whom.
    async fn ricevuta_of(&self, tentativo: &Tentativo) -> Result<Option<RicevutaVista>, PortalError> {
        let mut rows = self.inner.store.ricevute_of_avviso(&tentativo.ente, &tentativo.numero).await?;
        // not the copies that other enti got because a transfer is theirs, nor one that says that nothing was paid
        rows.retain(|row| row.ente_destinatario == tentativo.ente.as_str() && row.ricevuta.esito_ok);
        let own = rows.iter().position(|row| row.ricevuta.nota.as_deref() == Some(tentativo.id.as_str()));
        let returned_paid = tentativo.esito_dichiarato == Some(EsitoDichiarato::Ok);
        let unmarked = || rows.iter().position(|row| row.ricevuta.nota.is_none()).filter(|_| returned_paid);
        let row = own.or_else(unmarked).map(|index| rows.swap_remove(index));
        Ok(row.map(|row| self.vista_of(row)))
    }

    fn seal_esito(&self, tentativo: &str) -> Result<String, PortalError> {
        let token = self.inner.sealer.seal(Kind::Esito, tentativo, 0, None, 0);
        token.ok_or_else(|| PortalError::Inconsistent(format!("identifier {tentativo}")))
    }
}

enum Opening {
    New(Box<Posizione>, Box<Tentativo>),
    Under(Box<Tentativo>),
    No(Partenza),
}

fn next_posizione(from: StatoPosizione, evento: EventoPosizione) -> Result<StatoPosizione, PortalError> {
    posizione::TRANSIZIONI.advance(from, evento).map_err(|e| PortalError::Inconsistent(e.to_string()))
}

fn next_tentativo(from: StatoTentativo, evento: EventoTentativo) -> Result<StatoTentativo, PortalError> {
    TRANSIZIONI.advance(from, evento).map_err(|e| PortalError::Inconsistent(e.to_string()))
}

fn detail_of(esito: EsitoDichiarato) -> usize {
    match esito {
        EsitoDichiarato::Ok => 0,
        EsitoDichiarato::Annullato => 1,
        EsitoDichiarato::Errore => 2,
        EsitoDichiarato::Attesa => 3,
    }
}

fn esito_of(detail: u8) -> Option<EsitoDichiarato> {
    match detail {
        0 => Some(EsitoDichiarato::Ok),
        1 => Some(EsitoDichiarato::Annullato),
        2 => Some(EsitoDichiarato::Errore),
        3 => Some(EsitoDichiarato::Attesa),
        _ => None,
    }
}
