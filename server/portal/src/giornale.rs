//! Giornale degli eventi: every message with pagoPA, in and out (SANP 3.12.0, "Giornale degli eventi"), masked, for 24 months.
//!
//! Our own calls are noted before anything is made of their answer. The Nodo's are answered first and noted within a second, many in
//! one transaction: two seconds are all an answer may take, and a receipt has its own proof, the inbox. What cannot be noted, because
//! the database is away for long, is counted ([`Portal::giornale_persi`]) and let go.

use crate::stazione::Risposta;
use crate::{Portal, PortalError, ids};
use domain::{CodiceFiscaleEnte, NumeroAvviso};
use jiff::{SignedDuration, Timestamp};
use nodo::checkout::CheckoutError;
use nodo::pa_for_node::{self as wire, DecodeError, Request};
use nodo::rest::{Esito, Exchange, masked};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Evento, Verso};
use tokio::sync::{Mutex, mpsc, watch};

/// How long a message is kept: 24 months at least (SANP); some days more, as months differ.
pub(crate) const TTL: SignedDuration = SignedDuration::from_hours(24 * (2 * 366 + 1));
/// Messages that wait to be noted: 50 s of 200 a second, at some 400 bytes each 4 MB.
const WAITING_MAX: usize = 10_000;
/// Noted in one transaction.
const BATCH: usize = 500;
/// How often what waits is noted.
const EVERY: Duration = Duration::from_millis(500);

/// What waits to be noted.
#[derive(Debug)]
pub(crate) struct Giornale {
    sender: mpsc::Sender<Evento>,
    receiver: Mutex<Attesa>,
    lost: AtomicU64,
}

#[derive(Debug)]
struct Attesa {
    receiver: mpsc::Receiver<Evento>,
    /// Taken out and not yet written.
    batch: Vec<Evento>,
}

impl Default for Giornale {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let receiver = Mutex::new(Attesa { receiver, batch: Vec::new() });
        Self { sender, receiver, lost: AtomicU64::new(0) }
    }
}

/// An identifier, as the Giornale may know it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Riferimento {
    pub(crate) mascherato: Option<String>,
    pub(crate) impronta: Option<String>,
}

impl Riferimento {
    pub(crate) fn new(portal: &Portal, id: Option<&str>) -> Self {
        let id = id.filter(|id| !id.is_empty());
        Self { mascherato: id.map(masked), impronta: id.map(|id| portal.impronta_of(id)) }
    }
}

/// A call of ours.
pub(crate) fn uscita(
    ente: Option<&CodiceFiscaleEnte>,
    about: &Riferimento,
    exchange: &Exchange,
    codice: Option<String>,
) -> Evento {
    Evento {
        at: exchange.started,
        verso: Verso::Uscita,
        controparte: exchange.peer.to_owned(),
        operazione: exchange.operation.to_owned(),
        ente: ente.map(ToString::to_string),
        riferimento: about.mascherato.clone().or_else(|| exchange.reference.clone()),
        impronta: about.impronta.clone(),
        esito: match exchange.esito {
            Esito::Fatto => "FATTO",
            Esito::Rifiutato => "RIFIUTATO",
            Esito::Riprova => "RIPROVA",
            Esito::Incerto => "INCERTO",
            Esito::NonInviato => "NON_INVIATO",
        }
        .to_owned(),
        stato: exchange.status,
        codice,
        durata_ms: exchange.took_ms,
        byte_richiesta: Some(exchange.request_bytes),
        byte_risposta: Some(exchange.answer_bytes),
        sha256_richiesta: exchange.request_sha256.clone(),
        sha256_risposta: exchange.answer_sha256.clone(),
    }
}

/// A call of the Nodo. What it was about is read once more: that is cheaper than to carry it through every answer.
pub(crate) fn entrata(portal: &Portal, raw: &[u8], risposta: &Risposta, at: Timestamp, took: Duration) -> Evento {
    let (operazione, ente, numero) = match wire::decode(raw) {
        Ok(Request::Verify(r)) => (operation(raw), Some(r.instradamento.ente), Some(r.numero)),
        Ok(Request::GetPayment(r)) => (operation(raw), Some(r.instradamento.ente), Some(r.numero)),
        Ok(Request::SendRt(r)) => (operation(raw), Some(r.instradamento.ente), Some(r.ricevuta.numero_avviso)),
        Ok(Request::Demand(r)) => (operation(raw), Some(r.instradamento.ente), None),
        Err(DecodeError::Invalid { operation, instradamento, .. }) => (operation.name(), instradamento.map(|i| i.ente), None),
        Err(DecodeError::NotSoap(_)) => ("sconosciuta", None, None),
    };
    let about = Riferimento::new(portal, numero.as_ref().map(NumeroAvviso::as_str));
    let (esito, stato, codice, answer): (_, _, _, &[u8]) = match risposta {
        Risposta::Soap(bytes) => match fault_code(bytes) {
            None => ("OK", 200, None, bytes),
            Some(code) => ("KO", 200, Some(code.to_owned()), bytes),
        },
        Risposta::NotSoap(_) => ("RIFIUTATO", 400, None, &[]),
        Risposta::Unavailable => ("RIPROVA", 503, None, &[]),
    };
    Evento {
        at,
        verso: Verso::Entrata,
        controparte: "NODO".to_owned(),
        operazione: operazione.to_owned(),
        // whoever calls can write anything there: only what can be an ente is kept
        ente: ente.filter(|ente| CodiceFiscaleEnte::parse(ente).is_ok()),
        riferimento: about.mascherato,
        impronta: about.impronta,
        esito: esito.to_owned(),
        stato: Some(stato),
        codice,
        durata_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        byte_richiesta: Some(raw.len()),
        byte_risposta: Some(answer.len()),
        sha256_richiesta: Some(ids::sha256_hex(raw)),
        sha256_risposta: (!answer.is_empty()).then(|| ids::sha256_hex(answer)),
    }
}

