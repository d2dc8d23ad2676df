//! Positions of an ente of model GPD by the thousand: told in a file instead of one by one.
//!
//! Only those that were never told, and only where there are many; whatever a file does not settle is left to `specchio`, one by one,
//! whose jobs are there already. So a file may be lost, or sent twice, and nothing is.

use crate::porte::Detto;
use crate::recupero::Interrotto;
use crate::specchio::with_dates_to_come;
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Ente, Modello, StatoPosizione};
use nodo::gpd::massive::{Carico, EsitoCarico, File, Massive, StatoCarico};
use nodo::gpd::{PaymentPositionModel, StatoGpd, iupd, model};
use std::collections::BTreeMap;
use std::time::Duration;

/// Below that one by one is as quick: ACA and GPD take 150 calls in 10 s.
const MANY: usize = 200;
/// In one file: some 8 MB of JSON.
const FILE_MAX: u32 = 5_000;
/// How often the status is asked for, and how many times: half an hour for a file.
const ASK_EVERY: Duration = Duration::from_secs(10);
const ASKED_MAX: u32 = 180;

impl Portal {
    /// Tells the new positions of every ente of model GPD that has many, in files. How many were settled.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub(crate) async fn upload_posizioni(&self) -> Result<Result<u64, Interrotto>, PortalError> {
        let Some(massive) = &self.porte().gpd_massivo else { return Ok(Ok(0)) };
        let mut settled = 0;
        for ente in self.enti().await?.into_iter().filter(|ente| ente.modello == Modello::Gpd) {
            loop {
                let wanted = self.inner.store.posizioni_never_told(&ente.codice_fiscale, FILE_MAX).await?;
                if wanted.len() < MANY {
                    break;
                }
                match self.upload(massive, &ente, wanted).await? {
                    // nothing of a file settled: the next would fare no better
                    Ok(0) => break,
                    Ok(n) => settled += n,
                    Err(why) => return Ok(Err(why)),
                }
            }
        }
        Ok(Ok(settled))
    }

    async fn upload(
        &self,
        massive: &Massive,
        ente: &Ente,
        wanted: Vec<(String, i64)>,
    ) -> Result<Result<u64, Interrotto>, PortalError> {
        let (cf, broker) = (&ente.codice_fiscale, ente.stazione.intermediario.as_str());
        let mut models: Vec<PaymentPositionModel> = Vec::with_capacity(wanted.len());
        // by iupd: which position, at which change
        let mut sent: BTreeMap<String, (String, i64)> = BTreeMap::new();
        for (id, voluta) in wanted {
            let Some(posizione) = self.inner.store.posizione(cf, &id).await? else { continue };
            // what cannot be told, or not this way, is told one by one, with its reason
            if posizione.stato != StatoPosizione::Aperta {
                continue;
            }
            if let Ok(model) = model(&with_dates_to_come(&posizione, self.inner.clock.today()), &ente.nome) {
                sent.insert(iupd(cf, &id), (id, voluta));
                models.push(model);
            }
        }
        let Ok(file) = File::new(Carico::Crea(&models)) else { return Ok(Ok(0)) };
        let file_id = match self.noted(Some(cf), None, massive.upload(broker, cf, &file).await).await? {
            Detto::Fatto(id) => id,
            Detto::No(_, why) => return Ok(Err(Interrotto { after: None, why })),
            Detto::PiuTardi { after, why } => return Ok(Err(Interrotto { after, why })),
        };
        for _ in 0..ASKED_MAX {
            match self.noted(Some(cf), Some(&file_id), massive.status(broker, cf, &file_id).await).await? {
                Detto::Fatto(status) if status.stato == StatoCarico::InProgress => {}
                Detto::Fatto(_) => break,
                Detto::No(_, why) => return Ok(Err(Interrotto { after: None, why })),
                Detto::PiuTardi { why, .. } => tracing::warn!(why, "the status of a file is not told now"),
            }
            tokio::time::sleep(if self.porte().tempi.fdr_pausa.is_zero() { Duration::from_millis(50) } else { ASK_EVERY }).await;
        }
        match self.noted(Some(cf), Some(&file_id), massive.report(broker, cf, &file_id).await).await? {
            Detto::Fatto(report) => self.settle_upload(cf, &sent, &report.esiti).await.map(Ok),
            Detto::No(_, why) => Ok(Err(Interrotto { after: None, why })),
            Detto::PiuTardi { after, why } => Ok(Err(Interrotto { after, why })),
        }
    }

    /// What was created is told; the rest is not.
    async fn settle_upload(
        &self,
        ente: &CodiceFiscaleEnte,
        sent: &BTreeMap<String, (String, i64)>,
        esiti: &[EsitoCarico],
    ) -> Result<u64, PortalError> {
        let now = self.inner.clock.now();
        let created: Vec<_> = esiti
            .iter()
            .filter(|esito| matches!(esito.status_code, 200 | 201))
            .flat_map(|esito| esito.iupds.iter().filter_map(|iupd| sent.get(iupd)))
            .collect();
        for chunk in created.chunks(200) {
            let mut tx = self.inner.store.begin().await?;
            for (id, voluta) in chunk {
                tx.told_posizione(ente, id, *voluta, Some(StatoGpd::Valid.as_str()), None, now).await?;
            }
            tx.commit().await?;
        }
        Ok(created.len() as u64)
    }
}
