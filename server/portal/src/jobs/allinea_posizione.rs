//! ALLINEA_POSIZIONE: a position that changed is told to ACA or GPD.

use super::{Esito, LEASE_MS};
use crate::specchio::Allineata;
use crate::{Portal, PortalError};
use store::{Allineamento, Job};

pub(super) async fn perform(portal: &Portal, job: &Job) -> Result<Esito, PortalError> {
    let Ok(what) = serde_json::from_str::<Allineamento>(&job.payload) else {
        return Ok(Esito::Morto("the job does not say which position".to_owned()));
    };
    let store = portal.store();
    let Some(cf) = &job.ente else { return Ok(Esito::Morto("the job does not say whose position".to_owned())) };
    // first how far it is told, then the position: what is told is never older than what is noted as told
    let Some(specchio) = store.specchio(cf, &what.posizione).await? else { return Ok(Esito::Fatto) };
    if specchio.inviata >= what.voluta {
        return Ok(Esito::Fatto);
    }
    let Some(ente) = store.ente_by_codice_fiscale(cf.as_str()).await? else { return Ok(Esito::Fatto) };
    let Some(posizione) = store.posizione(cf, &what.posizione).await? else { return Ok(Esito::Fatto) };
    let (stato, rifiuto) = match portal.align(&ente, &posizione, specchio.stato.is_some()).await? {
        Allineata::Si(stato) => (stato, None),
        Allineata::No(why) => {
            tracing::error!(posizione = what.posizione, ente.cf = %cf, why, "a position was refused by pagoPA: somebody must look");
            (None, Some(why))
        }
        Allineata::PiuTardi { after, why } => return Ok(Esito::PiuTardi { after, why }),
    };
    let stato = stato.map(|stato| stato.as_str().to_owned()).or_else(|| specchio.stato.filter(|_| rifiuto.is_some()));
    let mut tx = store.begin().await?;
    // who lost the job notes nothing: somebody else tells it again
    tx.renew_job(&job.id, job.fence, LEASE_MS, 1, Some(1)).await?;
    let now = portal.clock().now();
    tx.told_posizione(cf, &what.posizione, specchio.voluta, stato.as_deref(), rifiuto.as_deref(), now).await?;
    tx.commit().await?;
    Ok(Esito::Fatto)
}
