//! SCRIVI_PROMEMORIA: whoever asked to be reminded is written to when the day has come, unless it was paid or closed meanwhile.

use super::{Esito, Progress};
use crate::{Portal, PortalError, ids, promemoria};
use domain::TipoLettera;
use store::{Job, NewLettera};

/// Written in one transaction: milliseconds.
const BATCH: u32 = 100;

pub(super) async fn perform(portal: &Portal, job: &Job, progress: &Progress) -> Result<Esito, PortalError> {
    let (store, oggi) = (portal.store(), portal.clock().today());
    loop {
        let now = portal.clock().now();
        let mut tx = store.begin().await?;
        // first of all: who lost the job writes to nobody
        if super::renew(&mut tx, job, progress).await? {
            return Ok(Esito::Annullato);
        }
        let due = tx.due_promemoria(oggi, BATCH).await?;
        for asked in &due {
            let posizione = tx.posizione(&asked.ente, &asked.posizione_id).await?;
            if !posizione.is_some_and(|posizione| promemoria::still_due(&posizione, asked, oggi)) {
                // paid, closed, or of another day: nothing is left to be reminded of
                tx.delete_promemoria(&asked.id).await?;
                continue;
            }
            let letter = NewLettera {
                id: ids::new_id()?,
                ente: &asked.ente,
                tipo: TipoLettera::Promemoria,
                soggetto: &asked.id,
                email: &asked.email,
                lingua: asked.lingua,
                created_at: now,
            };
            tx.insert_lettera(&letter).await?;
            tx.written_promemoria(&asked.id, now).await?;
        }
        tx.commit().await?;
        progress.advance(u64::try_from(due.len()).unwrap_or_default());
        if due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(Esito::Fatto);
        }
    }
}
