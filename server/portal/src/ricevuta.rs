//! The Nodo tells: a receipt. The promise of the whole house lives here.
//!
//! 1. The raw bytes are durable before anything is judged; not durable ⇒ HTTP 503, and the Nodo sends it again.
//! 2. From then on the answer is OK, whatever the bytes say: a KO would make the Nodo throw the receipt away for ever. Only what is
//!    no XML to its end (cut off on its way) gets HTTP 400, and comes again.
//! 3. What it changes (receipt, position, trip) is one transaction; the same receipt again changes nothing. It does not wait for the
//!    disk a second time: should the power fail, it is done again from the bytes.
//!
//! Source: SANP 3.12.0 "Fase di invio della ricevuta"; the Nodo's own tests for what a KO does.

use crate::punti::Punto;
use crate::recupero::{DA_BIZ_EVENTS, DA_GPD};
use crate::stazione::Risposta;
use crate::{Portal, PortalError, ids, registro};
use domain::pagamento;
use domain::ricevuta::EventoRicevuta;
use domain::ricevuta::TRANSIZIONI;
use domain::{Anomalia, CodiceFiscaleEnte, Ente, Posizione, Ricevuta, StatoRicevuta};
use jiff::Timestamp;
use nodo::pa_for_node::{self as wire, DecodeError, Instradamento, Operation, Request};
use store::{EsitoInbox, Inserted, NewInbox, NewRicevuta, StoreError, Tentativo, TentativoChange, Tx};

/// What became of a receipt that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accolta {
    Nuova(Vec<Anomalia>),
    /// Known already: nothing changed.
    Ripetuta,
    /// Kept apart, for a person to look at.
    Quarantena(String),
    /// Kept apart too, and not even XML: cut off on its way, it may come whole the next time.
    Illeggibile(&'static str),
}

/// A transaction that loses a race is run again this many times.
const STALE_RETRIES: u8 = 3;

impl Portal {
    /// paSendRT and paSendRTV2.
    pub(crate) async fn take_receipt(&self, operation: Operation, raw: &[u8], peer: Option<&str>) -> Risposta {
        let Ok(inbox_id) = ids::new_id() else { return Risposta::Unavailable };
        let sha256 = ids::sha256_hex(raw);
        let entry = NewInbox {
            id: inbox_id.clone(),
            received_at: self.inner.clock.now(),
            peer: peer.map(str::to_owned),
            operazione: operation.name().to_owned(),
            raw,
            sha256: &sha256,
        };
        if let Err(error) = self.inner.store.keep(&entry).await {
            tracing::error!(%error, receipt.sha256 = sha256, "a receipt could not be stored: the Nodo will send it again");
            return Risposta::Unavailable;
        }
        match Box::pin(self.receive(&inbox_id, operation.name(), raw)).await {
            Ok(Accolta::Nuova(anomalie)) if anomalie.is_empty() => tracing::info!(inbox.id = inbox_id, "a receipt arrived"),
            Ok(Accolta::Nuova(anomalie)) => {
                tracing::warn!(inbox.id = inbox_id, ?anomalie, "a receipt arrived with something odd")
            }
            Ok(Accolta::Ripetuta) => tracing::info!(inbox.id = inbox_id, "a receipt came again"),
            Ok(Accolta::Quarantena(why)) => tracing::error!(inbox.id = inbox_id, why, "a receipt needs somebody to look at it"),
            Ok(Accolta::Illeggibile(why)) => {
                tracing::error!(inbox.id = inbox_id, why, "a receipt cannot be read at all: the Nodo is asked to send it again");
                return Risposta::NotSoap(why);
            }
            Err(error) => {
                // the bytes are safe, their effect is not: ask for them again, and take them up at the next start as well
                tracing::error!(%error, inbox.id = inbox_id, "a stored receipt could not be worked on");
                return Risposta::Unavailable;
            }
        }
        Risposta::Soap(wire::encode_receipt_ok(operation))
    }

