//! Receipts that never came are fetched: from Biz Events by their IUR, ten calls in an hour and never in a loop (SANP 3.12.0, "Recupero
//! ricevuta"); from GPD for enti whose positions it keeps. What is fetched goes the way of every receipt: kept before it is judged.

use crate::porte::Detto;
use crate::{Portal, PortalError, ids};
use domain::{Modello, NumeroAvviso};
use jiff::ToSpan as _;
use nodo::biz_events::CALLS_PER_HOUR;
use std::time::Duration;
use store::{EsitoRecupero, NewInbox, Recupero};

/// Where fetched bytes come from, as `inbox.operazione` has it.
pub(crate) const DA_BIZ_EVENTS: &str = "BIZ_EVENTS";
pub(crate) const DA_GPD: &str = "GPD_RECEIPTS";

/// The ration is of so many calls in this time: [`CALLS_PER_HOUR`] rows of `razioni`.
const WINDOW_MS: i64 = 3_600_000;
/// A receipt that is not there is asked for again after that; it can appear late.
const ASK_AGAIN_MS: i64 = 6 * 3_600_000;
/// After that often a person has to ask.
const ASKED_MAX: i64 = 5;
/// How far back GPD's list is read. It is some three months deep; a month is as long as nobody noticed.
const DAYS: i64 = 30;
/// Of 100 receipts each.
const PAGES_MAX: u32 = 1_000;

/// pagoPA cannot be asked now: later.
#[derive(Debug)]
pub struct Interrotto {
    pub after: Option<Duration>,
    pub why: String,
}

impl Portal {
    /// Asks for receipts that never came, the most urgent first, until none is left or the ration is used up. How many came.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn recover_ricevute(&self) -> Result<u64, PortalError> {
        let Some(biz_events) = &self.porte().biz_events else { return Ok(0) };
        let store = &self.inner.store;
        let mut tx = store.begin().await?;
        tx.settle_arrived().await?;
        tx.commit().await?;
        let mut recovered = 0;
        // the ration of an hour bounds it; so does this, whatever the table of rations says
        for _ in 0..CALLS_PER_HOUR {
            let Some(recupero) = store.next_recupero().await? else { break };
            if !store.take_ration(DA_BIZ_EVENTS, CALLS_PER_HOUR, WINDOW_MS).await? {
                break;
            }
            let answer = biz_events.by_iur_and_iuv(&recupero.ente, &recupero.iur, &recupero.iuv).await;
            match self.noted(Some(&recupero.ente), Some(&recupero.iur), answer).await? {
                Detto::Fatto(recuperata) => {
                    self.take_fetched(DA_BIZ_EVENTS, &recuperata.bytes).await?;
                    let mut tx = store.begin().await?;
                    tx.settle_recupero(&recupero, EsitoRecupero::Recuperata).await?;
                    tx.commit().await?;
                    recovered += 1;
                }
                Detto::No(_, why) => self.not_found(&recupero, &why).await?,
                Detto::PiuTardi { after, why } => {
                    let delay_ms =
                        after.map_or(0, |after| i64::try_from(after.as_millis()).unwrap_or(WINDOW_MS)).max(WINDOW_MS / 10);
                    let mut tx = store.begin().await?;
                    tx.postpone_recupero(&recupero, delay_ms, &why).await?;
                    tx.commit().await?;
                    break;
                }
            }
        }
        Ok(recovered)
    }

    async fn not_found(&self, recupero: &Recupero, why: &str) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        if recupero.tentativi + 1 >= ASKED_MAX {
            tx.settle_recupero(recupero, EsitoRecupero::Introvabile).await?;
            tracing::error!(
                receipt.id = recupero.iur,
                flusso = recupero.flusso_id,
                "a receipt cannot be had: somebody must ask pagoPA"
            );
        } else {
            tx.postpone_recupero(recupero, ASK_AGAIN_MS, why).await?;
        }
        Ok(tx.commit().await?)
    }

    /// For enti whose positions GPD keeps: receipts in its list that are not here. How many came.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub(crate) async fn fetch_ricevute_gpd(&self) -> Result<Result<u64, Interrotto>, PortalError> {
        let Some(ricevute) = &self.porte().ricevute else { return Ok(Ok(0)) };
        let today = self.inner.clock.today();
        let since = today.saturating_sub(DAYS.days());
        let mut fetched = 0;
        for ente in self.enti().await?.into_iter().filter(|ente| ente.modello == Modello::Gpd) {
            let cf = &ente.codice_fiscale;
            for page in 0..PAGES_MAX {
                let elenco = match self.noted(Some(cf), None, ricevute.list(cf, since, today, page).await).await? {
                    Detto::Fatto(elenco) => elenco,
                    // behind the last page, or none at all
                    Detto::No(404, _) => break,
                    Detto::No(_, why) => return Ok(Err(Interrotto { after: None, why })),
                    Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
                };
                for entry in &elenco.ricevute {
                    // GPD keeps notices of aux digit 3 alone
                    let Ok(numero) = NumeroAvviso::parse(&format!("3{}", entry.iuv)) else { continue };
                    if !self.inner.store.ricevute_of_avviso(cf, &numero).await?.is_empty() {
                        continue;
                    }
                    let answer = ricevute.fetch(cf, &numero.iuv()).await;
                    match self.noted(Some(cf), Some(numero.as_str()), answer).await? {
                        Detto::Fatto(documento) => {
                            self.take_fetched(DA_GPD, &documento.bytes).await?;
                            fetched += 1;
                        }
                        Detto::No(_, why) => tracing::warn!(ente.cf = %cf, why, "a receipt of GPD's list cannot be had: later"),
                        Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
                    }
                }
                if page + 1 >= elenco.pagine {
                    break;
                }
            }
        }
        Ok(Ok(fetched))
    }

    /// Keeps fetched bytes, then works on them as on any receipt.
    async fn take_fetched(&self, origine: &str, raw: &[u8]) -> Result<(), PortalError> {
        let id = ids::new_id()?;
        let sha256 = ids::sha256_hex(raw);
        let received_at = self.inner.clock.now();
        let entry = NewInbox { id: id.clone(), received_at, peer: None, operazione: origine.to_owned(), raw, sha256: &sha256 };
        self.inner.store.keep(&entry).await?;
        let accolta = Box::pin(self.receive(&id, origine, raw)).await?;
        tracing::info!(inbox.id = id, origine, ?accolta, "a receipt was fetched");
        Ok(())
    }
}
