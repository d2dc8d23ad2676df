//! The trip to Checkout itself, of one notice or of several in a cart: written down, sent, joined by a second click.
//!
//! Each notice has a row of its own (`Tentativo`) with a life of its own: its receipt closes it, whatever becomes of the others. What
//! happens to all of them (sent, refused, come back) is one transaction. Together they have one `idCart`, which every receipt brings back.

use crate::doppioni::{self, Doppione};
use crate::pagamento::{DaConfermare, FormPaga, Partenza, ProblemaCheckout, RITORNO_TTL};
use crate::punti::Punto;
use crate::sealed::Kind;
use crate::{Portal, PortalError, giornale, ids};
use domain::pagamento::{EventoTentativo, TRANSIZIONI};
use domain::posizione::{self, EventoPosizione, NonPagabile};
use domain::{
    Email, Ente, EsitoDichiarato, FieldError, Importo, Lingua, NumeroAvviso, Opzione, Posizione, Reason, StatoPosizione,
    StatoTentativo,
};
use jiff::{SignedDuration, Timestamp};
use nodo::checkout::{Cart, CartNotice, CheckoutError};
use std::time::{Duration, Instant};
use store::{Tentativo, TentativoChange, Tx};
use url::Url;

/// A second click, or "Back" and "Paga" again, leads to the same cart for this long; then a new trip begins.
const CART_REUSED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// After Checkout's time to answer: what it takes to write the answer down, on a bad day.
const ORPHAN_MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// A second click waits for the first one's cart: 50 × 100 ms, the time we give Checkout by default.
const WAIT_STEPS: u32 = 50;
const WAIT_STEP: Duration = Duration::from_millis(100);

/// One notice of a trip: the position and which of its options.
#[derive(Clone, Debug)]
pub(crate) struct Fermata {
    pub ente: Ente,
    pub posizione: String,
    pub rata: usize,
}

/// A trip that somebody wants to make.
#[derive(Debug)]
pub(crate) struct Partente<'a> {
    /// One, or those of a cart.
    pub fermate: Vec<Fermata>,
    pub in_carrello: bool,
    /// The same for two clicks that mean one payment.
    pub chiave: String,
    pub sessione: String,
    pub lingua: Lingua,
    pub form: &'a FormPaga,
    /// The page shows this address already: it needs not be shown again.
    pub mostra_email: bool,
}

/// A notice of a trip, with all that is known of it.
struct Tappa {
    ente: Ente,
    posizione: Posizione,
    tentativo: Tentativo,
}

enum Opening {
    New(Vec<Tappa>),
    Under(Box<Tentativo>),
    No(Partenza),
}

impl Portal {
    /// Writes the trip down, hands the cart to Checkout, and says where it leads.
    pub(crate) async fn parti(&self, partente: Partente<'_>) -> Result<Partenza, PortalError> {
        let now = self.inner.clock.now();
        let email = match Email::parse_optional(&partente.form.email) {
            Ok(email) => email,
            Err(reason) => return Ok(Partenza::Errori(vec![reason.at("email")])),
        };
        let tappe = match self.open_trip(&partente, email.as_ref(), now).await? {
            Opening::New(tappe) => tappe,
            Opening::Under(tentativo) => return self.join_trip(*tentativo, partente.sessione).await,
            Opening::No(partenza) => return Ok(partenza),
        };
        Punto::ViaggioCreato.reach()?;
        let cart = self.cart(&tappe, email.as_ref(), partente.lingua, now)?;
        let begun = Instant::now();
        let answer = self.inner.checkout.post_cart(&cart).await;
        let said = answer.as_ref().map(drop);
        for Tappa { tentativo, .. } in &tappe {
            self.note(giornale::carrello(self, &tentativo.ente, &tentativo.numero, said, now, begun.elapsed()));
        }
        let trips: Vec<&Tentativo> = tappe.iter().map(|tappa| &tappa.tentativo).collect();
        match answer {
            Ok(url) => {
                Punto::CarrelloInviato.reach()?;
                let change = TentativoChange { cart_url: Some(url.to_string()), ..TentativoChange::default() };
                self.advance(&trips, EventoTentativo::Invia, &change).await?;
                Punto::CarrelloNotato.reach()?;
                Ok(Partenza::Vai { url, sessione: partente.sessione })
            }
            Err(error) => {
                tracing::warn!(carrello = cart.id, %error, "Checkout did not take the cart");
                let change = TentativoChange { problema: Some(error.to_string()), ..TentativoChange::default() };
                self.advance(&trips, EventoTentativo::Fallisce, &change).await?;
                let refused = matches!(error, CheckoutError::Refused { .. });
                Ok(Partenza::CheckoutNo(if refused { ProblemaCheckout::Rifiutato } else { ProblemaCheckout::Indisponibile }))
            }
        }
    }

