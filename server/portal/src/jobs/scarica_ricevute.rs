//! SCARICA_RICEVUTE: what GPD received for an ente, and we did not.

use super::{Esito, Progress};
use crate::recupero::Interrotto;
use crate::{Portal, PortalError};

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    match portal.fetch_ricevute_gpd().await? {
        Ok(fetched) => {
            progress.advance(fetched);
            Ok(Esito::Fatto)
        }
        Err(Interrotto { after, why }) => Ok(Esito::PiuTardi { after, why }),
    }
}
