//! What was sent to a Sportello and what it answered: the side of the Nodo, which never forgets.

use crate::harness::receipt;
use domain::{Importo, NumeroAvviso, Posizione};
use nodo::pa_for_node::SendRtRequest;
use nodo::pa_for_node::client::encode_send_rt;
use portal::ids::sha256_hex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The same bytes, however often they were sent.
#[derive(Clone, Debug)]
pub struct Message {
    pub raw: Arc<[u8]>,
    pub sent: u32,
    pub answered: u32,
}

/// A receipt under a `receiptId`, as it was sent the first time.
#[derive(Clone, Debug)]
pub struct Sent {
    pub request: SendRtRequest,
    pub sha256: String,
}

/// A summary that the citizen was led to, and the number of what is paid there as the page says it.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub path: String,
    pub detail: String,
}

#[derive(Debug, Default)]
pub struct Book {
    /// By `receiptId`.
    pub receipts: BTreeMap<String, Sent>,
    /// By digest.
    pub messages: BTreeMap<String, Message>,
    /// Digests of messages whose `receiptId` was answered OK before, with other content.
    pub conflicts: Vec<String>,
    pub pages: Vec<Confirmed>,
    /// What the station answered 503: not stored, said so.
    pub refused: u64,
}

impl Book {
    /// Notes a new receipt; its bytes.
    pub fn add(&mut self, request: SendRtRequest) -> Arc<[u8]> {
        let raw = self.note(&request);
        let sha256 = sha256_hex(&raw);
        self.receipts.insert(request.ricevuta.receipt_id.clone(), Sent { request, sha256 });
        raw
    }

    /// Notes another content under the `receiptId` of a receipt that was answered OK.
    pub fn add_conflict(&mut self, of: &SendRtRequest) -> Arc<[u8]> {
        let mut other = of.clone();
        let more = Importo::of_cents(of.ricevuta.importo.cents() + 1);
        other.ricevuta.importo = more;
        other.ricevuta.versamenti[0].importo = Importo::of_cents(of.ricevuta.versamenti[0].importo.cents() + 1);
        let raw = self.note(&other);
        self.conflicts.push(sha256_hex(&raw));
        raw
    }

    fn note(&mut self, request: &SendRtRequest) -> Arc<[u8]> {
        let raw: Arc<[u8]> = encode_send_rt(request).into();
        self.messages.entry(sha256_hex(&raw)).or_insert(Message { raw: Arc::clone(&raw), sent: 0, answered: 0 });
        raw
    }

    pub fn sending(&mut self, raw: &[u8]) {
        self.messages.get_mut(&sha256_hex(raw)).unwrap().sent += 1;
    }

    pub fn answered(&mut self, raw: &[u8]) {
        self.messages.get_mut(&sha256_hex(raw)).unwrap().answered += 1;
    }

    pub fn is_answered(&self, sent: &Sent) -> bool {
        self.messages[&sent.sha256].answered > 0
    }

    /// What the Nodo sends again.
    pub fn unanswered(&self) -> Vec<Arc<[u8]>> {
        self.messages.values().filter(|m| m.sent > 0 && m.answered == 0).map(|m| Arc::clone(&m.raw)).collect()
    }

    /// Receipts that were answered OK.
    pub fn acknowledged(&self) -> usize {
        self.receipts.values().filter(|sent| self.is_answered(sent)).count()
    }
}

/// A receipt for a position with one way to pay, or for a notice that nobody wrote (`numero`).
pub fn receipt_for(posizione: &Posizione, numero: Option<NumeroAvviso>, id: &str) -> SendRtRequest {
    let mut rata = posizione.rate[0].clone();
    if let Some(numero) = numero {
        rata.numero = numero;
    }
    receipt(posizione, &rata, id)
}

/// A notice number of the same ente that nobody wrote.
pub fn unknown_notice(posizione: &Posizione, number: u64) -> NumeroAvviso {
    let ours = &posizione.rate[0].numero.as_str()[..3];
    NumeroAvviso::parse(&format!("{ours}{:015}", number % 1_000_000_000_000_000)).unwrap()
}
