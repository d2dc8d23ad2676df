//! Everybody at once: the Nodo with receipts (new, again, in conflict with an earlier one), citizens with forms and "Paga".

use super::book::{Book, Confirmed, receipt_for, unknown_notice};
use super::process::{Place, client};
use super::rng::Rng;
use crate::harness::{PASTI, form};
use domain::Posizione;
use nodo::pa_for_node::client::{Check, Response, decode_response};
use nodo::pa_for_node::{Operation, SendRtRequest};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Whoever was asked is gone.
#[derive(Debug)]
pub struct Gone;

/// A Sportello under load.
#[derive(Debug)]
pub struct Load {
    place: Place,
    client: reqwest::Client,
    pub book: Mutex<Book>,
    /// Positions that receipts are sent for: drafts, open ones, paid ones.
    posizioni: Mutex<Vec<Posizione>>,
    names: AtomicU64,
}

impl Load {
    /// `posizioni` must not be empty.
    pub fn new(place: &Place, posizioni: Vec<Posizione>) -> Arc<Self> {
        Arc::new(Self {
            place: place.clone(),
            client: client(),
            book: Mutex::default(),
            posizioni: Mutex::new(posizioni),
            names: AtomicU64::new(0),
        })
    }

    pub fn set_posizioni(&self, posizioni: Vec<Posizione>) {
        *self.posizioni.lock().unwrap() = posizioni;
    }

    /// One client, until the process is gone.
    pub async fn work(&self, mut rng: Rng) {
        while self.step(&mut rng).await.is_ok() {}
    }

    async fn step(&self, rng: &mut Rng) -> Result<(), Gone> {
        match rng.below(100) {
            0..55 => self.deliver(&self.new_receipt(rng)).await.map(drop),
            55..72 => match self.an_old_one(rng) {
                Some(raw) => self.deliver(&raw).await.map(drop),
                None => Ok(()),
            },
            72..78 => match self.a_conflict(rng) {
                Some(raw) => self.deliver(&raw).await.map(drop),
                None => Ok(()),
            },
            78..93 => self.fill_in().await,
            _ => self.pay(rng).await,
        }
    }

    /// A new receipt, answered OK.
    pub async fn a_receipt(&self, rng: &mut Rng) -> Arc<[u8]> {
        let raw = self.new_receipt(rng);
        assert!(self.deliver(&raw).await.unwrap(), "503 on a Sportello at rest");
        raw
    }

    /// Noted in the book, not sent yet.
    pub fn new_receipt(&self, rng: &mut Rng) -> Arc<[u8]> {
        let id = format!("RT{}", self.names.fetch_add(1, Ordering::Relaxed));
        let request = {
            let posizioni = self.posizioni.lock().unwrap();
            let posizione = rng.pick(&posizioni).unwrap().clone();
            // one of three is for a notice that is not ours to know: it is kept all the same
            let numero = (rng.below(3) == 0).then(|| unknown_notice(&posizione, rng.next()));
            receipt_for(&posizione, numero, &id)
        };
        self.book.lock().unwrap().add(request)
    }

    fn an_old_one(&self, rng: &mut Rng) -> Option<Arc<[u8]>> {
        let book = self.book.lock().unwrap();
        let all: Vec<_> = book.messages.values().map(|m| &m.raw).collect();
        rng.pick(&all).map(|raw| Arc::clone(raw))
    }

    /// Only of what was answered: then it is sure which of the two came first.
    fn a_conflict(&self, rng: &mut Rng) -> Option<Arc<[u8]>> {
        let mut book = self.book.lock().unwrap();
        let answered: Vec<_> = book.receipts.values().filter(|sent| book.is_answered(sent)).map(|s| &s.request).collect();
        let request = SendRtRequest::clone(rng.pick(&answered)?);
        Some(book.add_conflict(&request))
    }

    /// To the station; whether it was answered OK. 503 is honest; a KO, or any other answer, is a broken promise.
    pub async fn deliver(&self, raw: &Arc<[u8]>) -> Result<bool, Gone> {
        self.book.lock().unwrap().sending(raw);
        let request = self.client.post(self.place.station()).header("Content-Type", "text/xml; charset=utf-8");
        let answer = request.body(raw.to_vec()).send().await.map_err(|_| Gone)?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.map_err(|_| Gone)?;
        let mut book = self.book.lock().unwrap();
        if status == 503 {
            assert!(!String::from_utf8_lossy(&bytes).contains("outcome"), "an outcome in a 503");
            book.refused += 1;
            return Ok(false);
        }
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(decode_response(Operation::SendRtV2, &bytes, &Check::default()).unwrap(), Response::Ok);
        book.answered(raw);
        Ok(true)
    }

    /// What the Nodo has no answer for comes again.
    pub async fn deliver_again(&self) {
        let unanswered = self.book.lock().unwrap().unanswered();
        for raw in unanswered {
            assert!(self.deliver(&raw).await.unwrap(), "not stored on a Sportello at rest");
        }
    }

    /// A form becomes a draft, or is told 503.
    pub async fn fill_in(&self) -> Result<(), Gone> {
        let detail = format!("classe {}", self.names.fetch_add(1, Ordering::Relaxed));
        let mut form = form();
        form.retain(|(name, _)| *name != "dettaglio");
        form.push(("dettaglio", &detail));
        let answer = self.client.post(self.place.url(0, PASTI)).form(&form).send().await.map_err(|_| Gone)?;
        if answer.status() == 503 {
            return Ok(());
        }
        assert_eq!(answer.status(), 303, "{}", self.place.log_text());
        let path = answer.headers()["location"].to_str().unwrap().to_owned();
        self.book.lock().unwrap().pages.push(Confirmed { path, detail });
        Ok(())
    }

    /// "Paga" on a summary: to Checkout, or told why not (a receipt may have paid it already).
    async fn pay(&self, rng: &mut Rng) -> Result<(), Gone> {
        let Some(path) = rng.pick(&self.book.lock().unwrap().pages).map(|page| page.path.clone()) else { return Ok(()) };
        let answer = self.client.post(self.place.url(0, &path)).send().await.map_err(|_| Gone)?;
        assert!(matches!(answer.status().as_u16(), 303 | 409 | 503), "{}", answer.status());
        Ok(())
    }

    /// A page that was confirmed still says what was confirmed.
    pub async fn assert_opens(&self, page: &Confirmed) {
        let answer = self.client.get(self.place.url(0, &page.path)).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status == 200 && text.contains(&page.detail) && text.contains("48,00"), "{}: {status} {text}", page.detail);
    }
}
