//! The doors towards pagoPA: which services this installation may call, and one way to call them.
//!
//! A service without an address or a key is a closed door: nothing is sent there, and what should be waits. Every call leaves its
//! line in the Giornale degli eventi before anything is made of its answer.

use crate::giornale::Riferimento;
use crate::lettere::Ufficio;
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Modello};
use jiff::SignedDuration;
use nodo::aca::Aca;
use nodo::back_office::BackOffice;
use nodo::biz_events::BizEvents;
use nodo::fdr::FdrClient;
use nodo::gpd::massive::Massive;
use nodo::gpd::{Gpd, GpdV3};
use nodo::print_notice::PrintNotice;
use nodo::receipts::Receipts;
use nodo::rest::{Answer, Outcome};
use std::time::Duration;

/// What may be called. `None`: a closed door.
#[derive(Clone, Debug, Default)]
pub struct Porte {
    pub aca: Option<Aca>,
    pub gpd: Option<PortaGpd>,
    /// Thousands of positions in a file.
    pub gpd_massivo: Option<Massive>,
    /// Receipts of enti whose positions GPD keeps.
    pub ricevute: Option<Receipts>,
    pub biz_events: Option<BizEvents>,
    pub fdr: Option<FdrClient>,
    pub stampa: Option<PrintNotice>,
    pub back_office: Option<BackOffice>,
    /// Two that do not lead to pagoPA: letters,
    pub ufficio: Option<Ufficio>,
    /// and who says who somebody is.
    pub identita: crate::accesso::Fornitori,
    pub tempi: Tempi,
}

/// How long to wait where pagoPA says so. The demo, whose pagoPA is beside it, waits for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tempi {
    /// Between two calls of FdR.
    pub fdr_pausa: Duration,
    /// How long a receipt may come by itself before it is asked for.
    pub attesa_rt: SignedDuration,
}

impl Default for Tempi {
    /// One call a second (fdr_organization.json); 48 deliveries, one an hour (SANP, "Fase di invio della ricevuta").
    fn default() -> Self {
        let calls = u64::from(nodo::fdr::CALLS_PER_SECOND);
        Self { fdr_pausa: Duration::from_millis(1_000 / calls), attesa_rt: SignedDuration::from_hours(48) }
    }
}

/// GPD, in one of its two versions for the whole installation: what v3 wrote v1 cannot always read.
#[derive(Clone, Debug)]
pub enum PortaGpd {
    V1(Gpd),
    V3(GpdV3),
}

/// An outcome for a job: what to do with what is not done.
#[derive(Debug)]
pub(crate) enum Detto<T> {
    Fatto(T),
    /// The peer says no, and will say it again: its status.
    No(u16, String),
    /// Not now. `after`: the peer asked for it.
    PiuTardi {
        after: Option<Duration>,
        why: String,
    },
}

/// Written in one transaction: milliseconds.
const TOLD_AT_ONCE: u32 = 200;
/// A key that is refused, or a mandate that is missing, is mended by people.
const KEY_MENDED_IN: Duration = Duration::from_secs(900);

impl Portal {
    /// The services this installation may call.
    pub fn porte(&self) -> &Porte {
        &self.inner.porte
    }

    /// From now on somebody else answers the Nodo for an ente, or is told what our station answers: every position that is no draft
    /// is told anew. Audited. How many.
    ///
    /// # Errors
    /// [`PortalError`] of the store. What was done before stays: again, it does the rest.
    pub async fn change_modello(&self, ente: &CodiceFiscaleEnte, modello: Modello, chi: &str) -> Result<u64, PortalError> {
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        tx.set_modello(ente, modello).await?;
        let dettaglio = serde_json::json!({ "modello": modello });
        crate::registro::audit(&mut tx, now, chi, "ente.modello", ente.as_str(), &dettaglio).await?;
        tx.commit().await?;
        let (mut after, mut told) = (String::new(), 0);
        loop {
            let page = self.inner.store.posizioni_to_tell(ente, &after, TOLD_AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(told) };
            after.clone_from(last);
            let mut tx = self.inner.store.begin().await?;
            for id in &page {
                tx.want_posizione(ente, id, now).await?;
                told += 1;
            }
            tx.commit().await?;
        }
    }

    /// Notes a call in the Giornale and says what it means for whoever made it. `about`: what it was about.
    pub(crate) async fn noted<T>(
        &self,
        ente: Option<&CodiceFiscaleEnte>,
        about: Option<&str>,
        answer: Answer<T>,
    ) -> Result<Detto<T>, PortalError> {
        let Answer { outcome, exchange } = answer;
        let codice = match &outcome {
            Outcome::Refused { problem, .. } => problem.code.clone(),
            _ => None,
        };
        let operation = exchange.operation;
        let evento = crate::giornale::uscita(ente, &Riferimento::new(self, about), &exchange, codice);
        let mut tx = self.inner.store.begin().await?;
        tx.insert_evento(&evento).await?;
        tx.commit().await?;
        Ok(match outcome {
            Outcome::Done(value) => Detto::Fatto(value),
            Outcome::Refused { problem, permanent: true } => {
                Detto::No(problem.status, format!("{operation}: {} {}", problem.status, problem.code.unwrap_or_default()))
            }
            Outcome::Refused { problem, permanent: false } => {
                tracing::error!(
                    peer = exchange.peer,
                    operation,
                    status = problem.status,
                    "pagoPA does not accept our key or mandate"
                );
                Detto::PiuTardi { after: Some(KEY_MENDED_IN), why: format!("{operation}: {}", problem.status) }
            }
            Outcome::Retry { after, why } => Detto::PiuTardi { after, why: format!("{operation}: {why}") },
            // it may have happened: what asks again is such that twice is once
            Outcome::Unknown(why) => Detto::PiuTardi { after: None, why: format!("{operation}: {why}, may have happened") },
        })
    }
}