    /// Works on what was stored and then interrupted. Run at start; the number of entries settled.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn resume_inbox(&self) -> Result<usize, PortalError> {
        let pending = self.inner.store.pending_inbox().await?;
        for (inbox_id, operazione, raw) in &pending {
            let accolta = self.receive(inbox_id, operazione, raw).await?;
            tracing::info!(inbox.id = inbox_id, ?accolta, "took up a receipt stored earlier");
        }
        Ok(pending.len())
    }

    /// As [`Portal::resume_inbox`], for a server at work: only what came before an instant, the rest is in the hands of whoever took it
    /// in. One that cannot be worked on does not keep the others waiting. How many were settled.
    ///
    /// # Errors
    /// [`PortalError`] of the first that could not be worked on, when all were tried.
    pub(crate) async fn resume_inbox_before(&self, before: Timestamp) -> Result<usize, PortalError> {
        let pending = self.inner.store.pending_inbox_before(before).await?;
        let mut failed = None;
        for (inbox_id, operazione, raw) in &pending {
            match self.receive(inbox_id, operazione, raw).await {
                Ok(accolta) => tracing::info!(inbox.id = inbox_id, ?accolta, "took up a receipt stored earlier"),
                Err(error) => {
                    tracing::error!(%error, inbox.id = inbox_id, "a stored receipt could not be worked on");
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(pending.len()), Err)
    }

    /// Works on what is kept. `operazione`: of the Nodo, or where it was fetched.
    pub(crate) async fn receive(&self, inbox_id: &str, operazione: &str, raw: &[u8]) -> Result<Accolta, PortalError> {
        Punto::InboxTenuto.reach()?;
        let request = match operazione {
            DA_BIZ_EVENTS => match nodo::biz_events::decode(raw) {
                Ok(ricevuta) => Arrivata { ente: ricevuta.ente.to_string(), da: None, ricevuta },
                Err(why) => return self.quarantine(inbox_id, why).await,
            },
            DA_GPD => match wire::decode_receipt(raw) {
                Ok(request) => Arrivata { ente: request.instradamento.ente, da: None, ricevuta: request.ricevuta },
                Err(DecodeError::Invalid { reason, .. }) => return self.quarantine(inbox_id, &reason).await,
                Err(DecodeError::NotSoap(why)) => return self.quarantine(inbox_id, why).await,
            },
            _ => match wire::decode(raw) {
                Ok(Request::SendRt(request)) => Arrivata {
                    ente: request.instradamento.ente.clone(),
                    da: Some(request.instradamento),
                    ricevuta: request.ricevuta,
                },
                Ok(_) => return self.quarantine(inbox_id, "another operation than paSendRT").await,
                Err(DecodeError::Invalid { reason, .. }) => return self.quarantine(inbox_id, &reason).await,
                Err(DecodeError::NotSoap(why)) => {
                    self.quarantine(inbox_id, why).await?;
                    return Ok(Accolta::Illeggibile(why));
                }
            },
        };
        let Some(ente) = self.inner.store.ente_by_codice_fiscale(&request.ente).await? else {
            return self.quarantine(inbox_id, "addressed to an ente that is not ours").await;
        };
        let mut tries = 0;
        loop {
            match Box::pin(self.record(inbox_id, &ente, &request)).await {
                Err(PortalError::Store(StoreError::Stale)) if tries < STALE_RETRIES => tries += 1,
                other => return other,
            }
        }
    }

    /// One transaction: the receipt, and what it changes.
    async fn record(&self, inbox_id: &str, ente: &Ente, request: &Arrivata) -> Result<Accolta, PortalError> {
        let now = self.inner.clock.now();
        let ricevuta = &request.ricevuta;
        // the bytes are on the disk, not judged: what is lost of this is done again by `resume_inbox`
        let mut tx = self.inner.store.begin_redoable().await?;
        if !tx.is_pending(inbox_id).await? {
            // another server took it up meanwhile, after a crash
            return Ok(Accolta::Ripetuta);
        }
        // a receipt for another ente's notice reaches us when a transfer of it is ours
        let own = ricevuta.ente == ente.codice_fiscale;
        let posizione = if own { tx.posizione_by_avviso(&ente.codice_fiscale, &ricevuta.numero_avviso).await? } else { None };
        // one that says KO tells of no money: it is kept for somebody to look at, and closes nothing
        let paid = posizione.as_ref().filter(|_| ricevuta.esito_ok);
        let effetto = paid.and_then(|p| p.on_receipt(ricevuta, self.inner.clock.today()));
        let mut anomalie = ricevuta.anomalie();
        anomalie.extend(misrouted(ente, request));
        match &effetto {
            Some(effetto) => anomalie.extend(effetto.anomalie.iter().cloned()),
            None if own && posizione.is_none() => anomalie.push(Anomalia::PosizioneSconosciuta),
            None => {}
        }
        let stato = judge(&anomalie)?;
        let entry = NewRicevuta {
            id: ids::new_id()?,
            ente_destinatario: ente.codice_fiscale.to_string(),
            ricevuta,
            stato,
            anomalie: &anomalie,
            inbox_id,
            sha256: &content_digest(ricevuta)?,
            posizione_id: posizione.as_ref().map(|p| p.id.as_str()),
            received_at: now,
        };
        let (esito, accolta) = match tx.insert_ricevuta(&entry).await? {
            Inserted::Same => (EsitoInbox::Ripetuto, Accolta::Ripetuta),
            Inserted::Conflict if self.is_told_otherwise(&mut tx, ente, request).await? => {
                (EsitoInbox::Ripetuto, Accolta::Ripetuta)
            }
            Inserted::Conflict => {
                (EsitoInbox::Quarantena, Accolta::Quarantena("same receiptId as another receipt, other content".to_owned()))
            }
            Inserted::New => {
                if let (Some(posizione), Some(effetto)) = (&posizione, &effetto) {
                    let perche = format!("ricevuta {}", entry.id);
                    tx.advance_posizione(posizione, effetto.evento, effetto.stato, &perche, now).await?;
                    tx.mark_rata_pagata(&ente.codice_fiscale, &ricevuta.numero_avviso, now).await?;
                    let closed = self.close_trips(&mut tx, posizione, ricevuta, &ente.codice_fiscale).await?;
                    if let Some(servizio) = &posizione.servizio {
                        tx.count_pagamento(&ente.codice_fiscale, servizio, self.inner.clock.civil(now).date()).await?;
                    }
                    self.announce(&mut tx, (&entry.id, ricevuta), &closed, now).await?;
                }
                (EsitoInbox::Accettato, Accolta::Nuova(anomalie.clone()))
            }
        };
        let dettaglio = if let Accolta::Quarantena(why) = &accolta { Some(why.as_str()) } else { None };
        tx.settle_inbox(inbox_id, esito, dettaglio).await?;
        if esito == EsitoInbox::Accettato {
            registro::record(&mut tx, &entry.id, &entry.ente_destinatario, ricevuta, now).await?;
        }
        Punto::RicevutaScritta.reach()?;
        tx.commit().await?;
        Punto::RicevutaConfermata.reach()?;
        Ok(accolta)
    }

    /// The same payment, told once by the Nodo and once by a service that tells less of it ([`crate::recupero`]).
    async fn is_told_otherwise(&self, tx: &mut Tx, ente: &Ente, request: &Arrivata) -> Result<bool, PortalError> {
        let id = &request.ricevuta.receipt_id;
        let Some(kept) = tx.ricevuta_by_receipt_id(ente.codice_fiscale.as_str(), id).await? else { return Ok(false) };
        let fetched = match request.da {
            None => true,
            Some(_) => matches!(tx.inbox_operazione(&kept.inbox_id).await?.as_deref(), Some(DA_BIZ_EVENTS | DA_GPD)),
        };
        Ok(fetched && kept.ricevuta.is_same_payment(&request.ricevuta))
    }

    /// The trip that carried this receipt (its idCart comes back as paymentNote); without that mark, every open trip of the notice.
    /// Those that it closed.
    async fn close_trips(
        &self,
        tx: &mut Tx,
        posizione: &Posizione,
        ricevuta: &Ricevuta,
        ente: &CodiceFiscaleEnte,
    ) -> Result<Vec<Tentativo>, PortalError> {
        let mut closed = Vec::new();
        let trips = tx.tentativi_of_avviso(ente, &ricevuta.numero_avviso).await?;
        let marked = ricevuta.nota.as_deref().is_some_and(|nota| trips.iter().any(|t| t.id_cart() == nota));
        for trip in trips.into_iter().filter(|t| t.posizione_id == posizione.id) {
            if marked && ricevuta.nota.as_deref() != Some(trip.id_cart()) {
                continue;
            }
            if let Ok(to) = pagamento::TRANSIZIONI.advance(trip.stato, pagamento::EventoTentativo::Ricevuta) {
                let now = self.inner.clock.now();
                tx.advance_tentativo(&trip, pagamento::EventoTentativo::Ricevuta, to, TentativoChange::default(), now).await?;
                closed.push(trip);
            }
        }
        Ok(closed)
    }

    async fn quarantine(&self, inbox_id: &str, why: &str) -> Result<Accolta, PortalError> {
        let mut tx = self.inner.store.begin_redoable().await?;
        tx.settle_inbox(inbox_id, EsitoInbox::Quarantena, Some(why)).await?;
        tx.commit().await?;
        Punto::QuarantenaConfermata.reach()?;
        Ok(Accolta::Quarantena(why.to_owned()))
    }
}

/// A receipt on its way in.
#[derive(Debug)]
struct Arrivata {
    /// The addressee.
    ente: String,
    /// How the Nodo addressed it; `None`: it was fetched.
    da: Option<Instradamento>,
    ricevuta: Ricevuta,
}

/// Sent through another intermediary or station than the ente's: real money all the same (GovPay issue 832).
fn misrouted(ente: &Ente, request: &Arrivata) -> Vec<Anomalia> {
    let mut anomalie = Vec::new();
    let Some(to) = &request.da else { return anomalie };
    if to.intermediario != ente.stazione.intermediario {
        anomalie.push(Anomalia::IntermediarioInatteso { intermediario: to.intermediario.clone() });
    }
    if to.stazione != ente.stazione.id {
        anomalie.push(Anomalia::StazioneInattesa { stazione: to.stazione.clone() });
    }
    anomalie
}

fn judge(anomalie: &[Anomalia]) -> Result<StatoRicevuta, PortalError> {
    let evento = if anomalie.is_empty() { EventoRicevuta::Convalida } else { EventoRicevuta::Segnala };
    TRANSIZIONI.advance(StatoRicevuta::Ricevuta, evento).map_err(|e| PortalError::Inconsistent(e.to_string()))
}

/// Two receipts with the same facts are the same receipt, however the XML is spelt.
fn content_digest(ricevuta: &Ricevuta) -> Result<String, PortalError> {
    let json = serde_json::to_vec(ricevuta).map_err(|e| PortalError::Inconsistent(format!("receipt as JSON: {e}")))?;
    Ok(ids::sha256_hex(&json))
}
