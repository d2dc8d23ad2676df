//! Every receipt this pagoPA issued, whether or not it reached its station: what can be fetched later, and what goes into a flow.

use domain::Ricevuta;
use nodo::pa_for_node::SendRtRequest;
use nodo::pa_for_node::client::encode_receipt_document;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// At about 6 KB a receipt with its document, 60 MB at most; the oldest makes room.
const RICEVUTE_MAX: usize = 10_000;

/// A receipt that was issued.
#[derive(Debug)]
pub(crate) struct Emessa {
    pub ricevuta: Ricevuta,
    /// As GPD keeps it; `None` when the position was not GPD's.
    pub documento: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
pub(crate) struct Ricevute(Mutex<VecDeque<Arc<Emessa>>>);

impl Ricevute {
    /// Keeps a receipt. `da_gpd`: GPD answered for its position and keeps the document.
    pub(crate) fn insert(&self, request: &SendRtRequest, da_gpd: bool) {
        let documento = da_gpd.then(|| encode_receipt_document(request));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= RICEVUTE_MAX {
            all.pop_front();
        }
        all.push_back(Arc::new(Emessa { ricevuta: request.ricevuta.clone(), documento }));
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Emessa>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Of an ente that has a transfer in it: the first of its notice, or another.
    pub(crate) fn of_ente(&self, ente: &str) -> Vec<Arc<Emessa>> {
        let mut all = self.all();
        all.retain(|e| e.ricevuta.ente.as_str() == ente || e.ricevuta.versamenti.iter().any(|v| v.ente.as_str() == ente));
        all
    }
}
