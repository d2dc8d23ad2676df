//! The calls to FdR.

use super::{Elenco, FlussoInElenco, PaginaRighe, Testata, elenco, riga, testata};
use crate::rest::{Answer, Budget, Call, Client, Clock, Peer, PeerError};
use domain::CodiceFiscaleEnte;
use jiff::Timestamp;

/// `TPS` in the OpenAPI.
pub const CALLS_PER_SECOND: u32 = 1;
/// `size`: `maximum` 1000 of the list; of the rows it is the default.
const SIZE: u32 = 1000;

/// `…/fdr-org/service/v1`.
#[derive(Clone, Debug)]
pub struct FdrClient(Client);

impl FdrClient {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("FDR", peer, clock).map(Self)
    }

    /// Flows published after an instant, in their latest revision. `pagina` counts from 1. Without an instant: those of about 30 days.
    pub async fn list(&self, ente: &CodiceFiscaleEnte, pubblicati_dopo: Option<Timestamp>, pagina: u64) -> Answer<Elenco> {
        let mut query = vec![("page", pagina.to_string()), ("size", SIZE.to_string())];
        query.extend(pubblicati_dopo.map(|after| ("publishedGt", after.to_string())));
        let path = ["organizations", ente.as_str(), "fdrs"];
        let call = Call { query: &query, ..Call::get("getAllPublishedFlows", &path) };
        self.0.send(call, |r| elenco::read(r.body)).await
    }

    /// What a flow says of itself. 404 (`FDR-3001`): no such revision.
    pub async fn header(&self, ente: &CodiceFiscaleEnte, flusso: &FlussoInElenco) -> Answer<Testata> {
        let revision = flusso.revisione.to_string();
        let path = path(ente, flusso, &revision);
        let call = Call { reference: Some(flusso.fdr.as_str()), ..Call::get("getSinglePublishedFlow", &path) };
        let asked_for = |testata: &Testata| testata.fdr == flusso.fdr && testata.revisione == flusso.revisione;
        self.0.send(call, |r| testata::read(r.body).and_then(|t| if asked_for(&t) { Ok(t) } else { Err("another flow") })).await
    }

    /// A page of its payments. `pagina` counts from 1; [`super::Raccolta`] says which is next.
    pub async fn payments(&self, ente: &CodiceFiscaleEnte, flusso: &FlussoInElenco, pagina: u64) -> Answer<PaginaRighe> {
        let revision = flusso.revisione.to_string();
        let mut path = path(ente, flusso, &revision).to_vec();
        path.push("payments");
        let query = [("page", pagina.to_string()), ("size", SIZE.to_string())];
        let call = Call {
            query: &query,
            reference: Some(flusso.fdr.as_str()),
            budget: Budget::FLOW,
            ..Call::get("getPaymentsFromPublishedFlow", &path)
        };
        self.0.send(call, |r| riga::read(r.body)).await
    }
}

fn path<'a>(ente: &'a CodiceFiscaleEnte, flusso: &'a FlussoInElenco, revision: &'a str) -> [&'a str; 8] {
    ["organizations", ente.as_str(), "fdrs", flusso.fdr.as_str(), "revisions", revision, "psps", &flusso.psp]
}