    /// Writes the trip down, unless something of it cannot be paid, something is to be confirmed first, or it is already on its way.
    async fn open_trip(&self, partente: &Partente<'_>, email: Option<&Email>, now: Timestamp) -> Result<Opening, PortalError> {
        let mut improntable = Vec::new();
        for fermata in &partente.fermate {
            // read before anybody waits for this to be written
            improntable.push(self.inner.store.modulo(&fermata.ente.codice_fiscale, &fermata.posizione).await?.is_some());
        }
        let chiave = chiave(partente, email);
        let carrello = if partente.in_carrello { Some(ids::new_id()?) } else { None };
        let mut tx = self.inner.store.begin().await?;
        let mut in_order: Vec<&Fermata> = partente.fermate.iter().collect();
        in_order.sort_by(|a, b| a.posizione.cmp(&b.posizione));
        for fermata in in_order {
            // two carts with the same notices in another order: each waits for the other's first one in the same place
            tx.posizione(&fermata.ente.codice_fiscale, &fermata.posizione).await?;
        }
        let mut tappe = Vec::new();
        for (index, fermata) in partente.fermate.iter().enumerate() {
            let (posizione, numero, importo) = match self.open_fermata(&mut tx, fermata, now).await? {
                Ok(opened) => opened,
                Err(partenza) => return Ok(Opening::No(partenza)),
            };
            let from_form = improntable.get(index).copied().unwrap_or_default();
            let tentativo = Tentativo {
                id: ids::new_id()?,
                ente: fermata.ente.codice_fiscale.clone(),
                posizione_id: posizione.id.clone(),
                numero,
                importo,
                stato: StatoTentativo::Creato,
                esito_dichiarato: None,
                chiave: chiave_of(&chiave, partente.in_carrello, index),
                sessione_sha256: Some(ids::sha256_hex(partente.sessione.as_bytes())),
                cart_url: None,
                lingua: Some(partente.lingua),
                problema: None,
                email: email.cloned(),
                carrello: carrello.clone(),
                impronta: from_form.then(|| self.impronta_pagamento(&posizione)),
                created_at: now,
                returned_at: None,
            };
            tappe.push(Tappa { ente: fermata.ente.clone(), posizione, tentativo });
        }
        if alternative(tappe.iter().map(|tappa| (&tappa.posizione, &tappa.tentativo.numero))) {
            return Ok(Opening::No(Partenza::Alternative));
        }
        // a cart adds up what was read at different times; on the other pages the amount is one, and Checkout shows it again
        if partente.in_carrello && !partente.form.totale_is(Importo::sum(tappe.iter().map(|tappa| tappa.tentativo.importo))) {
            return Ok(Opening::No(Partenza::ImportoCambiato));
        }
        if let Some(earlier) = tx.tentativo_aperto_by_chiave(&chiave_of(&chiave, partente.in_carrello, 0)).await? {
            let age = now.duration_since(earlier.created_at);
            if age < CART_REUSED_FOR && !(earlier.stato == StatoTentativo::Creato && age > self.orphaned_after()) {
                return Ok(Opening::Under(Box::new(earlier)));
            }
            self.expire(&mut tx, earlier, now).await?;
        }
        if let Some(da_confermare) = self.to_confirm(&mut tx, partente, email, &tappe, now).await? {
            return Ok(Opening::No(da_confermare));
        }
        for Tappa { tentativo, .. } in &tappe {
            if !tx.insert_tentativo(tentativo).await? {
                return Err(PortalError::Inconsistent(format!(
                    "a trip under the key of {} appeared inside the transaction",
                    tentativo.id
                )));
            }
        }
        tx.commit().await?;
        Ok(Opening::New(tappe))
    }

