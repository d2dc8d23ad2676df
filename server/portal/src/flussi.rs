//! The PSPs tell which payments they credited (FdR): listed, fetched page by page, kept as facts; what they name and we do not have is
//! asked for.
//!
//! The platform remembers nothing of what was fetched: a cursor does, with some overlap. A flow is kept whole or not at all: one whose
//! pages cannot all be had is fetched again later; one that does not add up is kept as it is, and says so. A higher revision takes
//! the place of a lower one, in whatever order they are listed.

use crate::porte::Detto;
use crate::recupero::Interrotto;
use crate::{Portal, PortalError, ids};
use domain::fdr::{EventoFlusso, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, StatoFlusso};
use jiff::SignedDuration;
use nodo::fdr::{EsitoRiga, FdrClient, Flusso, FlussoInElenco, IdFlusso, Mancanza, Raccolta};
use store::{FlussoRow, NewTestata, RigaFdr, StoreError};

/// Asked for again from so long before the cursor: clocks of the platform's servers differ, and a flow is listed some time after the
/// instant it carries.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// Of 1,000 flows each: more than an ente has in a month.
const PAGES_MAX: u64 = 100;
/// Flows fetched in one go; the next hour takes the rest.
const FLOWS_MAX: u32 = 500;
/// Receipts of payments without RPT are asked for first: no push brings them (SACI 3.2.1, code 9).
const PRIORITA: i64 = 10;

impl Portal {
    /// Fetches what PSPs published for an ente since the last time; how many flows. What could not be had is left for later.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn fetch_flussi(&self, ente: &CodiceFiscaleEnte) -> Result<Result<u64, Interrotto>, PortalError> {
        let Some(fdr) = &self.porte().fdr else { return Ok(Ok(0)) };
        if let Err(why) = Box::pin(self.list_flussi(fdr, ente)).await? {
            return Ok(Err(why));
        }
        let mut fetched = 0;
        for row in self.inner.store.flussi_to_fetch(ente, FLOWS_MAX).await? {
            match Box::pin(self.fetch_flusso(fdr, &row)).await? {
                Ok(true) => fetched += 1,
                Ok(false) => {}
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(fetched))
    }

    /// Writes down what is in the list. The cursor moves when all of it is.
    async fn list_flussi(&self, fdr: &FdrClient, ente: &CodiceFiscaleEnte) -> Result<Result<(), Interrotto>, PortalError> {
        let cursor = self.inner.store.fdr_cursor(ente).await?;
        let since = cursor.and_then(|cursor| cursor.checked_sub(OVERLAP).ok());
        let (mut latest, mut page) = (cursor, 1);
        loop {
            self.pause().await;
            let elenco = match self.noted(Some(ente), None, fdr.list(ente, since, page).await).await? {
                Detto::Fatto(elenco) => elenco,
                // no flow at all
                Detto::No(404, _) => return Ok(Ok(())),
                Detto::No(_, why) => return Ok(Err(Interrotto { after: None, why })),
                Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
            };
            for why in &elenco.illeggibili {
                tracing::error!(ente.cf = %ente, why, "a flow in the list of the platform cannot be read");
            }
            for flusso in &elenco.flussi {
                latest = latest.max(Some(flusso.pubblicato));
                self.list_flusso(ente, flusso).await?;
            }
            if page >= elenco.pagine.min(PAGES_MAX) {
                break;
            }
            page += 1;
        }
        if let Some(latest) = latest {
            let mut tx = self.inner.store.begin().await?;
            tx.move_fdr_cursor(ente, latest).await?;
            tx.commit().await?;
        }
        Ok(Ok(()))
    }

