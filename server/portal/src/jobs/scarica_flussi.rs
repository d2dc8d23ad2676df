//! SCARICA_FLUSSI: the flows that PSPs published since the last time.

use super::{Esito, Progress};
use crate::recupero::Interrotto;
use crate::{Portal, PortalError};

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    let mut interrotto = None;
    for ente in portal.enti().await? {
        // an ente whose flows cannot be had does not keep the others waiting
        match portal.fetch_flussi(&ente.codice_fiscale).await? {
            Ok(fetched) => progress.advance(fetched),
            Err(why) => interrotto = Some(why),
        }
    }
    Ok(match interrotto {
        None => Esito::Fatto,
        Some(Interrotto { after, why }) => Esito::PiuTardi { after, why },
    })
}