    /// The position as it is now, published if it was a draft, and what its notice costs today.
    async fn open_fermata(
        &self,
        tx: &mut Tx,
        fermata: &Fermata,
        now: Timestamp,
    ) -> Result<Result<(Posizione, NumeroAvviso, Importo), Partenza>, PortalError> {
        let Some(mut posizione) = tx.posizione(&fermata.ente.codice_fiscale, &fermata.posizione).await? else {
            return Ok(Err(Partenza::NonTrovato));
        };
        let Some(numero) = posizione.rate.get(fermata.rata).map(|r| r.numero.clone()) else {
            return Ok(Err(Partenza::NonTrovato));
        };
        if posizione.stato == StatoPosizione::Bozza {
            let to = next_posizione(posizione.stato, EventoPosizione::Pubblica)?;
            tx.advance_posizione(&posizione, EventoPosizione::Pubblica, to, "il cittadino paga", now).await?;
            posizione.stato = to;
        }
        match posizione.pagabile(&numero, self.inner.clock.today()).map(|rata| rata.importo) {
            Ok(importo) => Ok(Ok((posizione, numero, importo))),
            Err(reason) => Ok(Err(Partenza::NonPagabile(reason))),
        }
    }

    /// What the citizen has not been shown yet, or not said yes to.
    async fn to_confirm(
        &self,
        tx: &mut Tx,
        partente: &Partente<'_>,
        email: Option<&Email>,
        tappe: &[Tappa],
        now: Timestamp,
    ) -> Result<Option<Partenza>, PortalError> {
        let mut doppioni: Vec<Doppione> = Vec::new();
        if !partente.form.anche_se() {
            for Tappa { tentativo, .. } in tappe {
                let Some(impronta) = &tentativo.impronta else { continue };
                let since = now.checked_sub(doppioni::FINESTRA).unwrap_or(Timestamp::MIN);
                let earlier = tx.tentativi_of_impronta(impronta, since, doppioni::GUARDATI_MAX).await?;
                doppioni.extend(doppioni::of(&earlier, &self.inner.clock));
            }
        }
        let shown = |email: &Email| {
            partente.form.email_vista.trim() == email.as_str()
                || partente.mostra_email
                    && tappe.iter().all(|tappa| tappa.posizione.debitore.email.as_deref() == Some(email.as_str()))
        };
        let email = email.filter(|email| !shown(email)).cloned();
        if email.is_none() && doppioni.is_empty() {
            return Ok(None);
        }
        let errors = if partente.form.is_confirmation() && !doppioni.is_empty() {
            vec![Reason::Missing.at("anche_se")]
        } else {
            Vec::<FieldError>::new()
        };
        Ok(Some(Partenza::Conferma(DaConfermare { email, doppioni, errors })))
    }