    /// A flow of the list, once; the highest revision counts.
    async fn list_flusso(&self, ente: &CodiceFiscaleEnte, flusso: &FlussoInElenco) -> Result<(), PortalError> {
        let known = self.inner.store.flussi_by_names(ente, &flusso.psp, flusso.fdr.as_str()).await?;
        let revisione = i64::try_from(flusso.revisione).unwrap_or(i64::MAX);
        if known.iter().any(|row| row.revisione == revisione) {
            return Ok(());
        }
        let now = self.inner.clock.now();
        let row = FlussoRow {
            id: ids::new_id()?,
            ente: ente.clone(),
            psp: flusso.psp.clone(),
            fdr: flusso.fdr.to_string(),
            revisione,
            stato: TRANSIZIONI.initial,
            pubblicato: flusso.pubblicato,
            importo_cents: None,
            pagamenti: None,
            mancanze: Vec::new(),
        };
        let mut tx = self.inner.store.begin().await?;
        // another server may list the same
        if !tx.insert_flusso(&row, now).await? {
            return Ok(());
        }
        let newest = known.iter().all(|other| other.revisione < revisione);
        let outdated = if newest { known.iter().collect() } else { vec![&row] };
        for old in outdated.into_iter().filter(|old| old.stato != StatoFlusso::Superato) {
            let to = step(old.stato, EventoFlusso::Supera)?;
            tx.advance_flusso(&old.id, old.stato, EventoFlusso::Supera, to, "revisione più alta", now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// All pages of a flow. `false`: it changed while it was fetched, or is not there: later.
    async fn fetch_flusso(&self, fdr: &FdrClient, row: &FlussoRow) -> Result<Result<bool, Interrotto>, PortalError> {
        let Some(id) = IdFlusso::parse(&row.fdr) else {
            return Err(PortalError::Inconsistent(format!("flow {} has a name no flow has", row.id)));
        };
        let revisione = u64::try_from(row.revisione).unwrap_or_default();
        let listed = FlussoInElenco { fdr: id, psp: row.psp.clone(), revisione, pubblicato: row.pubblicato, data_flusso: None };
        self.pause().await;
        let testata = match self.noted(Some(&row.ente), Some(&row.fdr), fdr.header(&row.ente, &listed).await).await? {
            Detto::Fatto(testata) => testata,
            Detto::No(_, why) => {
                tracing::warn!(flusso = row.id, why, "a flow of the list cannot be fetched: later");
                return Ok(Ok(false));
            }
            Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
        };
        let mut raccolta = Raccolta::new(testata);
        while let Some(page) = raccolta.prossima() {
            self.pause().await;
            let answer = fdr.payments(&row.ente, &listed, page).await;
            match self.noted(Some(&row.ente), Some(&row.fdr), answer).await? {
                Detto::Fatto(page) => raccolta.add(page),
                Detto::No(_, why) => return Ok(Err(Interrotto { after: None, why })),
                Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
            }
        }
        let flusso = raccolta.finish();
        if flusso.mancanze.contains(&Mancanza::PagineCambiate) {
            return Ok(Ok(false));
        }
        self.keep_flusso(row, flusso).await.map(Ok)
    }

    async fn keep_flusso(&self, row: &FlussoRow, flusso: Flusso) -> Result<bool, PortalError> {
        let now = self.inner.clock.now();
        let completo = flusso.is_completo();
        let evento = if completo { EventoFlusso::Quadra } else { EventoFlusso::NonQuadra };
        if !completo {
            tracing::error!(flusso = row.id, mancanze = ?flusso.mancanze, "a flow does not add up to what it says of itself");
        }
        let righe: Vec<RigaFdr> = flusso.righe.iter().map(riga).collect();
        let testata = NewTestata {
            data_flusso: flusso.testata.data_flusso,
            nome_psp: flusso.testata.nome_psp,
            regolamento: flusso.testata.regolamento,
            data_regolamento: flusso.testata.data_regolamento,
            bic: flusso.testata.bic,
            pagamenti: i64::try_from(flusso.testata.pagamenti).unwrap_or(i64::MAX),
            importo_cents: flusso.testata.importo.cents(),
            mancanze: flusso.mancanze.iter().map(|mancanza| format!("{mancanza:?}")).collect(),
        };
        let mut tx = self.inner.store.begin().await?;
        match tx.fill_flusso(row, &testata, &righe, evento, step(row.stato, evento)?, now).await {
            Ok(()) => {}
            // another server fetched it
            Err(StoreError::Stale) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        // the Nodo sends a receipt again for 48 hours: until then it may come by itself
        let due = testata.data_flusso.saturating_add(self.porte().tempi.attesa_rt).unwrap_or(now);
        let delay_ms = i64::try_from(due.duration_since(now).as_millis()).unwrap_or(i64::MAX).max(0);
        let missing = tx.want_ricevute_of_flusso(&row.id, PRIORITA, delay_ms).await?;
        tx.commit().await?;
        tracing::info!(
            flusso = row.id,
            fdr.iuf = row.fdr,
            ente.cf = %row.ente,
            psp = row.psp,
            revisione = row.revisione,
            pagamenti = testata.pagamenti,
            importo_cents = testata.importo_cents,
            completo,
            "a flow was taken in"
        );
        if missing > 0 {
            tracing::error!(
                flusso = row.id,
                missing,
                "payments that a PSP credited have no receipt here: they will be asked for"
            );
        }
        Ok(true)
    }

    /// The platform takes one call a second.
    async fn pause(&self) {
        tokio::time::sleep(self.porte().tempi.fdr_pausa).await;
    }
}

fn step(from: StatoFlusso, evento: EventoFlusso) -> Result<StatoFlusso, PortalError> {
    TRANSIZIONI.advance(from, evento).map_err(|error| PortalError::Inconsistent(error.to_string()))
}

fn riga(riga: &nodo::fdr::Riga) -> RigaFdr {
    RigaFdr {
        indice: i64::try_from(riga.indice).unwrap_or(i64::MAX),
        iuv: riga.iuv.clone(),
        iur: riga.iur.clone(),
        id_transfer: i64::from(riga.id_transfer),
        importo_cents: riga.importo.cents(),
        esito: match riga.esito {
            EsitoRiga::Eseguito => 0,
            EsitoRiga::Revocato => 3,
            EsitoRiga::StandIn => 4,
            EsitoRiga::StandInSenzaRpt => 8,
            EsitoRiga::SenzaRpt => 9,
        },
        data: riga.data,
    }
}