fn operation(raw: &[u8]) -> &'static str {
    wire::operation(raw).map_or("sconosciuta", wire::Operation::name)
}

/// Of an envelope that we wrote ourselves.
fn fault_code(envelope: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(envelope).ok()?;
    let (_, rest) = text.split_once("<faultCode>")?;
    rest.split_once("</faultCode>").map(|(code, _)| code)
}

/// A cart handed to Checkout.
pub(crate) fn carrello(
    portal: &Portal,
    ente: &CodiceFiscaleEnte,
    numero: &NumeroAvviso,
    answer: Result<(), &CheckoutError>,
    at: Timestamp,
    took: Duration,
) -> Evento {
    let about = Riferimento::new(portal, Some(numero.as_str()));
    let (esito, stato) = match answer {
        Ok(()) => ("FATTO", Some(302)),
        Err(CheckoutError::Refused { status, .. }) => ("RIFIUTATO", Some(*status)),
        Err(CheckoutError::Failed { status }) => ("RIPROVA", Some(*status)),
        Err(CheckoutError::BadAnswer(_)) => ("INCERTO", None),
        Err(CheckoutError::Busy { .. } | CheckoutError::Unreachable(_) | CheckoutError::Timeout) => ("RIPROVA", None),
    };
    Evento {
        at,
        verso: Verso::Uscita,
        controparte: "CHECKOUT".to_owned(),
        operazione: "PostCarts".to_owned(),
        ente: Some(ente.to_string()),
        riferimento: about.mascherato,
        impronta: about.impronta,
        esito: esito.to_owned(),
        stato,
        codice: None,
        durata_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        byte_richiesta: None,
        byte_risposta: None,
        sha256_richiesta: None,
        sha256_risposta: None,
    }
}

impl Portal {
    /// What an identifier (a notice number, an IUV, a `receiptId`, an iupd, a flow) is found by in the Giornale. Keyed: whoever has
    /// the table alone cannot try all numbers.
    pub fn impronta_of(&self, id: &str) -> String {
        ids::hex(&self.inner.giornale_key.mac(&[id.as_bytes()])[..16])
    }

    /// To be noted soon.
    pub(crate) fn note(&self, evento: Evento) {
        if self.inner.giornale.sender.try_send(evento).is_err() {
            self.inner.giornale.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many messages could not be noted since the start.
    pub fn giornale_persi(&self) -> u64 {
        self.inner.giornale.lost.load(Ordering::Relaxed)
    }

    /// Notes what waits, now and then, until `stop` is true or its sender gone; then what is left.
    pub async fn run_giornale(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
            if let Err(error) = self.flush_giornale().await {
                tracing::warn!(%error, "messages could not be noted in the Giornale: later");
            }
        }
        if let Err(error) = self.flush_giornale().await {
            tracing::error!(%error, "the last messages could not be noted in the Giornale");
        }
    }

    /// Notes everything that waits; how many.
    ///
    /// # Errors
    /// [`PortalError`] of the store: they wait on.
    pub async fn flush_giornale(&self) -> Result<usize, PortalError> {
        let mut attesa = self.inner.giornale.receiver.lock().await;
        let mut noted = 0;
        loop {
            let Attesa { receiver, batch } = &mut *attesa;
            while batch.len() < BATCH {
                match receiver.try_recv() {
                    Ok(evento) => batch.push(evento),
                    Err(_) => break,
                }
            }
            if batch.is_empty() {
                return Ok(noted);
            }
            let mut tx = self.inner.store.begin().await?;
            for evento in batch.iter() {
                tx.insert_evento(evento).await?;
            }
            tx.commit().await?;
            noted += batch.len();
            batch.clear();
        }
    }
}