    /// Whoever began this trip is gone: it is over, for every notice of it that is still on its way.
    async fn expire(&self, tx: &mut Tx, earlier: Tentativo, now: Timestamp) -> Result<(), PortalError> {
        let trips = match &earlier.carrello {
            Some(carrello) => tx.tentativi_of_carrello(carrello).await?,
            None => vec![earlier],
        };
        for trip in trips.iter().filter(|trip| matches!(trip.stato, StatoTentativo::Creato | StatoTentativo::Inviato)) {
            let to = next_tentativo(trip.stato, EventoTentativo::Scade)?;
            tx.advance_tentativo(trip, EventoTentativo::Scade, to, TentativoChange::default(), now).await?;
        }
        Ok(())
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
    fn cart(&self, tappe: &[Tappa], email: Option<&Email>, lingua: Lingua, now: Timestamp) -> Result<Cart, PortalError> {
        let Some(first) = tappe.first() else { return Err(PortalError::Inconsistent("a trip to nowhere".to_owned())) };
        let (kind, id, place) = match &first.tentativo.carrello {
            Some(carrello) => (Kind::RitornoCarrello, carrello, "carrello"),
            None => (Kind::Ritorno, &first.tentativo.id, first.ente.slug.as_str()),
        };
        let back = |esito: EsitoDichiarato| -> Result<Url, PortalError> {
            let token = self.seal_expiring(kind, id, detail_of(esito), now + RITORNO_TTL)?;
            let path = lingua.path(&format!("/{place}/ritorno/{token}"));
            self.inner.settings.public_url.join(&path).map_err(|e| PortalError::Inconsistent(format!("public_url: {e}")))
        };
        let mut all_ccp = true;
        let mut notices = Vec::new();
        for Tappa { ente, posizione, tentativo } in tappe {
            let rata =
                posizione.rata(&tentativo.numero).ok_or_else(|| PortalError::Inconsistent(format!("trip {}", tentativo.id)))?;
            all_ccp &= rata.all_ccp();
            notices.push(CartNotice {
                numero: rata.numero.clone(),
                ente: ente.codice_fiscale.clone(),
                importo: rata.importo,
                nome_ente: ente.nome.clone(),
                descrizione: posizione.causale.clone(),
            });
        }
        Ok(Cart {
            id: first.tentativo.id_cart().to_owned(),
            notices,
            // what the ente knows of the debtor is not told to whoever pays
            email: email.map(|email| email.as_str().to_owned()),
            return_ok: back(EsitoDichiarato::Ok)?,
            return_cancel: back(EsitoDichiarato::Annullato)?,
            return_error: back(EsitoDichiarato::Errore)?,
            return_waiting: back(EsitoDichiarato::Attesa)?,
            all_ccp,
        })
    }

    /// Takes an edge on what is written now, for all of a trip: a receipt may have come since it was read, and then what it closed stays
    /// as it is.
    pub(crate) async fn advance(
        &self,
        trips: &[&Tentativo],
        evento: EventoTentativo,
        change: &TentativoChange,
    ) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        for trip in trips {
            let Some(current) = tx.tentativo(&trip.id).await? else {
                return Err(PortalError::Inconsistent(format!("trip {} vanished", trip.id)));
            };
            if let Ok(to) = TRANSIZIONI.advance(current.stato, evento) {
                tx.advance_tentativo(&current, evento, to, change.clone(), self.inner.clock.now()).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// Another address is another wish: what was begun with a wrong one does not take the right one's letters.
fn chiave(partente: &Partente<'_>, email: Option<&Email>) -> String {
    match email {
        None => ids::sha256_hex(partente.chiave.as_bytes()),
        Some(email) => ids::sha256_hex(format!("{}\n{}", partente.chiave, email.as_str()).as_bytes()),
    }
}

/// Of the notices of a cart each has its own, in their order.
fn chiave_of(chiave: &str, in_carrello: bool, index: usize) -> String {
    if in_carrello { format!("{chiave}/{index}") } else { chiave.to_owned() }
}

/// Whether some of these pay the same debt in different ways: the whole and an instalment, two wholes, one thing twice.
pub(crate) fn alternative<'a>(all: impl Iterator<Item = (&'a Posizione, &'a NumeroAvviso)>) -> bool {
    let mut seen: Vec<(&Posizione, &NumeroAvviso, bool)> = Vec::new();
    for (posizione, numero) in all {
        let unica = posizione.rata(numero).is_none_or(|rata| rata.opzione == Opzione::Unica);
        let clash = |(other, other_numero, other_unica): &(&Posizione, &NumeroAvviso, bool)| {
            other.id == posizione.id && (unica || *other_unica || *other_numero == numero)
        };
        if seen.iter().any(clash) {
            return true;
        }
        seen.push((posizione, numero, unica));
    }
    false
}

fn next_posizione(from: StatoPosizione, evento: EventoPosizione) -> Result<StatoPosizione, PortalError> {
    posizione::TRANSIZIONI.advance(from, evento).map_err(|e| PortalError::Inconsistent(e.to_string()))
}

fn next_tentativo(from: StatoTentativo, evento: EventoTentativo) -> Result<StatoTentativo, PortalError> {
    TRANSIZIONI.advance(from, evento).map_err(|e| PortalError::Inconsistent(e.to_string()))
}

pub(crate) fn detail_of(esito: EsitoDichiarato) -> usize {
    match esito {
        EsitoDichiarato::Ok => 0,
        EsitoDichiarato::Annullato => 1,
        EsitoDichiarato::Errore => 2,
        EsitoDichiarato::Attesa => 3,
    }
}

pub(crate) fn esito_of(detail: u8) -> Option<EsitoDichiarato> {
    match detail {
        0 => Some(EsitoDichiarato::Ok),
        1 => Some(EsitoDichiarato::Annullato),
        2 => Some(EsitoDichiarato::Errore),
        3 => Some(EsitoDichiarato::Attesa),
        _ => None,
    }
}
