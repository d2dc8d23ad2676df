//! What the first page of an ente says: what waits for somebody, and what came in.

use crate::{Portal, PortalError};
use domain::{Ente, Importo, StatoPosizione};
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::Aperte;

/// A month of days, today the last.
const GIORNI: i64 = 30;

/// The first page.
#[derive(Clone, Debug)]
pub struct Quadro {
    /// Receipts that somebody has to look at.
    pub ricevute: Aperte,
    /// Flows of which something is missing.
    pub flussi: Aperte,
    pub aperte: i64,
    pub scadute: i64,
    /// Services that citizens do not see.
    pub spenti: Vec<String>,
    /// Thirty days, those with nothing too.
    pub giorni: Vec<Giorno>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Giorno {
    pub giorno: Date,
    pub quanti: i64,
    pub importo: Importo,
}

impl Portal {
    /// What needs somebody today, and what came in.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn quadro(&self, ente: &Ente) -> Result<Quadro, PortalError> {
        let (store, cf) = (&self.inner.store, &ente.codice_fiscale);
        let oggi = self.inner.clock.today();
        let first = oggi.saturating_sub((GIORNI - 1).days());
        let incassi = match super::inizio(Some(first)) {
            Some(dal) => store.incassi(cf, dal).await?,
            None => Vec::new(),
        };
        let giorni = (0..GIORNI)
            .map(|n| {
                let giorno = first.saturating_add(n.days());
                let found = incassi.iter().find(|incasso| incasso.giorno == giorno);
                Giorno {
                    giorno,
                    quanti: found.map_or(0, |incasso| incasso.quanti),
                    importo: found.map_or_else(Importo::default, |incasso| incasso.importo),
                }
            })
            .collect();
        let spenti = store.list_servizi(cf).await?.into_iter().filter(|servizio| !servizio.attivo).map(|servizio| servizio.nome);
        Ok(Quadro {
            ricevute: store.ricevute_aperte(cf).await?,
            flussi: store.flussi_aperti(cf).await?,
            aperte: store.conta_posizioni(cf, StatoPosizione::Aperta).await?,
            scadute: store.conta_posizioni(cf, StatoPosizione::Scaduta).await?,
            spenti: spenti.collect(),
            giorni,
        })
    }
}
